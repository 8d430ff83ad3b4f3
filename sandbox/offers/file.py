"""Real offers from a JSON-lines file, on their own days or all put on one.

What lives here: reading the file and finding, in each offer, the attributes that the search filters by.
What does not: judging an offer. What cannot be read is unknown, and a filter on it never returns the
offer, as in the real API.
"""

from __future__ import annotations

import gzip
import re
from collections import defaultdict
from dataclasses import fields
from datetime import date, datetime, timedelta
from math import nan
from typing import TYPE_CHECKING, Any, get_type_hints

import msgspec
import numpy as np

from sandbox import labels
from sandbox.offers.body import spell_time
from sandbox.offers.columns import (
    FLAG_ACCESSIBLE,
    FLAG_ADAPTED_COMPANY,
    FLAG_DISABILITY_COMMITTED,
    FLAG_FEW_CANDIDATES,
    Columns,
)
from sandbox.offers.keywords import normalised
from sandbox.reference import region_of, vocabulary

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from sandbox.settings import Settings

_EPOCH = datetime(1970, 1, 1)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_HOURS = re.compile(r"(\d{1,2}) ?H ?(\d{2})?")
_LENGTH = re.compile(r"- (\d+) (Mois|Jour)")
_YEARS = re.compile(r"(\d+) ?(an|mois)", re.IGNORECASE)
_PER_YEAR = {"Horaire": 1_820, "Mensuel": 12, "Annuel": 1}


class FileDay:
    """The offers of a file created on one day: France Travail first, each by creation time."""

    def __init__(self, day: date, offers: list[dict[str, Any]], partner_names: list[str]) -> None:
        self.day = day
        offers.sort(key=lambda o: (o["origineOffre"]["origine"], o["dateCreation"]))
        self._ids = [offer["id"] for offer in offers]
        self._bodies = [msgspec.json.encode(offer) for offer in offers]
        self._texts = [_searchable(offer) for offer in offers]
        rows = [_attributes(offer, partner_names) for offer in offers]
        kinds = get_type_hints(Columns)
        self.columns = Columns(
            **{
                f.name: np.array([row[f.name] for row in rows], dtype=_dtype(kinds[f.name]))
                for f in fields(Columns)
            }
        )

    def id(self, row: int) -> str:
        """Return the offer's id."""
        return str(self._ids[row])

    def body(self, row: int) -> bytes:
        """Return the offer as compact JSON, fields in the order of the file."""
        return self._bodies[row]

    def mentions(self, word: str) -> NDArray[np.bool_]:
        """Return which offers have this word in their title, job or skills."""
        return np.array([word in text for text in self._texts], np.bool_)


class FileSource:
    """All offers of the file, in memory."""

    def __init__(self, settings: Settings) -> None:
        assert settings.offers_file is not None
        offers = read(settings.offers_file)
        if settings.redate:
            for offer in offers:
                redate(offer, settings.redate)
        partners = {p["nom"] for o in offers for p in o["origineOffre"].get("partenaires", ())}
        self.partner_names = sorted(partners)
        by_day: dict[date, list[dict[str, Any]]] = defaultdict(list)
        for offer in offers:
            by_day[date.fromisoformat(offer["dateCreation"][:10])].append(offer)
        self._days = {day: FileDay(day, found, self.partner_names) for day, found in by_day.items()}
        self._places = {
            day.id(row): (day, row)
            for day in self._days.values()
            for row in range(len(day.columns))
        }
        if len(self._places) != len(offers):
            raise ValueError(
                f"{settings.offers_file}: an id occurs twice; each offer needs its own."
            )

    def day(self, day: date) -> FileDay:
        """Return the offers of a day."""
        return self._days.get(day) or FileDay(day, [], [])

    def find(self, offer_id: str, newest: date) -> tuple[FileDay, int] | None:
        """Return (day, row) of an offer created on or before ``newest``, None if there is none."""
        place = self._places.get(offer_id)
        return place if place and place[0].day <= newest else None

    def live_days(self, newest: date, count: int | None) -> list[date]:
        """Return the days before ``newest``, newest first, that hold ``count`` offers; all if None."""
        days, held = [], 0
        for day in sorted((d for d in self._days if d < newest), reverse=True):
            if count is not None and held >= count:
                break
            held += len(self._days[day].columns)
            days.append(day)
        return days


def read(path: Path) -> list[dict[str, Any]]:
    """Return the offers of a JSON-lines file, gzip or not.

    Raise :class:`ValueError` naming the line that is not an offer.
    """
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    offers = []
    for number, line in enumerate(data.splitlines(), 1):
        try:
            offer = msgspec.json.decode(line)
            datetime.fromisoformat(offer["dateCreation"])
            offers.append(offer if offer["id"] and offer["origineOffre"]["origine"] else None)
        except (msgspec.DecodeError, KeyError, TypeError, ValueError) as exc:
            raise ValueError(f"{path}, line {number}: not an offer of the API ({exc}).") from exc
    return offers


def redate(offer: dict[str, Any], day: date) -> None:
    """Move an offer to another day, time of day kept; its other date moves by as much."""
    created = _milliseconds(offer["dateCreation"])
    shift = (day - date.fromisoformat(offer["dateCreation"][:10])) // timedelta(milliseconds=1)
    offer["dateCreation"] = spell_time(created + shift)
    if "dateActualisation" in offer:
        offer["dateActualisation"] = spell_time(_milliseconds(offer["dateActualisation"]) + shift)


def _milliseconds(text: str) -> int:
    return (datetime.fromisoformat(text).replace(tzinfo=None) - _EPOCH) // timedelta(milliseconds=1)


def _dtype(kind: Any) -> Any:
    return kind.__args__[1].__args__[0]


def _attributes(offer: dict[str, Any], partner_names: list[str]) -> dict[str, Any]:
    place = offer["lieuTravail"]
    departement = _departement(place)
    hours_min = _hours_min(offer.get("dureeTravailLibelle", ""))
    origin = offer["origineOffre"]
    qualification = offer.get("qualificationCode")
    return {
        "created_ms": _milliseconds(offer["dateCreation"]),
        "origin": int(origin["origine"]),
        "rome": vocabulary("rome").position(offer.get("romeCode")),
        "contract": vocabulary("contract").position(offer.get("typeContrat")),
        "nature": vocabulary("nature").position(_natures().get(offer.get("natureContrat", ""))),
        "experience": vocabulary("experience").position(_experience(offer)),
        "exigence": vocabulary("exigence").position(offer.get("experienceExige")),
        "qualification": 2 if qualification is None else int(qualification == labels.EXECUTIVE),
        "commune": vocabulary("commune").position(place.get("commune")),
        "departement": vocabulary("departement").position(departement),
        "region": vocabulary("region").position(_region(place, departement)),
        "country": vocabulary("country").position(_country(place["libelle"], departement)),
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
    head = place["libelle"].split(" - ")[0].strip()
    return head if head in vocabulary("departement") else None


def _region(place: dict[str, Any], departement: str | None) -> str | None:
    if departement:
        return region_of(departement)
    spelled = normalised(place["libelle"])
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
    wanted = next((item[key] for item in offer.get(field, ())), None)
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


def _partner(origin: dict[str, Any], names: list[str]) -> int:
    found = origin.get("partenaires")
    return names.index(found[0]["nom"]) if found else -1


def _searchable(offer: dict[str, Any]) -> str:
    skills = (skill["libelle"] for skill in offer.get("competences", ()))
    return normalised(" ".join([offer["intitule"], offer.get("romeLibelle", ""), *skills]))
