"""The rows of the list: the days that were loaded, and those that were not. Pure.

What does not live here: what a row looks like (``templates``), what it says (``fr``).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jobmarket.airflow.ui.query import DayRun, Days
    from jobmarket.airflow.ui.runs import Unfinished

_DAY = timedelta(days=1)


class Missing(NamedTuple):
    """Days in a row of which there is nothing: no run loaded them, and none is at work or failed.

    :param first: the earliest; the same as ``last`` if it is one day.
    """

    first: date
    last: date

    @property
    def day_count(self) -> int:
        """Return how many days these are."""
        return (self.last - self.first).days + 1


def list_rows(days: Days, unfinished: Sequence[Unfinished]) -> list[DayRun | Unfinished | Missing]:
    """Return all days from the newest that is known to the oldest of the page, the newest first.

    A day is there once for its whole run and once for its sample, or once for its unfinished run, or within a
    row of missing days. Years without a day are one row.

    :param unfinished: days of the page whose newest run is not done or failed; what is loaded stands all the
        same.
    """
    loaded = {run.day for run in days.runs}
    known: list[DayRun | Unfinished] = [*days.runs]
    known += [run for run in unfinished if run.day not in loaded]
    known.sort(key=lambda run: run.day, reverse=True)
    return list(_with_missing(known, days.next_day))


def _with_missing(
    known: Sequence[DayRun | Unfinished], next_day: date | None
) -> Iterator[DayRun | Unfinished | Missing]:
    after = None
    for run in known:
        if after is not None and after - run.day > _DAY:
            yield Missing(run.day + _DAY, after - _DAY)
        yield run
        after = run.day
    if after is not None and next_day is not None and after - next_day > _DAY:
        yield Missing(next_day + _DAY, after - _DAY)
