"""Which names of employers and partner sites a report may print: those known to be no person's. Pure.

What lives here: the rule. What does not: how many offers and places carry a name (SQL).

No list of first names tells persons apart: they come from everywhere. So it is the other way round: a name is
printed if it says itself that it is an organisation's (a legal form, a public body), if its offers carry the
SIRET of an establishment, or if so many offers of so many départements carry it that nobody can be meant.
Whatever holds a civility, a title, an initial before a surname, « EI » or a contact is never printed. The
others count, unnamed.
"""

from __future__ import annotations

import re

from jobmarket.enrich.contact.mask import EMAIL, PHONE, mask

MOST_CHARACTERS = 120  # of a name; what is longer is a text

LEAST_OFFERS = 10
"""Offers of a name that is carried widely: more than one person in business gives out at a time."""
LEAST_DEPARTEMENTS = 4
"""Départements of these offers: somebody who works around his home has two or three."""

# The law makes a person in business put « EI » or « entrepreneur individuel » beside the name (code de
# commerce, R526-27).
_PERSON_IN_BUSINESS = re.compile(
    r"\b(?:EI|EIRL|E\.\s?I\.(?:\s?R\.\s?L\.)?)(?!\w)|\bentrepr(?:ise|eneur)s?\s+individuel(?:le)?s?\b"
    r"|\b(?:auto|micro)[\s-]?entrepr(?:eneur|eneuse|ise)s?\b|\bentrepreneu(?:r|se)\b|\bparticuliers?\b"
    r"|\bprofession(?:nel)?s?\s+lib[ée]ral(?:e|es|aux)?\b|\bfamille\b",
    re.IGNORECASE,
)
# A civility or a title as a word of its own, wherever it stands; « M » only where a name may begin.
_CIVILITY = re.compile(
    r"(?<![^\W_])(?:MM|Mrs?|Mmes?|Mlles?|Melles?|Monsieur|Messieurs|Madame|Mesdames|Mademoiselle|Ms|Miss|Mister|Herr|Frau"
    r"|Se[ñn]ora?|Ma[iî]tres?|Me|Drs?|Dre|Docteure?s?|Prs?|Prof|Professeure?s?|Veuve|Vve|Sœur|Abbé)(?![^\W_])"
    r"|(?:^|[(,;:/|-]\s*|\b(?:et|chez|de|par)\s+)M(?:\.|\s)",
    re.IGNORECASE,
)
# « Commune de Melle », « Saint-Maître »: a place may be called so.
_PLACE_CALLED_SO = re.compile(
    r"\b(?:de|d['’]|[aà]|st|saint)[\s-]+(?:melle|ma[iî]tre)s?\b", re.IGNORECASE
)
# Glued to the name: MmeDupont, M.DURAND, DrMartin, MLLEDUPONT.
_GLUED = re.compile(
    r"(?<![^\W\d_])(?:(?:Mme|Mlle|Melle|Mrs?|Dr|Pr|Me|MM|M)(?=[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ])|(?:Mme|Mlle|Mrs?|Dr|Pr)(?=[A-ZÀ-ÖØ-Þ]{2})"
    r"|(?:M|Me|ME|[Mm](?:me|ME|lle|LLE|rs?|RS?)|[Dd][rR]|[Pp][rR])\.(?=\s?[^\W\d_]{2})|(?:MME|MLLE)(?=[^\W\d_]{3}))"
)
# An initial beside a surname: J. Dupont, J.-P. Martin, Dupont J., DUPONT J. Three letters are an acronym.
_INITIAL = re.compile(
    r"(?<![\w&'’.])(?:[^\W\d_]\.[\s-]?){1,2}(?=[^\W\d_][\w'’-]*[^\W\d_])(?![^\W\d_]\.)"
    r"|(?<=[^\W\d_]{2})[\s,]+(?:[^\W\d_]\.[\s-]?){1,2}(?=$|[\s,;/)-])(?!\s*[^\W\d_]\.)"
    r"|^[^\W\d_](?:[\s-][^\W\d_])?\s+[^\W\d_][\w'’-]+(?:\s+[^\W\d_][\w'’-]+)?$"
    r"|^[^\W\d_][\w'’-]+(?:\s+[^\W\d_][\w'’-]+)?\s+[^\W\d_](?:[\s-][^\W\d_])?$"
)

