"""One figure an offer on 35 hours a week, and the minimum wage of its day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobmarket.enrich.pay.base import PayBase, hours_paid, minimum_wage_eur_per_year, pay_base
from jobmarket.enrich.pay.read import read_pay
from jobmarket.enrich.pay.scale import minimum_wages

DAY = date(
    2026, 11, 18
)  # the minimum wage is 12.31 € an hour: 1,867.02 € a month, 22,404.20 € a year


def base(label: str, /, *, hours: float | None = None, **facts: Any) -> PayBase:
    given: dict[str, Any] = {"created_on": DAY, "is_part_time": False, "is_work_study": False}
    return pay_base(read_pay(label, None), weekly_hours=hours, **given | facts)


@pytest.mark.parametrize(
    ("label", "hours", "figure", "rule", "is_minimum_wage"),
    [
        ("Mensuel de 2000 Euros", None, 24_000, "as_read", False),
        ("Mensuel de 2000 Euros", 35, 24_000, "as_read", False),
        ("Mensuel de 2000 Euros à 3000 Euros sur 13 mois", 35, 32_500, "as_read", False),
        ("Annuel de 40000 Euros à 0 Euros", 35, 40_000, "as_read", False),
        # 39 hours are paid as 40, 37 as 37.5, 43 as 45, 45 as 48
        ("Mensuel de 2400 Euros", 39, 25_200, "overtime_taken_off", False),
        ("Annuel de 30000 Euros", 37, 28_000, "overtime_taken_off", False),
        ("Annuel de 36000 Euros", 43, 28_000, "overtime_taken_off", False),
        ("Annuel de 48000 Euros", 45, 35_000, "overtime_taken_off", False),
        ("Annuel de 48000 Euros", 48, 32_000, "overtime_taken_off", False),
        ("Annuel de 48000 Euros", 48.5, None, "hours_out_of_range", None),
        # the minimum wage for 39 hours is the minimum wage
        ("Mensuel de 2133.74 Euros", 39, 22_404.27, "overtime_taken_off", True),
        # without the overtime it would be less than the law allows: the hours are made up for, or not meant
        ("Mensuel de 1900 Euros", 39, 22_800, "as_read", False),
        ("Mensuel de 1867.02 Euros", 37.5, 22_404.24, "as_read", True),
        # an hour is an hour
        ("Horaire de 14 Euros", 39, 25_480, "as_read", False),
        ("Horaire de 12.31 Euros", 42, 22_404.2, "as_read", True),
    ],
)
def test_full_time(
    label: str, hours: float | None, figure: float | None, rule: str, is_minimum_wage: bool | None
) -> None:
    assert base(label, hours=hours) == (figure, rule, is_minimum_wage)


@pytest.mark.parametrize(
    ("label", "hours", "figure", "rule"),
    [
        # too low for full time: pay of the part
        ("Mensuel de 1020 Euros", 17.5, 24_480, "part_time_scaled"),
        ("Mensuel de 1280.24 Euros", 24, 22_404.2, "part_time_scaled"),
        ("Mensuel de 1000 Euros à 1100 Euros", 17.5, 25_200, "part_time_scaled"),
        ("Mensuel de 1000 Euros sur 13 mois", 17.5, 26_000, "part_time_scaled"),
        ("Annuel de 13500 Euros", 17.5, 27_000, "part_time_scaled"),
        # without hours nothing to scale by; below the minimum wage even so
        ("Mensuel de 1020 Euros", None, None, None),
        ("Mensuel de 900 Euros", 28, None, None),
        # 70,000 a year for nine hours: the amount is for something else
        ("Mensuel de 1530 Euros à 1700 Euros", 9, None, "part_time_unclear"),
        # of the part or of the whole?
        ("Mensuel de 1900 Euros", 28, None, "part_time_unclear"),
        ("Annuel de 45000 Euros", 17.5, None, "part_time_unclear"),
        ("Horaire de 14 Euros", 20, 25_480, "as_read"),
    ],
)
def test_part_time(label: str, hours: float | None, figure: float | None, rule: str | None) -> None:
    assert base(label, hours=hours, is_part_time=True)[:2] == (figure, rule)


def test_work_study_has_no_figure() -> None:
    assert base("Mensuel de 2000 Euros", is_work_study=True) == (None, "work_study", None)
    assert (
        base("Mensuel de 900 Euros", hours=17.5, is_part_time=True, is_work_study=True) == PayBase()
    )


def test_without_a_pay_there_is_no_figure() -> None:
    assert base("Mensuel de") == PayBase()
    assert base("Mensuel de 1020 Euros", hours=17.5) == PayBase()  # full time at that pay is not


@pytest.mark.parametrize(
    ("day", "label", "is_minimum_wage"),
    [
        (date(2025, 6, 12), "Horaire de 11.88 Euros", True),
        (date(2025, 6, 12), "Mensuel de 1802 Euros", True),
        (date(2025, 6, 12), "Annuel de 21622 Euros", True),
        (date(2025, 6, 12), "Horaire de 11.90 Euros", True),  # 0.17 % more
        (date(2025, 6, 12), "Horaire de 11.91 Euros", False),
        (date(2024, 10, 31), "Horaire de 11.88 Euros", False),
        (date(2024, 10, 31), "Horaire de 11.65 Euros", True),
        (date(2024, 11, 1), "Horaire de 11.88 Euros", True),
        (date(2026, 5, 31), "Horaire de 12.02 Euros", True),
        (date(2026, 6, 1), "Horaire de 12.31 Euros", True),
        (date(2026, 5, 31), "Horaire de 12.31 Euros", False),
        # not raised yet, after a raise: the least that is paid
        (date(2026, 6, 2), "Horaire de 12.02 Euros", True),
        (date(2020, 1, 1), "Horaire de 11.27 Euros", True),  # before the table begins
    ],
)
def test_the_minimum_wage_is_that_of_the_day(day: date, label: str, is_minimum_wage: bool) -> None:
    assert base(label, created_on=day).is_minimum_wage is is_minimum_wage


def test_the_table_of_the_minimum_wage_is_in_order() -> None:
    for area in ("france", "mayotte"):
        rows = [row for row in minimum_wages() if row.area == area]
        assert rows == sorted(rows)
        rates = [row.eur_per_hour for row in rows]
        assert rates == sorted(rates)
    assert minimum_wage_eur_per_year(DAY) == pytest.approx(12.31 * 1820)


@given(st.floats(35, 48), st.floats(0, 1))
def test_more_hours_are_never_paid_as_fewer(hours: float, more: float) -> None:
    assert 35 <= hours <= hours_paid(hours) <= hours_paid(hours + more)
