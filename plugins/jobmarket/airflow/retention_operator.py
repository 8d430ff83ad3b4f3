"""The operator that ends the time for which answers are kept as they were received.

What lives here: the order of calls. What does not: the setting (``kept_days``), which runs are due and how a
copy takes their place (``foundation.lake.retention``), what a copy holds (``offers.replay_copy``).
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from jobmarket.airflow.kept_days import retention_days
from jobmarket.airflow.task import JobMarketOperator
from jobmarket.foundation.lake.retention import copy_run, runs_due
from jobmarket.sources.registry import source

if TYPE_CHECKING:
    from airflow.sdk import Context

    from jobmarket.foundation.lake.manifest import Page
    from jobmarket.offers.reading import Reader

log = logging.getLogger(__name__)


class EndRetentionOperator(JobMarketOperator):
    """Make replay copies of the runs whose time ends, and delete what was received; return the counts.

    How many days answers are kept is the Airflow variable ``raw_retention_days``, 30 unless it is set.

    :param source: its name, as in ``sources/registry.py``.
    :param manifest_key: of the run at hand, which other tasks may be reading: it is left to the next time.
    """

    template_fields = ("manifest_key",)

    def __init__(self, *, source: str, manifest_key: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.source = source
        self.manifest_key = manifest_key

    def execute(self, context: Context) -> dict[str, int]:
        """Return how many runs were copied, and how many deleted that had been given up."""
        del context
        now = datetime.now(UTC)
        copied_at = now.isoformat(timespec="seconds").replace("+00:00", "Z")
        reader = source(self.source).reader()
        counts = {"copied": 0, "deleted": 0}
        for prefix, keys in runs_due(self.lake, self.source, now, retention_days()).items():
            if self.manifest_key in keys:
                continue
            copy = copy_run(self.lake, keys, partial(_copied, reader), copied_at)
            counts["copied" if copy else "deleted"] += 1
            log.info("%s: %s", prefix, "copied for replay" if copy else "given up, so deleted")
        return counts


def _copied(reader: Reader, page: Page, body: bytes) -> bytes:
    from jobmarket.offers.replay_copy import copied_page

    return copied_page(reader, body, datetime.fromisoformat(page.received_at))
