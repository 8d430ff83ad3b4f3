"""From an offer of the contract to the typed rows of the warehouse. Pure, no Airflow.

What lives here: which field goes to which column, instants from Paris wall-clock, coordinates put
right. What does not: reading bytes (``interpret``), what can be concluded from an offer's place, pay
and text (``enrich``), writing rows (``offers``).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jobmarket.enrich.place.coordinates import coordinates_are_swapped
from jobmarket.enrich.readings import readings_of, terms_of
from jobmarket.foundation.day import PARIS
from jobmarket.foundation.warehouse.copy_format import text_array
from jobmarket.offers.reading import ContractBreach, OfferRows
from jobmarket.offers.state import is_believed
from jobmarket.sources.france_travail.contract.offer import (
    ORIGINS,
    UNKNOWN_ORIGIN,
    Company,
    Place,
    Salary,
    WorkContext,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobmarket.offers.reading import Notes
    from jobmarket.sources.france_travail.contract.offer import ApiOffer, Named

SOURCE = "france_travail"

_NO_PLACE = Place()
_NO_COMPANY = Company()
_NO_SALARY = Salary()
_NO_CONTEXT = WorkContext()


def rows_of(
    offer: ApiOffer,
    technology_codes: tuple[str, ...],
    notes: Notes,
    observed_at: datetime,
    *,
    may_name_telework: bool = True,
) -> OfferRows:
    """Return the typed rows of an offer; an empty text is absent, and so is an update not believed.

    :param technology_codes: that its text names.
    :param notes: where swapped coordinates and updates not believed are counted.
    :param observed_at: when the source gave it.
    :param may_name_telework: False spares reading the description for it.

    Raise :class:`ContractBreach` if its creation is not dated as the source does (``…Z``, which stands for
    Paris wall-clock).
    """
    created_at = instant(offer.date_creation, "dateCreation")
    updated_at = _update_of(offer, created_at, observed_at, notes)
    created_on = offer.date_creation.date()
    latitude, longitude, is_swapped = _coordinates(offer.lieu_travail or _NO_PLACE, notes)
    row = (
        SOURCE,
        offer.id,
        created_on,
        offer.nombre_postes,
        created_at,
        updated_at,
        latitude,
        longitude,
        is_swapped,
        *_fields(offer),
        *_readings(offer, latitude, longitude),
        *_terms(offer, created_on, may_name_telework=may_name_telework),
        text_array(technology_codes) if technology_codes else None,
    )
    return OfferRows(created_on, updated_at or created_at, row, _parts(offer))


def text_of(offer: ApiOffer) -> str:
    """Return what may name the technologies of an offer: its title, description, and labels of skills."""
    skills = [skill.libelle for skill in offer.competences] if offer.competences else []
    return "\n".join([offer.intitule, offer.description or "", *skills])


def names_of(offer: ApiOffer) -> str:
    """Return what an offer's employer and place are called, one a line: no technologies by themselves."""
    company, place = offer.entreprise, offer.lieu_travail
    employer = company.nom if company else None
    label = place.libelle if place else None
    return f"{employer or ''}\n{label or ''}"


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


def _coordinates(place: Place, notes: Notes) -> tuple[float | None, float | None, bool]:
    latitude, longitude = place.latitude, place.longitude
    if latitude is None or longitude is None or not coordinates_are_swapped(latitude, longitude):
        return latitude, longitude, False
    notes.note_repair("coordinates_swapped")
    return longitude, latitude, True


