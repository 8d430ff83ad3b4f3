"""From an ad to the columns of ``core.job_offer``, by name. Pure.

What lives here: which field goes to which column. What does not: the shape of an ad and its texts (``ad``),
its place (``place``), its pay (``pay``), what its text says (``enrich``), writing rows (``warehouse``).

An ad has no updates, no ROME code, no postcode, no list of skills: these columns stay empty.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jobmarket.enrich.pay.base import pay_base
from jobmarket.enrich.place.coordinates import coordinates_are_swapped
from jobmarket.enrich.telework import read_telework
from jobmarket.foundation.day import PARIS
from jobmarket.offers.reading import ContractBreach
from jobmarket.sources.adzuna.ad import Ad, Category, Company, Location
from jobmarket.sources.adzuna.answer import instant
from jobmarket.sources.adzuna.pay import pay_of
from jobmarket.sources.adzuna.place import place_of

if TYPE_CHECKING:
    from datetime import datetime

    from jobmarket.offers.reading import Notes

SOURCE = "adzuna"
NO_ORIGIN = "0"
"""``origin_code`` of an ad: whom Adzuna has it from is not said."""

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


def text_of(ad: Ad) -> str:
    """Return what may name the technologies of an ad: its title, and the 500 characters of its text."""
    return f"{ad.title}\n{ad.description or ''}"


def names_of(ad: Ad) -> str:
    """Return what an ad's employer and place are called, one a line: no technologies by themselves."""
    company, location = ad.company or _NO_COMPANY, ad.location or _NO_LOCATION
    return f"{company.display_name or ''}\n{location.display_name or ''}"


def created_at(ad: Ad) -> datetime:
    """Return the instant of creation; raise :class:`ContractBreach` if the ad states none with its zone."""
    found = instant(ad.created)
    if found is None:
        raise ContractBreach("Expected an instant like 2026-11-18T06:12:44Z - at `$.created`")
    return found


def values_of(
    ad: Ad,
    technology_codes: tuple[str, ...],
    notes: Notes,
    *,
    may_name_telework: bool = True,
) -> dict[str, Any]:
    """Return the columns of an ad that have a value, by name; an empty text is absent.

    :param technology_codes: that its text names.
    :param notes: where swapped coordinates are counted.
    :param may_name_telework: False spares reading the description for it.

    Raise :class:`ContractBreach` if its creation is not dated as the source does.
    """
    at = created_at(ad)
    created_on = at.astimezone(PARIS).date()
    company = ad.company or _NO_COMPANY
    location = ad.location or _NO_LOCATION
    category = ad.category or _NO_CATEGORY
    latitude, longitude, is_swapped = _coordinates(ad, notes)
    place = place_of(tuple(location.area or ()), location.display_name, latitude, longitude)
    pay = pay_of(ad.salary_min, ad.salary_max, ad.salary_is_predicted)
    is_work_study = names_work_study(ad.title) or None
    base = pay_base(
        pay,
        created_on=created_on,
        weekly_hours=None,
        is_part_time=ad.contract_time == "part_time",
        is_work_study=is_work_study is True,
    )
    telework = read_telework(ad.title, (ad.description if may_name_telework else None) or "", "")
    values = {
        "source": SOURCE,
        "offer_id": str(ad.id),
        "created_on": created_on,
        "created_at": at,
        "origin_code": NO_ORIGIN,
        "title": ad.title,
        "description": ad.description,
        "latitude": latitude,
        "longitude": longitude,
        "is_coordinates_swapped": is_swapped,
        "is_work_study": is_work_study,
        "place_label": location.display_name,
        "company_name": company.display_name,
        "contract_type_code": _CONTRACT_CODES.get(ad.contract_type or ""),
        "contract_type_label": ad.contract_type,
        "working_time_category_label": _WORKING_TIMES.get(ad.contract_time or ""),
        "category_code": category.tag,
        "category_label": category.label,
        **place._asdict(),
        **pay._asdict(),
        **base._asdict(),
        **telework._asdict(),
        "technology_codes": technology_codes or None,
    }
    return {name: value for name, value in values.items() if value is not None and value != ""}


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
