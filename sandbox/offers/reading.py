"""The attributes of a real offer that the search filters by, found in its fields.

What lives here: one offer in, column values out. What does not: files and days (``file``), judging an offer.
What cannot be read is unknown, and a filter on it never returns the offer, as in the real API.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import cache
from math import nan
from typing import Any

from sandbox import labels
from sandbox.offers.columns import (
    EPOCH,
    FLAG_ACCESSIBLE,
    FLAG_ADAPTED_COMPANY,
    FLAG_DISABILITY_COMMITTED,
    FLAG_FEW_CANDIDATES,
)
from sandbox.offers.keywords import normalised
from sandbox.reference import region_of, vocabulary

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_HOURS = re.compile(r"(\d{1,2}) ?H ?(\d{2})?")
_LENGTH = re.compile(r"- (\d+) (Mois|Jour)")
_YEARS = re.compile(r"(\d+) ?(an|mois)", re.IGNORECASE)
_PER_YEAR = {"Horaire": 1_820, "Mensuel": 12, "Annuel": 1}


def attributes(offer: dict[str, Any], partner_names: list[str]) -> dict[str, Any]:
    """Return the value of each column for one offer.

    :param offer: as the API gives it, ``dateCreation`` checked; :func:`present` of it.
    :param partner_names: all partners of the source, to number them.
    """
    place = offer.get("lieuTravail", {})
    departement = _departement(place)
    hours_min = _hours_min(offer.get("dureeTravailLibelle", ""))
    origin = offer.get("origineOffre") or {}
    qualification = offer.get("qualificationCode")
    return {
        "created_ms": milliseconds(offer["dateCreation"]),
        "origin": origin_code(offer),
        "rome": vocabulary("rome").position(offer.get("romeCode")),
        "contract": vocabulary("contract").position(offer.get("typeContrat")),
        "nature": vocabulary("nature").position(_natures().get(offer.get("natureContrat", ""))),
        "experience": vocabulary("experience").position(_experience(offer)),
        "exigence": vocabulary("exigence").position(offer.get("experienceExige")),
        "qualification": 2 if qualification is None else int(qualification == labels.EXECUTIVE),
        "commune": vocabulary("commune").position(place.get("commune")),
        "departement": vocabulary("departement").position(departement),
        "region": vocabulary("region").position(_region(place, departement)),
        "country": vocabulary("country").position(_country(place.get("libelle", ""), departement)),
        "naf": vocabulary("naf").position(offer.get("codeNAF")),
        "sector": vocabulary("sector").position(offer.get("secteurActivite")),
        "latitude": place.get("latitude", nan),
        "longitude": place.get("longitude", nan),
        "hours_min": hours_min,
        "working_time": {"Temps plein": 1, "Temps partiel": 2}.get(
            offer.get("dureeTravailLibelleConverti", ""), 0
        ),
        "contract_months": _months(offer.get("typeContratLibelle", "")),
        "salary_eur_per_year": _salary(offer.get("salaire", {}).get("libelle", "")),
        "licence": _first_label(offer, "permis", "libelle", "licence"),
        "level": _first_label(offer, "formations", "niveauLibelle", "level"),
        "flags": _flags(offer),
        "partner": _partner(origin, partner_names),
    }


@cache
def _natures() -> dict[str, str]:
    return {label: code for code, label in labels.CONTRACT_NATURES.items()}


def _experience(offer: dict[str, Any]) -> str:
    if offer.get("experienceExige") == "D":
        return "4"
    found = _YEARS.search(offer.get("experienceLibelle", ""))
    if not found:
        return "0"
    months = int(found[1]) * (12 if found[2].lower() == "an" else 1)
    return "1" if months < 12 else "2" if months <= 36 else "3"


def _departement(place: dict[str, Any]) -> str | None:
    commune = place.get("commune")
    if commune:
        return str(commune[:3] if commune.startswith("97") else commune[:2])
    head = place.get("libelle", "").split(" - ")[0].strip()
    return head if head in vocabulary("departement") else None


def _region(place: dict[str, Any], departement: str | None) -> str | None:
    if departement:
        return region_of(departement)
    spelled = normalised(place.get("libelle", ""))
    return next(
        (code for code, label in labels.REGIONS.items() if normalised(label) == spelled), None
    )


def _country(label: str, departement: str | None) -> str:
    abroad = (code for code, name in labels.COUNTRIES.items() if code != "01" and name in label)
    return "01" if departement else next(abroad, "01")


def _hours_min(label: str) -> float:
    found = _HOURS.search(label)
    return int(found[1]) * 60 + int(found[2] or 0) if found else nan


def _months(label: str) -> float:
    found = _LENGTH.search(label)
    if not found:
        return nan
    return int(found[1]) if found[2] == "Mois" else int(found[1]) / 30


def _salary(label: str) -> float:
    period, _, rest = label.partition(" ")
    found = _NUMBER.search(rest)
    if period not in _PER_YEAR or not found:
        return nan
    return float(found[0].replace(",", ".")) * _PER_YEAR[period]


def _first_label(offer: dict[str, Any], field: str, key: str, name: str) -> int:
    table = {"licence": labels.LICENCES, "level": labels.EDUCATION_LEVELS}[name]
    wanted = next((item.get(key) for item in offer.get(field, ())), None)
    return vocabulary(name).position(
        next((c for c, label in table.items() if label == wanted), None)
    )


def _flags(offer: dict[str, Any]) -> int:
    adapted = offer.get("entrepriseAdaptee") or offer.get("entreprise", {}).get("entrepriseAdaptee")
    chosen = (
        (FLAG_ACCESSIBLE, offer.get("accessibleTH")),
        (FLAG_FEW_CANDIDATES, offer.get("offresManqueCandidats")),
        (FLAG_ADAPTED_COMPANY, adapted),
        (FLAG_DISABILITY_COMMITTED, offer.get("employeurHandiEngage")),
    )
    return sum(flag for flag, is_set in chosen if is_set)


def origin_code(offer: dict[str, Any]) -> int:
    """Return 1 for France Travail's own offers, 2 for partners', 0 for any other: no filter finds those."""
    code = (offer.get("origineOffre") or {}).get("origine")
    return int(code) if code in ("1", "2") else 0


def _partner(origin: dict[str, Any], names: list[str]) -> int:
    # a partner may have no name; then the offer is of none that could be asked for
    found = [name for name in partners(origin) if name]
    return names.index(found[0]) if found else -1


def partners(origin: dict[str, Any]) -> list[str]:
    """Return the names of the partners of an offer, from its ``origineOffre``; empty where one has none."""
    return [partner.get("nom", "") for partner in origin.get("partenaires", ())]


def present(value: Any) -> Any:
    """Return a value without what is ``null`` in it, at any depth: to the API that is the same as absent."""
    if isinstance(value, dict):
        return {name: present(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [present(inner) for inner in value if inner is not None]
    return value


def searchable(offer: dict[str, Any]) -> str:
    """Return the normalised text that the keyword search looks at."""
    skills = (skill["libelle"] for skill in offer.get("competences", ()))
    return normalised(" ".join([offer["intitule"], offer.get("romeLibelle", ""), *skills]))


def milliseconds(text: str) -> int:
    """Return a date of the API as naive milliseconds since 1970; its ``Z`` is false and dropped."""
    return (datetime.fromisoformat(text).replace(tzinfo=None) - EPOCH) // timedelta(milliseconds=1)
