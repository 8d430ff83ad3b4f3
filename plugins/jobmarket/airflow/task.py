"""What the operators share: their connections, and what Airflow does when one fails.

What does not live here: what a task does (``operators``), how a connection is made (``connections``), the
exceptions (``errors``).
"""

from __future__ import annotations

import logging
import textwrap
import time
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk import RetryDecision, RetryPolicy
from airflow.sdk.log import redact

from jobmarket.airflow.alarms import tell_of_failure
from jobmarket.airflow.connections import AWS_CONN_ID, WAREHOUSE_CONN_ID, open_lake, open_warehouse
from jobmarket.airflow.forms import FORMS, require_known_names
from jobmarket.airflow.receipts import WithReceipt
from jobmarket.foundation.errors import JobMarketError, PermanentError, RetryableError
from jobmarket.foundation.known_secrets import redacted
from jobmarket.foundation.period import asked_period
from jobmarket.foundation.warehouse.roles import LOADER

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg
    from airflow.sdk import Asset, Context

    from jobmarket.foundation.lake.store import Lake
    from jobmarket.foundation.period import Kind, Period
    from jobmarket.foundation.warehouse.roles import Role

# Characters of an error that is none of ours: its text may hold whatever was read.
LONGEST_UNKNOWN = 500
# XCom that holds why a task did not succeed, for the tab of its run; Airflow empties it before each try.
FAILURE_KEY = "failure"
_FAILURE_LENGTH = 2_000
# Airflow's page of a log does not wrap its lines: what is longer stands outside of a laptop's window.
_LINE_LENGTH = 100

log = logging.getLogger(__name__)


class FailOrRetry(RetryPolicy):
    """Fail now on what no retry mends; wait as long as the other side asked; else the task's backoff."""

    def evaluate(
        self,
        exception: BaseException,
        try_number: int,
        max_tries: int,
        context: Context | None = None,
    ) -> RetryDecision:
        """Decide from the place of the exception in the tree of :mod:`jobmarket.foundation.errors`."""
        if isinstance(exception, PermanentError):
            return RetryDecision.fail(reason=redacted(exception, None))
        if isinstance(exception, RetryableError) and exception.retry_after_s is not None:
            delay = timedelta(seconds=exception.retry_after_s)
            return RetryDecision.retry(delay=delay, reason=redacted(exception, None))
        return RetryDecision.default()

    def serialize(self) -> dict[str, Any]:
        """Return what the scheduler keeps of it; it is only ever evaluated where the task runs."""
        return {"__type": type(self).__name__}


def say_why(context: Context) -> None:
    """Make the last words of a failed task one sentence that says what happened and what to do.

    For ``on_failure_callback`` and ``on_retry_callback``: they run after Airflow has logged the traceback.
    """
    exception, instance = context.get("exception"), context["ti"]
    name = f"{instance.dag_id}.{instance.task_id}"
    if isinstance(exception, JobMarketError):
        sentence = f"{name} did not succeed. {redacted(exception, None)}"
    else:
        sentence = (
            f"{name} met an error that it does not know: {type(exception).__name__}: "
            f"{redacted(exception, LONGEST_UNKNOWN)}. Its traceback is above. Clear the task to run it "
            f"again; what has landed and what is loaded stay as they are."
        )
    # Airflow folds all that follows the traceback into one line: the last word stands behind that group
    logging.getLogger("airflow.task").info("::endgroup::")
    log.error("%s", textwrap.fill(sentence, _LINE_LENGTH, break_long_words=False))
    # logs hide the secrets of connections, XComs do not
    instance.xcom_push(FAILURE_KEY, str(redact(sentence))[:_FAILURE_LENGTH])


def leave_receipt(context: Context) -> None:
    """Keep what an attempt took that did not end well.

    For ``on_failure_callback`` and ``on_retry_callback``.
    """
    task = context.get("task")
    if isinstance(task, WithReceipt):
        task.leave_receipt(context, is_done=False)


def tell_of_silence(context: Context) -> None:
    """Raise the alarm of a run whose task was killed, so that no callback of its own was called.

    For ``on_failure_callback`` of a DAG, which Airflow calls outside of the worker. Airflow calls none of a
    task whose process was killed on its last try, by the kernel for want of memory for example.
    """
    instance = context.get("ti")
    if instance is None:
        run_id = context.get("run_id")
        log.error("The run %s has failed, and no task of it: look at it in the UI.", run_id)
        return
    try:
        is_told = bool(instance.xcom_pull(key=FAILURE_KEY))
    except ImportError:
        return  # `dag.test`: a process that runs its tasks itself does not outlive them
    if not is_told:
        tell_of_failure(context)


# What every task of every DAG has, unless its operator says otherwise.
TASK_DEFAULTS: dict[str, Any] = {
    "owner": "data-engineering",
    "retries": 3,
    "retry_delay": timedelta(minutes=1),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=15),
    "retry_policy": FailOrRetry(),
    "on_failure_callback": [say_why, leave_receipt, tell_of_failure],
    "on_retry_callback": [say_why, leave_receipt],
    "execution_timeout": timedelta(minutes=30),
}


def asked_of(context: Context, kind: Kind) -> Period:
    """Return the day, week or month that the run is about.

    Raise :class:`ConfigurationError` if it is told something that its form does not have, or that is no such
    period, or two different ones.
    """
    require_known_names(context["params"], FORMS[kind])
    return asked_period(kind, context["dag_run"], context["params"])


def announce_partition(context: Context, asset: Asset, period: Period, **extra: Any) -> None:
    """Tell those who wait for the asset which day, week or month it now holds.

    A run that was started with a partition key has it attached by Airflow.
    """
    event = context["outlet_events"][asset]
    event.extra = {period.kind: period.key, **extra}
    if not context["dag_run"].partition_key:
        event.add_partitions(period.key)


class JobMarketOperator(WithReceipt):
    """What all tasks share: the lake and the warehouse, made when the task runs.

    :param source: whose offers the run is about, as in ``sources/registry.py``; empty: of none.
    """

    warehouse_role: ClassVar[Role] = LOADER
    """What the task may do in the warehouse, where its account has more rights than one."""

    def __init__(
        self,
        *,
        source: str = "",
        aws_conn_id: str = AWS_CONN_ID,
        warehouse_conn_id: str = WAREHOUSE_CONN_ID,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.source = source
        self.aws_conn_id = aws_conn_id
        self.warehouse_conn_id = warehouse_conn_id

    @cached_property
    def lake(self) -> Lake:
        """Return the data lake; raise :class:`ConfigurationError` if its bucket is not named."""
        return open_lake(self.aws_conn_id)

    @contextmanager
    def warehouse(self) -> Iterator[psycopg.Connection[Any]]:
        """Give a connection to the warehouse, its errors turned into sentences.

        Raise :class:`ConfigurationError` unless its schema is that of this version; nobody but
        ``warehouse_migrate`` changes it.
        """
        from jobmarket.foundation.warehouse.migrations import require_applied

        opened = time.monotonic()
        try:
            with open_warehouse(self.warehouse_conn_id, role=self.warehouse_role) as connection:
                require_applied(connection)
                yield connection
        finally:
            self.receipt.warehouse_seconds += round(time.monotonic() - opened, 3)

    def period_of(self, context: Context) -> Period:
        """Return the day, week or month that the run is about."""
        return asked_of(context, self.kind)
