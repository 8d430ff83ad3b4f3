"""The report of a day as a task. What lives here: the order of calls; what a report says is in ``report``."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from airflow.sdk.exceptions import AirflowSkipException

from jobmarket.airflow.operators import ManifestOperator
from jobmarket.airflow.task import announce_partition
from jobmarket.airflow.ui.routes import ReportLink
from jobmarket.foundation.lake.layout import report_prefix
from jobmarket.foundation.run import period_of_manifest
from jobmarket.foundation.warehouse.roles import REPORTER
from jobmarket.sources.registry import source

if TYPE_CHECKING:
    from airflow.sdk import Asset, Context

log = logging.getLogger(__name__)


class ReportDayOperator(ManifestOperator):
    """Write the report of a day beside the others; return its key.

    :param manifest_key: S3 key of the manifest. (templated)
    :param asset: gets the day as its partition, with the key of the page.
    """

    phase = "report"
    template_fields = ("manifest_key",)
    operator_extra_links = (ReportLink(),)
    warehouse_role = REPORTER

    def __init__(self, *, manifest_key: str, asset: Asset, **kwargs: Any) -> None:
        super().__init__(outlets=[asset], **kwargs)
        self.manifest_key = manifest_key
        self.asset = asset

    def execute(self, context: Context) -> str:
        """Return the key of the page; skip it if the run's form wants none."""
        if not context["params"]["report"]:
            raise AirflowSkipException(
                "The run was started without its report, and one that was there stays as it was: start a run "
                "of the day with report = true to have it written."
            )
        from jobmarket.history.retention import require_in_warehouse
        from jobmarket.report.page import render_report
        from jobmarket.report.query import query_report

        manifest = self._manifest()
        self._require_consent(manifest.source)
        period = period_of_manifest(manifest)
        with self.warehouse() as connection:
            require_in_warehouse(connection, manifest.source, period)
            # a sample has a report of its own; the day's is about the run that stands for it
            run_id = manifest.run_id if manifest.is_sample else None
            answers = query_report(connection, source=manifest.source, period=period, run_id=run_id)
        if (told := answers.facts.runs[0].run_id) != manifest.run_id:
            log.info(
                "Run %s stands for the day, and not %s: see control.day_run", told, manifest.run_id
            )
        prefix = report_prefix(manifest.source, manifest.day, is_sample=manifest.is_sample)
        self.lake.put_report(prefix, render_report(answers))
        key = f"{prefix}index.html"
        log.info("Report: %s", self.lake.uri(key))
        announce_partition(context, self.asset, period, key=key)
        return key

    def _require_consent(self, name: str) -> None:
        """Skip the report of a source whose terms ask for a written consent that nobody has noted."""
        from jobmarket.airflow.source_hook import SourceHook

        if not SourceHook(name).may_be_published():
            known = source(name)
            raise AirflowSkipException(
                f"{known.label} allows no statistics of its offers without its written consent, so no report "
                f"is written: set {known.consent_setting} to true in the extra of the connection "
                f"{known.conn_id} once it is given."
            )
