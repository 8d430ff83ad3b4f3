"""One Airflow operator a task of the daily run: extract, load, check, report.

What lives here: the order of calls, which connection each task uses, and what Airflow does about a failure. What
does not: HTTP (``france_travail.hook``), S3 keys (``lake``), SQL (``include/sql``), and any decision about data.

Between tasks passes the key of the manifest, never "the latest" and never a payload.
"""

from __future__ import annotations

import hashlib
import logging
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator, RetryDecision, RetryPolicy, Variable
from airflow.sdk.exceptions import AirflowNotFoundException, AirflowRuntimeError

from jobmarket.day import day_of_run, require_over
from jobmarket.errors import (
    ConfigurationError,
    JobMarketError,
    PermanentError,
    RetryableError,
)
from jobmarket.lake import Lake, Manifest, day_prefix, manifest_key, report_prefix

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    import psycopg
    from airflow.sdk import Asset, Context

SQL = Path(__file__).parents[2] / "include" / "sql"
log = logging.getLogger(__name__)
BUCKET_VARIABLE = "data_lake_bucket"


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
            "%s met an error that it does not know: %s. The traceback is above; no part of the day was "
            "published by this task. Clear the task to run it again.",
            name,
            f"{type(exception).__name__}: {exception}",
        )


class _DayOperator(BaseOperator):
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


class ExtractDayOperator(_DayOperator):
    """Land every offer of a day in the lake, and prove it; return the key of the manifest.

    Reads from the run's parameters: ``day``, ``source`` (``api``, or ``raw`` to pass on what has landed),
    ``force`` (ask again for a certified day), ``allow_gap`` (publish a day whose certificate has a gap),
    ``max_pages`` (a sample, which proves nothing).

    :param asset: gets the day as its partition, with the counts of the certificate.
    """

    def __init__(self, *, asset: Asset, api_conn_id: str = "france_travail", **kwargs: Any) -> None:
        super().__init__(outlets=[asset], **kwargs)
        self.asset = asset
        self.api_conn_id = api_conn_id

    def execute(self, context: Context) -> str:
        """Return the key of the manifest of the day."""
        params = context["params"]
        day = day_of_run(context["dag_run"], params)
        log.info("Day %s (Europe/Paris), from %s", day, params["source"])
        manifest = self._landed(day, params) or self._extract(day, params, context)
        certificate = manifest.certificate
        announce_partition(
            context, self.asset, manifest.day, collected=certificate.collected, gap=certificate.gap
        )
        return manifest_key(manifest.day, manifest.run_id)

    def _landed(self, day: date, params: dict[str, Any]) -> Manifest | None:
        """Return the manifest of a day that need not, or must not, be asked for again."""
        from_raw = params["source"] == "raw"
        if not from_raw and (params["force"] or params["max_pages"]):
            return None
        manifest = self.lake.newest_manifest(str(day))
        if manifest is None and from_raw:
            raise ConfigurationError(
                f"Nothing complete has landed for {day} under {self.lake.uri(day_prefix(str(day)))}, so it "
                f"cannot be replayed from raw: run the day with source = api."
            )
        if manifest is not None:
            log.info(
                "Day %s already collected: run %s, %d offers, gap %d; nothing is asked from the API "
                "(set force to ask again)",
                day,
                manifest.run_id,
                manifest.certificate.collected,
                manifest.certificate.gap,
            )
        return manifest

    def _extract(self, day: date, params: dict[str, Any], context: Context) -> Manifest:
        from jobmarket.france_travail.extraction import extract_day
        from jobmarket.france_travail.hook import FranceTravailHook

        now = datetime.now(UTC)
        if not params["max_pages"]:
            require_over(day, now)
        hook = FranceTravailHook(self.api_conn_id)
        self.lake.ensure_bucket()
        return extract_day(
            hook,
            self.lake,
            day,
            self.lake.open_run(str(day)) or new_run_id(context["dag_run"].run_id, now),
            max_pages=params["max_pages"],
            allow_gap=params["allow_gap"],
        )


