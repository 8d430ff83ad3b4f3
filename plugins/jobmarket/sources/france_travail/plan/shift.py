"""By how much the API's creation-date filter is off the ``dateCreation`` that it returns. Pure.

Nothing documents which clock the filter compares. An offer created at ``c`` that came from asking for
``[a, b]`` shows that the shift ``s`` fulfils ``a <= c - s <= b``; all offers together narrow it down. The
shift that explains most of them is believed; an offer that it does not explain is misdated itself, as long
as those are few.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOLERANCE_S = 1  # `dateCreation` has milliseconds, the filter has none
_QUARTER_S = 900  # every time zone differs from every other by quarters of an hour

FEW = 50
"""One offer in so many may be misdated; more are the filter's doing."""


class FilterShift:
    """The measured shift: what is returned for ``[a, b]`` was created in ``[a + s, b + s]``."""

    def __init__(self) -> None:
        self._needed: Counter[tuple[int, int]] = Counter()  # lowest and highest shift -> offers
        self._measured = 0
        self._found: tuple[int, int, int] | None = (0, 0, 0)
        self._lately = (0, 0)  # offers measured when it was last looked for, and what they gave

    def measure(self, asked: tuple[int, int], created: Sequence[int]) -> None:
        """Narrow the shift down by the creation seconds of one answer."""
        if not created:
            return
        self._found = None
        self._measured += len(created)
        low, high = max(created) - asked[1], min(created) - asked[0]
        if low <= _TOLERANCE_S and high >= -_TOLERANCE_S:
            self._needed[low, high] += len(created)
        else:
            self._needed.update((second - asked[1], second - asked[0]) for second in created)

    @property
    def seconds(self) -> int:
        """The smallest shift that explains the answers; 0 if none is needed."""
        low, high = self.bounds
        return low if low > 0 else min(high, 0)

    @property
    def lately(self) -> int:
        """:attr:`seconds`, of all answers but perhaps the last tenth: to look at all of them takes time."""
        measured, seconds = self._lately
        if self._measured > 1.1 * measured:
            seconds = self.seconds
            self._lately = (self._measured, seconds)
        return seconds

    @property
    def bounds(self) -> tuple[int, int]:
        """The lowest and the highest shift that the answers need, seconds; ``(0, 0)`` if none.

        The smallest whole quarter of an hour that explains them; else all that would; if no single shift
        explains all but a few, the span of those that are needed.
        """
        low, high, _ = self._solve()
        return low, high

    @property
    def misdated(self) -> int:
        """Offers that the shift does not explain."""
        return self._solve()[2]

    def _solve(self) -> tuple[int, int, int]:
        if self._found is None:
            self._found = self._explain()
        return self._found

    def _explain(self) -> tuple[int, int, int]:
        low, high, left_out = self._range()
        if left_out * FEW > self._needed.total():
            lowest = min(high for _, high in self._needed)
            highest = max(low for low, _ in self._needed)
            return min(lowest, highest), max(lowest, highest), left_out
        if low <= _TOLERANCE_S and high >= -_TOLERANCE_S:
            return 0, 0, left_out
        quarter = -(-low // _QUARTER_S) * _QUARTER_S if low > 0 else high // _QUARTER_S * _QUARTER_S
        # `high` negative: its quarter farther from zero is the floor
        if low - _TOLERANCE_S <= quarter <= high + _TOLERANCE_S:
            return quarter, quarter, left_out
        return low, high, left_out

    def _range(self) -> tuple[int, int, int]:
        """Return the shifts that explain most offers, and how many are left out.

        Of several ranges that explain as many, the one nearest to zero.
        """
        # half-open in the order of the events: a range opens before another closes at the same second
        events: Counter[tuple[int, int]] = Counter()
        for (low, high), offers in self._needed.items():
            events[low - _TOLERANCE_S, 0] += offers
            events[high + _TOLERANCE_S, 1] += offers
        ordered = sorted(events)
        closes_at = 0
        ends: dict[int, int] = {}  # second at which a range opens -> at which the next one closes
        for second, closes in reversed(ordered):
            if closes:
                closes_at = second
            else:
                ends[second] = closes_at
        best: tuple[int, int] | None = None  # offers, less the distance from zero
        found, holding = (0, 0), 0
        for second, closes in ordered:
            if closes:
                holding -= events[second, closes]
                continue
            holding += events[second, closes]
            end = ends[second]
            rank = (holding, 0 if second <= 0 <= end else -min(abs(second), abs(end)))
            if best is None or rank > best:
                best = rank
                found = (second + _TOLERANCE_S, end - _TOLERANCE_S)
        return *found, self._needed.total() - (best[0] if best else 0)
