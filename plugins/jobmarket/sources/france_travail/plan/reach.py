"""How far back the live stock is asked for, and whether that is all of it. Pure.

The stock is asked for in *octaves*, windows that each reach some times farther back than the one before. What
they hold is asked first: so many offers are about to be read, and each is cut and read beside the others. The
stock is also asked for without any date: it must not hold more than all octaves together, or offers that the
date filter does not know, or that are older than all of them, would never be met.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from jobmarket.foundation.lake.manifest import Witness
from jobmarket.sources.france_travail.client.request import Request, query_text
from jobmarket.sources.france_travail.plan.partition import BY_RELEVANCE, Window
from jobmarket.sources.france_travail.plan.terms import DAY_S

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobmarket.sources.france_travail.client.answer import Answer
    from jobmarket.sources.france_travail.plan.desk import Desk

OCTAVES_DAYS = (0, 2, 8, 32, 128, 512, 4_096)
"""Days before the sweep at which the octaves end."""

AHEAD_S = DAY_S
"""Seconds after the sweep begins up to which both totals are asked: offers go on to arrive."""

ASKS = 2
"""Times that the stock is asked for without dates in a round: replicas answer in turn."""

ROUNDS = 6
"""Rounds while the stock without dates holds more: offers may go between two questions."""

STOCK_QUERY = query_text([("sort", BY_RELEVANCE)])


class Reach:
    """Asks what the octaves hold, and the stock without dates.

    :param desk: has no question open when :meth:`ask` is called.
    :param end: wall-clock second at which the sweep begins.
    """

    def __init__(self, desk: Desk, end: int) -> None:
        self._desk = desk
        self._whole = Window(end - OCTAVES_DAYS[-1] * DAY_S, end + AHEAD_S, (), BY_RELEVANCE)
        self._octaves = [
            Window(end - far * DAY_S, end - near * DAY_S, (), BY_RELEVANCE)
            for near, far in pairwise(OCTAVES_DAYS)
        ]
        self._held: dict[Window, int] = {}
        self._dated = 0
        self._undated = 0
        self._rounds = 0

    @property
    def is_settled(self) -> bool:
        """Nothing more is to be asked."""
        return self._rounds > 0 and (self._agrees or self._rounds == ROUNDS)

    @property
    def is_empty(self) -> bool:
        """No query was announced to hold any offer."""
        return not (self._dated or self._undated)

    @property
    def _agrees(self) -> bool:
        return 0 < self._dated >= self._undated

    def ask(self) -> None:
        """Ask the next round of questions."""
        self._rounds += 1
        self._dated = self._undated = 0
        for _ in range(ASKS):
            self._put(STOCK_QUERY, None)
        self._put(self._whole.query, self._whole)
        if self._rounds == 1:
            for window in self._octaves:
                self._put(window.query, window)

    def octaves(self) -> Iterator[tuple[Window, int]]:
        """Return the windows to read, newest first, and what each was announced to hold."""
        for window in self._octaves:
            yield Window(window.start, window.end), self._held.get(window, 0)

    def witness(self) -> Witness:
        """Return what the stock was announced to hold without dates, and what with them."""
        return Witness(
            kind="stock",
            query=STOCK_QUERY,
            expected=self._dated,
            announced=self._undated,
            agrees=self._agrees,
        )

    def doubts(self) -> list[str]:
        """Return why the octaves may not hold all of the stock."""
        if self._agrees:
            return []
        if self.is_empty:
            return [
                "France Travail gives no offer at all: it does not answer, rather than have none."
            ]
        sentence = (
            f"{self._undated} offers are live when asked for without dates, and {self._dated} when asked for "
            f"by the creation dates of the last {OCTAVES_DAYS[-1]} days: some are older, or have no date "
            f"that the filter knows."
        )
        return [sentence]

    def _put(self, query: str, window: Window | None) -> None:
        request = Request(query, 0, 0, is_urgent=True, is_fresh=True)
        self._desk.ask(request, window, partial(self._told, window))

    def _told(self, window: Window | None, answer: Answer, is_fresh: bool) -> None:
        del is_fresh
        total = answer.announced or 0
        if window is None:
            self._undated = max(self._undated, total)
        elif window == self._whole:
            self._dated = total
        else:
            self._held[window] = total
