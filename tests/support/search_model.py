"""An in-memory model of the search endpoint, for tests of the plan: dates, filters, cap, order, replicas."""

from __future__ import annotations

import random
import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from jobmarket.sources.france_travail.client.answer import CAP, Answer, Cap, Sighting, wall_second
from jobmarket.sources.france_travail.plan.day_plan import DayPlan

if TYPE_CHECKING:
    from datetime import date

    from jobmarket.sources.france_travail.client.request import Request

ROME = tuple(f"{letter}{number}" for letter in "ABCDEFGHIJKLMN" for number in range(1101, 1121))
CODES = {
    "metiers": ROME,
    "typesContrats": ("CDI", "CDD", "MIS"),
    "departements": ("01", "59", "75"),
}


@dataclass(frozen=True)
class Fact:
    """An offer as the model knows it; ``at_ms`` is on the wall clock."""

    offer_id: str
    at_ms: int
    origin: str = "2"
    rome: str | None = "A1101"
    contract: str = "CDI"
    experience: str = "1"
    department: str | None = "75"


@dataclass
class SearchModel:
    """Answers requests from facts.

    :param lagging: ids that the second replica does not have; ``None`` for a single one.
    :param shift_ms: the filter compares creation time less this.
    :param is_exclusive: offers exactly at a bound are left out.
    :param is_shuffled: answers come in an order that has nothing to do with dates.
    :param vanish: ids that vanish after so many answers: (answers, ids).
    :param late: offers that appear after so many answers: (answers, facts).
    """

    facts: list[Fact]
    lagging: frozenset[str] | None = None
    cap: Cap = CAP
    shift_ms: int = 0
    is_exclusive: bool = False
    is_shuffled: bool = False
    vanish: tuple[int, frozenset[str]] = (0, frozenset())
    late: tuple[int, list[Fact]] = (0, [])
    asked: list[str] = field(default_factory=list)
    _found: dict[tuple[str, bool, bool, bool], list[Fact]] = field(default_factory=dict)

    def answer(self, request: Request) -> Answer:
        self.asked.append(request.text)
        if (
            request.first > self.cap.last_start
            or request.last - request.first >= self.cap.page_size
        ):
            raise AssertionError(f"the API refuses {request}")
        found = self._select(request.query)
        page = found[request.first : request.last + 1]
        announced: int | None = len(found)
        if not page and request.first:
            announced = len(found) or None
        return Answer(
            query=request.text,
            first=request.first,
            status=206 if page else 204,
            content_range="",
            announced=announced,
            offers=tuple(Sighting(fact.offer_id, fact.at_ms // 1000) for fact in page),
            body=b"",
            received_at="",
            statuses=(206 if page else 204,),
            facets=str(sorted(Counter(fact.contract for fact in found).items())) if page else "",
        )

    def _select(self, query: str) -> list[Fact]:
        lags = self.lagging is not None and len(self.asked) % 2 == 1
        has_vanished = len(self.asked) > self.vanish[0]
        is_late = len(self.asked) > self.late[0]
        key = (query, lags, has_vanished, is_late)
        if key not in self._found:
            hidden = set(self.lagging or ()) if lags else set()
            hidden |= self.vanish[1] if has_vanished else set()
            facts = self.facts + (self.late[1] if is_late else [])
            self._found[key] = self._sorted([f for f in facts if f.offer_id not in hidden], query)
        return self._found[key]

    def _sorted(self, facts: list[Fact], query: str) -> list[Fact]:
        found = selected(facts, query, shift_ms=self.shift_ms, is_exclusive=self.is_exclusive)
        if self.is_shuffled:
            found.sort(key=lambda fact: zlib.crc32(fact.offer_id.encode()))
        return found


def selected(
    facts: list[Fact], query: str, *, shift_ms: int = 0, is_exclusive: bool = False
) -> list[Fact]:
    """Return the facts that a query asks for, the newest first."""
    asked = {name: values[0] for name, values in parse_qs(query).items()}
    low, high = -(2**62), 2**62
    if "minCreationDate" in asked:
        low = 1000 * (wall_second(asked["minCreationDate"]) or 0) + shift_ms
        high = 1000 * (wall_second(asked["maxCreationDate"]) or 0) + shift_ms
    if is_exclusive:
        low, high = low + 1, high - 1
    wanted = {name: frozenset(asked[name].split(",")) for name in FILTERS if name in asked}
    found = [fact for fact in facts if low <= fact.at_ms <= high and _matches(fact, wanted)]
    return sorted(found, key=lambda fact: (-fact.at_ms, fact.offer_id))


FILTERS = {
    "origineOffre": "origin",
    "codeROME": "rome",
    "typeContrat": "contract",
    "experience": "experience",
    "departement": "department",
}


def _matches(fact: Fact, wanted: dict[str, frozenset[str]]) -> bool:
    return all(getattr(fact, FILTERS[name]) in values for name, values in wanted.items())


def read_day(model: SearchModel, day: date, seed: int = 0, at_once: int = 32) -> DayPlan:
    """Run a plan against the model; answers come back in a random order."""
    plan = DayPlan(day, CODES.__getitem__, model.cap)
    shuffle = random.Random(seed)
    open_requests = plan.start()
    while open_requests and not plan.is_finished:
        taken = shuffle.randrange(min(at_once, len(open_requests)))
        request = open_requests.pop(taken)
        open_requests += plan.receive(request, model.answer(request))
        if len(model.asked) > 20_000:
            raise AssertionError("the plan does not come to an end")
    assert plan.is_finished
    return plan
