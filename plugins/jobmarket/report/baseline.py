"""Which days a period is compared with, and how much each weighs. Pure: no clock, no warehouse.

Both sides of a comparison hold the same days, matched by position: Monday with Mondays, the third Tuesday of
a month with the third Tuesday of the other. A day that one side lacks counts on neither. Lacking is, of a
week or a month, every day that is not certified, and every public holiday: neither is a measure of a day.
If less than half of its days are left, the period is not compared: they would say little of it.

What is usual for a day is the mean of the same weekdays among the 28 days before the period, as far as
they are certified and no public holiday; for a week or a month it is the sum over its days. A mean, not a
median: the means of the parts add up to that of the whole, so a difference can be told apart into its causes.

Generated offers are compared with generated ones only.

Weights are whole twelfths, so that a mean of one to four days is exact and the same in any order of adding.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from jobmarket.foundation.period import Period, day_period, period_around, period_before

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jobmarket.foundation.lake.standing import Standing

WINDOW_DAYS = 28
UNIT = 12  # weights of one day: divisible by 1, 2, 3 and 4

Against = Literal["before", "earlier", "usual"]
Series = Literal[
    "now", "compared", "usual", "compared_before", "before", "compared_earlier", "earlier"
]

SIDES: Mapping[Against, tuple[Series, Series]] = {
    "usual": ("compared", "usual"),
    "before": ("compared_before", "before"),
    "earlier": ("compared_earlier", "earlier"),
}
"""The two series of each comparison: the days of the period, and what they are compared with."""


class DayRead(NamedTuple):
    """What is known of a day that was loaded.

    :param offers: of the day in the warehouse.
    :param gap: offers announced and not read.
    :param is_counted: it has counts to compare; a day that was loaded before there were any has none.
    :param is_generated: some of its offers are those of the sandbox.
    """

    day: date
    standing: Standing
    offers: int
    gap: int
    is_counted: bool = True
    is_generated: bool = False


class Weight(NamedTuple):
    """How much a day counts in a series, in twelfths."""

    series: Series
    day: date
    weight: int


class Baseline(NamedTuple):
    """What a period is compared with.

    :param weights: of each day in each series: ``now`` the days of the period; ``usual`` what is usual for
        the days of it that are ``compared``; ``before`` the period just before, beside ``compared_before``;
        ``earlier`` the same weekday a week before, or the same month a year before, beside
        ``compared_earlier``.
    :param band: the fewest and the most offers among the days that make up what is usual; of one day only.
    :param references: reference days of the weekday that has the fewest; 0 if nothing is compared.
    """

    weights: list[Weight]
    band: tuple[int, int] | None
    references: int

    def days(self, series: Series) -> list[date]:
        """Return the days of a series, in their order."""
        return sorted(weight.day for weight in self.weights if weight.series == series)

    @property
    def is_partial(self) -> bool:
        """Return whether what is usual is known of some of the days only, so that totals do not compare."""
        return self.days("compared") not in ([], self.days("now"))

    @property
    def spread(self) -> float:
        """Return the variance of what is usual, where that of the days compared is 1; of four days, a fourth.

        A day that stands for several, because others of its weekday are missing, weighs by its square.
        """
        usual = [weight.weight for weight in self.weights if weight.series == "usual"]
        return sum(weight**2 for weight in usual) / (UNIT * sum(usual)) if usual else 0.0


@cache
def public_holidays(year: int) -> frozenset[date]:
    """Return the public holidays of a year in France (code du travail, L3133-1)."""
    from dateutil.easter import easter

    fixed = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
    moving = (1, 39, 50)  # Easter Monday, Ascension, Whit Monday
    sunday = easter(year)
    return frozenset(
        {date(year, month, day) for month, day in fixed}
        | {sunday + timedelta(days=number) for number in moving}
    )


def is_public_holiday(day: date) -> bool:
    """Tell whether a day is a public holiday in France."""
    return day in public_holidays(day.year)


def is_day_off(day: date) -> bool:
    """Tell whether a public holiday makes a day unlike others of its weekday: one on a Sunday does not."""
    return is_public_holiday(day) and day.weekday() < 6


def earlier_period(period: Period) -> Period | None:
    """Return the same weekday a week before, or the same month a year before; a week has none."""
    if period.kind == "day":
        return day_period(period.start - timedelta(days=7))
    if period.kind == "month":
        return period_around("month", period.start.replace(year=period.start.year - 1))
    return None


def window(period: Period) -> list[date]:
    """Return the days of the period and the 28 before it."""
    count = WINDOW_DAYS + len(period.days)
    return [period.end - timedelta(days=number) for number in range(count - 1, -1, -1)]


def first_day_read(period: Period) -> date:
    """Return the first of the days that a baseline may look at."""
    earlier = earlier_period(period)
    starts = [period.start - timedelta(days=WINDOW_DAYS), period_before(period).start]
    return min(starts + ([earlier.start] if earlier else []))


def baseline(period: Period, read: Iterable[DayRead]) -> Baseline:
    """Return what a period is compared with.

    :param read: the loaded days, of the period and before; other days are ignored.
    """
    days = {day.day: day for day in read if day.is_counted}
    weights = [Weight("now", day, UNIT) for day in period.days if day in days]
    references = _references(period, days)
    fewest: list[int] = []
    usual: dict[date, int] = defaultdict(int)
    for day in period.days:
        known = days.get(day)
        if known is None or not may_compare(known, period):
            continue
        same = references.get((day.weekday(), known.is_generated), [])
        if not same:
            continue
        weights.append(Weight("compared", day, UNIT))
        fewest.append(len(same))
        for reference in same:
            usual[reference] += UNIT // len(same)
    weights += [Weight("usual", day, weight) for day, weight in sorted(usual.items())]
    if _are_few(len(fewest), period):
        weights = [weight for weight in weights if weight.series == "now"]
        usual, fewest = {}, []
    others: list[tuple[Against, Period | None]] = [
        ("before", period_before(period)),
        ("earlier", earlier_period(period)),
    ]
    for against, other in others:
        here, there = SIDES[against]
        pairs = _pairs(period, other, days) if other else []
        for day, match in [] if _are_few(len(pairs), period) else pairs:
            weights += [Weight(here, day, UNIT), Weight(there, match, UNIT)]
    offers = [days[day].offers for day in usual]
    band = (min(offers), max(offers)) if offers and period.kind == "day" else None
    return Baseline(weights, band, min(fewest, default=0))


def may_compare(known: DayRead, period: Period) -> bool:
    """Tell whether a day of a period may be compared with what is usual."""
    if is_day_off(known.day):
        return False
    # of a single day the offers that are missing are told apart, and said beside each table
    return known.standing == "certified" or (known.standing == "with_gap" and period.kind == "day")


def _are_few(count: int, period: Period) -> bool:
    return 2 * count < len(period.days)


def _pairs(period: Period, other: Period, days: dict[date, DayRead]) -> list[tuple[date, date]]:
    """Return the days of a period, each with the day at the same position of the other one."""
    here, there = _positions(period), _positions(other)
    both = [(here[position], there[position]) for position in here.keys() & there.keys()]
    return sorted(
        (day, match)
        for day, match in both
        if day in days
        and match in days
        and days[day].is_generated == days[match].is_generated
        and _may_pair(days[day], period)
        and _may_pair(days[match], period)
    )


def _positions(period: Period) -> dict[tuple[int, int], date]:
    """Return the days of a period by weekday and by which of these it is: 1, 2 is the third Tuesday."""
    if period.kind == "day":
        return {(0, 0): period.start}  # one day stands beside one day, whatever they are
    return {(day.weekday(), (day - period.start).days // 7): day for day in period.days}


def _may_pair(known: DayRead, period: Period) -> bool:
    # two single days are named on the page, with all that makes them unlike; a sum of days hides it
    return known.standing != "sample" if period.kind == "day" else may_compare(known, period)


def _references(period: Period, days: dict[date, DayRead]) -> dict[tuple[int, bool], list[date]]:
    """Return the days that say what is usual, by weekday, generated ones apart."""
    found: dict[tuple[int, bool], list[date]] = defaultdict(list)
    for number in range(WINDOW_DAYS, 0, -1):
        day = period.start - timedelta(days=number)
        if day in days and days[day].standing == "certified" and not is_day_off(day):
            found[day.weekday(), days[day].is_generated].append(day)
    return found
