"""The contract: what an offer of the France Travail API may look like. Pure, no Airflow.

What lives here: the shape of an offer, field by field, and the reason of each field that is not
read. What does not: how bytes are read into this shape (``interpret``), which columns come of it
(``rows``).

Every field the source is known to send is in the classes below. It is read into a column, or it is
in :data:`IGNORED` with the reason. A field that is in neither, at any depth, is *drift*: reported,
and the offer is read without it. ``null`` means absent: the source leaves a field out rather than
send ``null``. A record without what every analysis needs (id, title, creation date, origin), or
with a value of another type, *breaches* the contract.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Raw, Struct, field

from jobmarket.offers.schema import UNKNOWN_ORIGIN

if TYPE_CHECKING:
    from collections.abc import Mapping

# path of a field that is not read -> why; everything below such a path is ignored with it
IGNORED: Mapping[str, str] = {
    "contact": "personal data: names, telephone numbers, addresses of recruiters never enter the warehouse",
    "agence": "personal data, as contact",
    "entreprise.logo": "address of a picture",
    "origineOffre.urlOrigine": "address of the offer, always the same but for the id (4,893 of 4,893)",
    "origineOffre.partenaires.logo": "address of a picture",
    "contexteTravail.horaires": "repeats dureeTravailLibelle (3,034 of 3,034)",
    "qualitesProfessionnelles.description": "the definition of the label: the same for each of its offers",
}

# Categories the source documents; another one is reported as drift, and kept.
CONTRACT_TYPES = frozenset(
    ["CDI", "CDD", "MIS", "SAI", "CCE", "FRA", "LIB", "REP", "TTI", "DDI", "DIN", "DDT"]
)
EXPERIENCES = frozenset("DES")
ORIGINS = frozenset("12")

# in most titles it is the first character; blanks, invisible characters and signs name no job
_find_letter_or_digit = re.compile(r"\w").search

MAX_LIST = 1_000  # elements of one list; the longest of 4,893 real offers has 42

WallClock = Annotated[datetime, Meta(tz=True)]
Labels = Annotated[list[str], Meta(max_length=MAX_LIST)]


class _Part(Struct, frozen=True, gc=False, forbid_unknown_fields=True, rename="camel"):
    """What all objects share: an unknown field is an error, which ``interpret`` turns into drift."""


class Place(_Part, frozen=True):
    """``lieuTravail``."""

    libelle: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    code_postal: str | None = None
    commune: str | None = None


class Company(_Part, frozen=True):
    """``entreprise``."""

    nom: str | None = None
    description: str | None = None
    logo: Raw = Raw()
    url: str | None = None
    siret: str | None = None
    entreprise_adaptee: bool | None = None


class Complement(_Part, frozen=True):
    """An element of ``salaire.listeComplements``."""

    code: str = ""
    libelle: str = ""


class Salary(_Part, frozen=True):
    """``salaire``."""

    libelle: str | None = None
    commentaire: str | None = None
    complement1: str | None = None
    complement2: str | None = None
    liste_complements: Annotated[list[Complement], Meta(max_length=MAX_LIST)] | None = None


class Skill(_Part, frozen=True):
    """An element of ``competences``."""

    libelle: str
    code: str | None = None
    exigence: str | None = None


class Named(_Part, frozen=True):
    """An element of ``langues`` or ``permis``."""

    libelle: str
    exigence: str | None = None


class Education(_Part, frozen=True):
    """An element of ``formations``."""

    code_formation: str | None = None
    domaine_libelle: str | None = None
    niveau_libelle: str | None = None
    commentaire: str | None = None
    exigence: str | None = None


class Quality(_Part, frozen=True):
    """An element of ``qualitesProfessionnelles``."""

    libelle: str
    description: Raw = Raw()


class Partner(_Part, frozen=True):
    """An element of ``origineOffre.partenaires``."""

    nom: str | None = None
    url: str | None = None
    logo: Raw = Raw()


class Origin(_Part, frozen=True):
    """``origineOffre``."""

    origine: Annotated[str, Meta(max_length=20)] = UNKNOWN_ORIGIN
    url_origine: Raw = Raw()
    partenaires: Annotated[list[Partner], Meta(max_length=MAX_LIST)] | None = None


class WorkContext(_Part, frozen=True):
    """``contexteTravail``."""

    horaires: Raw = Raw()
    conditions_exercice: Labels | None = None


class ApiOffer(_Part, frozen=True, kw_only=True):
    """One offer as the search endpoint gives it, fields in its order: it is decoded fastest so."""

    id: str
    intitule: Annotated[str, Meta(min_length=1)]
    description: str | None = None
    date_creation: WallClock
    date_actualisation: WallClock | None = None
    lieu_travail: Place | None = None
    rome_code: str | None = None
    rome_libelle: str | None = None
    appellationlibelle: str | None = None
    entreprise: Company | None = None
    type_contrat: str | None = None
    type_contrat_libelle: str | None = None
    nature_contrat: str | None = None
    experience_exige: str | None = None
    experience_libelle: str | None = None
    experience_commentaire: str | None = None
    formations: Annotated[list[Education], Meta(max_length=MAX_LIST)] | None = None
    langues: Annotated[list[Named], Meta(max_length=MAX_LIST)] | None = None
    permis: Annotated[list[Named], Meta(max_length=MAX_LIST)] | None = None
    outils_bureautiques: Labels | str | None = None  # a plain string in old documents
    competences: Annotated[list[Skill], Meta(max_length=MAX_LIST)] | None = None
    salaire: Salary | None = None
    duree_travail_libelle: str | None = None
    duree_travail_libelle_converti: str | None = None
    complement_exercice: str | None = None
    condition_exercice: str | None = None
    alternance: bool | None = None
    contact: Raw = Raw()
    agence: Raw = Raw()
    nombre_postes: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None
    accessible_th: bool | None = field(default=None, name="accessibleTH")
    deplacement_code: str | None = None
    deplacement_libelle: str | None = None
    qualification_code: str | None = None
    qualification_libelle: str | None = None
    code_naf: str | None = field(default=None, name="codeNAF")
    secteur_activite: str | None = None
    secteur_activite_libelle: str | None = None
    qualites_professionnelles: Annotated[list[Quality], Meta(max_length=MAX_LIST)] | None = None
    tranche_effectif_etab: str | None = None
    origine_offre: Origin = Origin()
    offres_manque_candidats: bool | None = None
    contexte_travail: WorkContext | None = None
    entreprise_adaptee: bool | None = None
    employeur_handi_engage: bool | None = None

    def __post_init__(self) -> None:
        """Raise :class:`ValueError`, which breaches the contract, if the title is blank."""
        if not self.intitule[0].isalnum() and not _find_letter_or_digit(self.intitule):
            raise ValueError("Expected a letter or a digit - at `$.intitule`")
