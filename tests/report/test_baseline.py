from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobmarket.foundation.period import Period, day_period, parse_period
from jobmarket.report.baseline import (
    UNIT,
    DayRead,
    baseline,
    first_day_read,
    is_day_off,
    is_public_holiday,
    window,
)

if TYPE_CHECKING:
    from jobmarket.foundation.lake.standing import Standing

DAY = date(2026, 11, 18)  # a Wednesday; the one before, 11 November, is a public holiday
WEEK = parse_period("week", "2026-W47", "key")


def days(*back: int, standing: Standing = "certified", offers: int = 100) -> list[DayRead]:
    return [DayRead(DAY - timedelta(days=number), standing, offers, 0) for number in back]


def weights(period: Period, read: list[DayRead], series: str) -> dict[date, int]:
    found = baseline(period, read).weights
    return {weight.day: weight.weight for weight in found if weight.series == series}


@pytest.mark.parametrize(
    ("day", "is_holiday"),
    [
        (date(2026, 4, 6), True),  # Easter Monday
        (date(2026, 5, 14), True),  # Ascension
        (date(2026, 5, 25), True),  # Whit Monday
        (date(2024, 5, 9), True),
        (date(2026, 11, 11), True),
        (date(2026, 4, 5), False),  # a Sunday as any other
        (date(2026, 11, 18), False),
    ],
)
def test_public_holidays(day: date, is_holiday: bool) -> None:
    assert is_public_holiday(day) is is_holiday


def test_usual_is_the_mean_of_the_same_weekdays() -> None:
    read = days(0, 14, 21, 28)
    assert weights(day_period(DAY), read, "usual") == {
        DAY - timedelta(days=number): UNIT // 3 for number in (14, 21, 28)
    }
    assert baseline(day_period(DAY), read).references == 3


def test_a_holiday_and_what_is_not_certified_say_nothing_of_what_is_usual() -> None:
    read = days(0, 7, 14) + days(21, standing="with_gap") + days(28, standing="sample")
    assert weights(day_period(DAY), read, "usual") == {DAY - timedelta(days=14): UNIT}


def test_band_is_that_of_the_usual_days() -> None:
    read = days(0) + days(14, offers=90) + days(21, offers=120) + days(7, offers=5)
    assert baseline(day_period(DAY), read).band == (90, 120)
    assert baseline(day_period(DAY), days(0)).band is None


@pytest.mark.parametrize("standing", ["sample", "uncertified"])
def test_a_day_that_is_not_proved_is_compared_with_nothing(standing: Standing) -> None:
    found = baseline(day_period(DAY), days(0, standing=standing) + days(14))
    assert [weight for weight in found.weights if weight.series in ("compared", "usual")] == []
    assert found.references == 0


def test_yesterday_and_a_week_before() -> None:
    read = days(0, 1, 7)
    assert weights(day_period(DAY), read, "before") == {DAY - timedelta(days=1): UNIT}
    # a holiday is no usual day, but it is the one before
    assert weights(day_period(DAY), read, "earlier") == {DAY - timedelta(days=7): UNIT}
    assert weights(day_period(DAY), days(0), "before") == {}
    assert weights(day_period(DAY), days(0) + days(1, standing="sample"), "before") == {}
    assert weights(day_period(DAY), days(0) + days(1, standing="uncertified"), "before")


