"""What the pages read: days of the warehouse, files of the lake. What Airflow knows of runs is in ``runs``.

Each question is bounded in rows and in time: the pages share their process with all of Airflow's UI.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import psycopg
from psycopg.rows import class_row

from jobmarket.airflow.connections import open_lake, open_warehouse
from jobmarket.airflow.ui.kinds import KINDS, PAGE, SOURCE, find_by_key, is_report_file, kind_name
from jobmarket.foundation.day import parse_day
from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.lake.layout import report_prefixes_start
from jobmarket.foundation.lake.manifest import MANIFEST_VERSION
from jobmarket.foundation.lake.standing import is_by_older_rules
from jobmarket.foundation.paths import SQL
from jobmarket.foundation.period import day_period, parse_period
from jobmarket.foundation.warehouse.roles import REPORTER
from jobmarket.sources.registry import source_names

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from jobmarket.airflow.ui.kinds import ReportKind
    from jobmarket.foundation.lake.standing import Standing
    from jobmarket.foundation.lake.store import Lake
    from jobmarket.foundation.period import Period

DIRECTORY = SQL / "ui"
DAYS_A_PAGE = 60
PERIODS_SHOWN = 8  # of weeks, and of months
RECEIPTS_SHOWN = 100
_PATIENCE = "-c statement_timeout=10s -c default_transaction_read_only=on"


class DayRun(NamedTuple):
    """A day as the run that stands for it left it, or as its sample did.

    :param standing: how far it may be trusted.
    :param certificate_version: the rules by which the day was proved.
    :param announced: offers, as the certificate counts them; so ``collected`` and ``gap``.
    :param rejected: records that break the contract.
    :param loaded: offers of the day that the run found or put in the warehouse.
    :param read_at: the instant the last page was read.
    :param checks_passed: ``None`` until they have run.
    :param is_generated: its offers are those of the sandbox.
    """

    day: date
    is_sample: bool
    standing: Standing
    announced: int
    collected: int
    gap: int
    rejected: int
    loaded: int
    read_at: datetime
    checks_passed: bool | None
    is_generated: bool = False
    certificate_version: int = MANIFEST_VERSION
    source: str = SOURCE

    @property
    def kind(self) -> str:
        """Return the kind of its report."""
        return kind_name(self.source, "sample" if self.is_sample else "day")

    @property
    def is_by_older_rules(self) -> bool:
        """Return whether the day is certified by rules older than today's."""
        return is_by_older_rules(self.standing, self.certificate_version)


class Days(NamedTuple):
    """One page of the list.

    :param older_before: the day before which the next page begins; ``None`` on the last page.
    :param next_day: the newest day of the next page.
    :param sources: all of which a day was loaded.
    """

    runs: list[DayRun]
    older_before: date | None
    next_day: date | None = None
    sources: Sequence[str] = ()


def list_days(before: date | None, source: str = SOURCE, *, limit: int = DAYS_A_PAGE) -> Days:
    """Return the newest days of a source that were loaded, or those before a day.

    None from an empty warehouse.

    Raise a :class:`~jobmarket.foundation.errors.JobMarketError` if the warehouse does not answer.
    """
    parameters = {"source": source, "before": before, "days": limit + 1}
    with (
        open_warehouse(role=REPORTER, options=_PATIENCE) as connection,
        connection.cursor(row_factory=class_row(DayRun)) as cursor,
    ):
        try:
            runs = cursor.execute(_statement("days"), parameters).fetchall()
            known_sources = {"sources": source_names()}
            sources = [name for (name,) in connection.execute(_statement("sources"), known_sources)]
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            connection.rollback()
            known = connection.execute("select to_regclass('control.ingestion_run')").fetchone()
            if known and known[0]:
                from jobmarket.foundation.warehouse.migrations import HOW_TO_MIGRATE

                raise ConfigurationError(
                    f"The warehouse has the tables of an earlier version: {HOW_TO_MIGRATE}."
                ) from None
            return Days([], None)  # nobody has migrated it yet
    days = sorted({run.day for run in runs}, reverse=True)
    if len(days) <= limit:
        return Days(runs, None, sources=sources)
    shown = [run for run in runs if run.day != days[limit]]
    return Days(shown, days[limit - 1], days[limit], sources)


class RunReceipt(NamedTuple):
    """What an Airflow run took, its tasks together; seconds of a task that left no receipt are ``None``.

    :param period_key: day, week or month that it was about.
    :param is_done: the last attempt of each task ended well.
    :param finished_at: the instant its last task ended.
    """

    dag_id: str
    dag_run_id: str
    period_key: str
    is_done: bool
    extract_seconds: float | None
    load_seconds: float | None
    check_seconds: float | None
    report_seconds: float | None
    source_calls: int
    source_bytes: int
    offers_written: int
    s3_cost_usd: float
    rds_cost_usd: float
    finished_at: datetime


