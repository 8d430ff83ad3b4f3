"""How many offers a window must be announced to hold, from those that were read. Pure.

What lives here: counting by creation second, and choosing windows whose ends lie where nothing was created,
so that it does not matter how the API reads its bounds. What does not: asking (``verification``).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from jobmarket.sources.france_travail.plan.partition import BY_RELEVANCE, Window

if TYPE_CHECKING:
    from collections.abc import Iterable

QUIET_S = 3
"""Seconds without an offer that leave no doubt about a bound in their middle."""


class Bounds(NamedTuple):
    """The fewest and the most offers that a window may be announced to hold."""

    fewest: int
    most: int

    def hold(self, announced: int) -> bool:
        """Tell whether an announced total is as expected."""
        return self.fewest <= announced <= self.most


NOTHING = Bounds(0, 0)


class Expectation:
    """What was read of a day and the hours around it, as the date filter should count it.

    :param created: wall-clock seconds of the offers that are held; ``None`` if one cannot be read.
    :param whole: what was asked for in all: what it gave lies in it, however its ends are read.
    :param shift_s: the filter gives for ``[a, b]`` what was created in ``[a + shift, b + shift]``.
    """

    def __init__(self, created: Iterable[int | None], whole: Window, shift_s: int) -> None:
        first, last = whole.asked
        self._seconds: list[int] = []
        self._unplaced = 0
        for second in created:
            if second is None or not first <= second - shift_s <= last:
                self._unplaced += 1
            else:
                self._seconds.append(second - shift_s if shift_s else second)
        self._seconds.sort()
        self._whole = whole

    def __len__(self) -> int:
        return len(self._seconds)

    def bounds(self, window: Window) -> Bounds:
        """Return how many offers a window must hold; its ends may count, or not."""
        first, last = window.asked
        low, high = bisect_right(self._seconds, first), bisect_left(self._seconds, last)
        wide_low, wide_high = bisect_left(self._seconds, first), bisect_right(self._seconds, last)
        if first == self._whole.asked[0]:
            low = wide_low = 0
        if last == self._whole.asked[1]:
            high = wide_high = len(self._seconds)
        return Bounds(max(0, high - low), max(0, wide_high - wide_low) + self._unplaced)

    def cut(self, window: Window, parts: int) -> list[Window]:
        """Cut a window into parts of about as many offers, at quiet seconds; fewer if there are not enough.

        All ask in the order of relevance, without a filter: another question than those that were read by.
        """
        seconds = self._seconds[
            bisect_left(self._seconds, window.start) : bisect_left(self._seconds, window.end)
        ]
        cuts: list[int] = []
        for part in range(1, parts):
            at = self._quiet_second(seconds, len(seconds) * part // parts, len(seconds) // parts)
            lowest = cuts[-1] + 1 if cuts else window.start
            if at is not None and lowest < at < window.end - 1:
                cuts.append(at)
        if not cuts and parts > 1 and window.end - window.start > 4 * QUIET_S:
            cuts = [(window.start + window.end) // 2]
        starts = [window.start, *(at + 1 for at in cuts)]
        ends = [*cuts, window.end]
        return [
            Window(start, end, (), BY_RELEVANCE) for start, end in zip(starts, ends, strict=True)
        ]

    @staticmethod
    def _quiet_second(seconds: list[int], near: int, reach: int) -> int | None:
        """Return a second without offers close to the offer of this number; the widest silence if none."""
        widest, found = 0, None
        for step in range(reach // 2 + 2):
            for at in (near - step, near + step):
                if not 0 < at < len(seconds):
                    continue
                silence = seconds[at] - seconds[at - 1] - 1
                if silence > widest:
                    widest, found = silence, seconds[at - 1] + 1 + silence // 2
            if widest >= QUIET_S:
                break
        return found
