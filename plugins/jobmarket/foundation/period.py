"""Which week or month a report is about, and the days that it holds. Pure: no clock is read here.

A week is an ISO week, Monday to Sunday; a month is a calendar month; a day is a period of one day.
All days are those of Europe/Paris, as everywhere.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from jobmarket.foundation.day import PARIS, day_of_run, require_known, require_one
from jobmarket.foundation.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["day", "week", "month"]

_SHAPES = {
    # a day of the week behind it means the week
    "week": (re.compile(r"(\d{4}-W\d{2})(?:-[1-7])?"), "an ISO week like 2026-W47"),
    "month": (re.compile(r"(\d{4}-\d{2})"), "a month like 2026-11"),
}


class Period(NamedTuple):
    """A day, a week or a month.

    :param key: ``2026-11-18``, ``2026-W47`` or ``2026-11``.
    :param start: its first day.
    :param end: its last day.
    """

    kind: Kind
    key: str
    start: date
    end: date

    @property
    def days(self) -> list[date]:
        """Return its days in their order."""
        count = (self.end - self.start).days + 1
        return [self.start + timedelta(days=number) for number in range(count)]


def day_period(day: date) -> Period:
    """Return the period of one day."""
    return Period("day", day.isoformat(), day, day)


def period_around(kind: Kind, day: date) -> Period:
    """Return the day, week or month that holds a day."""
    if kind == "week":
        year, week, weekday = day.isocalendar()
        monday = day - timedelta(days=weekday - 1)
        return Period("week", f"{year:04}-W{week:02}", monday, monday + timedelta(days=6))
    if kind == "month":
        last = monthrange(day.year, day.month)[1]
        return Period(
            "month", f"{day.year:04}-{day.month:02}", day.replace(day=1), day.replace(day=last)
        )
    return day_period(day)


def period_before(period: Period) -> Period:
    """Return the day, week or month just before."""
    return period_around(period.kind, period.start - timedelta(days=1))


def parse_period(kind: Literal["week", "month"], text: str, name: str) -> Period:
    """Read ``2026-W47`` (or ``2026-W47-1``) or ``2026-11``.

    Raise :class:`ConfigurationError` naming what was given if there is no such week or month.
    """
    shape, example = _SHAPES[kind]
    found = shape.fullmatch(text)
    first_day = f"{found[1]}{'-1' if kind == 'week' else '-01'}" if found else ""
    try:
        return period_around(kind, date.fromisoformat(first_day))
    except (ValueError, OverflowError):  # the last week of the calendar ends after its last day
        raise ConfigurationError(
            f"The {name} must be {example}, but is {text!r}: correct it and start the run again."
        ) from None


def period_of_run(
    kind: Literal["week", "month"], dag_run: Any, params: Mapping[str, Any]
) -> Period:
    """Return the week or month that a run is about.

    In this order: the partition key (schedule, backfill, trigger with a key), ``week`` or ``month`` of the
    form, the one that holds the Paris date of the logical date, the last whole one before the run.

    :param dag_run: anything with ``partition_key``, ``logical_date`` and ``run_after``.

    Raise :class:`ConfigurationError` if the key or the parameter is no such period, if they are two different
    ones, or if the period starts before :data:`~jobmarket.foundation.day.FIRST_DAY`.
    """
    asked = {
        name: parse_period(kind, value, name)
        for name, value in (
            ("partition key", dag_run.partition_key),
            (f"parameter {kind}", params.get(kind)),
        )
        if value
    }
    require_one({name: period.key for name, period in asked.items()})
    if asked:
        period = next(iter(asked.values()))
    elif dag_run.logical_date:
        period = period_around(kind, dag_run.logical_date.astimezone(PARIS).date())
    else:
        period = period_before(period_around(kind, dag_run.run_after.astimezone(PARIS).date()))
    require_known(period.end, period.key)
    return period


def asked_period(kind: Kind, dag_run: Any, params: Mapping[str, Any]) -> Period:
    """Return the day, week or month that a run is about; see :func:`period_of_run`."""
    if kind == "day":
        return day_period(day_of_run(dag_run, params))
    return period_of_run(kind, dag_run, params)
