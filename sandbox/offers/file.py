"""Real offers from a JSON-lines file, on their own days or all put on one.

What lives here: reading the file, and its offers by day and by id. What does not: what the search reads in
an offer (``reading``).
"""

from __future__ import annotations

import gzip
from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from sandbox.offers.body import spell_time
from sandbox.offers.columns import Columns
from sandbox.offers.reading import (
    attributes,
    milliseconds,
    origin_code,
    partners,
    present,
    searchable,
)

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray  # the types of the columns are read at run time


class FileDay:
    """The offers of a file created on one day: France Travail first, each by creation time."""

    def __init__(self, day: date, offers: list[dict[str, Any]], partner_names: list[str]) -> None:
        self.day = day
        offers.sort(key=lambda o: (origin_code(o), o["dateCreation"]))
        self._ids = [offer["id"] for offer in offers]
        self._bodies = [msgspec.json.encode(offer) for offer in offers]
        read = [present(offer) for offer in offers]
        self._texts = [searchable(offer) for offer in read]
        rows = [attributes(offer, partner_names) for offer in read]
        self.columns = Columns.of(rows)

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
    """All offers of a file, in memory.

    :param file: JSON lines, gzip or not.
    :param day: put all offers on this day, None leaves them on their own.
    """

    def __init__(self, file: Path, day: date | None) -> None:
        offers = read(file)
        if day:
            for offer in offers:
                redate(offer, day)
        named = {
            name for offer in offers for name in partners(present(offer.get("origineOffre") or {}))
        }
        self.partner_names = sorted(named - {""})
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
            raise ValueError(f"{file}: an id occurs twice; each offer needs its own.")

    def day(self, day: date) -> FileDay:
        """Return the offers of a day."""
        return self._days.get(day) or FileDay(day, [], [])

    def find(self, offer_id: str, newest: date) -> tuple[FileDay, int] | None:
        """Return (day, row) of an offer created on or before ``newest``, None if there is none."""
        place = self._places.get(offer_id)
        return place if place and place[0].day <= newest else None

    def live_days(self, newest: date, count: int | None) -> list[date]:
        """Return the days before ``newest``, newest first, that hold ``count`` offers; all if None."""
        days: list[date] = []
        held = 0
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
    offers: list[dict[str, Any]] = []
    for number, line in enumerate(data.splitlines(), 1):
        try:
            offer = msgspec.json.decode(line)
            for needed in (offer["id"], offer["intitule"]):
                needed.isalnum()  # text, or AttributeError
            milliseconds(offer["dateCreation"])
            offers.append(offer)
        except (msgspec.DecodeError, AttributeError, KeyError, TypeError, ValueError) as exc:
            raise ValueError(f"{path}, line {number}: not an offer of the API ({exc}).") from exc
    return offers


def redate(offer: dict[str, Any], day: date) -> None:
    """Move an offer to another day, time of day kept; its other date moves by as much."""
    created = milliseconds(offer["dateCreation"])
    shift = (day - date.fromisoformat(offer["dateCreation"][:10])) // timedelta(milliseconds=1)
    offer["dateCreation"] = spell_time(created + shift)
    if offer.get("dateActualisation"):
        offer["dateActualisation"] = spell_time(milliseconds(offer["dateActualisation"]) + shift)
