"""From an offer of the contract to what it states, column by column. Pure, no Airflow.

What lives here: which field goes to which column, by name, instants from Paris wall-clock, coordinates put
right. What does not: reading bytes (``interpret``), the columns (``offers.schema``), what can be concluded
from them (``offers.conclude``), writing rows (``offers``).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from jobmarket.enrich.place.coordinates import coordinates_are_swapped
from jobmarket.foundation.day import PARIS
from jobmarket.offers.reading import ContractBreach
from jobmarket.offers.schema import (
    UNKNOWN_ORIGIN,
    Education,
    JobOffer,
    Language,
    Licence,
    OfferRows,
    Partner,
    Skill,
)
from jobmarket.offers.state import is_believed
from jobmarket.sources.france_travail.contract.offer import ORIGINS

if TYPE_CHECKING:
    from jobmarket.offers.reading import Notes
    from jobmarket.sources.france_travail.contract.offer import (
        ApiOffer,
        Company,
        Place,
        Salary,
    )

SOURCE = "france_travail"


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
    row.updated_at = _update_of(offer, row.created_at, observed_at, notes)
    origin = offer.origine_offre
    row.origin_code = origin.origine if origin.origine in ORIGINS else UNKNOWN_ORIGIN
    _state_job(row, offer)
    _state_conditions(row, offer)
    if offer.lieu_travail is not None:
        _state_place(row, offer.lieu_travail, notes)
    if offer.entreprise is not None:
        _state_company(row, offer.entreprise)
    if offer.salaire is not None:
        _state_salary(row, offer.salaire)
    rows = OfferRows(row)
    _state_lists(rows, offer)
    return rows


def instant(wall: datetime, name: str) -> datetime:
    """Return the instant of a date of the source: Paris wall-clock in spite of its ``Z``.

    An hour that occurs twice (October) is read as the first, summer time; one that does not occur
    (March) with the offset before the jump, so that 02:30 is 03:30.

    :param wall: as decoded, in UTC since it ends in ``Z``.
    :param name: of the field, for the message.

    Raise :class:`ContractBreach` if it has another offset, or is at the very beginning of the calendar.
    """
    if wall.tzinfo is not UTC:
        raise ContractBreach(
            f"Expected a date that ends in `Z`, got {wall.isoformat()} - at `$.{name}`"
        )
    try:
        return wall - _offset(wall.year, wall.month, wall.day, wall.hour)
    except OverflowError:
        raise ContractBreach(f"Expected a date, got {wall.isoformat()} - at `$.{name}`") from None


def _update_of(
    offer: ApiOffer, created_at: datetime, observed_at: datetime, notes: Notes
) -> datetime | None:
    wall = offer.date_actualisation
    if wall is None:
        return None
    try:
        updated_at = instant(wall, "dateActualisation")
    except ContractBreach:
        pass
    else:
        if is_believed(updated_at, created_at, observed_at):
            return updated_at
    notes.note_repair("update_not_believed")
    return None


@lru_cache(maxsize=4096)
def _offset(year: int, month: int, day: int, hour: int) -> timedelta:
    # Paris changes its offset on the hour, so an hour has one offset
    offset = datetime(year, month, day, hour, tzinfo=PARIS).utcoffset()
    return offset or timedelta()


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
    if offer.contexte_travail is not None and offer.contexte_travail.conditions_exercice:
        row.working_condition_labels = tuple(offer.contexte_travail.conditions_exercice)
    row.travel_code = offer.deplacement_code or None
    row.travel_label = offer.deplacement_libelle or None


def _state_place(row: JobOffer, place: Place, notes: Notes) -> None:
    row.place_label = place.libelle or None
    row.commune_code = place.commune or None
    row.postcode = place.code_postal or None
    latitude, longitude = place.latitude, place.longitude
    if latitude is not None and longitude is not None:
        row.is_coordinates_swapped = coordinates_are_swapped(latitude, longitude)
        if row.is_coordinates_swapped:
            notes.note_repair("coordinates_swapped")
            latitude, longitude = longitude, latitude
    row.latitude = latitude
    row.longitude = longitude


def _state_company(row: JobOffer, company: Company) -> None:
    row.company_name = company.nom or None
    row.company_description = company.description or None
    row.company_url = company.url or None
    row.company_siret_code = company.siret or None
    if company.entreprise_adaptee is not None:
        row.is_adapted_company = company.entreprise_adaptee


def _state_salary(row: JobOffer, salary: Salary) -> None:
    row.salary_label = salary.libelle or None
    row.salary_comment = salary.commentaire or None
    row.salary_complement_1_label = salary.complement1 or None
    row.salary_complement_2_label = salary.complement2 or None
    if complements := salary.liste_complements:
        row.salary_complement_codes = tuple([one.code for one in complements])
        row.salary_complement_labels = tuple([one.libelle for one in complements])


def _state_lists(rows: OfferRows, offer: ApiOffer) -> None:
    """State the lists, those that fill columns and those that fill tables."""
    if qualities := offer.qualites_professionnelles:
        rows.offer.soft_skill_labels = tuple([one.libelle for one in qualities])
    if tools := offer.outils_bureautiques:
        rows.offer.office_tool_labels = (tools,) if isinstance(tools, str) else tuple(tools)
    if offer.competences:
        rows.skill = [
            Skill(skill_code=one.code, skill_label=one.libelle, requirement_code=one.exigence)
            for one in offer.competences
        ]
    if offer.langues:
        rows.language = [
            Language(language_label=one.libelle, requirement_code=one.exigence)
            for one in offer.langues
        ]
    if offer.permis:
        rows.licence = [
            Licence(licence_label=one.libelle, requirement_code=one.exigence)
            for one in offer.permis
        ]
    if offer.formations:
        rows.education = [
            Education(
                level_label=one.niveau_libelle,
                field_code=one.code_formation,
                field_label=one.domaine_libelle,
                education_comment=one.commentaire,
                requirement_code=one.exigence,
            )
            for one in offer.formations
        ]
    if offer.origine_offre.partenaires:
        rows.partner = [
            Partner(partner_name=one.nom, partner_url=one.url)
            for one in offer.origine_offre.partenaires
        ]
