"""Parts of Airflow itself are killed in the middle of a run, on what `make up` starts."""

from __future__ import annotations

import json
import os
import signal
import time
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from local.object_store import ACCOUNT
from tests.local.test_commands import Airflow, make, pids
from tests.support.airflow_runs import House, lake_connection, warehouse_connection
from tests.support.alarm_servers import mailbox
from tests.support.faults import BY_ITSELF, timed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.airflow

DAG = "france_travail_daily"
OFFERS = 3_000


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    """Return the environment of a stack whose lost tasks are noticed within a minute."""
    state = Path(os.environ["AIRFLOW_HOME"]).parent / "faults"
    state.mkdir()
    own = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
    return {
        **own,
        "JOBMARKET_STATE": str(state),
        "SANDBOX_OPTIONS": f"--offers-per-day {OFFERS} --no-lively",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
        "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "10",
    }


@pytest.fixture(scope="module")
def up(environment: dict[str, str]) -> Iterator[Airflow]:
    airflow = Airflow(make(environment, "make", "up"))
    make(environment, "scripts/airflow", "dags", "unpause", DAG)
    yield airflow
    make(environment, "make", "down")


@pytest.fixture
def house(environment: dict[str, str], up: Airflow, monkeypatch: pytest.MonkeyPatch) -> House:
    """Return what looks into the warehouse and the lake of the stack."""
    state = Path(environment["JOBMARKET_STATE"])
    ports, keys = (json.loads((state / f"{name}.json").read_text()) for name in ("ports", "keys"))
    dsn = (state / "warehouse-owner.url").read_text().strip()
    house = House(None, monkeypatch, dsn)
    house.connect("warehouse", **warehouse_connection(dsn))
    lake = lake_connection(f"http://127.0.0.1:{ports['s3']}", login=ACCOUNT, password=keys["s3"])
    house.connect("aws_default", **lake)
    monkeypatch.setenv("AIRFLOW_VAR_DATA_LAKE_BUCKET", "jobmarket")
    return house


def task_state(up: Airflow, day: str, task: str) -> str:
    for run in up.runs():
        if run["partition_key"] == day:
            path = f"/api/v2/dags/{DAG}/dagRuns/{quote(run['dag_run_id'])}/taskInstances/{task}"
            return str(up.call("GET", path)["state"])
    return "none"


def wait_until_running(up: Airflow, day: str, task: str) -> None:
    deadline = time.monotonic() + 300
    while task_state(up, day, task) != "running":
        assert time.monotonic() < deadline
        time.sleep(0.05)


def descendants(pid: int) -> list[int]:
    """Return the processes below one, the deepest last."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        parents.setdefault(parent, []).append(int(stat.parent.name))
    found = [pid]
    for one in found:
        found += parents.get(one, [])
    return found[1:]


def component(environment: dict[str, str], name: str) -> int:
    """Return the process of a part of Airflow that the supervisor started."""
    return min(pids(environment, f"-m airflow {name}"))


def kill_task(environment: dict[str, str]) -> None:
    os.kill(descendants(component(environment, "scheduler"))[-1], signal.SIGKILL)


def kill_scheduler(environment: dict[str, str]) -> None:
    os.kill(component(environment, "scheduler"), signal.SIGKILL)


def kill_scheduler_and_its_tasks(environment: dict[str, str]) -> None:
    scheduler = component(environment, "scheduler")
    for pid in (scheduler, *descendants(scheduler)):
        os.kill(pid, signal.SIGKILL)


def kill_api_server(environment: dict[str, str]) -> None:
    server = component(environment, "api-server")
    for pid in (*descendants(server), server):
        os.kill(pid, signal.SIGKILL)


def freeze_api_server(environment: dict[str, str]) -> None:
    """Cut the network between the tasks and the API server for 20 s: nothing is refused, nothing answers."""
    server = component(environment, "api-server")
    stopped = [server, *descendants(server)]
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(20)
    for pid in stopped:
        os.kill(pid, signal.SIGCONT)


FAULTS: dict[str, tuple[str, Callable[[dict[str, str]], None]]] = {
    "the process of a task is killed": ("2026-11-16", kill_task),
    "the scheduler is killed": ("2026-11-17", kill_scheduler),
    "the scheduler is killed with its workers": ("2026-11-18", kill_scheduler_and_its_tasks),
    "the API server of Airflow is killed": ("2026-11-12", kill_api_server),
    "the network to Airflow's API server is dead for 20 s": ("2026-11-13", freeze_api_server),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_run_goes_on_when_a_part_of_airflow_dies(
    environment: dict[str, str], up: Airflow, house: House, fault: str
) -> None:
    day, kill = FAULTS[fault]
    up.call(
        "POST",
        f"/api/v2/dags/{DAG}/dagRuns",
        {"logical_date": None, "partition_key": day},
    )
    wait_until_running(up, day, "extract")
    ports: dict[str, Any] = json.loads(
        (Path(environment["JOBMARKET_STATE"]) / "ports.json").read_text()
    )
    with timed(fault, BY_ITSELF, house, f"http://127.0.0.1:{ports['sandbox']}", day):
        kill(environment)
        assert ended(environment, up, day) == "success"


def test_a_backfill_of_thirty_failing_days_sends_one_mail(up: Airflow) -> None:
    """Nothing has landed of the days, so that none can be rebuilt from raw."""
    first, last = date(2026, 8, 1), date(2026, 8, 30)
    days = {str(first + timedelta(days=number)) for number in range(30)}
    with mailbox() as mails:
        connection = mails.connection(connection_id="alarm_smtp")
        extra = json.dumps(connection["extra"])
        up.call("POST", "/api/v2/connections", {**connection, "extra": extra})
        up.call(
            "POST",
            "/api/v2/backfills",
            {
                "dag_id": DAG,
                "from_date": f"{first}T00:00:00Z",
                "to_date": f"{last}T00:00:00Z",
                "dag_run_conf": {"source": "raw"},
                "max_active_runs": 4,
            },
        )
        deadline = time.monotonic() + 900
        states: dict[str, str] = {}
        while not days <= states.keys() or not {states[day] for day in days} <= {"failed"}:
            assert time.monotonic() < deadline, states
            time.sleep(1)
            states = {run["partition_key"]: run["state"] for run in up.runs()}
    ((subject, body),) = mails.mails
    assert "failed: france_travail_daily 2026-08-" in subject
    assert "this message stands for all its runs that fail so" in body
    assert "run the day with source = api" in body


def ended(environment: dict[str, str], up: Airflow, day: str) -> str:
    """Wait until the run has ended, however often Airflow does not answer meanwhile."""
    deadline = time.monotonic() + 900
    while time.monotonic() < deadline:
        try:
            states = {run["partition_key"]: run["state"] for run in up.runs()}
        except OSError:
            time.sleep(0.5)
            continue
        if states.get(day) in ("success", "failed"):
            return str(states[day])
        time.sleep(0.5)
    return "running"