def test_a_week_is_compared_by_its_days() -> None:
    # Monday to Friday of the week are read; only of Monday to Thursday something is known before
    week, before = days(2, 1, 0, -1, -2), days(16, 15, 14, 13, 23, 22, 21, 20)
    read = week + before
    assert weights(WEEK, read, "now") == {day.day: UNIT for day in week}
    assert weights(WEEK, read, "compared") == {day.day: UNIT for day in week[:4]}
    assert weights(WEEK, read, "usual") == {day.day: UNIT // 2 for day in sorted(before)}
    assert baseline(WEEK, read).band is None
    assert baseline(WEEK, read).is_partial


def test_less_than_half_of_a_week_is_not_compared() -> None:
    week, before = days(2, 1, 0, -1, -2), days(16, 15, 14)
    found = baseline(WEEK, week + before)
    assert {weight.series for weight in found.weights} == {"now"}
    assert (found.references, found.spread) == (0, 0.0)


@pytest.mark.parametrize(
    ("period", "back", "spread"),
    [
        (day_period(DAY), (14, 21, 28), 1 / 3),
        (day_period(DAY), (14,), 1.0),
        (WEEK, tuple(range(3, 31)), 1 / 4 + 1 / 12 / 7),  # of the Wednesdays one is a holiday
        (WEEK, tuple(range(17, 24)), 1.0),
    ],
)
def test_what_few_days_say_is_less_sure(
    period: Period, back: tuple[int, ...], spread: float
) -> None:
    read = days(*range(-4, 3), *back)
    assert baseline(period, read).spread == pytest.approx(spread)


def test_a_week_is_compared_with_the_same_days_of_the_week_before() -> None:
    # 11 November, in the week before, is a public holiday: no Wednesday is compared
    whole = days(*range(-4, 30))
    six = [date(2026, 11, 16) + timedelta(days=number) for number in (0, 1, 3, 4, 5, 6)]
    assert list(weights(WEEK, whole, "compared_before")) == six
    assert list(weights(WEEK, whole, "before")) == [day - timedelta(days=7) for day in six]
    assert set(weights(WEEK, whole, "compared")) == set(WEEK.days)
    assert weights(WEEK, whole, "earlier") == {}  # a week has none


@pytest.mark.parametrize("standing", [None, "with_gap", "sample", "uncertified"])
@pytest.mark.parametrize("position", range(7))
@pytest.mark.parametrize("weeks_back", range(5))
def test_a_day_that_one_side_lacks_counts_on_neither(
    weeks_back: int, position: int, standing: Standing | None
) -> None:
    week = parse_period("week", "2026-W40", "key")  # no holiday is near
    odd = week.start + timedelta(days=position - 7 * weeks_back)
    read = [
        DayRead(day, standing or "certified", 100, 0)
        if day == odd
        else DayRead(day, "certified", 100, 0)
        for day in (week.end - timedelta(days=number) for number in range(35))
        if standing or day != odd
    ]
    here, there = weights(week, read, "compared_before"), weights(week, read, "before")
    assert [day - timedelta(days=7) for day in here] == list(there)
    assert len(here) == (6 if weeks_back < 2 else 7)
    assert (odd in here, odd in there) == (False, False) or weeks_back > 1
    compared, usual = weights(week, read, "compared"), weights(week, read, "usual")
    assert odd not in {**compared, **usual}
    assert len(compared) == (7 if weeks_back else 6)
    by_weekday = [0] * 7
    for day, weight in usual.items():
        by_weekday[day.weekday()] += weight
    assert by_weekday == [UNIT * (day in compared) for day in week.days]


def test_a_holiday_of_the_week_is_compared_with_nothing() -> None:
    holiday = date(2026, 11, 11)
    week = parse_period("week", "2026-W46", "key")
    read = [DayRead(week.end - timedelta(days=number), "certified", 100, 0) for number in range(35)]
    for series in ("compared", "compared_before"):
        assert set(weights(week, read, series)) == set(week.days) - {holiday}
    assert baseline(week, read).is_partial
    # a single day that is one has no usual day either, but stands beside the day before
    alone = baseline(day_period(holiday), read)
    assert (alone.days("usual"), alone.days("compared_before")) == ([], [holiday])


def test_a_holiday_on_a_sunday_is_a_sunday() -> None:
    week = parse_period("week", "2026-W44", "key")  # ends on All Saints' Day
    read = [DayRead(week.end - timedelta(days=number), "certified", 100, 0) for number in range(35)]
    assert len(weights(week, read, "compared")) == 7


def test_the_first_week_of_a_warehouse_is_compared_with_nothing() -> None:
    read = [DayRead(day, "certified", 100, 0) for day in WEEK.days]
    found = baseline(WEEK, read)
    assert {weight.series for weight in found.weights} == {"now"}
    assert (found.references, found.band, found.is_partial) == (0, None, False)


def month_of(key: str) -> tuple[Period, list[DayRead]]:
    month = parse_period("month", key, "key")
    first = first_day_read(month) - timedelta(days=31)
    count = (month.end - first).days + 1
    read = [DayRead(first + timedelta(days=number), "certified", 10, 0) for number in range(count)]
    return month, read


@pytest.mark.parametrize(
    ("key", "before", "earlier"),
    [
        # 30 days from a Sunday beside 31 from a Thursday: the 5th Sunday and Monday have no match, and the
        # 11th, the second Wednesday, is a holiday; a year ago 1 and 11 November were a Saturday and a Tuesday
        ("2026-11", 27, 26),
        ("2027-02", 27, 28),  # 28 days beside 31, of which the first Friday was New Year's Day
        ("2027-03", 28, 29),  # 31 days beside 28; Easter Monday is the fifth Monday
        (
            "2026-10",
            28,
            30,
        ),  # the 5th Thursday and Friday were in October 2025 as well as Wednesday
        ("2028-02", 27, 28),  # a leap year: 29 days; 1 January 2028 is a Saturday
    ],
)
def test_a_month_is_compared_by_weekday_and_place_in_it(
    key: str, before: int, earlier: int
) -> None:
    month, read = month_of(key)
    for here, there, count in (
        ("compared_before", "before", before),
        ("compared_earlier", "earlier", earlier),
    ):
        days_here, days_there = (
            sorted(weights(month, read, here)),
            sorted(weights(month, read, there)),
        )
        assert len(days_here) == len(days_there) == count
        assert sorted(map(place, days_here)) == sorted(map(place, days_there))
        assert not any(map(is_day_off, days_here + days_there))


def place(day: date) -> tuple[int, int]:
    """Return the weekday and which of these weekdays of its month a day is."""
    return day.weekday(), (day.day - 1) // 7


def test_what_is_usual_of_a_month_is_the_sum_of_its_weekdays() -> None:
    month, read = month_of("2026-11")
    # five Sundays and Mondays: their usual days weigh more; one of the four Wednesdays is a holiday
    usual = weights(month, read, "usual")
    assert sum(usual.values()) == 29 * UNIT
    assert usual[date(2026, 10, 4)] == 5 * UNIT // 4
    assert usual[date(2026, 10, 6)] == UNIT
    assert usual[date(2026, 10, 7)] == 3 * UNIT // 4


def test_generated_days_are_compared_with_generated_ones_only() -> None:
    real = days(*range(-4, 3)) + days(*range(10, 17))
    made = [day._replace(is_generated=True) for day in days(*range(3, 10)) + days(*range(17, 31))]
    found = baseline(WEEK, [*real, *made])
    assert found.days("before") == []
    assert set(found.days("usual")) == {day.day for day in real[7:]}


def test_window_is_the_period_and_four_weeks() -> None:
    assert window(day_period(DAY))[0] == first_day_read(day_period(DAY)) == date(2026, 10, 21)
    assert len(window(WEEK)) == 35


@given(back=st.sets(st.integers(1, 28)))
def test_what_is_usual_weighs_as_much_as_what_is_compared(back: set[int]) -> None:
    read = days(*range(-6, 1)) + days(*back)
    compared, usual = (sum(weights(WEEK, read, name).values()) for name in ("compared", "usual"))
    assert compared == usual