def list_receipts(source: str = SOURCE, *, limit: int = RECEIPTS_SHOWN) -> list[RunReceipt]:
    """Return what the newest runs of a source took, the newest first; none before the first migration."""
    with (
        open_warehouse(role=REPORTER, options=_PATIENCE) as connection,
        connection.cursor(row_factory=class_row(RunReceipt)) as cursor,
    ):
        try:
            return cursor.execute(
                _statement("receipts"), {"source": source, "runs": limit}
            ).fetchall()
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            return []  # nobody has migrated it yet


class PeriodReport(NamedTuple):
    """The report of a week or of a month.

    :param value: which one: ``2026-W47`` or ``2026-11``.
    :param is_generated: a day of it holds offers of the sandbox.
    """

    kind: ReportKind
    value: str
    is_generated: bool = False


class Around(NamedTuple):
    """What a page says beside a report.

    :param before: the report before it, if there is one; ``after`` likewise.
    :param loaded_since: days of the report that were loaded again after it was written.
    """

    before: str | None = None
    after: str | None = None
    loaded_since: Sequence[date] = ()


def around(kind: ReportKind, value: str) -> Around:
    """Return what stands around a report: those before and after it, and what it does not know yet."""
    if kind.grain == "sample":
        return Around()
    period = _period_of((kind, value))
    lake = _lake()
    asked = {
        "source": kind.source,
        "day": period.start,
        "first_day": period.start,
        "last_day": period.end,
        "written_at": lake.report_written_at(kind.prefix(value)),
    }
    with open_warehouse(role=REPORTER, options=_PATIENCE) as connection:
        since = [day for (day,) in connection.execute(_statement("loaded_since"), asked)]
        days = connection.execute(_statement("neighbours"), asked).fetchone() or (None, None)
    if kind.is_found_in_lake:
        values = [report[1] for report in _found_in(lake, kind)]
        earlier = [other for other in values if other < value]
        later = [other for other in values if other > value]
        return Around(max(earlier, default=None), min(later, default=None), since)
    before, after = (day and str(day) for day in days)
    return Around(before, after, since)


def list_periods(
    source: str = SOURCE, *, limit: int = PERIODS_SHOWN
) -> list[tuple[str, list[PeriodReport]]]:
    """Return the newest reports of a source's weeks and months, below the name of their kind."""
    lake = _lake()
    found = {
        kind.grain: _found_in(lake, kind, newest=limit)[::-1]
        for kind in KINDS.values()
        if kind.is_found_in_lake and kind.source == source
    }
    asked = [period for reports in found.values() for period in map(_period_of, reports)]
    if not asked:
        return []
    bounds = {"first_days": [one.start for one in asked], "last_days": [one.end for one in asked]}
    with open_warehouse(role=REPORTER, options=_PATIENCE) as connection:
        rows = connection.execute(_statement("generated_periods"), {"source": source, **bounds})
        generated = set(rows.fetchall())
    return [
        (name, [PeriodReport(*one, _period_of(one)[2:] in generated) for one in reports])
        for name, reports in found.items()
        if reports
    ]


def list_files(kind: ReportKind, value: str) -> list[str]:
    """Return the paths of the files of a report, its page first; none if it has no page."""
    files = [path for path in _lake().report_files(kind.prefix(value)) if is_report_file(path)]
    return [PAGE, *sorted(path for path in files if path != PAGE)] if PAGE in files else []


def read_file(kind: ReportKind, value: str, path: str) -> bytes | None:
    """Return a file of a report; ``None`` if there is no such file, or it is none of a report."""
    return _lake().read_report(f"{kind.prefix(value)}{path}") if is_report_file(path) else None


def _found_in(lake: Lake, kind: ReportKind, *, newest: int = 0) -> list[tuple[ReportKind, str]]:
    """Return the reports of a kind that the lake has, the oldest first; all, or so many of the newest."""
    prefixes = lake.report_prefixes(report_prefixes_start(kind.source, kind.grain))[-newest:]
    found = [find_by_key(f"{prefix}{PAGE}") for prefix in prefixes]
    return [report for report in found if report]


def _period_of(report: tuple[ReportKind, str]) -> Period:
    kind, value = report
    if not kind.is_found_in_lake:
        return day_period(parse_day(value))
    return parse_period("week" if kind.grain == "week" else "month", value, kind.grain)


def _statement(stem: str) -> bytes:
    return (DIRECTORY / f"{stem}.sql").read_bytes()


def _lake() -> Lake:
    return open_lake(attempts=1)
