"""The timetable of the weekly DAG: its partitions are called as people call weeks, ``2026-W47``.

What does not live here: the schedules themselves (``dags``). Airflow's own timetable reads its keys with
``strptime``, which knows no week without a weekday behind it.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

from airflow.exceptions import InvalidPartitionKeyError
from airflow.timetables.trigger import CronPartitionTimetable

from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.period import parse_period

if TYPE_CHECKING:
    from pendulum import DateTime


class WeekTimetable(CronPartitionTimetable):
    """A cron schedule whose partitions are ISO weeks; a key with a weekday behind it is the same week."""

    def _format_key(self, partition_date: DateTime) -> str:
        return f"{partition_date.in_timezone(self._timezone):%G-W%V}"

    def _decode_partition_date(self, partition_key: str) -> datetime:
        try:
            week = parse_period("week", partition_key, "partition key")
        except ConfigurationError as error:
            raise InvalidPartitionKeyError(str(error)) from None
        return datetime.combine(week.start, time(), self._timezone)
