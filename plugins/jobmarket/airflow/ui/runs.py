"""What the pages ask of Airflow: which report a run wrote, why it wrote none, which days' runs are not done.

What does not live here: what is in the warehouse and in the lake (``query``). Read-only; the api-server may
ask Airflow's metadata, a task may not.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from jobmarket.airflow.run_name import KIND_OF_DAG
from jobmarket.airflow.task import FAILURE_KEY
from jobmarket.airflow.ui.kinds import SOURCE, daily_dag_id, find, find_by_dag, find_by_key
from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.period import asked_period

if TYPE_CHECKING:
    from jobmarket.airflow.ui.kinds import ReportKind

REPORT_TASK = "report"
_NOT_WELL = ("failed", "up_for_retry")
_NOT_DONE = ("queued", "running", "failed")
_MOST_RUNS = 500


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
    report: tuple[ReportKind, str] | None
    failures: list[Failure]


class Unfinished(NamedTuple):
    """A day whose newest run is not done, or failed.

    :param state: ``queued``, ``running`` or ``failed``.
    """

    day: date
    state: str
    run_id: str


def report_of_run(dag_id: str, run_id: str) -> tuple[ReportKind, str] | None:
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
            report = find_by_dag(dag_id, asked_period(kind, run, run.conf or {}).key)
        except ConfigurationError:
            report = None  # the run was started for something that is no day
        failures = [
            Failure(task, state, str(XComModel.deserialize_value(row)) if row.value else "")
            for row in session.execute(of_tasks)
            for task, state in [(row.task_id, str(getattr(row.state, "value", row.state)))]
        ]
        return RunState(str(getattr(run.state, "value", run.state)), report, failures)


def unfinished_days(
    after: date | None, before: date | None, source: str = SOURCE
) -> list[Unfinished]:
    """Return days of a source between two (both excluded) whose newest run is not done or failed.

    The newest first.

    Only runs whose partition is a day, so no samples.
    """
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session
    from sqlalchemy import func, select

    newest = (
        select(DagRun.partition_key, func.max(DagRun.id).label("id"))
        .where(DagRun.dag_id == daily_dag_id(source), DagRun.partition_key.is_not(None))
        .group_by(DagRun.partition_key)
    )
    if after is not None:
        newest = newest.where(DagRun.partition_key > str(after))
    if before is not None:
        newest = newest.where(DagRun.partition_key < str(before))
    keys = newest.subquery()
    question = (
        select(DagRun.partition_key, DagRun.state, DagRun.run_id)
        .join(keys, DagRun.id == keys.c.id)
        .where(DagRun.state.in_(_NOT_DONE))
        .order_by(DagRun.partition_key.desc())
        .limit(_MOST_RUNS)
    )
    with create_session() as session:
        return [
            Unfinished(date.fromisoformat(key), str(getattr(state, "value", state)), run_id)
            for key, state, run_id in session.execute(question)
            if find("day", key)
        ]
