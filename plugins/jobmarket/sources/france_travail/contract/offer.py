"""The contract: what an offer of the France Travail API may look like, and which columns come of it. Pure.

What lives here: the fields of an offer, where each of them goes, and the reason of each field that is not
read. What does not: the objects in it, which state their own fields (``parts``), its instants (``dates``),
how bytes are read into this shape (``interpret``), the columns (``offers.schema``), what can be concluded
from them (``offers.conclude``).

Every field the source is known to send is in :class:`ApiOffer` or in a class of ``parts``. It is read into a
column, or it is in :data:`IGNORED` with the reason. A field that is in neither, at any depth, is *drift*:
reported, and the offer is read without it. ``null`` means absent: the source leaves a field out rather than
send ``null``. A record without what every analysis needs (id, title, creation date, origin), or with a value
of another type, *breaches* the contract.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Raw, field

from jobmarket.offers.schema import JobOffer, OfferRows
from jobmarket.sources.france_travail.contract.dates import WallClock, instant, update_instant
from jobmarket.sources.france_travail.contract.parts import (
    MAX_LIST,
    Company,
    Education,
    Labels,
    Language,
    Licence,
    Origin,
    Part,
    Place,
    Quality,
    Salary,
    Skill,
    WorkContext,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from jobmarket.offers.reading import Notes

SOURCE = "france_travail"

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

# in most titles it is the first character; blanks, invisible characters and signs name no job
_find_letter_or_digit = re.compile(r"\w").search


class ApiOffer(Part, frozen=True, kw_only=True):
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
    langues: Annotated[list[Language], Meta(max_length=MAX_LIST)] | None = None
    permis: Annotated[list[Licence], Meta(max_length=MAX_LIST)] | None = None
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


def rows_of(offer: ApiOffer, notes: Notes, observed_at: datetime) -> OfferRows:
    """Return what an offer states; an empty text is absent, and so is an update not believed.

    :param notes: where swapped coordinates and updates not believed are counted.
    :param observed_at: when the source gave it.

    Raise :class:`ContractBreach` if its creation is not dated as the source does (``…Z``, which stands for
    Paris wall-clock).
    """
    row = JobOffer(
        source=SOURCE,
        offer_id=offer.id,
        created_on=offer.date_creation.date(),
        created_at=instant(offer.date_creation, "dateCreation"),
        title=offer.intitule,
    )
    # each column by itself: to name fifty in one call takes three times as long
    row.updated_at = update_instant(offer.date_actualisation, row.created_at, observed_at, notes)
    _state_job(row, offer)
    _state_conditions(row, offer)
    if offer.lieu_travail is not None:
        offer.lieu_travail.state(row, notes)
    if offer.entreprise is not None:
        offer.entreprise.state(row)
    if offer.salaire is not None:
        offer.salaire.state(row)
    if offer.contexte_travail is not None:
        offer.contexte_travail.state(row)
    rows = OfferRows(row)
    offer.origine_offre.state(rows)
    _state_lists(rows, offer)
    return rows


def _state_job(row: JobOffer, offer: ApiOffer) -> None:
    """State what the job is, for whom, in which trade and activity."""
    row.description = offer.description or None
    row.position_count = offer.nombre_postes
    row.is_work_study = offer.alternance
    row.is_accessible_to_disabled = offer.accessible_th
    row.is_adapted_company = offer.entreprise_adaptee
    row.is_disability_employer = offer.employeur_handi_engage
    row.is_short_of_candidates = offer.offres_manque_candidats
    row.rome_code = offer.rome_code or None
    row.rome_label = offer.rome_libelle or None
    row.rome_appellation_label = offer.appellationlibelle or None
    row.company_size_label = offer.tranche_effectif_etab or None
    row.qualification_code = offer.qualification_code or None
    row.qualification_label = offer.qualification_libelle or None
    row.naf_code = offer.code_naf or None
    row.sector_code = offer.secteur_activite or None
    row.sector_label = offer.secteur_activite_libelle or None


def _state_conditions(row: JobOffer, offer: ApiOffer) -> None:
    """State contract, experience, working time and working conditions."""
    row.contract_type_code = offer.type_contrat or None
    row.contract_type_label = offer.type_contrat_libelle or None
    row.contract_nature_label = offer.nature_contrat or None
    row.experience_code = offer.experience_exige or None
    row.experience_label = offer.experience_libelle or None
    row.experience_comment = offer.experience_commentaire or None
    row.working_time_label = offer.duree_travail_libelle or None
    row.working_time_category_label = offer.duree_travail_libelle_converti or None
    row.working_time_comment = offer.complement_exercice or None
    row.working_condition_comment = offer.condition_exercice or None
    row.travel_code = offer.deplacement_code or None
    row.travel_label = offer.deplacement_libelle or None


def _state_lists(rows: OfferRows, offer: ApiOffer) -> None:
    """State the lists, those that fill columns and those that fill tables."""
    if qualities := offer.qualites_professionnelles:
        rows.offer.soft_skill_labels = tuple([one.libelle for one in qualities])
    if tools := offer.outils_bureautiques:
        rows.offer.office_tool_labels = (tools,) if isinstance(tools, str) else tuple(tools)
    if offer.competences:
        rows.skill = [one.row() for one in offer.competences]
    if offer.langues:
        rows.language = [one.row() for one in offer.langues]
    if offer.permis:
        rows.licence = [one.row() for one in offer.permis]
    if offer.formations:
        rows.education = [one.row() for one in offer.formations]
