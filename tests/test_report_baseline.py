from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobmarket.period import Period, day_period, parse_period
from jobmarket.report.baseline import (
    UNIT,
    DayRead,
    Standing,
    baseline,
    first_day_read,
    is_public_holiday,
    window,
)

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
    read = days(0, 7, 14) + days(21, standing="gap") + days(28, standing="sample")
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
    # only Wednesday and Thursday of the week are read; only Wednesdays are known before
    read = days(0, -1) + days(14, 21)
    assert weights(WEEK, read, "now") == {DAY: UNIT, DAY + timedelta(days=1): UNIT}
    assert weights(WEEK, read, "compared") == {DAY: UNIT}
    assert weights(WEEK, read, "usual") == {
        DAY - timedelta(days=number): UNIT // 2 for number in (14, 21)
    }
    assert baseline(WEEK, read).band is None


def test_a_week_before_with_a_hole_is_no_measure() -> None:
    whole = days(*range(-4, 30))
    assert len(weights(WEEK, whole, "before")) == 7
    holed = [day for day in whole if day.day != date(2026, 11, 12)]
    assert weights(WEEK, holed, "before") == {}
    assert weights(WEEK, whole, "earlier") == {}  # a week has none


def test_a_month_is_compared_with_the_month_before_and_that_of_a_year_ago() -> None:
    month = parse_period("month", "2026-11", "key")
    assert first_day_read(month) == date(2025, 11, 1)
    read = [
        DayRead(date(2025, 10, 1) + timedelta(days=number), "certified", 10, 0)
        for number in range(426)
    ]
    assert len(weights(month, read, "before")) == 31
    assert min(weights(month, read, "earlier")) == date(2025, 11, 1)
    # five Sundays and Mondays: their usual days weigh more
    usual = weights(month, read, "usual")
    assert sum(usual.values()) == 30 * UNIT
    assert usual[date(2026, 10, 4)] == 5 * UNIT // 4
    assert usual[date(2026, 10, 6)] == UNIT


def test_window_is_the_period_and_four_weeks() -> None:
    assert window(day_period(DAY))[0] == first_day_read(day_period(DAY)) == date(2026, 10, 21)
    assert len(window(WEEK)) == 35


@given(back=st.sets(st.integers(1, 28)))
def test_what_is_usual_weighs_as_much_as_what_is_compared(back: set[int]) -> None:
    read = days(*range(-6, 1)) + days(*back)
    compared, usual = (sum(weights(WEEK, read, name).values()) for name in ("compared", "usual"))
    assert compared == usual
