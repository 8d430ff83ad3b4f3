"""From an ad to the columns that it states. Pure.

What lives here: which field goes to which column. What does not: the shape of an ad and its texts (``ad``),
its place (``place``), its pay (``pay``), what its text says (``enrich``), writing rows (``warehouse``).

An ad has no updates, no ROME code, no postcode, no list of skills: these columns stay empty.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from jobmarket.enrich.place.coordinates import coordinates_are_swapped
from jobmarket.foundation.day import PARIS
from jobmarket.offers.reading import ContractBreach
from jobmarket.offers.schema import JobOffer, OfferRows
from jobmarket.sources.adzuna.ad import Ad, Category, Company, Location
from jobmarket.sources.adzuna.answer import instant
from jobmarket.sources.adzuna.pay import pay_of
from jobmarket.sources.adzuna.place import place_of

if TYPE_CHECKING:
    from datetime import datetime

    from jobmarket.offers.reading import Notes

SOURCE = "adzuna"

# what means the same as a code of the project; `contract` may be fixed-term, temporary or freelance
_CONTRACT_CODES = {"permanent": "CDI"}
_WORKING_TIMES = {"full_time": "Temps plein", "part_time": "Temps partiel"}

_WORK_STUDY = re.compile(
    r"\b(?:alternan(?:ce|te?s?)|apprenti(?:e?s?|ssage)|contrat (?:de )?pro(?:fessionnalisation)?)\b",
    re.IGNORECASE,
)
# whose work is about it: « chargée du développement de l'alternance », « formatrice d'apprentis »
_ABOUT_WORK_STUDY = re.compile(
    r"\b(?:de l['’]|des |d['’]|de la |aupr[èe]s d\w+ )(?:alternan\w+|apprenti\w+)", re.IGNORECASE
)
_IN_WORK_STUDY = re.compile(r"\b(?:contrat|poste) d['’]", re.IGNORECASE)

_NO_COMPANY, _NO_LOCATION, _NO_CATEGORY = Company(), Location(), Category()


def created_at(ad: Ad) -> datetime:
    """Return the instant of creation; raise :class:`ContractBreach` if the ad states none with its zone."""
    found = instant(ad.created)
    if found is None:
        raise ContractBreach("Expected an instant like 2026-11-18T06:12:44Z - at `$.created`")
    return found


def rows_of(ad: Ad, notes: Notes) -> OfferRows:
    """Return what an ad states; what follows from it is concluded elsewhere (``offers.conclude``).

    Its place and its pay are stated: they are read from names and numbers that no other source has.

    :param notes: where swapped coordinates are counted.

    Raise :class:`ContractBreach` if its creation is not dated as the source does.
    """
    at = created_at(ad)
    company = ad.company or _NO_COMPANY
    location = ad.location or _NO_LOCATION
    category = ad.category or _NO_CATEGORY
    latitude, longitude, is_swapped = _coordinates(ad, notes)
    place = place_of(tuple(location.area or ()), location.display_name, latitude, longitude)
    pay = pay_of(ad.salary_min, ad.salary_max, ad.salary_is_predicted)
    offer = JobOffer(
        source=SOURCE,
        offer_id=str(ad.id),
        created_on=at.astimezone(PARIS).date(),
        created_at=at,
        title=ad.title,
        description=ad.description or None,
        latitude=latitude,
        longitude=longitude,
        is_coordinates_swapped=is_swapped,
        is_work_study=names_work_study(ad.title) or None,
        place_label=location.display_name or None,
        company_name=company.display_name or None,
        contract_type_code=_CONTRACT_CODES.get(ad.contract_type or ""),
        contract_type_label=ad.contract_type or None,
        working_time_category_label=_WORKING_TIMES.get(ad.contract_time or ""),
        category_code=category.tag or None,
        category_label=category.label or None,
        **place._asdict(),
        **pay._asdict(),
    )
    return OfferRows(offer)


@lru_cache(maxsize=4096)
def names_work_study(title: str) -> bool:
    """Return whether a title says that the job is work-study: Adzuna has no field for it."""
    if not _WORK_STUDY.search(title):
        return False
    return not _ABOUT_WORK_STUDY.search(title) or bool(_IN_WORK_STUDY.search(title))


def _coordinates(ad: Ad, notes: Notes) -> tuple[float | None, float | None, bool]:
    latitude, longitude = ad.latitude, ad.longitude
    if latitude is None or longitude is None:
        return None, None, False
    if not coordinates_are_swapped(latitude, longitude):
        return latitude, longitude, False
    notes.note_repair("coordinates_swapped")
    return longitude, latitude, True
