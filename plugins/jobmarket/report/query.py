"""Asks the warehouse for a report: the facts of its runs, the counts, the rows of each SQL file.

What does not live here: the answers (``answers``), what they mean (``analyses``), how they look (``page``).

Of ``core.job_offer`` only rows of the period are read; everything before it comes from the counts of each
day (``mart.offer_count``) and from ``control.ingestion_run``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from psycopg.rows import dict_row, namedtuple_row, tuple_row

from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.paths import SQL
from jobmarket.report.answers import Answers
from jobmarket.report.baseline import DayRead, baseline, first_day_read
from jobmarket.report.comparison import ACTIVITIES, Counts
from jobmarket.report.facts import Effort, PeriodFacts, RunFacts
from jobmarket.report.headline import DIMENSIONS
from jobmarket.report.partners import REACH_DAYS, without_hidden_names
from jobmarket.report.queries import Dimension, SqlFile
from jobmarket.report.registry import ANALYSES
from jobmarket.report.tables import SMALL_GROUP
from jobmarket.report.words.fr.values import hidden_partner
from jobmarket.sources.registry import source as source_named

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path
    from typing import Any

    from psycopg import Connection

    from jobmarket.foundation.lake.standing import Standing
    from jobmarket.foundation.period import Period
    from jobmarket.report.analysis import Analysis
    from jobmarket.report.baseline import Baseline
    from jobmarket.report.queries import Rows

DIRECTORY = SQL / "report"


def query_report(
    connection: Connection[Any],
    *,
    source: str,
    period: Period,
    run_id: str | None = None,
    analyses: Iterable[Analysis] = ANALYSES,
    directory: Path = DIRECTORY,
) -> Answers:
    """Return what a report is made of, all of the same instant.

    :param connection: to the warehouse, with no transaction begun.
    :param run_id: a run of the day, such as a sample; else each day is told by the run that stands for it.

    Raise :class:`ConfigurationError` if no run of the period is in ``control.ingestion_run``, or a day of the
    period was loaded before there were counts.
    """
    parameters = {
        "source": source,
        "first_day": period.start,
        "last_day": period.end,
        "since": first_day_read(period),
        "run_id": run_id,
        "least": SMALL_GROUP,
    }
    with connection.transaction():
        # one snapshot: a load of another run must not fall between two figures of a page
        connection.execute("set transaction isolation level repeatable read, read only")
        ask = _Asker(connection, directory, parameters)
        facts = _facts(ask, period)
        read = _as_reported([DayRead(*row) for row in ask.rows("days_read")], facts)
        _require_counted(read, period)
        compared = baseline(period, read)
        queries = [analysis.builder.query for analysis in analyses]
        asked = [query.name for query in queries if isinstance(query, Dimension)]
        counted = counts_parameters(compared, asked)
        newest = sorted({*period.days, *counted["days"]}, reverse=True)[:REACH_DAYS]
        reach = ask.rows("partner_reach", days=newest)
        rows = without_hidden_names(ask.rows("counts", **counted), reach, hidden_partner)
        counts = Counts(rows, compared.spread)
        stems = dict.fromkeys(query.stem for query in queries if isinstance(query, SqlFile))
        of_files = {stem: ask.named_rows(stem) for stem in stems}
        labels = dict(ask.rows("trade_labels"))
    return Answers(facts, of_files, read, compared, counts, labels)


def standings(connection: Connection[Any], *, source: str, period: Period) -> dict[date, Standing]:
    """Return how far each day of a period may be trusted; a day that no run has loaded is not there."""
    parameters = {"source": source, "first_day": period.start, "last_day": period.end}
    return dict(_Asker(connection, DIRECTORY, parameters).rows("standings"))


class _Asker:
    """Asks the SQL files of a directory with the parameters of a report."""

    def __init__(
        self, connection: Connection[Any], directory: Path, parameters: dict[str, Any]
    ) -> None:
        self._connection = connection
        self._directory = directory
        self.parameters = parameters

    def rows(self, stem: str, **more: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with self._connection.cursor(row_factory=tuple_row) as cursor:
            return cursor.execute(self._text(stem), self.parameters | more).fetchall()

    def records(self, stem: str) -> list[dict[str, Any]]:
        """Return the rows of a query with the names of their columns."""
        with self._connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(self._text(stem), self.parameters).fetchall()

    def named_rows(self, stem: str) -> Rows:
        """Return the rows of a query as named tuples."""
        with self._connection.cursor(row_factory=namedtuple_row) as cursor:
            return list(cursor.execute(self._text(stem), self.parameters).fetchall())

    def _text(self, stem: str) -> bytes:
        return (self._directory / f"{stem}.sql").read_bytes()


def _facts(ask: _Asker, period: Period) -> PeriodFacts:
    runs = [msgspec.convert(row, RunFacts) for row in ask.records("run_facts")]
    source, run_id = ask.parameters["source"], ask.parameters["run_id"]
    if not runs:
        named = f"run {run_id}" if run_id else "a loaded run"
        raise ConfigurationError(
            f"Expected {named} of {source} for {period.key} in control.ingestion_run, but it is not "
            f"there: load the {'day' if period.kind == 'day' else 'days'} before a report is made."
        )
    efforts = [msgspec.convert(row, Effort) for row in ask.records("receipt")]
    never_stated = source_named(source).never_stated
    return PeriodFacts(
        source=source, period=period, runs=runs, efforts=efforts, never_stated=never_stated
    )


def _as_reported(read: list[DayRead], facts: PeriodFacts) -> list[DayRead]:
    """Return the days, those of the period as the runs that are reported leave them."""
    runs = {run.day: run for run in facts.runs}
    return [
        day._replace(standing=runs[day.day].standing, gap=runs[day.day].certificate.gap)
        if day.day in runs
        else day
        for day in read
    ]


def _require_counted(read: list[DayRead], period: Period) -> None:
    uncounted = [str(day.day) for day in read if day.day in period.days and not day.is_counted]
    if uncounted:
        raise ConfigurationError(
            f"{', '.join(uncounted)} cannot be reported: loaded by an earlier version, which did not count "
            f"the offers of a day nor read their places, pay and technologies. Run france_travail_daily "
            f"again for {'these days' if len(uncounted) > 1 else 'this day'}, then this report; nothing is "
            f"asked from France Travail."
        )


def counts_parameters(compared: Baseline, dimensions: Iterable[str]) -> dict[str, list[Any]]:
    """Return what ``counts.sql`` takes: the weights of the days, and which dimensions are asked for.

    :param dimensions: of the analyses; those of the first screen are always asked for.
    """
    return {
        "dimensions": sorted({"all", ACTIVITIES, *DIMENSIONS, *dimensions}),
        "series": [weight.series for weight in compared.weights],
        "days": [weight.day for weight in compared.weights],
        "weights": [weight.weight for weight in compared.weights],
    }
