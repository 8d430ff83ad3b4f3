"""Sentences about what a run is told: day, week, month, form."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from jobmarket.airflow.forms import DAILY_FORM, require_known_names, require_sensible
from jobmarket.foundation.day import ends_at, require_begun, require_over
from jobmarket.foundation.period import asked_period

from tests.support.remedies.parts import CASES

if TYPE_CHECKING:
    from tests.support.remedies.parts import Case

DAY = "2026-11-18"
NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


def asked(kind: Any, key: str | None = None, **form: Any) -> Any:
    run = SimpleNamespace(partition_key=key, logical_date=None, run_after=NOW)
    require_known_names(form, DAILY_FORM | {"week": None, "month": None})
    require_sensible(form)
    return asked_period(kind, run, form)


def corrected(wrong: dict[str, Any], right: dict[str, Any]) -> Case:
    """Return a case in which a run is told nonsense, and started again as the sentence says."""

    def case(_: Any) -> Any:
        told = dict(wrong)
        yield lambda: asked(**told)
        told.clear()
        told.update(right)

    return case


def waited(require: Any, day: date, then: datetime) -> Case:
    """Return a case in which a day is asked for too early, and once it is time."""

    def case(_: Any) -> Any:
        clock = [NOW]
        yield lambda: require(day, clock[0])
        clock[0] = then

    return case


TODAY, TOMORROW = NOW.date(), NOW.date() + timedelta(days=1)
CASES |= {
    "start it again with one of them, or with both alike": corrected(
        {"kind": "day", "key": DAY, "day": "2026-11-17"}, {"kind": "day", "key": DAY, "day": DAY}
    ),
    "the first day that a run may be about: correct it": corrected(
        {"kind": "day", "day": "0001-01-01"}, {"kind": "day", "day": DAY}
    ),
    "must be a day like 2026-11-18": corrected(
        {"kind": "day", "day": "18/11/2026"}, {"kind": "day", "day": DAY}
    ),
    "The {} must be {}, but is {}: correct it": corrected(
        {"kind": "week", "week": "2026-W60"}, {"kind": "week", "week": "2026-W47"}
    ),
    "start the run again with source = api, or without": corrected(
        {"kind": "day", "source": "raw", "force": True}, {"kind": "day", "source": "raw"}
    ),
    "correct the name and start the run again": corrected(
        {"kind": "day", "dya": DAY}, {"kind": "day", "day": DAY}
    ),
    "run it after midnight, or set max_pages": waited(require_over, TODAY, ends_at(TODAY)),
    "start the run again with a day that is over": waited(require_begun, TOMORROW, ends_at(TODAY)),
}
