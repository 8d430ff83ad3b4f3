"""The operator that takes a day back: what was loaded of it, what it was reported as, what has landed.

What lives here: the order of calls, and that nothing goes unless it is asked for twice. What does not: the
rows (``offers.forget``), the objects (``lake``).
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from jobmarket.airflow.connections import has_history, open_history
from jobmarket.airflow.forms import FORGET_FORM, require_known_names
from jobmarket.airflow.history_operators import ORPHAN_LIFE
from jobmarket.airflow.task import JobMarketOperator
from jobmarket.foundation.day import parse_day
from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.lake.layout import Scope, report_prefix

if TYPE_CHECKING:
    from datetime import date

    import psycopg
    from airflow.sdk import Context

log = logging.getLogger(__name__)


class ForgetDayOperator(JobMarketOperator):
    """Delete a day from the warehouse and from the lake, or only count what there is; return the counts.

    Reads from the run's parameters: ``day`` and ``delete``. Rows go first, in one transaction, what has
    landed last: a run that was killed in between is started again, and until then the day can be replayed.

    :param source: its name, as in ``sources/registry.py``.
    """

    def __init__(self, *, source: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.source = source

    def execute(self, context: Context) -> dict[str, Any]:
        """Return what there was of the day; raise :class:`ConfigurationError` if no day is named."""
        from jobmarket.offers.forget import count_day, delete_day

        params = context["params"]
        require_known_names(params, FORGET_FORM)
        if not params["day"]:
            raise ConfigurationError(
                "No day is named, and no day is deleted unless it is: start the run again with `day`."
            )
        day = parse_day(params["day"], "parameter day")
        prefixes = {
            "report_files": (
                report_prefix(self.source, str(day)),
                report_prefix(self.source, str(day), is_sample=True),
            ),
            "raw_objects": tuple(
                Scope(self.source, str(day), is_copy=is_copy).prefix for is_copy in (False, True)
            ),
        }
        with self.warehouse() as connection:
            counts: dict[str, Any] = count_day(connection, self.source, day)
            connection.rollback()
            if has_history():
                counts["history_rows"] = self._of_history(connection, day, delete=params["delete"])
            if params["delete"]:
                delete_day(connection, self.source, day)
        for name, below in prefixes.items():
            keys = [key for prefix in below for key in self.lake.keys(prefix)]
            counts[name] = len(keys)
            if params["delete"]:
                self.lake.delete_all(keys)
        said = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
        if params["delete"]:
            log.info("Day %s is forgotten: %s deleted", day, said)
        else:
            log.info("Of day %s there are %s; nothing is deleted unless `delete` is set", day, said)
        return counts

    def _of_history(self, connection: psycopg.Connection[Any], day: date, *, delete: bool) -> int:
        """Return how many rows the history has of the day; delete them, and the files of older states."""
        from jobmarket.history.days import forget_kept_day
        from jobmarket.history.maintenance import maintain

        history, now = open_history(self.aws_conn_id), datetime.now(UTC)
        count = history.days(self.source).get(day, 0)
        if delete:
            forget_kept_day(connection, history, self.source, day)
            maintain(history, expire_before=now, orphan_before=now - ORPHAN_LIFE)
        return count
