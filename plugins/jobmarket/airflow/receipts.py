"""What each task of a run took, kept in ``control.run_receipt`` and told as metrics of Airflow's own.

What lives here: when a receipt begins and ends, where it goes. What does not: what it says and costs
(``foundation.receipt``). A receipt that cannot be kept is a warning in the log: the work is done.

The metrics go where Airflow's go (``[metrics] statsd_on`` or ``otel_on``), after the prefix ``airflow.``,
with the tags ``dag_id``, ``source`` and ``phase``. ``include/grafana/jobmarket.json`` draws them.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk import BaseOperator
from airflow.sdk.observability import stats

from jobmarket.foundation.errors import JobMarketError
from jobmarket.foundation.receipt import Receipt, record_receipt

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    import psycopg
    from airflow.sdk import Context

    from jobmarket.foundation.lake.store import Lake
    from jobmarket.foundation.period import Kind, Period

METRICS: dict[str, Callable[[Receipt], float]] = {
    "jobmarket.phase.seconds": lambda receipt: receipt.phase_seconds,
    "jobmarket.phase.source_calls": lambda receipt: receipt.source_call_count,
    "jobmarket.phase.source_bytes": lambda receipt: receipt.source_bytes,
    "jobmarket.phase.rows": lambda receipt: receipt.row_count,
    "jobmarket.phase.lake_requests": lambda receipt: (
        receipt.lake_write_count + receipt.lake_read_count
    ),
    "jobmarket.phase.lake_written_bytes": lambda receipt: receipt.lake_written_bytes,
    "jobmarket.phase.s3_cost_usd": Receipt.s3_cost_usd,
    "jobmarket.phase.rds_cost_usd": Receipt.rds_cost_usd,
}
"""Gauges: what the last attempt of a task took."""
ENDED = "jobmarket.phase.ended"
"""Counter of attempts, with the tag ``outcome``: ``done`` or ``failed``."""

log = logging.getLogger(__name__)


class WithReceipt(BaseOperator):
    """A task that may leave a receipt.

    A subclass that does names its phase; :attr:`receipt` is filled while it works.
    """

    phase: ClassVar[str] = ""
    """Of the receipt; empty: it leaves none."""
    kind: Kind = "day"
    source: str = ""
    _receipt: Receipt | None = None
    _started = 0.0

    def warehouse(self) -> AbstractContextManager[psycopg.Connection[Any]]:
        """Give a connection to the warehouse."""
        raise NotImplementedError

    @property
    def receipt(self) -> Receipt:
        """Return the receipt of the attempt that is at work."""
        if self._receipt is None:
            self._receipt, self._started = Receipt(phase=self.phase), time.monotonic()
        return self._receipt

    def pre_execute(self, context: Context) -> None:
        """Begin the receipt."""
        self._receipt, self._started = Receipt(phase=self.phase), time.monotonic()

    def post_execute(self, context: Context, result: Any = None) -> None:
        """Leave the receipt of an attempt that ended well."""
        self.leave_receipt(context, is_done=True)

    def leave_receipt(self, context: Context, *, is_done: bool) -> None:
        """Keep what the attempt took, and tell it as metrics."""
        if not self.phase or self._receipt is None:
            return
        receipt, self._receipt = self._receipt, None
        receipt.phase_seconds = round(time.monotonic() - self._started, 3)
        lake: Lake | None = vars(self).get("lake")
        if lake and (usage := lake.usage):
            receipt.lake_write_count, receipt.lake_read_count = usage.writes, usage.reads
            receipt.lake_written_bytes, receipt.lake_read_bytes = (
                usage.written_bytes,
                usage.read_bytes,
            )
        run = context["dag_run"]
        tags = {"dag_id": run.dag_id, "source": self.source, "phase": self.phase}
        for name, value in METRICS.items():
            stats.gauge(name, value(receipt), tags=tags)
        stats.incr(ENDED, tags={**tags, "outcome": "done" if is_done else "failed"})
        try:
            with self.warehouse() as connection, connection.transaction():
                record_receipt(
                    connection,
                    receipt,
                    dag_id=run.dag_id,
                    dag_run_id=run.run_id,
                    source=self.source,
                    period=self.period_of(context),
                    is_done=is_done,
                )
        except JobMarketError as error:
            log.warning("What the task took is not kept in control.run_receipt. %s", error)

    def period_of(self, context: Context) -> Period:
        """Return the day, week or month that the run is about."""
        raise NotImplementedError