class LoadDayOperator(_DayOperator):
    """Load what a manifest lists into the warehouse; return the counts.

    :param manifest_key: S3 key of the manifest. (templated)
    :param asset: gets the day as its partition, with the counts of the load.
    """

    template_fields = ("manifest_key",)

    def __init__(self, *, manifest_key: str, asset: Asset, **kwargs: Any) -> None:
        super().__init__(outlets=[asset], **kwargs)
        self.manifest_key = manifest_key
        self.asset = asset

    def execute(self, context: Context) -> dict[str, Any]:
        """Return rows inserted, updated, unchanged, rejected, and the rest of the load's counts."""
        from jobmarket.warehouse import apply_ddl, load_run

        manifest = self.lake.read_manifest(self.manifest_key)
        with self.warehouse() as connection:
            apply_ddl(connection, SQL / "ddl")
            result = load_run(connection, manifest, self.lake.iter_pages(manifest))
        counts = result.counts()
        log.info("Loaded day %s: %s", manifest.day, counts)
        announce_partition(context, self.asset, manifest.day, **counts)
        return counts


class CheckDayOperator(_DayOperator):
    """Check the loaded day against the bounds written in ``include/sql/check``.

    :param manifest_key: S3 key of the manifest. (templated)
    """

    template_fields = ("manifest_key",)

    def __init__(self, *, manifest_key: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.manifest_key = manifest_key

    def execute(self, context: Context) -> None:
        """Log each check; raise :class:`CheckFailed` naming all that fail."""
        from jobmarket.check import require_passed, run_checks

        manifest = self.lake.read_manifest(self.manifest_key)
        with self.warehouse() as connection:
            results = run_checks(connection, SQL / "check", manifest.day, manifest.run_id)
        for result in results:
            say = log.info if result.verdict == "passed" else log.warning
            say("%s", result.sentence)
        require_passed(results)


class ReportDayOperator(_DayOperator):
    """Write the report of a day beside the others; return its key.

    :param manifest_key: S3 key of the manifest. (templated)
    :param asset: gets the day as its partition, with the key of the page.
    """

    template_fields = ("manifest_key",)

    def __init__(self, *, manifest_key: str, asset: Asset, **kwargs: Any) -> None:
        super().__init__(outlets=[asset], **kwargs)
        self.manifest_key = manifest_key
        self.asset = asset

    def execute(self, context: Context) -> str:
        """Return the key of the page."""
        from jobmarket.report import query_report, render_report

        manifest = self.lake.read_manifest(self.manifest_key)
        with self.warehouse() as connection:
            material = query_report(connection, SQL / "report", manifest.day, manifest.run_id)
        prefix = report_prefix(manifest.day, is_sample=manifest.is_sample)
        self.lake.put_report(prefix, render_report(material))
        key = f"{prefix}index.html"
        log.info("Report: %s", self.lake.uri(key))
        announce_partition(context, self.asset, manifest.day, key=key)
        return key


def new_run_id(dag_run_id: str, now: datetime) -> str:
    """Return the ``run=`` part of the keys of a new extraction: sorts by time, names no user."""
    return f"{now:%Y%m%dT%H%M%SZ}-{hashlib.sha256(dag_run_id.encode()).hexdigest()[:8]}"


def announce_partition(context: Context, asset: Asset, day: str, **extra: Any) -> None:
    """Tell those who wait for the asset which day it now holds.

    A run that was started with a partition key has it attached by Airflow.
    """
    event = context["outlet_events"][asset]
    event.extra = {"day": day, **extra}
    if not context["dag_run"].partition_key:
        event.add_partitions(day)


def missing_connection(conn_id: str, what: str) -> ConfigurationError:
    """Return the error for a connection that Airflow does not know."""
    return ConfigurationError(
        f"Airflow has no connection {conn_id!r}, which leads to {what}: create it (Admin > "
        f"Connections, or AIRFLOW_CONN_{conn_id.upper()})."
    )
