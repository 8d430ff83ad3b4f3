"""The operator that looks at the place it runs in.

What does not live here: what is looked at (``doctor``).
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from jobmarket.airflow.forms import require_known_names
from jobmarket.airflow.task import JobMarketOperator
from jobmarket.foundation.errors import ConfigurationError

if TYPE_CHECKING:
    from airflow.sdk import Context

log = logging.getLogger(__name__)


class ExamineOperator(JobMarketOperator):
    """Look at everything that the DAGs need; log one line a check and return them, fail if one is red."""

    def execute(self, context: Context) -> list[dict[str, Any]]:
        """Return the lines; raise :class:`ConfigurationError` if one is red."""
        from jobmarket.airflow.doctor.examine import examine
        from jobmarket.airflow.doctor.line import summary, written

        require_known_names(context["params"], {})
        lines = examine()
        for line, text in zip(lines, written(lines), strict=True):
            (log.error if line.state == "red" else log.info)("%s", text)
        found = [line._asdict() for line in lines]
        red = [f"{line.part}, {line.check}" for line in lines if line.state == "red"]
        if red:
            context["ti"].xcom_push("lines", found)
            raise ConfigurationError(
                f"{summary(lines)} ({'; '.join(red)}): do what each says above, then run this task again."
            )
        return found
