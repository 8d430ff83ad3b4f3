"""The plan of a sweep: all offers that are live. Pure; how they are read is in ``plan``.

What it proves: every offer that was live from its first question to its last, and created before it, is among
those read. What arrives meanwhile is not looked for; what goes meanwhile may be read or not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.sources.france_travail.client.answer import CAP, Cap
from jobmarket.sources.france_travail.plan.collection import Collection
from jobmarket.sources.france_travail.plan.plan import Plan
from jobmarket.sources.france_travail.plan.reach import OCTAVES_DAYS, Reach
from jobmarket.sources.france_travail.plan.terms import DAY_S, Terms

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jobmarket.foundation.lake.manifest import Witness
    from jobmarket.sources.france_travail.client.request import Request

PIECE = 9_000
"""Offers of a piece asked for as a whole: three slices, as a stock holds what no day does."""

LOOK_SHARE = 6
"""One slice in so many is looked at again: each second of the stock is asked for as a whole besides."""

PATIENCE = 6
"""Times that a piece may differ before slices that look as they were read are read anew: offers go
all the time."""

_BEFORE_ALL = -(10**12)


class StockPlan(Plan):
    """Asks for all offers created before a moment, and counts what comes.

    :param end: wall-clock second at which the sweep begins.
    :param codes: returns the codes of a référentiel; called only if a second has to be divided.
    :param cap: what one query gives.
    :param collection: of the offers that an earlier plan of this run met.
    """

    def __init__(
        self,
        end: int,
        codes: Callable[[str], Sequence[str]],
        cap: Cap = CAP,
        collection: Collection | None = None,
    ) -> None:
        terms = Terms(
            name="stock",
            start=end - OCTAVES_DAYS[-1] * DAY_S,
            end=end,
            overlap_s=0,  # what is created from now on is not of this sweep, and goes on to arrive
            lends_pages=True,
            piece=PIECE,
            look_share=LOOK_SHARE,
            may_shrink=True,
            patience=PATIENCE,
        )
        super().__init__(terms, codes, cap, collection or Collection(_BEFORE_ALL, end))
        self._reach = Reach(self, end)
        self._is_reading = False

    @property
    def is_finished(self) -> bool:
        """No question is open and the stock is verified or not to be read, or its questions are spent."""
        is_nothing = (
            self._reach.is_settled and self._reach.is_hopeless and not self._questions.are_open
        )
        return is_nothing or super().is_finished

    def start(self) -> list[Request]:
        """Return the first questions."""
        self._reach.ask()
        return self._questions.send()

    def witnesses(self) -> list[Witness]:
        """Return what was asked to verify the stock, and how it was answered."""
        return [self._reach.witness(), *super().witnesses()]

    def doubts(self) -> list[str]:
        """Return why the stock cannot be certified, one sentence each; nothing if it can."""
        return self._reach.doubts() + ([] if self._reach.is_hopeless else super().doubts())

    def _proceed(self) -> None:
        if self._is_reading:
            super()._proceed()
        elif not self._reach.is_settled:
            self._reach.ask()
        else:
            self._is_reading = True
            for window, held in self._reach.octaves():
                self.read(window, held)
