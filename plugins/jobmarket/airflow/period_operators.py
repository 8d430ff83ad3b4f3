"""The operators of the weekly and the monthly report: wait for the days, then report on them.

What lives here: the order of calls, and how long a report waits for its days. What does not: which
week or month a run is about (``period``), what a report says (``report``), connections (``task``).
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from airflow.sdk import BaseSensorOperator
from airflow.sdk.exceptions import AirflowSkipException

from jobmarket.airflow.task import JobMarketOperator, announce_partition, asked_of
from jobmarket.airflow.ui.routes import ReportLink
from jobmarket.foundation.day import ends_at
from jobmarket.foundation.errors import DayNotOver
from jobmarket.foundation.lake.layout import period_report_prefix
from jobmarket.foundation.warehouse.roles import REPORTER

if TYPE_CHECKING:
    from airflow.sdk import Asset, Context

    from jobmarket.foundation.period import Period

# A day is loaded minutes after midnight; a whole morning is left to mend what went wrong.
PATIENCE = timedelta(hours=12)

log = logging.getLogger(__name__)


class WaitForDaysOperator(JobMarketOperator, BaseSensorOperator):
    """Wait until every day of the week or month is loaded and certified, but no longer than its bound.

    The bound is an instant, :data:`PATIENCE` after the end of the last day, and not a time of waiting: so a
    week or a month of the past, run by hand or by a backfill, waits for nothing. Past the bound the report
    is written with the days that are there, and names those that are not.

    :param source: its name, as in ``sources/registry.py``.
    :param kind: ``week`` or ``month``.
    """

    warehouse_role = REPORTER

    def __init__(self, *, source: str, kind: Literal["week", "month"], **kwargs: Any) -> None:
        super().__init__(source=source, mode="reschedule", **kwargs)
        self.kind = kind

    def poke(self, context: Context) -> bool:
        """Tell whether the report may be written; raise :class:`DayNotOver` if the period is not over."""
        period = asked_of(context, self.kind)
        now = datetime.now(UTC)
        if now < ends_at(period.end):
            raise DayNotOver(
                f"{period.key} ends on {period.end}, which is not over in Europe/Paris: its report is "
                f"written once it is; trigger the run again then, or leave it to the schedule."
            )
        missing = self._not_certified(period)
        if not missing:
            log.info("%s: each of its %d days is certified", period.key, len(period.days))
            return True
        if now >= ends_at(period.end) + PATIENCE:
            log.warning("%s is reported without a certificate of %s", period.key, missing)
            return True
        log.info("%s waits for a certificate of %s", period.key, missing)
        return False

    def _not_certified(self, period: Period) -> list[str]:
        """Return the days of the period that are not certified, those not loaded among them."""
        from jobmarket.report.query import standings

        with self.warehouse() as connection:
            standing = standings(connection, source=self.source, period=period)
        return [day.isoformat() for day in period.days if standing.get(day) != "certified"]


class ReportPeriodOperator(JobMarketOperator):
    """Write the report of a week or a month beside those of its days; return its key.

    :param source: its name, as in ``sources/registry.py``.
    :param kind: ``week`` or ``month``.
    :param asset: gets the week or the month as its partition, with the key of the page.
    """

    phase = "report"
    operator_extra_links = (ReportLink(),)
    warehouse_role = REPORTER

    def __init__(
        self, *, source: str, kind: Literal["week", "month"], asset: Asset, **kwargs: Any
    ) -> None:
        super().__init__(source=source, outlets=[asset], **kwargs)
        self.kind = kind
        self.asset = asset

    def execute(self, context: Context) -> str:
        """Return the key of the page.

        If no day of the period is loaded, raise :class:`ConfigurationError`; a run of the schedule is
        skipped, since nobody asked for it: a new warehouse has no last month.
        """
        from jobmarket.history.retention import require_in_warehouse
        from jobmarket.report.page import render_report
        from jobmarket.report.query import query_report, standings

        period = asked_of(context, self.kind)
        with self.warehouse() as connection:
            if is_scheduled(context) and not standings(
                connection, source=self.source, period=period
            ):
                raise AirflowSkipException(
                    f"No day of {period.key} is loaded, so there is nothing to report: run "
                    f"{self.source}_daily for its days, then this DAG for {period.key}."
                )
            require_in_warehouse(connection, self.source, period)
            answers = query_report(connection, source=self.source, period=period)
        prefix = period_report_prefix(self.source, period)
        self.lake.put_report(prefix, render_report(answers))
        key = f"{prefix}index.html"
        facts = answers.facts
        log.info(
            "Report: %s (%d of %d days certified, %d not loaded)",
            self.lake.uri(key),
            facts.certified_days,
            len(period.days),
            len(facts.missing),
        )
        announce_partition(context, self.asset, period, key=key)
        return key


def is_scheduled(context: Context) -> bool:
    """Tell whether the schedule made the run, and no person."""
    run_type = getattr(context["dag_run"], "run_type", None)
    return str(getattr(run_type, "value", run_type)) == "scheduled"
