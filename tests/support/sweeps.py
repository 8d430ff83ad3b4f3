"""A sandbox whose clock is moved, and the tasks that sweep it, one after the other, without their DAG.

What lives here: how tests run ``france_travail_inventory`` on days of their choice, in this process or in one
that dies. What does not: what is expected (the tests).
"""

from __future__ import annotations

import copy
from collections import defaultdict
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import requests
from jobmarket.airflow import inventory_operators
from jobmarket.airflow.source_hook import SourceHook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import pytest
    from jobmarket.foundation.lake.store import Lake

    from tests.support.airflow_runs import House

FIRST = date(2026, 10, 5)
FORM: dict[str, Any] = {
    "day": None,
    "force": False,
    "allow_gap": False,
    "allow_wave": False,
    "max_pages": None,
}
FAST = 400


TASKS = ("extract", "load", "ask", "conclude", "check", "end_retention")


def run_tasks(
    tasks: Mapping[str, Any],
    at: date,
    names: Iterable[str] = TASKS,
    *,
    begin: Callable[[str], object] = str,
    **form: Any,
) -> dict[str, Any]:
    """Run tasks of the DAG one after the other; return what each returned.

    :param begin: is called with the name of each before it.
    """
    context: Any = {
        "params": {**FORM, **form},
        "dag_run": SimpleNamespace(run_id=f"manual__{at}", partition_key=None),
        "outlet_events": defaultdict(Outlet),
    }
    found: dict[str, Any] = {}
    for name in names:
        task = copy.copy(tasks[name])
        if name != "extract":
            task.manifest_key = found["extract"]
        begin(name)
        found[name] = task.execute(context)
    return found


class Sweeps:
    """A sandbox whose clock is moved, and the tasks that sweep it, one after the other, without their DAG."""

    def __init__(self, house: House, url: str, lake: Lake, patch: pytest.MonkeyPatch) -> None:
        self.house = house
        self.url = url
        self.lake = lake
        self._patch = patch
        self._tasks = house.dag_bag.dags["france_travail_inventory"].task_dict

    def stand_at(self, day: date) -> None:
        """Let it be five in the morning of a day."""
        self._patch.setattr(inventory_operators, "_today", lambda: day)
        self.move_clock(day)

    def move_clock(self, day: date) -> None:
        now = datetime.combine(day, datetime.min.time()) + timedelta(hours=5)
        answer = requests.put(f"{self.url}/_sandbox/clock", json={"now": str(now)}, timeout=30)
        assert answer.status_code == 200

    def on(self, at: date, **form: Any) -> dict[str, Any]:
        """Sweep at five in the morning of a day; return what each task returned."""
        self.stand_at(at)
        return run_tasks(self._tasks, at, TASKS[:5], **form)

    def misbehave(self, **faults: Any) -> None:
        requests.put(f"{self.url}/_sandbox/faults", json=faults, timeout=30).raise_for_status()

    def live(self) -> set[str]:
        return set(requests.get(f"{self.url}/_sandbox/live", timeout=30).json())

    def given(self, offer_ids: Iterable[str]) -> set[str]:
        """Return which of these the source gives now, asked for one by one."""
        client = SourceHook("france_travail").get_conn()
        try:
            return {one for one in offer_ids if client.is_live(one)}
        finally:
            client.close()

    def asked(self) -> list[str]:
        found = requests.get(f"{self.url}/_sandbox/requests", timeout=30).json()
        requests.delete(f"{self.url}/_sandbox/requests", timeout=30)
        return [entry["path"] for entry in found]

    def open(self) -> set[str]:
        rows = self.house.rows(
            "select offer_id from core.job_offer where not exists (select from core.offer_absence as a "
            "where a.offer_id = job_offer.offer_id and a.is_closed and a.seen_again_on is null)"
        )
        return {row[0] for row in rows}


class Outlet:
    """What a task tells of an asset."""

    def __init__(self) -> None:
        self.extra: dict[str, Any] = {}

    def add_partitions(self, key: str) -> None:
        self.extra["partition"] = key
