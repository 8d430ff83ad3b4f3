"""A live stock that answers questions by creation time and origin, fast enough for a stock of real size.

Time is counted in questions answered: offers go, arrive late and arrive new at a pace a question.
"""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right, insort
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from jobmarket.sources.france_travail.client.answer import (
    CAP,
    Answer,
    Cap,
    Sighting,
    wall_second,
)
from jobmarket.sources.france_travail.plan.stock_plan import StockPlan

if TYPE_CHECKING:
    from jobmarket.sources.france_travail.client.request import Request

END = wall_second("2026-11-19T03:00:00Z") or 0
DAY_S = 86_400


@dataclass
class StockModel:
    """Offers by origin, each ``(creation second, id)``.

    :param withdrawn_per_question: offers that go with each question, on average.
    :param late_per_question: offers that arrive with a creation date of long ago.
    :param new_per_question: offers that arrive as created now.
    """

    offers: dict[str, list[tuple[int, str]]]
    cap: Cap = CAP
    withdrawn_per_question: float = 0.0
    late_per_question: float = 0.0
    new_per_question: float = 0.0
    is_exclusive: bool = False
    origins: tuple[str, ...] = ("1", "2")
    """What an answer without the filter holds; the filter knows 1 and 2."""
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    asked: int = 0
    gone: set[str] = field(default_factory=set)
    came: set[str] = field(default_factory=set)

    def ids(self) -> set[str]:
        return {offer_id for offers in self.offers.values() for _, offer_id in offers}

    def answer(self, request: Request) -> Answer:
        self._live_on()
        self.asked += 1
        asked = {name: values[0] for name, values in parse_qs(request.query).items()}
        low, high = (
            wall_second(asked.get(name, "")) for name in ("minCreationDate", "maxCreationDate")
        )
        spans = []
        for origin in [asked["origineOffre"]] if "origineOffre" in asked else self.origins:
            offers = self.offers[origin]
            first = 0 if low is None else bisect_left(offers, (low + self.is_exclusive, ""))
            last = (
                len(offers)
                if high is None
                else bisect_right(offers, (high - self.is_exclusive, "~"))
            )
            spans.append((origin, first, max(first, last)))
        total = sum(last - first for _, first, last in spans)
        page = self._page(spans, request)
        return Answer(
            query=request.text,
            first=request.first,
            status=206 if page else 204,
            content_range="",
            announced=total if page or not request.first else None,
            offers=tuple(Sighting(offer_id, created) for created, offer_id in page),
            body=b"",
            received_at="2026-11-19T02:00:00.000Z",
            statuses=(206,),
        )

    def _page(self, spans: list[tuple[str, int, int]], request: Request) -> list[tuple[int, str]]:
        if len(spans) == 1:  # the newest first
            origin, first, last = spans[0]
            start, stop = max(first, last - request.last - 1), max(first, last - request.first)
            return self.offers[origin][start:stop][::-1]
        found = [o for origin, first, last in spans for o in self.offers[origin][first:last]]
        return sorted(found, reverse=True)[request.first : request.last + 1]

    def _live_on(self) -> None:
        for pace, event in (
            (self.withdrawn_per_question, self._withdraw),
            (self.late_per_question, self._arrive_late),
            (self.new_per_question, self._arrive_new),
        ):
            whole, part = divmod(pace, 1)
            for _ in range(int(whole) + (self.chance.random() < part)):
                event()

    def _withdraw(self) -> None:
        offers = self.offers[self.chance.choice("1222")]
        if offers:
            self.gone.add(offers.pop(self.chance.randrange(len(offers)))[1])

    def _arrive_late(self) -> None:
        self._arrive(END - self.chance.randrange(20 * DAY_S))

    def _arrive_new(self) -> None:
        self._arrive(END + self.asked // 10)

    def _arrive(self, second: int) -> None:
        offer_id = f"new{len(self.came):06d}"
        insort(self.offers[self.chance.choice("1222")], (second, offer_id))
        self.came.add(offer_id)


def stock_of(
    offers: int, *, mean_days: float = 13, seed: int = 1
) -> dict[str, list[tuple[int, str]]]:
    """Return a stock whose ages fall off as lives do, its partners' offers in bursts of whole seconds."""
    chance = random.Random(seed)
    found: dict[str, list[tuple[int, str]]] = {"1": [], "2": []}
    hours = [1, 1, 5, 2, 1, 1, 2, 4, 9, 15, 18, 17, 9, 6, 11, 12, 12, 9, 4, 3, 2, 2, 1, 1]
    for number in range(offers):
        age_days = int(chance.expovariate(1 / mean_days))
        second = END - (age_days + 1) * DAY_S + 3600 * chance.choices(range(24), hours)[0]
        is_burst = chance.random() < 0.1
        second += chance.randrange(20) * 7 if is_burst else chance.randrange(3600)
        origin = "1" if chance.random() < 0.25 else "2"
        found[origin].append((min(second, END - 1), f"{number:07d}"))
    for offers_of in found.values():
        offers_of.sort()
    return found


def read_stock(model: StockModel, seed: int = 0, at_once: int = 32) -> StockPlan:
    """Run a plan against the model; answers come back in a random order."""
    plan = StockPlan(END, lambda _: [], model.cap)
    shuffle = random.Random(seed)
    open_requests = plan.start()
    while open_requests and not plan.is_finished:
        urgent = [n for n, request in enumerate(open_requests[:400]) if request.is_urgent][:at_once]
        taken = (
            shuffle.choice(urgent)
            if urgent
            else shuffle.randrange(min(at_once, len(open_requests)))
        )
        request = open_requests.pop(taken)
        open_requests += plan.receive(request, model.answer(request))
    assert plan.is_finished
    return plan
