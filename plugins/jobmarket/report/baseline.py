"""Which days a period is compared with, and how much each weighs. Pure: no clock, no warehouse.

What is usual for a day is the mean of the same weekdays among the 28 days before the period, as far as
they are certified and no public holiday; for a week or a month it is the sum over its days. A mean, not a
median: the means of the parts add up to that of the whole, so a difference can be told apart into its causes.

Weights are whole twelfths, so that a mean of one to four days is exact and the same in any order of adding.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from jobmarket.period import Period, day_period, period_around, period_before

if TYPE_CHECKING:
    from collections.abc import Iterable

WINDOW_DAYS = 28
UNIT = 12  # weights of one day: divisible by 1, 2, 3 and 4

Standing = Literal["certified", "sample", "gap", "uncertified"]
Series = Literal["now", "compared", "usual", "before", "earlier"]


class DayRead(NamedTuple):
    """What is known of a day that was loaded.

    :param offers: of the day in the warehouse.
    :param gap: offers announced and not read.
    :param is_counted: it has counts to compare; a day that was loaded before there were any has none.
    """

    day: date
    standing: Standing
    offers: int
    gap: int
    is_counted: bool = True


class Weight(NamedTuple):
    """How much a day counts in a series, in twelfths."""

    series: Series
    day: date
    weight: int


class Baseline(NamedTuple):
    """What a period is compared with.

    :param weights: of each day in each series: ``now`` the days of the period; ``compared`` those of them for
        which something usual is known; ``usual`` that; ``before`` the period just before;
        ``earlier`` the same weekday a week before, or the same month a year before.
    :param band: the fewest and the most offers among the days that make up what is usual; of one day only.
    :param references: reference days of the weekday that has the fewest; 0 if nothing is compared.
    """

    weights: list[Weight]
    band: tuple[int, int] | None
    references: int


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
        same = references.get(day.weekday(), [])
        # of a sample or an unproved day nobody knows what is missing: it is compared with nothing
        if day not in days or days[day].standing not in ("certified", "gap") or not same:
            continue
        weights.append(Weight("compared", day, UNIT))
        fewest.append(len(same))
        for reference in same:
            usual[reference] += UNIT // len(same)
    weights += [Weight("usual", day, weight) for day, weight in sorted(usual.items())]
    others: list[tuple[Series, Period | None]] = [
        ("before", period_before(period)),
        ("earlier", earlier_period(period)),
    ]
    for name, other in others:
        # a period with a hole in it is no measure for a whole one
        if other and all(day in days and days[day].standing != "sample" for day in other.days):
            weights += [Weight(name, day, UNIT) for day in other.days]
    offers = [days[day].offers for day in usual]
    band = (min(offers), max(offers)) if offers and period.kind == "day" else None
    return Baseline(weights, band, min(fewest, default=0))


def _references(period: Period, days: dict[date, DayRead]) -> dict[int, list[date]]:
    """Return the days that say what is usual, by weekday."""
    found: dict[int, list[date]] = defaultdict(list)
    for number in range(WINDOW_DAYS, 0, -1):
        day = period.start - timedelta(days=number)
        if day in days and days[day].standing == "certified" and not is_public_holiday(day):
            found[day.weekday()].append(day)
    return found
