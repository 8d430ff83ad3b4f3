"""What the pages read: days of the warehouse, files of the lake, the report that a run wrote.

Each question is bounded in rows and in time: the pages share their process with all of Airflow's UI.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import psycopg
from psycopg.rows import class_row

from jobmarket.connections import open_lake, open_warehouse
from jobmarket.day_operator import FAILURE_KEY
from jobmarket.errors import ConfigurationError
from jobmarket.lake_layout import report_prefixes_start
from jobmarket.period import asked_period
from jobmarket.run_name import KIND_OF_DAG
from jobmarket.ui.kinds import KINDS, PAGE, find, find_by_key, is_report_file

if TYPE_CHECKING:
    from datetime import date, datetime

    from jobmarket.lake import Lake
    from jobmarket.ui.kinds import Kind

DAYS_SQL = Path(__file__).parents[3] / "include" / "sql" / "ui" / "days.sql"
SOURCE = "france_travail"
REPORT_TASK = "report"
DAYS_A_PAGE = 60
PERIODS_SHOWN = 8  # of weeks, and of months
_NOT_WELL = ("failed", "up_for_retry")
_PATIENCE = "-c statement_timeout=10s -c default_transaction_read_only=on"

Standing = Literal["certified", "sample", "gap", "uncertified", "refused"]


class DayRun(NamedTuple):
    """A day as its newest run left it.

    :param standing: how far it may be trusted; ``refused``: too many records broke the contract.
    :param announced: offers, as the certificate counts them; so ``collected`` and ``gap``.
    :param rejected: records that break the contract.
    :param loaded: offers of the day that the run found or put in the warehouse.
    :param read_at: the instant the last page was read.
    :param checks_passed: ``None`` until they have run.
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

    @property
    def kind(self) -> str:
        """Return the kind of its report."""
        return "sample" if self.is_sample else "day"


class Failure(NamedTuple):
    """A task of a run that did not succeed.

    :param state: ``failed``, or ``up_for_retry``.
    :param sentence: its last word; empty if it was killed before it had one.
    """

    task_id: str
    state: str
    sentence: str


class RunState(NamedTuple):
    """A run that has written no report (yet).

    :param state: ``queued``, ``running``, ``failed`` or ``success``.
    :param report: of the day, week or month that the run is about, whoever wrote it.
    """

    state: str
    report: tuple[Kind, str] | None
    failures: list[Failure]


class Days(NamedTuple):
    """One page of the list.

    :param older_before: the day before which the next page begins; ``None`` on the last page.
    """

    runs: list[DayRun]
    older_before: date | None


def list_days(before: date | None, *, limit: int = DAYS_A_PAGE) -> Days:
    """Return the newest days that were loaded, or those before a day; none from an empty warehouse.

    Raise a :class:`~jobmarket.errors.JobMarketError` if the warehouse does not answer.
    """
    parameters = {"source": SOURCE, "before": before, "days": limit + 1}
    with (
        open_warehouse(options=_PATIENCE) as connection,
        connection.cursor(row_factory=class_row(DayRun)) as cursor,
    ):
        try:
            runs = cursor.execute(DAYS_SQL.read_bytes(), parameters).fetchall()
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            return Days([], None)  # the first load makes the tables
    days = sorted({run.day for run in runs}, reverse=True)
    if len(days) <= limit:
        return Days(runs, None)
    return Days([run for run in runs if run.day != days[limit]], days[limit - 1])


def list_periods(*, limit: int = PERIODS_SHOWN) -> list[tuple[str, list[tuple[Kind, str]]]]:
    """Return the newest reports of weeks and of months that there are, below the name of their kind."""
    lake, found = _lake(), []
    for kind in KINDS.values():
        if kind.is_found_in_lake:
            prefixes = lake.report_prefixes(report_prefixes_start(kind.name))[-limit:]
            reports = [find_by_key(f"{prefix}{PAGE}") for prefix in reversed(prefixes)]
            found.append((kind.name, [report for report in reports if report]))
    return [(name, reports) for name, reports in found if reports]


def list_files(kind: Kind, value: str) -> list[str]:
    """Return the paths of the files of a report, its page first; none if it has no page."""
    files = [path for path in _lake().report_files(kind.prefix(value)) if is_report_file(path)]
    return [PAGE, *sorted(path for path in files if path != PAGE)] if PAGE in files else []


def read_file(kind: Kind, value: str, path: str) -> bytes | None:
    """Return a file of a report; ``None`` if there is no such file, or it is none of a report."""
    return _lake().read_report(f"{kind.prefix(value)}{path}") if is_report_file(path) else None


def report_of_run(dag_id: str, run_id: str) -> tuple[Kind, str] | None:
    """Return the kind of report that a run wrote, and which one; ``None`` if it has written none (yet)."""
    from airflow.models.xcom import XComModel
    from airflow.utils.session import create_session

    question = XComModel.get_many(
        run_id=run_id, dag_ids=dag_id, task_ids=REPORT_TASK, key="return_value", limit=1
    )
    with create_session() as session:
        row = session.execute(question.with_only_columns(XComModel.value)).first()
    return find_by_key(XComModel.deserialize_value(row)) if row else None


def state_of_run(dag_id: str, run_id: str) -> RunState | None:
    """Return how far a run of one of our DAGs came, and why it went no further; ``None`` if there is none."""
    from airflow.models.dagrun import DagRun
    from airflow.models.taskinstance import TaskInstance
    from airflow.models.xcom import XComModel
    from airflow.utils.session import create_session
    from sqlalchemy import select

    kind = KIND_OF_DAG.get(dag_id)
    of_run = select(DagRun).where(DagRun.dag_id == dag_id, DagRun.run_id == run_id)
    of_tasks = (
        select(TaskInstance.task_id, TaskInstance.state, XComModel.value)
        .outerjoin(
            XComModel,
            (XComModel.dag_id == TaskInstance.dag_id)
            & (XComModel.run_id == TaskInstance.run_id)
            & (XComModel.task_id == TaskInstance.task_id)
            & (XComModel.key == FAILURE_KEY),
        )
        .where(TaskInstance.dag_id == dag_id, TaskInstance.run_id == run_id)
        .where(TaskInstance.state.in_(_NOT_WELL))
        .order_by(TaskInstance.start_date)
    )
    with create_session() as session:
        run: Any = session.scalar(of_run) if kind else None
        if run is None or kind is None:
            return None
        try:
            report = find(kind, asked_period(kind, run, run.conf or {}).key)
        except ConfigurationError:
            report = None  # the run was started for something that is no day
        failures = [
            Failure(task, state, str(XComModel.deserialize_value(row)) if row.value else "")
            for row in session.execute(of_tasks)
            for task, state in [(row.task_id, str(row.state))]
        ]
        return RunState(str(run.state), report, failures)


def _lake() -> Lake:
    return open_lake(attempts=1)
