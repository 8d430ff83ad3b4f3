"""Tells whether the name of an employer may be that of a person: the report names none. Pure."""

from __future__ import annotations

import re

# The law makes a person in business put « EI » or « entrepreneur individuel » beside the name (code de
# commerce, R526-27); a civility or a title does the same without being asked to.
_PERSON = re.compile(
    r"\b(EI|EIRL|entrepreneur individuel|auto-?entrepreneur)\b"
    r"|^(M|Mr|Mme|Mlle|MM|Monsieur|Madame|Mademoiselle|Me|Ma[iî]tre|Dr|Docteur)\b\.?\s",
    re.IGNORECASE,
)
# A legal form, a word of business, a digit or a sign makes a name that of a firm.
_FIRM = re.compile(
    r"[\d&@/+|]|\b(SA|SAS|SASU|SARL|EURL|SCI|SNC|SCOP|SELARL|GIE|GROUPE|GROUP|SOCIETE|SOCIÉTÉ|"
    r"ASSOCIATION|AGENCE|CABINET|CENTRE|CLINIQUE|HOPITAL|HÔPITAL|COMMUNE|MAIRIE|VILLE|DEPARTEMENT|"
    r"RESTAURANT|HOTEL|HÔTEL|TRANSPORTS?|SERVICES?|INTERIM|INTÉRIM|FRANCE|CONSEIL|CONSULTING|ETS|"
    r"ETABLISSEMENTS?|MAISON|LYCEE|COLLEGE|ECOLE|ÉCOLE|FONDATION|RESIDENCE|PHARMACIE|BOULANGERIE|"
    r"GARAGE|EMPLOI|RECRUTEMENT)\b",
    re.IGNORECASE,
)
# Common first names of adults in France, without accents.
_FIRST_NAMES = """
adrien agnes alain albert alexandra alexandre alexis alice aline amandine amelie anais andre andrea
angelique anne annick annie anthony antoine arnaud arthur audrey aurelie aurelien baptiste barbara
beatrice benjamin benoit bernadette bernard bertrand brigitte bruno camille carole caroline catherine
cecile celine chantal charlene charles charlotte chloe christelle christian christiane christine
christophe claire clara claude claudine clement colette corinne cyril damien daniel daniele danielle
david delphine denis denise didier dominique dorian edouard elisabeth elise elodie emilie emma emmanuel
emmanuelle eric estelle etienne eva evelyne fabien fabienne fabrice fanny fatima florence florian
francis franck francois francoise frederic gabriel gaelle genevieve georges gerard germaine ghislaine
gilbert gilles gregory guillaume guy helene henri herve hugo ines irene isabelle jacqueline jacques jean
jeanne jennifer jeremy jerome jessica joel joelle jonathan josette josiane julie julien juliette justine
karim karine kevin laetitia laura laure laurence laurent lea lionel louis louise lucas lucie lucien
ludovic madeleine manon marc marcel margaux marguerite marie marine marion marlene martine mathieu
mathilde matthieu maurice maxime melanie melissa michel michele micheline mickael mohamed monique
morgane muriel myriam nadia nadine nathalie nicolas nicole noemie odette odile olivier pascal pascale
patrice patricia patrick paulette pauline philippe pierre quentin rachid raphael raymond remi remy rene
renee richard robert roger roland romain sabine sabrina samuel sandra sandrine sarah sebastien serge
simone solange sonia sophie stephane stephanie suzanne sylvain sylvie theo therese thibault thierry
thomas valentin valerie vanessa veronique victor vincent virginie viviane xavier yann yannick yves
yvette yvonne
"""
_IS_FIRST_NAME = frozenset(_FIRST_NAMES.split()).__contains__
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ACCENTS = str.maketrans("àâäéèêëîïôöùûüçÿ", "aaaeeeeiioouuucy")


def may_name_a_person(name: str) -> bool:
    """Tell whether the name of an employer may be that of a person.

    A civility or « EI » says so; else two or three words, one of which is a common first name and none of
    which belongs to a firm. Rather too careful: a firm that is taken for a person goes unnamed, its
    offers count.
    """
    if _PERSON.search(name):
        return True
    words = [word.translate(_ACCENTS) for word in _WORD.findall(name.lower())]
    return 2 <= len(words) <= 3 and not _FIRM.search(name) and any(map(_IS_FIRST_NAME, words))
