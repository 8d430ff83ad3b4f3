"""Which day a run is about: one rule for every way to start it, in Europe/Paris.

Pure: the clock is passed in where it is needed.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from jobmarket.foundation.errors import ConfigurationError, DayNotOver

if TYPE_CHECKING:
    from collections.abc import Mapping

PARIS = ZoneInfo("Europe/Paris")
# The first day that a run may be about: the schedules begin here, and what is earlier is a slip of the hand.
FIRST_DAY = date(2020, 1, 1)


def day_of_run(dag_run: Any, params: Mapping[str, Any]) -> date:
    """Return the day whose created offers a run is about.

    In this order: the partition key (schedule, backfill, trigger with a key), the ``day`` of the form, the
    Paris date of the logical date (``airflow dags test … 2026-11-18``), the day before the run.

    :param dag_run: anything with ``partition_key``, ``logical_date`` and ``run_after``.
    :param params: the run's parameters.

    Raise :class:`ConfigurationError` if the key or the parameter is not a day ``YYYY-MM-DD``, if they are two
    different days, or if the day is before :data:`FIRST_DAY`.
    """
    asked = {
        name: parse_day(value, name)
        for name, value in (
            ("partition key", dag_run.partition_key),
            ("parameter day", params.get("day")),
        )
        if value
    }
    require_one(asked)
    if asked:
        day = next(iter(asked.values()))
    elif dag_run.logical_date:
        day = _paris_date(dag_run.logical_date)
    else:
        day = _paris_date(dag_run.run_after) - timedelta(days=1)
    require_known(day, str(day))
    return day


def require_one(asked: Mapping[str, Any]) -> None:
    """Raise :class:`ConfigurationError` if a run is told two different days, weeks or months.

    :param asked: what each way of telling says, by its name.
    """
    if len(set(asked.values())) > 1:
        said = " and ".join(f"{name} {value}" for name, value in asked.items())
        raise ConfigurationError(
            f"The run is told {said}, and is about one only: start it again with one of them, or with both "
            f"alike."
        )


def require_known(day: date, name: str) -> None:
    """Raise :class:`ConfigurationError` if a day, week or month with this day is before :data:`FIRST_DAY`."""
    if day < FIRST_DAY:
        raise ConfigurationError(
            f"{name} is before {FIRST_DAY}, the first day that a run may be about: correct it and start the "
            f"run again."
        )


def parse_day(text: str, name: str = "day") -> date:
    """Read ``YYYY-MM-DD``; raise :class:`ConfigurationError` naming what was given."""
    try:
        day = date.fromisoformat(text)
    except (TypeError, ValueError):
        day = None
    if day is None or day.isoformat() != text:
        raise ConfigurationError(
            f"The {name} must be a day like 2026-11-18, but is {text!r}: correct it and start the run again."
        ) from None
    return day


def ends_at(day: date) -> datetime:
    """Return the instant at which a Paris day ends; days of 23 and 25 hours included."""
    return datetime.combine(day + timedelta(days=1), time(), PARIS)


def require_over(day: date, now: datetime) -> None:
    """Raise :class:`DayNotOver` if the day has not ended in Paris at the instant ``now``."""
    require_begun(day, now)
    if now < ends_at(day):
        raise DayNotOver(
            f"{day} is not over in Europe/Paris, so its offers are incomplete: run it after midnight, "
            f"or set max_pages to look at a sample of it now."
        )


def require_begun(day: date, now: datetime) -> None:
    """Raise :class:`DayNotOver` if the day has not begun in Paris at the instant ``now``."""
    if now < ends_at(day - timedelta(days=1)):
        raise DayNotOver(
            f"{day} has not begun in Europe/Paris, so no offer of it exists: start the run again with a day "
            f"that is over."
        )


def _paris_date(instant: datetime) -> date:
    return instant.astimezone(PARIS).date()
