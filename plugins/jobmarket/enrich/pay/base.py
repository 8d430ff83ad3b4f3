"""One figure of pay an offer, on one base of hours, and whether it is the minimum wage. Pure.

What lives here: the hours that a figure rests on, who is left out of statistics, the minimum wage by date.
What does not: how the pay is read (``pay``), how hours are (``terms``). The rules are in ``docs/pay.md``.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from jobmarket.enrich.pay.read import read_pay
from jobmarket.enrich.pay.scale import (
    HOURS_PER_YEAR,
    MOST_PAYS_PER_YEAR,
    PAYS_PER_YEAR,
    PER_YEAR,
    WIDEST_RANGE,
    least_by_period,
    minimum_wages,
)

if TYPE_CHECKING:
    from datetime import date

    from jobmarket.enrich.pay.read import Pay

FULL_TIME_HOURS = 35.0
# Overtime is paid a quarter more for the first eight hours of a week, half more beyond (code du travail,
# L. 3121-36); branches may agree on less, down to a tenth.
_FIRST_OVERTIME_HOURS, _FIRST_RATE, _FURTHER_RATE = 8.0, 1.25, 1.5
# The most that a week may have (code du travail, L. 3121-20): hours above are no week's, or wrong.
_MOST_HOURS = 48.0
# Part time is taken up to full time where the amount cannot be full-time pay; what would come to more than
# that many minimum wages is a full-time amount after all, or another period.
_MOST_MINIMUM_WAGES = 2.5
# Cents and whole euros of a month: 1802 for 1801.80, 21,622 for 21,621.60.
_ROUNDING = 1.002


class PayBase(NamedTuple):
    """The figure that statistics are made of; the fields are columns of ``core.job_offer``, in their order.

    :param salary_mid_eur_per_year: middle of the bounds, gross, 35 hours a week; None if there is none.
    :param salary_mid_rule: ``as_read``, ``overtime_taken_off``, ``part_time_scaled``; or why there is no
        figure though the pay could be read: ``work_study``, ``part_time_unclear``, ``hours_out_of_range``.
    :param is_minimum_wage: the figure is the minimum wage of its day, within 0.2 %, or less; None without
        one.
    """

    salary_mid_eur_per_year: float | None = None
    salary_mid_rule: str | None = None
    is_minimum_wage: bool | None = None


_NO_BASE = PayBase()


@lru_cache(maxsize=32768)  # a day of 40,000 offers has some twelve thousand different ones
def base_of(
    label: str | None,
    comment: str | None,
    created_on: date,
    weekly_hours: float | None,
    is_part_time: bool,
    is_work_study: bool,
) -> PayBase:
    """Return :func:`pay_base` of the pay that a label and a remark state."""
    if not label and not comment:
        return _NO_BASE
    return pay_base(
        read_pay(label, comment),
        created_on=created_on,
        weekly_hours=weekly_hours,
        is_part_time=is_part_time,
        is_work_study=is_work_study,
    )


def pay_base(
    pay: Pay,
    *,
    created_on: date,
    weekly_hours: float | None,
    is_part_time: bool,
    is_work_study: bool,
) -> PayBase:
    """Return the pay of an offer on the base of 35 hours a week.

    :param pay: as read.
    :param created_on: day of the offer: the minimum wage is that of the day.
    :param weekly_hours: that the offer states.
    :param is_part_time: as the offer says.
    :param is_work_study: its pay is set by law, by age, and counts in no statistic.
    """
    low, high = pay.salary_min_eur_per_year, pay.salary_max_eur_per_year
    if low is None and high is None:
        if is_part_time and pay.salary_rule == "below_minimum_wage" and not is_work_study:
            return _of_part_time(pay, weekly_hours, created_on)
        return _NO_BASE
    if is_work_study:
        return PayBase(None, "work_study")
    middle = ((high if low is None else low) + (low if high is None else high)) / 2  # type: ignore[operator]
    if pay.salary_period == "hour":
        return _figure(middle, "as_read", created_on)
    if is_part_time:  # a month's pay of the part, or of the whole that it is a part of
        return PayBase(None, "part_time_unclear")
    if weekly_hours is None or weekly_hours <= FULL_TIME_HOURS:
        return _figure(middle, "as_read", created_on)
    if weekly_hours > _MOST_HOURS:
        return PayBase(None, "hours_out_of_range")
    share = FULL_TIME_HOURS / hours_paid(weekly_hours)
    if (low or middle) * share * _ROUNDING < minimum_wage_eur_per_year(created_on):
        # less than the law allows: these hours are made up for by days off, or the amount is for 35
        return _figure(middle, "as_read", created_on)
    return _figure(middle * share, "overtime_taken_off", created_on)


def hours_paid(weekly_hours: float) -> float:
    """Return the hours that a week of more than 35 is paid as: 39 hours are paid as 40."""
    overtime = max(weekly_hours - FULL_TIME_HOURS, 0.0)
    first = min(overtime, _FIRST_OVERTIME_HOURS)
    return weekly_hours - overtime + first * _FIRST_RATE + (overtime - first) * _FURTHER_RATE


def minimum_wage_eur_per_year(day: date) -> float:
    """Return the minimum wage of a day outside Mayotte, euros gross a year at 35 hours a week.

    Of a day before the table begins the first.
    """
    days, amounts = _minimum_wage_by_date()
    return amounts[max(bisect_right(days, day.toordinal()) - 1, 0)]


def _of_part_time(pay: Pay, weekly_hours: float | None, created_on: date) -> PayBase:
    """Return the full-time figure of pay that is too low to be one."""
    bounds = [bound for bound in (pay.salary_min_eur, pay.salary_max_eur) if bound]
    if (
        not bounds
        or weekly_hours is None
        or weekly_hours >= FULL_TIME_HOURS
        or pay.salary_period not in ("month", "year")
        or max(bounds) > WIDEST_RANGE * min(bounds)
    ):
        return _NO_BASE
    months = pay.salary_month_count
    extra = (
        months / PAYS_PER_YEAR
        if pay.salary_period == "month" and months and PAYS_PER_YEAR < months <= MOST_PAYS_PER_YEAR
        else 1.0
    )
    factor = PER_YEAR[pay.salary_period] * extra * FULL_TIME_HOURS / weekly_hours
    least = least_by_period()["hour"] * HOURS_PER_YEAR
    if min(bounds) * factor * _ROUNDING < least:
        return _NO_BASE
    if max(bounds) * factor > _MOST_MINIMUM_WAGES * minimum_wage_eur_per_year(created_on):
        return PayBase(None, "part_time_unclear")
    return _figure((min(bounds) + max(bounds)) / 2 * factor, "part_time_scaled", created_on)


def _figure(eur_per_year: float, rule: str, created_on: date) -> PayBase:
    least = minimum_wage_eur_per_year(created_on)
    return PayBase(round(eur_per_year, 2), rule, eur_per_year <= least * _ROUNDING)


@cache
def _minimum_wage_by_date() -> tuple[list[int], list[float]]:
    rates = [
        (row.effective_on, row.eur_per_hour) for row in minimum_wages() if row.area == "france"
    ]
    rates.sort()
    return [day.toordinal() for day, _ in rates], [rate * HOURS_PER_YEAR for _, rate in rates]
