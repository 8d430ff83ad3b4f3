"""What the operators of the daily run share: their connections, and what Airflow does when one fails.

What does not live here: what a task does (``operators``), the exceptions (``errors``).
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator, RetryDecision, RetryPolicy, Variable
from airflow.sdk.exceptions import AirflowNotFoundException, AirflowRuntimeError

from jobmarket.errors import ConfigurationError, JobMarketError, PermanentError, RetryableError
from jobmarket.lake import Lake

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg
    from airflow.sdk import Context

BUCKET_VARIABLE = "data_lake_bucket"

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
        """Decide from the place of the exception in the tree of :mod:`jobmarket.errors`."""
        if isinstance(exception, PermanentError):
            return RetryDecision.fail(reason=str(exception))
        if isinstance(exception, RetryableError) and exception.retry_after_s is not None:
            delay = timedelta(seconds=exception.retry_after_s)
            return RetryDecision.retry(delay=delay, reason=str(exception))
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
        log.error("%s did not succeed. %s", name, exception)
    else:
        log.error(
            "%s met an error that it does not know: %s: %s. Its traceback is above. Clear the task to run "
            "it again; what has landed and what is loaded stay as they are.",
            name,
            type(exception).__name__,
            exception,
        )


class DayOperator(BaseOperator):
    """What the four tasks share: the lake and the warehouse, made when the task runs."""

    def __init__(
        self,
        *,
        aws_conn_id: str = "aws_default",
        warehouse_conn_id: str = "warehouse",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.aws_conn_id = aws_conn_id
        self.warehouse_conn_id = warehouse_conn_id

    @cached_property
    def lake(self) -> Lake:
        """Return the data lake; raise :class:`ConfigurationError` if its bucket is not named."""
        from airflow.providers.amazon.aws.hooks.s3 import S3Hook
        from botocore.config import Config

        try:
            bucket = Variable.get(BUCKET_VARIABLE)
        except (AirflowRuntimeError, KeyError):
            raise ConfigurationError(
                f"The variable {BUCKET_VARIABLE} is not set: give it the name of the S3 bucket of the data "
                f"lake (Admin > Variables, or AIRFLOW_VAR_{BUCKET_VARIABLE.upper()})."
            ) from None
        # one connection a thread that lands pages; bounds: a dead S3 is noticed within half a minute
        config = Config(
            connect_timeout=5,
            read_timeout=20,
            retries={"mode": "standard", "total_max_attempts": 4},
            max_pool_connections=40,
        )
        return Lake(S3Hook(aws_conn_id=self.aws_conn_id, config=config).get_conn(), bucket)

    @contextmanager
    def warehouse(self) -> Iterator[psycopg.Connection[Any]]:
        """Give a connection to the warehouse, its errors turned into sentences."""
        from airflow.providers.postgres.hooks.postgres import PostgresHook

        from jobmarket.warehouse import explained

        with explained(self.warehouse_conn_id):
            try:
                connection = PostgresHook(self.warehouse_conn_id).get_conn()
            except AirflowNotFoundException:
                raise missing_connection(
                    self.warehouse_conn_id, "the PostgreSQL warehouse"
                ) from None
            try:
                yield connection
            finally:
                connection.close()


def missing_connection(conn_id: str, what: str) -> ConfigurationError:
    """Return the error for a connection that Airflow does not know."""
    return ConfigurationError(
        f"Airflow has no connection {conn_id!r}, which leads to {what}: create it (Admin > "
        f"Connections, or AIRFLOW_CONN_{conn_id.upper()})."
    )
