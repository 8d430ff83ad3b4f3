"""From amounts and their period to euros gross a year, full time; and whether that can be. Pure.

What lives here: the legal working time, the bounds of what is plausible, the corrections. What does
not: how amounts are found in a text (``label``, ``comment``).
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import NamedTuple

from jobmarket.foundation.reference import read_rows

# The legal working time, 35 hours a week (code du travail, L. 3121-27), in 52 weeks. A month is a
# twelfth of it, 151.67 hours: the pay slip's own measure.
HOURS_PER_YEAR = 1_820
PER_YEAR = {"hour": float(HOURS_PER_YEAR), "month": 12.0, "year": 1.0}

# « sur 13 mois » is a number of pays a year: of 3,134 monthly labels 2,901 have 12 and 226 have 13 to 14.
# « sur 24 mois » stands on apprenticeships of 24 months: the length of a contract, as 1 or 6 would be.
PAYS_PER_YEAR = 12.0
MOST_PAYS_PER_YEAR = 16.0

# Annual pay is written in round thousands: « 20000 à 25000 » is what employers make of 21,622.
LEAST_EUR_PER_YEAR = 20_000.0
# Above that typing errors prevail (`Annuel de 45000 à 550000`). One employee in a hundred has more than
# 10,222 € net a month, some 162,000 € gross a year (Insee Première 2020, private sector, 2023).
MOST_EUR_PER_YEAR = 200_000.0
# `Horaire de 12.00 à 65.00` is 12.65 in two fields; true ranges of the 9,225 labels measured reach 3.2
WIDEST_RANGE = 5.0

# The youngest apprentices are paid 27 % of the minimum wage (code du travail, D. 6222-26): down to
# there a low amount is part time or an apprentice's pay, and no reason to doubt the period.
LEAST_SHARE = 0.27
# From 20 € on a number without a sound period may be an hour's pay, a day's, or thousands a year.
MOST_EUR_PER_HOUR_WITHOUT_DOUBT = 20.0
# And from 10,000 € on it may be a month's pay or a year's part time.
MOST_EUR_PER_MONTH_WITHOUT_DOUBT = 10_000.0


class Written(NamedTuple):
    """Amounts as a text has them.

    :param period: ``hour``, ``month``, ``year``; ``fee`` for a fee a performance, None if unstated.
    :param low: lower bound in euros, None if the text has none; a single amount is both bounds.
    :param high: upper bound in euros.
    :param months: the number behind « sur », whatever it means; None for none and for 0.
    """

    period: str | None
    low: float | None
    high: float | None
    months: float | None


class Annual(NamedTuple):
    """What an amount comes to a year, gross, full time.

    :param kind: ``stated``, ``corrected``, ``implausible`` or ``unreadable``.
    :param rule: name of the rule that decided; of corrections all, joined by ``+``.
    :param period: the period after correction.
    """

    kind: str
    rule: str
    period: str | None
    low_eur_per_year: float | None = None
    high_eur_per_year: float | None = None


@cache
def least_by_period() -> dict[str, float]:
    """Return the least that full-time work is paid outside Mayotte: euros gross by period.

    The lowest minimum wage since 2023, as an offer may be older than the latest raise. Cents of a
    month are left out, as many employers do.
    """
    hourly = min(row.eur_per_hour for row in minimum_wages() if row.area == "france")
    monthly = float(int(hourly * HOURS_PER_YEAR / 12))
    return {"hour": hourly, "month": monthly, "year": LEAST_EUR_PER_YEAR}


def annualise(written: Written, *, may_correct: bool) -> Annual:
    """Return what the amounts come to a year, if that can be the pay of full-time work.

    :param may_correct: False reads a period and an order of bounds as written or not at all.
    """
    bounds = [amount for amount in (written.low, written.high) if amount]
    if not bounds:
        return Annual("unreadable", "zero_amount", _plain(written.period))
    if may_correct and _is_thousands_to_euros(written, bounds):  # « 30 à 40 000 € »
        return _corrected_thousands(written, bounds)
    low, high = min(bounds), max(bounds)
    period, scale, rule = _reading(written.period, low, high, may_correct=may_correct)
    if period is None:
        kind = "unreadable" if written.period == "fee" else "implausible"
        return Annual(kind, rule, _plain(written.period))
    if high > low * WIDEST_RANGE:
        return Annual("implausible", "range_too_wide", period)
    factor, months_rule = _factor(period, written.months)
    repairs = [rule] if rule else []
    if len(bounds) == 2 and bounds[0] > bounds[1]:
        repairs.append("bounds_swapped")
        bounds.reverse()
    elif 0.0 in (written.low, written.high):
        repairs.append("zero_bound_dropped")
    yearly = [round(bound * scale * factor, 2) for bound in bounds]
    return Annual(
        "corrected" if repairs else "stated",
        "+".join(repairs) or months_rule,
        period,
        yearly[0] if written.low else None,
        yearly[-1] if written.high else None,
    )


def _is_thousands_to_euros(written: Written, bounds: list[float]) -> bool:
    return (
        written.period in ("year", None)
        and len(bounds) == 2
        and bounds[0] < 1000
        and bounds[1] <= bounds[0] * 1000 * WIDEST_RANGE
        and bounds[0] * 1000 <= bounds[1]
        and _is_plausible("year", bounds[0] * 1000, bounds[1])
    )


def _corrected_thousands(written: Written, bounds: list[float]) -> Annual:
    rule = "thousands" if written.period else "period_inferred+thousands"
    return Annual("corrected", rule, "year", round(bounds[0] * 1000, 2), bounds[1])


def is_part_of_full_pay(written: Written) -> bool:
    """Tell whether part time or an apprenticeship explains that amounts are low, in the period as written."""
    bounds = [amount for amount in (written.low, written.high) if amount]
    return (
        written.period in PER_YEAR
        and bool(bounds)
        and _is_part_of_full_pay(written.period, min(bounds), max(bounds))
    )


def _plain(period: str | None) -> str | None:
    return None if period == "fee" else period


def _factor(period: str, months: float | None) -> tuple[float, str]:
    """Return what makes a year of an amount, and whether « sur N mois » had a part in it."""
    if months is None or months == PAYS_PER_YEAR or period == "year":
        return PER_YEAR[period], "as_written"
    if PAYS_PER_YEAR < months <= MOST_PAYS_PER_YEAR:
        return PER_YEAR[period] * months / PAYS_PER_YEAR, "extra_pays"
    return PER_YEAR[period], "months_ignored"


def _reading(
    period: str | None, low: float, high: float, *, may_correct: bool
) -> tuple[str | None, float, str]:
    """Return period, scale and rule under which both bounds are plausible.

    The period is None if there is no such reading or more than one; the rule then says why not, and
    is empty where the amounts are plausible as written.
    """
    if period in PER_YEAR and _is_plausible(period, low, high):
        return period, 1.0, ""
    reason = _why_not(period, low, high)
    if not may_correct or (period in PER_YEAR and _is_part_of_full_pay(period, low, high)):
        return None, 1.0, reason
    readings = [
        (other, 1.0, "wrong_period" if period in PER_YEAR else "period_inferred")
        for other in PER_YEAR
        if other != period
        and _is_plausible(other, low, high)
        and _is_inferable(other, period, high)
    ]
    if period == "year" and _is_plausible("year", low * 1000, high * 1000):
        readings.append(("year", 1000.0, "thousands"))
    return readings[0] if len(readings) == 1 else (None, 1.0, reason)


def _why_not(period: str | None, low: float, high: float) -> str:
    if period == "fee":
        return "fee_per_performance"
    if period is None:
        return "no_period_fits"
    return "above_maximum" if high * PER_YEAR[period] > MOST_EUR_PER_YEAR else "below_minimum_wage"


def _is_plausible(period: str, low: float, high: float) -> bool:
    if high * PER_YEAR[period] > MOST_EUR_PER_YEAR:
        return False
    return low >= least_by_period()[period] or _is_minimum_wage_of_mayotte(period, low)


def _is_part_of_full_pay(period: str, low: float, high: float) -> bool:
    least = least_by_period()[period] * LEAST_SHARE
    return low >= least and high * PER_YEAR[period] <= MOST_EUR_PER_YEAR


def _is_inferable(other: str, period: str | None, high: float) -> bool:
    if period == "fee":  # a fee for an evening may be any amount but a year's pay
        return other == "year"
    most = {
        "hour": MOST_EUR_PER_HOUR_WITHOUT_DOUBT,
        "month": MOST_EUR_PER_MONTH_WITHOUT_DOUBT,
    }
    return other not in most or high < most[other]


def _is_minimum_wage_of_mayotte(period: str, amount: float) -> bool:
    # To the cent: a place is unknown here, and what is only near to it is more often part time.
    hourly = round(amount * PER_YEAR[period] / HOURS_PER_YEAR, 4)
    return any(row.area == "mayotte" and row.eur_per_hour == hourly for row in minimum_wages())


class MinimumWage(NamedTuple):
    """A row of ``include/reference/minimum_wage.csv``.

    :param effective_on: day from which it holds.
    :param area: ``france`` or ``mayotte``.
    :param eur_per_hour: gross.
    """

    effective_on: date
    area: str
    eur_per_hour: float


@cache
def minimum_wages() -> tuple[MinimumWage, ...]:
    """Return the minimum wages since 2023, by area and date."""
    return tuple(
        MinimumWage(
            date.fromisoformat(row["effective_on"]), row["area"], float(row["gross_eur_per_hour"])
        )
        for row in read_rows("minimum_wage.csv")
    )
