"""What all tasks share when they fail: how often and when they are tried again, and what then speaks.

The numbers have one home, ``TASK_DEFAULTS``. What is held here is what they are for.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from jobmarket.airflow.alarms import tell_of_failure
from jobmarket.airflow.task import TASK_DEFAULTS, FailOrRetry, leave_receipt, say_why
from jobmarket.foundation.errors import (
    LONGEST_WAIT_S,
    JobMarketError,
    PermanentError,
    RetryableError,
)

if TYPE_CHECKING:
    from airflow.dag_processing.dagbag import DagBag

pytestmark = pytest.mark.airflow

NIGHTS = [datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=night) for night in range(28)]
TASKS = ("extract", "prepare", "load", "check", "report")
# A restart of a database or a bucket takes some minutes; the whole must end before the next day begins.
LEAST_OUTLIVED = timedelta(minutes=5)
LONGEST = timedelta(days=1)


def tree(root: type[JobMarketError]) -> list[type[Any]]:
    """Return a class of errors and all below it."""
    return [root, *(kind for below in root.__subclasses__() for kind in tree(below))]


def name(kind: type[JobMarketError]) -> str:
    return kind.__name__


@pytest.fixture(scope="module")
def daily(dag_bag: DagBag) -> Any:
    return dag_bag.dags["france_travail_daily"]


def pauses(task: Any, night: datetime) -> list[timedelta]:
    """Return the pauses before each further try of a task, as Airflow makes them: it draws lots for each."""
    from airflow.models.taskinstance import TaskInstance

    tried = {
        "dag_id": task.dag_id,
        "task_id": task.task_id,
        "logical_date": night,
        "end_date": night,
    }
    waits = {"task": task, "retry_delay_override": None}
    return [
        TaskInstance.next_retry_datetime(SimpleNamespace(try_number=number, **tried, **waits))
        - night
        for number in range(1, task.retries + 1)
    ]


def test_every_task_of_every_dag_ends_and_explains_itself(dag_bag: DagBag) -> None:
    for dag in dag_bag.dags.values():
        for task in dag.tasks:
            assert task.owner == TASK_DEFAULTS["owner"]
            assert isinstance(task.retry_policy, FailOrRetry)
            assert task.retries in (0, TASK_DEFAULTS["retries"])
            assert timedelta() < task.execution_timeout <= LONGEST / 4
            assert task.on_failure_callback == [say_why, leave_receipt, tell_of_failure]
            assert task.on_retry_callback == [say_why, leave_receipt]


@pytest.mark.parametrize("task_id", TASKS)
def test_a_task_of_a_day_outlives_a_restart_and_ends_before_the_next_day(
    daily: Any, task_id: str
) -> None:
    task = daily.get_task(task_id)
    drawn = [pauses(task, night) for night in NIGHTS]
    assert min(sum(each, timedelta()) for each in drawn) >= LEAST_OUTLIVED
    most = max(sum(each, timedelta()) for each in drawn)
    assert most + (task.retries + 1) * task.execution_timeout < LONGEST


def test_each_pause_keeps_to_its_bounds(daily: Any) -> None:
    each = [pause for night in NIGHTS for pause in pauses(daily.get_task("extract"), night)]
    assert TASK_DEFAULTS["retry_delay"] <= min(each)
    assert max(each) <= TASK_DEFAULTS["max_retry_delay"]


def test_these_are_the_tasks_of_a_day(daily: Any) -> None:
    assert {task.task_id for task in daily.tasks} == set(TASKS)


@pytest.mark.parametrize("kind", tree(PermanentError), ids=name)
def test_what_no_retry_mends_fails_at_once(kind: type[PermanentError]) -> None:
    decision = FailOrRetry().evaluate(kind("a wrong secret"), 1, TASK_DEFAULTS["retries"])
    assert decision.action.value == "fail"


@pytest.mark.parametrize("kind", tree(RetryableError), ids=name)
@pytest.mark.parametrize(
    ("asked_s", "waited_s"),
    [(0, 0), (0.5, 0.5), (7, 7), (LONGEST_WAIT_S, LONGEST_WAIT_S), (1e12, LONGEST_WAIT_S), (-3, 0)],
)
def test_a_task_waits_as_long_as_the_other_side_asked(
    kind: type[RetryableError], asked_s: float, waited_s: float
) -> None:
    error = kind("429", retry_after_s=asked_s)
    decision = FailOrRetry().evaluate(error, 1, TASK_DEFAULTS["retries"])
    assert (decision.action.value, decision.retry_delay) == ("retry", timedelta(seconds=waited_s))


@pytest.mark.parametrize(
    "exception",
    [*(kind("502") for kind in tree(RetryableError)), ValueError("a defect"), KeyboardInterrupt()],
    ids=lambda exception: type(exception).__name__,
)
def test_whatever_else_is_tried_again_after_a_pause_of_airflow(exception: BaseException) -> None:
    decision = FailOrRetry().evaluate(exception, 1, TASK_DEFAULTS["retries"])
    assert (decision.action.value, decision.retry_delay) == ("default", None)