def _fields(offer: ApiOffer) -> tuple[Any, ...]:
    place = offer.lieu_travail or _NO_PLACE
    company = offer.entreprise or _NO_COMPANY
    salary = offer.salaire or _NO_SALARY
    context = offer.contexte_travail or _NO_CONTEXT
    adapted = company.entreprise_adaptee
    conditions = context.conditions_exercice
    complements = salary.liste_complements
    qualities = offer.qualites_professionnelles
    tools = offer.outils_bureautiques
    return (
        offer.alternance,
        offer.accessible_th,
        offer.entreprise_adaptee if adapted is None else adapted,
        offer.employeur_handi_engage,
        offer.offres_manque_candidats,
        offer.origine_offre.origine if offer.origine_offre.origine in ORIGINS else UNKNOWN_ORIGIN,
        offer.intitule,
        offer.description or None,
        place.libelle or None,
        place.commune or None,
        place.code_postal or None,
        offer.rome_code or None,
        offer.rome_libelle or None,
        offer.appellationlibelle or None,
        company.nom or None,
        company.description or None,
        company.url or None,
        company.siret or None,
        offer.tranche_effectif_etab or None,
        offer.type_contrat or None,
        offer.type_contrat_libelle or None,
        offer.nature_contrat or None,
        offer.experience_exige or None,
        offer.experience_libelle or None,
        offer.experience_commentaire or None,
        salary.libelle or None,
        salary.commentaire or None,
        salary.complement1 or None,
        salary.complement2 or None,
        text_array(tuple([c.code for c in complements])) if complements else None,
        text_array(tuple([c.libelle for c in complements])) if complements else None,
        offer.duree_travail_libelle or None,
        offer.duree_travail_libelle_converti or None,
        offer.complement_exercice or None,
        offer.condition_exercice or None,
        text_array(tuple(conditions)) if conditions else None,
        offer.deplacement_code or None,
        offer.deplacement_libelle or None,
        offer.qualification_code or None,
        offer.qualification_libelle or None,
        offer.code_naf or None,
        offer.secteur_activite or None,
        offer.secteur_activite_libelle or None,
        text_array(tuple([q.libelle for q in qualities])) if qualities else None,
        text_array((tools,) if isinstance(tools, str) else tuple(tools)) if tools else None,
    )


def _readings(offer: ApiOffer, latitude: float | None, longitude: float | None) -> tuple[Any, ...]:
    place = offer.lieu_travail or _NO_PLACE
    salary = offer.salaire or _NO_SALARY
    return readings_of(
        place=(
            place.libelle or None,
            place.commune or None,
            place.code_postal or None,
            latitude,
            longitude,
        ),
        pay=(salary.libelle or None, salary.commentaire or None),
    )


def _terms(offer: ApiOffer, created_on: date, *, may_name_telework: bool) -> tuple[Any, ...]:
    salary = offer.salaire or _NO_SALARY
    conditions = (offer.contexte_travail or _NO_CONTEXT).conditions_exercice
    return terms_of(
        pay=(salary.libelle or None, salary.commentaire or None),
        created_on=created_on,
        is_work_study=offer.alternance is True,
        terms=(
            offer.duree_travail_libelle,
            offer.duree_travail_libelle_converti,
            offer.type_contrat_libelle,
            offer.experience_exige,
            offer.experience_libelle,
        ),
        texts=(
            offer.intitule,
            (offer.description if may_name_telework else None) or "",
            "\n".join(conditions) if conditions else "",
        ),
    )


def _parts(offer: ApiOffer) -> tuple[list[tuple[Any, ...]], ...]:
    key = (SOURCE, offer.id)
    return (
        [(*key, i, s.code, s.libelle, s.exigence) for i, s in enumerate(offer.competences)]
        if offer.competences
        else [],
        _named(key, offer.langues),
        _named(key, offer.permis),
        [
            (
                *key,
                i,
                e.niveau_libelle,
                e.code_formation,
                e.domaine_libelle,
                e.commentaire,
                e.exigence,
            )
            for i, e in enumerate(offer.formations)
        ]
        if offer.formations
        else [],
        [(*key, i, p.nom, p.url) for i, p in enumerate(offer.origine_offre.partenaires)]
        if offer.origine_offre.partenaires
        else [],
    )


def _named(key: tuple[str, str], items: Sequence[Named] | None) -> list[tuple[Any, ...]]:
    return [(*key, i, x.libelle, x.exigence) for i, x in enumerate(items)] if items else []
