"""The operators of the history: keep days, look after its files, have the warehouse give up old days.

What lives here: the order of calls. What does not: which day is kept and which given up (``history``),
where the catalog is (``connections``).
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import Variable
from airflow.sdk.exceptions import AirflowRuntimeError, AirflowSkipException

from jobmarket.airflow.connections import open_history
from jobmarket.airflow.forms import HISTORY_FORM, require_known_names
from jobmarket.airflow.task import JobMarketOperator
from jobmarket.foundation.day import PARIS, parse_day, require_one

if TYPE_CHECKING:
    from collections.abc import Sequence

    from airflow.sdk import Context

    from jobmarket.history.days import DayKept

MONTHS_VARIABLE = "warehouse_kept_months"
# Older states stay readable this long: a query that was begun on one, a mistake that is seen on Monday.
SNAPSHOT_LIFE = timedelta(days=7)
# A file that no commit names: longer than the longest write, which the task's own bound ends.
ORPHAN_LIFE = timedelta(days=1)

log = logging.getLogger(__name__)


class KeepDayOperator(JobMarketOperator):
    """Write the day of the run to the history; return how many offers it holds of it.

    The day is the partition key or the parameter ``day``; a run without either writes all certified days
    that the history lacks, or holds as they were before another load.

    :param source: its name, as in ``sources/registry.py``.
    """

    def __init__(self, *, source: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.source = source

    def execute(self, context: Context) -> dict[str, int]:
        """Return the offers of each day that was written; skip a day that is not certified."""
        from jobmarket.history.days import keep_day, open_days

        params = context["params"]
        require_known_names(params, HISTORY_FORM)
        told = {
            "partition key": context["dag_run"].partition_key,
            "parameter day": params.get("day"),
        }
        asked = {name: parse_day(text, name) for name, text in told.items() if text}
        require_one(asked)
        history = open_history(self.aws_conn_id)
        with self.warehouse() as connection:
            connection.commit()
            days = [*asked.values()][:1] or open_days(connection, self.source)
            log.info("%d days to write", len(days))
            kept = [_said(keep_day(connection, history, self.source, day)) for day in days]
        if asked and kept[0].refusal:
            raise AirflowSkipException(kept[0].refusal)
        return {str(one.day): one.rows for one in kept if not one.refusal}


class MaintainHistoryOperator(JobMarketOperator):
    """Expire old states of the history and delete their files; return how many."""

    def execute(self, context: Context) -> dict[str, int]:
        """Return the snapshots expired, and the files deleted with their bytes."""
        from jobmarket.history.maintenance import maintain

        now = datetime.now(UTC)
        removed = maintain(
            open_history(self.aws_conn_id),
            expire_before=now - SNAPSHOT_LIFE,
            orphan_before=now - ORPHAN_LIFE,
        )
        log.info("%d snapshots expired, %d files (%d bytes) deleted", *removed)
        return removed._asdict()


class GiveUpDaysOperator(JobMarketOperator):
    """Delete old offers from the warehouse, day by day, where the history holds as many; return how many.

    :param sources: whose days.
    """

    def __init__(self, *, sources: Sequence[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sources = sources

    def execute(self, context: Context) -> dict[str, int]:
        """Return the offers deleted by source; raise :class:`ConfigurationError` if the variable is none."""
        from jobmarket.history.retention import (
            KEPT_MONTHS,
            first_day_kept,
            give_up_old_days,
            parse_months,
        )

        try:
            text = str(Variable.get(MONTHS_VARIABLE))
        except (AirflowRuntimeError, KeyError):
            text = str(KEPT_MONTHS)
        months = parse_months(text, MONTHS_VARIABLE)
        if not months:
            raise AirflowSkipException(f"{MONTHS_VARIABLE} is 0: the warehouse keeps all months.")
        before = first_day_kept(datetime.now(PARIS).date(), months)
        history, deleted = open_history(self.aws_conn_id), {}
        with self.warehouse() as connection:
            connection.commit()
            for source in self.sources:
                given_up = give_up_old_days(connection, history, source, before)
                deleted[source] = sum(given_up.days.values())
                for refusal in given_up.refusals:
                    log.warning("%s %s", source, refusal)
                log.info(
                    "%s: %d offers of %d days of before %s deleted",
                    source, deleted[source], len(given_up.days), before,
                )  # fmt: skip
        return deleted


def _said(kept: DayKept) -> DayKept:
    if kept.refusal:
        log.warning("%s", kept.refusal)
    else:
        log.info("Day %s: the history holds %d offers", kept.day, kept.rows)
    if kept.withheld:
        log.warning(
            "Day %s: values without the form of their column are null: %s", kept.day, kept.withheld
        )
    return kept
