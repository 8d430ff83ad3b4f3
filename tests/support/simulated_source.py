"""A source that lives while it is read, for tests of the plan: arrivals, withdrawals, edits, replicas, lag.

Small: a query gives 25 offers, five a page, so that a day of two hundred offers has as many slices and pages
as a real one of twenty thousand. Time is counted in questions answered.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from jobmarket.sources.france_travail.client.answer import Answer, Cap, Sighting, day_start
from jobmarket.sources.france_travail.plan.day_plan import DayPlan

from tests.support.search_model import CODES, Fact, selected

if TYPE_CHECKING:
    import random

    from jobmarket.sources.france_travail.client.request import Request

DAY = date(2026, 11, 18)
SMALL = Cap(page_size=5, last_start=20)
ALWAYS = 10**9


@dataclass(frozen=True)
class Life:
    """An offer and the questions between which it is to be seen, ``[born, gone)``."""

    fact: Fact
    born: int = -1
    gone: int = ALWAYS
    edited: int = ALWAYS  # its contract is another from then on

    def at(self, now: int) -> Fact | None:
        if not self.born <= now < self.gone:
            return None
        return replace(self.fact, contract="SAI") if now >= self.edited else self.fact


@dataclass
class LivingSource:
    """Answers questions from offers that come and go.

    :param lags: one entry a replica: it shows the world as it was so many questions ago.
    :param hidden: one entry a replica: offers that it never shows.
    """

    lives: list[Life]
    chance: random.Random
    lags: tuple[int, ...] = (0,)
    hidden: tuple[frozenset[str], ...] = (frozenset(),)
    has_facets: bool = True
    cap: Cap = SMALL
    now: int = 0
    _seen: dict[tuple[str, int, int], list[Fact]] = field(default_factory=dict)

    def answer(self, request: Request) -> Answer:
        replica = self.chance.randrange(len(self.lags))
        found = self._found(request.query, replica)
        self.now += 1
        page = found[request.first : request.last + 1]
        return Answer(
            query=request.text,
            first=request.first,
            status=206 if page else 204,
            content_range="",
            announced=len(found) or (0 if request.first == 0 else None),
            offers=tuple(Sighting(fact.offer_id, fact.at_ms // 1000) for fact in page),
            body=b"",
            received_at="",
            statuses=(206 if page else 204,),
            facets=str(sorted(Counter(f.contract for f in found).items()))
            if self.has_facets and page
            else "",
        )

    def always_seen(self, until: int) -> set[str]:
        """Return the offers of the day that every replica showed from the first question until then."""
        start, end = day_start(DAY), day_start(DAY) + 86_400
        return {
            life.fact.offer_id
            for life in self.lives
            if start <= life.fact.at_ms // 1000 < end
            and life.born < -max(self.lags)
            and life.gone >= until
            and not any(life.fact.offer_id in hidden for hidden in self.hidden)
        }

    def _found(self, query: str, replica: int) -> list[Fact]:
        then = self.now - self.lags[replica]
        alive = (life.at(then) for life in self.lives)
        facts = [f for f in alive if f and f.offer_id not in self.hidden[replica]]
        return selected(facts, query)


@dataclass
class Attempt:
    """What became of one attempt to read the day."""

    plan: DayPlan
    was_killed: bool
    asked: int


def attempt(
    source: LivingSource,
    chance: random.Random,
    landed: dict[str, list[Answer]],
    kill_after: int | None = None,
) -> Attempt:
    """Read the day once, as the extraction does: answers in any order, landed pages first.

    :param landed: answers of earlier attempts, by question; those of this one are added.
    """
    plan = DayPlan(DAY, CODES.__getitem__, source.cap)
    left = {text: list(answers) for text, answers in landed.items()}
    open_requests = plan.start()
    asked = 0
    while open_requests and not plan.is_finished:
        request = open_requests.pop(chance.randrange(min(8, len(open_requests))))
        if not request.is_fresh and left.get(request.text):
            open_requests += plan.receive(request, left[request.text].pop(0), is_fresh=False)
            continue
        if asked == kill_after:
            return Attempt(plan, was_killed=True, asked=asked)
        asked += 1
        answer = source.answer(request)
        if request.last - request.first + 1 == source.cap.page_size:
            landed.setdefault(request.text, []).append(answer)
        open_requests += plan.receive(request, answer)
    for answers in left.values():
        for answer in answers:
            plan.collection.add(answer)
    return Attempt(plan, was_killed=False, asked=asked)
