"""Lies about the filter of dates: other clocks, other bounds, other grains."""

from __future__ import annotations

from tests.support.lying_api.api import Lie, Question
from tests.support.lying_api.world import DAY_MS

HOUR_MS = 3_600_000


class _Clock(Lie):
    """The filter compares another clock, so many hours ahead.

    The sizes are those of a day that needs no cutting, and of one that does.
    """

    kind = "A6"
    sizes: tuple[int, ...] = (1_200, 5_000)
    hours = 0.0

    def window(self, question: Question, low: int, high: int) -> tuple[int, int]:
        shift = round(self.hours * HOUR_MS)
        return low + shift, high + shift


class ClockAheadByAnHour(_Clock):
    hours = 1


class ClockAheadByTwoHours(_Clock):
    hours = 2


class ClockAheadByThreeHours(_Clock):
    hours = 3


class ClockAheadByTenHours(_Clock):
    hours = 10


class ClockBehindByAnHour(_Clock):
    hours = -1


class ClockBehindByTwoHours(_Clock):
    hours = -2


class ClockBehindByFiveHours(_Clock):
    hours = -5


class ClockAheadByADay(_Clock):
    hours = 24


class ClockBehindByADay(_Clock):
    hours = -24


class ClockAheadByHalfAnHour(_Clock):
    hours = 0.5


class ClockAheadBySeconds(_Clock):
    hours = 7 / 3600


class ClockAheadByThreeHoursSmallDay(_Clock):
    sizes = (12,)
    hours = 3


class ClockAheadByADaySmallDay(_Clock):
    sizes = (12,)
    hours = 24


class ClockChangesInTheNight(_Clock):
    """From 03:00 on it is an hour off, as if summer had begun."""

    def window(self, question: Question, low: int, high: int) -> tuple[int, int]:
        def moved(ms: int) -> int:
            return ms + HOUR_MS if ms % DAY_MS >= 3 * HOUR_MS else ms

        return moved(low), moved(high)


class ClockChangesMeanwhile(_Clock):
    """Three hours off from the fifteenth search on."""

    def window(self, question: Question, low: int, high: int) -> tuple[int, int]:
        shift = 3 * HOUR_MS if question.number >= 15 else 0
        return low + shift, high + shift


class ClockOfOneReplica(_Clock):
    """Every other search is compared three hours off."""

    def window(self, question: Question, low: int, high: int) -> tuple[int, int]:
        shift = 3 * HOUR_MS if question.number % 2 else 0
        return low + shift, high + shift


class ClockOfPartnersIsOff(_Clock):
    def window(self, question: Question, low: int, high: int) -> tuple[int, int]:
        shift = 5 * HOUR_MS if question.origin == "2" else 0
        return low + shift, high + shift


class ClockOfOneOrderIsOff(_Clock):
    def window(self, question: Question, low: int, high: int) -> tuple[int, int]:
        shift = 4 * HOUR_MS if question.asked.get("sort") == "1" else 0
        return low + shift, high + shift


class ClockOfLargeWindowsIsOff(_Clock):
    """Windows of more than six hours are compared five hours off."""

    def window(self, question: Question, low: int, high: int) -> tuple[int, int]:
        shift = 5 * HOUR_MS if high - low > 6 * HOUR_MS else 0
        return low + shift, high + shift


class ClockOfSmallWindowsIsOff(_Clock):
    def window(self, question: Question, low: int, high: int) -> tuple[int, int]:
        shift = 5 * HOUR_MS if high - low < 6 * HOUR_MS else 0
        return low + shift, high + shift


class LowerBoundIsOff(_Clock):
    def window(self, question: Question, low: int, high: int) -> tuple[int, int]:
        return low + 3 * HOUR_MS, high


class UpperBoundIsOff(_Clock):
    def window(self, question: Question, low: int, high: int) -> tuple[int, int]:
        return low, high - 3 * HOUR_MS


class BoundsAreExclusive(_Clock):
    must = "whole"

    def window(self, question: Question, low: int, high: int) -> tuple[int, int]:
        return low + 1, high - 1


class BoundsAreExclusiveByASecond(_Clock):
    def window(self, question: Question, low: int, high: int) -> tuple[int, int]:
        return low + 1000, high - 1000


class BoundsAreRoundedToMinutes(_Clock):
    def window(self, question: Question, low: int, high: int) -> tuple[int, int]:
        return low // 60_000 * 60_000, high // 60_000 * 60_000


class BoundsAreRoundedInwards(_Clock):
    def window(self, question: Question, low: int, high: int) -> tuple[int, int]:
        return -(-low // 60_000) * 60_000, high // 60_000 * 60_000


class BoundsAreRoundedToHours(_Clock):
    def window(self, question: Question, low: int, high: int) -> tuple[int, int]:
        return -(-low // HOUR_MS) * HOUR_MS, high // HOUR_MS * HOUR_MS


class TimeOfDayIsIgnored(_Clock):
    """Whole days from the one of the first bound to that of the second."""

    sizes = (1_200, 5_000, 8_000)

    def window(self, question: Question, low: int, high: int) -> tuple[int, int]:
        return low // DAY_MS * DAY_MS, high // DAY_MS * DAY_MS + DAY_MS - 1


class UpperBoundIsMidnight(_Clock):
    """The second bound means the beginning of its day."""

    def window(self, question: Question, low: int, high: int) -> tuple[int, int]:
        return low // DAY_MS * DAY_MS, high // DAY_MS * DAY_MS


class DatesAreIgnored(_Clock):
    sizes = (1_200, 5_000, 20_000)

    def window(self, question: Question, low: int, high: int) -> tuple[int, int]:
        return 0, 2**62


class UpperBoundIsIgnored(_Clock):
    sizes = (1_200, 5_000, 8_000)

    def window(self, question: Question, low: int, high: int) -> tuple[int, int]:
        return low, 2**62


class LowerBoundIsIgnored(_Clock):
    sizes = (1_200, 5_000, 8_000)

    def window(self, question: Question, low: int, high: int) -> tuple[int, int]:
        return 0, high


class BoundsAreSwapped(_Clock):
    def window(self, question: Question, low: int, high: int) -> tuple[int, int]:
        return high, low


class WindowsAreAtMostADay(_Clock):
    """A window longer than a day ends a day after its beginning."""

    def window(self, question: Question, low: int, high: int) -> tuple[int, int]:
        return low, min(high, low + DAY_MS)


class WindowsAreAtMostADayBack(_Clock):
    def window(self, question: Question, low: int, high: int) -> tuple[int, int]:
        return max(low, high - DAY_MS), high
