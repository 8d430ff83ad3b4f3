"""The operator that ends the time for which the licence lets things be kept: answers, names in reports.

What lives here: the order of calls. What does not: the settings (``kept_days``), which runs are due and how a
copy takes their place (``foundation.lake.retention``), what a copy holds (``offers.replay_copy``), what a
report is without names (``report.employer_names``).
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from jobmarket.airflow.kept_days import grace_days, retention_days
from jobmarket.airflow.task import JobMarketOperator
from jobmarket.foundation.lake.retention import copy_run, runs_due
from jobmarket.report.employer_names import holds_employer_names, without_employer_names
from jobmarket.sources.registry import source

if TYPE_CHECKING:
    from airflow.sdk import Context

    from jobmarket.foundation.lake.manifest import Page
    from jobmarket.offers.reading import Reader

log = logging.getLogger(__name__)


class EndRetentionOperator(JobMarketOperator):
    """Make replay copies of the runs whose time ends, and delete what was received; return the counts.

    How many days answers are kept is the Airflow variable ``raw_retention_days``, 30 unless it is set.
    Reports lose the names of employers a day before ``erasure_grace_days`` have passed since they were
    written.

    :param source: its name, as in ``sources/registry.py``.
    :param manifest_key: of the run at hand, which other tasks may be reading: it is left to the next time.
    """

    template_fields = ("manifest_key",)

    def __init__(self, *, source: str, manifest_key: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.source = source
        self.manifest_key = manifest_key

    def execute(self, context: Context) -> dict[str, int]:
        """Return how many runs were copied or, given up, deleted; and how many reports lost their names."""
        del context
        now = datetime.now(UTC)
        # a day before the first of their offers can be erased: sweeps do not begin at the same time each day
        named = self._reports_due(now - timedelta(days=grace_days() - 1))
        for prefix, keys in named.items():
            page = self.lake.read_report(f"{prefix}index.html")
            if page is not None:
                self.lake.put_report_page(prefix, without_employer_names(page))
            # last: they say that it is due
            self.lake.delete_all(keys)
            log.info("%s: without names of employers from now on", prefix)
        copied_at = now.isoformat(timespec="seconds").replace("+00:00", "Z")
        reader = source(self.source).reader()
        counts = {"copied": 0, "deleted": 0, "unnamed": len(named)}
        for prefix, keys in runs_due(self.lake, self.source, now, retention_days()).items():
            if self.manifest_key in keys:
                continue
            copy = copy_run(self.lake, keys, partial(_copied, reader), copied_at)
            counts["copied" if copy else "deleted"] += 1
            log.info("%s: %s", prefix, "copied for replay" if copy else "given up, so deleted")
        return counts

    def _reports_due(self, latest: datetime) -> dict[str, list[str]]:
        """Return the reports that may name employers no longer: prefix -> keys of the files that do."""
        due: dict[str, list[str]] = {}
        for key, written_at in self.lake.written_at(f"reports/{self.source}/").items():
            report, *file = key.rsplit("/", 2)
            if holds_employer_names("/".join(file)) and written_at <= latest:
                due.setdefault(f"{report}/", []).append(key)
        return due


def _copied(reader: Reader, page: Page, body: bytes) -> bytes:
    from jobmarket.offers.replay_copy import copied_page

    return copied_page(reader, body, datetime.fromisoformat(page.received_at))
