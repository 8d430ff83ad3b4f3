"""The operator that looks whether days arrive, and tells a person once while they do not.

What does not live here: what is late or stale (``offers.watch``), how a person is told (``alarms``).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from jobmarket.airflow.alarms import end_alarm, link_to_ui, raise_alarm
from jobmarket.airflow.task import JobMarketOperator
from jobmarket.foundation.warehouse.roles import REPORTER

if TYPE_CHECKING:
    from airflow.sdk import Context

    from jobmarket.foundation.alarm import Alarm


class WatchOperator(JobMarketOperator):
    """Raise the alarm of each source that is late or stale; end those of the others.

    Returns the subjects of the troubles that there are, told now or before.
    """

    warehouse_role = REPORTER

    def execute(self, context: Context) -> list[str]:
        """Look once."""
        from jobmarket.offers.watch import source_states, troubles

        with self.warehouse() as connection:
            states = source_states(connection)
        found = troubles(states, datetime.now(UTC), link=link_to_ui())
        for alarm in found:
            self.log.warning("%s", alarm.happened)
            raise_alarm(alarm, is_once=True, context=context)
        present = {alarm.key for alarm in found}
        for state in states:
            for over in _every_alarm_of(state.source):
                if over.key not in present:
                    end_alarm(over)
        return [alarm.subject for alarm in found]


def _every_alarm_of(source: str) -> list[Alarm]:
    from jobmarket.foundation.alarm import Alarm

    return [Alarm(kind, source, "", "", "", "", "", "") for kind in ("late", "stale")]
