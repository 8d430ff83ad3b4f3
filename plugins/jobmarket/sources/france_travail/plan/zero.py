"""Whether a day that shows no offer has none. Pure.

Silence is no zero: a gateway may answer 204 to everything. So the week around the day is asked for as one and
in parts; it must hold as many offers as its parts without the day. An offer of that week, or else of the live
stock, is known then: whether queries with dates give it is for the witness of the clock to tell.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from jobmarket.foundation.lake.manifest import Witness
from jobmarket.sources.france_travail.client.request import Request, query_text
from jobmarket.sources.france_travail.plan.partition import BY_RELEVANCE, Window

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobmarket.sources.france_travail.client.answer import Answer
    from jobmarket.sources.france_travail.plan.day_view import DayView

_DAYS_S = 3 * 86_400
ASKS = 3
"""Times that each of the questions is asked; the largest answer counts."""
ROUNDS = 4
"""Rounds of questions while the week holds more than its parts: a lagging replica may have told the parts."""


class ZeroCheck:
    """Asks whether the day is empty.

    :param plan: of a day of which no offer is held.
    """

    def __init__(self, plan: DayView) -> None:
        self._plan = plan
        start, end = plan.span
        self._windows = {
            "week": Window(start - _DAYS_S, end + _DAYS_S, (), BY_RELEVANCE),
            "before": Window(start - _DAYS_S, start, (), BY_RELEVANCE),
            "day": Window(start, end, (), BY_RELEVANCE),
            "after": Window(end, end + _DAYS_S, (), BY_RELEVANCE),
        }
        self._totals = dict.fromkeys(self._windows, 0)
        first, last = self._windows["day"].asked
        shift = plan.shift.seconds
        self._beside = sum(
            created is not None and first <= created - shift <= last
            for created in plan.offers().values()
        )
        """Offers that the query of the day gave and that are none of it: it asks a second too far."""
        self.known: dict[str, int] = {}
        """Offers that were met: id -> creation second."""
        self._rounds = 0
        self._stock_is_asked = False

    @property
    def is_answered(self) -> bool:
        """Nothing more is to be asked."""
        return not self._needs_round and bool(self.known or self.unread or self._stock_is_asked)

    @property
    def unread(self) -> Window | None:
        """The window of the day, if its query is announced to hold more than was read of it."""
        return self._windows["day"] if self._totals["day"] > self._beside else None

    @property
    def _needs_round(self) -> bool:
        if self.unread is not None:
            return False  # no further answer makes it less
        return not self._rounds or (self._holds_more and self._rounds < ROUNDS)

    @property
    def _holds_more(self) -> bool:
        totals = self._totals
        return totals["day"] > self._beside or totals["week"] > totals["before"] + totals["after"]

    def ask(self) -> None:
        """Ask the next questions; the plan has none open."""
        if self._needs_round:
            self._rounds += 1
            for name, window in self._windows.items():
                for _ in range(ASKS):
                    self._put(window.query, window, partial(self._told, name))
        else:
            self._stock_is_asked = True
            query = query_text([("sort", BY_RELEVANCE)])
            for _ in range(ASKS):
                self._put(query, None, self._stock_told)

    def witness(self) -> Witness:
        """Return what the week around the day was announced to hold, and what its parts."""
        return Witness(
            kind="zero",
            query=self._windows["week"].query,
            expected=self._totals["before"] + self._totals["after"],
            announced=self._totals["week"],
            agrees=not self.doubts(),
        )

    def doubts(self) -> list[str]:
        """Return why the day may have offers all the same."""
        totals = self._totals
        if self._holds_more:
            sentence = (
                f"No offer of the day was given, but the week around it was announced to hold "
                f"{totals['week']}, {totals['before']} before the day and {totals['after']} after it."
            )
            return [sentence]
        if not self.known:
            return [
                "France Travail gives no offer at all, of no day: it does not answer, rather than have none."
            ]
        return []

    def _put(self, query: str, window: Window | None, told: Callable[[Answer], None]) -> None:
        request = Request(query, 0, 0, is_urgent=True, is_fresh=True)
        self._plan.ask(request, window, lambda answer, _: told(answer))

    def _told(self, name: str, answer: Answer) -> None:
        self._totals[name] = max(self._totals[name], answer.announced or 0)
        self._stock_told(answer)

    def _stock_told(self, answer: Answer) -> None:
        for offer_id, created in answer.offers:
            if created is not None:
                self.known[offer_id] = created