# Legal forms of France and its neighbours, written in capitals, or with a small letter where no word is so.
_FORMS_WRITTEN = (
    "SARL SARLU SAS SASU SA EURL SNC SCS SCA SCOP SCIC SCI SCP SCM SELARL SELARLU SELAS SELASU SELAFA "
    "SELCA SPFPL SEL SLP GIE GEIE GIP GEIQ GAEC EARL SCEA GFA CUMA SICA SEM SEML SEMOP SPL SPLA EPIC "
    "EPCI EPCC EPSM EPSMS ASBL SPRL SRL PLC LTD LLC INC GMBH BV NV CORP LIMITED HOLDING"
)
_FORMS = _FORMS_WRITTEN.split()
_BODIES_WRITTEN = (
    "CHU CHRU CHR CHI CHIC CHS GHT GHU GCS GCSMS APHP CCAS CIAS SDIS SIVOM SIVU CAF CPAM URSSAF "
    "CARSAT DREAL DREETS DDETS DGFIP CNRS INSERM INRAE INRIA CROUS OPH HLM EHPAD USLD SSIAD ESAT IME "
    "ITEP ADMR ADAPEI UDAF CROIX-ROUGE MJC CIDFF"
)
_BODIES = _BODIES_WRITTEN.split()
_SPELLED = re.compile(
    r"(?<![\w.])[^\W\d_](?:\.\s?[^\W\d_]){1,5}\.?(?![\w.])|(?<!\w)[A-Z](?: [A-Z]){2,4}(?!\w)"
)
_FORM = re.compile(
    rf"(?<![\w'’-])(?:{'|'.join(form for form in (*_FORMS, *_BODIES) if form != 'SA')})(?![\w'’-])"
    rf"|(?<![\w'’-])(?:{'|'.join(map(str.capitalize, set(_FORMS) - {'SA', 'SEL', 'SEM', 'INC'}))})(?![\w'’-])"
    r"|(?<![\w'’-])(?:sarl|sasu|eurl|scop|selarl|selas|gmbh)(?![\w'’-])"
    # Sá is a surname of Portugal
    r"|(?<!\bDE )(?<!\bDa )(?<!\bDE LA )(?<![\w'’-])SA(?= *$| *[-/(])|^SA(?= [^\W\d_]{3})|\bGmbH\b"
)
_BODY = re.compile(
    r"\b(?:associations?|asso|mairie|h[oô]tel\s+de\s+ville|communes?\s+(?:de|du|des|d['’]\w*)|ville\s+(?:de|du|des|d['’]\w*)"
    r"|communaut[ée]\s+(?:de\s+communes|d['’]agglom[ée]ration|urbaine)|commune\s+nouvelle|syndicat|m[ée]tropole"
    r"|d[ée]partement\s+(?:de|du|des|d['’]\w*)|conseil\s+(?:d[ée]partemental|r[ée]gional|g[ée]n[ée]ral)"
    r"|r[ée]gion\s+\w+|collectivit[ée]|(?:sous-)?pr[ée]fecture|minist[eè]re|rectorat|acad[ée]mie|universit[ée]|lyc[ée]e"
    r"|coll[eè]ge\s+\w+|[ée]cole|facult[ée]|institut|centre\s+(?:hospitalier|communal|intercommunal|social|de\s+gestion"
    r"|de\s+formation|de\s+r[ée][ée]ducation)|h[oô]pita(?:l|ux)|(?:poly)?clinique|fondation|f[ée]d[ée]ration"
    r"|coop[ée]rative|mutuelle|chambre\s+(?:de|des|d['’]\w*|r[ée]gionale|nationale)|office\s+(?:public|de|du|national)"
    r"|[ée]tablissement\s+(?:public|fran[cç]ais)|caisse\s+(?:de|des|d['’]\w*|primaire|r[ée]gionale|nationale)"
    r"|direction\s+(?:r[ée]gionale|d[ée]partementale|interd[ée]partementale|g[ée]n[ée]rale|des)"
    r"|agence\s+(?:r[ée]gionale|nationale|d[ée]partementale|de\s+l['’]\w*)|mission\s+locale|france\s+travail|p[oô]le\s+emploi"
    r"|maison\s+(?:de\s+retraite|d[ée]partementale|de\s+l['’]emploi|familiale|d['’]arr[eê]t)|r[ée]sidence\s+\w+|cr[eè]che"
    r"|gendarmerie|police\s+(?:nationale|municipale)|arm[ée]e\s+d|marine\s+nationale|sapeurs[\s-]pompiers|tribunal|parquet"
    r"|soci[ée]t[ée]s?|compagnie\s+(?:de|des|d['’]\w*|g[ée]n[ée]rale)|groupe(?:ment)?\s+\w+|union\s+(?:de|des|d['’]\w*|nationale"
    r"|d[ée]partementale)|comit[ée]\s+(?:de|des|d['’]\w*|social|r[ée]gional|d[ée]partemental|national)|ligue\s+(?:de|du|des)"
    r"|limited|incorporated|s\.?p\.?a\.?\s*$|e\.v\.)(?![^\W_])",
    re.IGNORECASE,
)
# What a person in business may be called by the SIRET that he has, too: two or three words and nothing else.
_BARE_NAME = re.compile(r"[^\W\d_][^\W\d_'’.-]*(?:[\s'’.-]+[^\W\d_]+){1,3}")


def may_be_printed(
    name: str, *, offers: int = 0, departements: int = 0, has_siret: bool = False
) -> bool:
    """Return whether a report may print a name of an employer or of a partner site.

    :param name: as the offers carry it.
    :param offers: that carry it.
    :param departements: in which these are.
    :param has_siret: they carry the SIRET of an establishment. A person in business has one as well, so that
        it proves nothing of a name of two to four bare words.
    """
    if not 0 < len(name.strip()) <= MOST_CHARACTERS or _points_at_a_person(name):
        return False
    if _says_what_it_is(name):
        return True
    if offers >= LEAST_OFFERS and departements >= LEAST_DEPARTEMENTS:
        return True
    return has_siret and not _BARE_NAME.fullmatch(name.strip())


def _points_at_a_person(name: str) -> bool:
    if EMAIL in name or PHONE in name or "@" in name or "##" in name:
        return True
    masked = mask(name)
    if masked.emails or masked.phones or _PERSON_IN_BUSINESS.search(name):
        return True
    if _GLUED.search(name) or _CIVILITY.search(_PLACE_CALLED_SO.sub(" ", name)):
        return True
    return bool(_INITIAL.search(_unspelled(name).strip()))


def _says_what_it_is(name: str) -> bool:
    return bool(_FORM.search(_unspelled(name)) or _BODY.search(name))


def _unspelled(name: str) -> str:
    """Return a name with its legal form in one word: S.A.R.L., S A S."""

    def joined(found: re.Match[str]) -> str:
        letters = re.sub(r"[.\s]", "", found[0]).upper()
        return letters if letters in _FORMS or letters in _BODIES or len(letters) > 3 else found[0]

    return _SPELLED.sub(joined, name)
