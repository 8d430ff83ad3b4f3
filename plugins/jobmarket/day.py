"""Which day a run is about: one rule for every way to start it, in Europe/Paris.

Pure but for :func:`is_over`'s callers, who pass the clock in; nothing here reads it.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from jobmarket.errors import ConfigurationError, DayNotOver

if TYPE_CHECKING:
    from collections.abc import Mapping

PARIS = ZoneInfo("Europe/Paris")


def day_of_run(dag_run: Any, params: Mapping[str, Any]) -> date:
    """Return the day whose created offers a run is about.

    In this order: the partition key (schedule, backfill, trigger with a key), the ``day`` of the form, the
    Paris date of the logical date (``airflow dags test … 2026-11-18``), the day before the run.

    :param dag_run: anything with ``partition_key``, ``logical_date`` and ``run_after``.
    :param params: the run's parameters.

    Raise :class:`ConfigurationError` if the key or the parameter is not a day ``YYYY-MM-DD``.
    """
    for name, value in (
        ("partition key", dag_run.partition_key),
        ("parameter day", params.get("day")),
    ):
        if value:
            return parse_day(value, name)
    if dag_run.logical_date:
        return _paris_date(dag_run.logical_date)
    return _paris_date(dag_run.run_after) - timedelta(days=1)


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
    if now < ends_at(day):
        raise DayNotOver(
            f"{day} is not over in Europe/Paris, so its offers are incomplete: run it after midnight, "
            f"or set max_pages to look at a sample of it now."
        )


def _paris_date(instant: datetime) -> date:
    return instant.astimezone(PARIS).date()
