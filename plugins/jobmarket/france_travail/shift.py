"""By how much the API's creation-date filter is off the ``dateCreation`` that it returns. Pure.

Nothing documents which clock the filter compares. An offer created at ``c`` that came from asking for
``[a, b]`` shows that the shift ``s`` fulfils ``a <= c - s <= b``; all offers together narrow it down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOLERANCE_S = 1  # `dateCreation` has milliseconds, the filter has none
_QUARTER_S = 900  # every time zone differs from every other by quarters of an hour


class FilterShift:
    """The measured shift: what is returned for ``[a, b]`` was created in ``[a + s, b + s]``."""

    def __init__(self) -> None:
        self._lowest: int | None = None
        self._highest: int | None = None

    def measure(self, asked: tuple[int, int], created: Sequence[int]) -> None:
        """Narrow the shift down by the creation seconds of one answer."""
        if not created:
            return
        lowest, highest = max(created) - asked[1], min(created) - asked[0]
        self._lowest = lowest if self._lowest is None else max(self._lowest, lowest)
        self._highest = highest if self._highest is None else min(self._highest, highest)

    @property
    def seconds(self) -> int:
        """The smallest shift that explains the answers; 0 if none is needed."""
        low, high = self.bounds
        return low if low > 0 else min(high, 0)

    @property
    def bounds(self) -> tuple[int, int]:
        """The lowest and the highest shift that the answers need, seconds; ``(0, 0)`` if none.

        The smallest whole quarter of an hour that explains them all; else all that would; if no single
        shift explains them, the span of those that are needed.
        """
        low, high = self._lowest, self._highest
        if low is None or high is None or (low <= _TOLERANCE_S and high >= -_TOLERANCE_S):
            return 0, 0
        if low > high + 2 * _TOLERANCE_S:
            return high, low
        quarter = -(-low // _QUARTER_S) * _QUARTER_S if low > 0 else high // _QUARTER_S * _QUARTER_S
        # `high` negative: its quarter farther from zero is the floor
        if low - _TOLERANCE_S <= quarter <= high + _TOLERANCE_S:
            return quarter, quarter
        return low, high
