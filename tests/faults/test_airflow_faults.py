"""Parts of Airflow itself are killed in the middle of a run, on what `make up` starts."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.request
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from local.object_store import ACCOUNT
from tests.local.test_commands import Airflow, make
from tests.support.airflow_runs import House, lake_connection, warehouse_connection
from tests.support.alarm_servers import mailbox
from tests.support.faults import BY_ITSELF, timed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support.alarm_servers import Mailbox

pytestmark = pytest.mark.airflow

DAG = "france_travail_daily"
NO_RETRY = "jobmarket_doctor"
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
    # the schedule starts a run of its own, which no test shall meet
    while not (runs := airflow.runs()):
        time.sleep(0.5)
    airflow.wait_for({run["partition_key"] for run in runs})
    yield airflow
    make(environment, "make", "down")


@pytest.fixture
def mails(up: Airflow) -> Iterator[Mailbox]:
    """Yield what a mail server receives from the tasks, and from whatever Airflow calls for them."""
    with mailbox() as received:
        connection = received.connection(connection_id="alarm_smtp")
        extra = json.dumps(connection["extra"])
        up.call("POST", "/api/v2/connections", {**connection, "extra": extra})
        yield received
        delete = urllib.request.Request(
            f"{up.url}/api/v2/connections/alarm_smtp",
            method="DELETE",
            headers={"Authorization": f"Bearer {up.token}"},
        )
        urllib.request.urlopen(delete, timeout=60).close()


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


def run_of(up: Airflow, day: str) -> str:
    """Return the path of the run of a day in the REST API."""
    (run_id,) = [run["dag_run_id"] for run in up.runs() if run["partition_key"] == day]
    return f"/api/v2/dags/{DAG}/dagRuns/{quote(run_id)}"


def wait_until_running(up: Airflow, run: str, task: str) -> int:
    """Return the process of the task as soon as it has one."""
    deadline = time.monotonic() + 300
    while True:
        instance = up.call("GET", f"{run}/taskInstances/{task}")
        if instance["state"] == "running" and instance["pid"]:
            return int(instance["pid"])
        assert time.monotonic() < deadline, instance
        time.sleep(0.05)


def parents() -> dict[int, int]:
    """Return the parent of each process of this machine."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            found[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    return found


def descendants(pid: int) -> list[int]:
    """Return the processes below one, the deepest last."""
    found = [pid]
    by_child = parents()
    for one in found:
        found += [child for child, parent in by_child.items() if parent == one]
    return found[1:]


def component(environment: dict[str, str], name: str) -> int:
    """Return the process of a part of Airflow that the supervisor started, which may name itself anew."""
    supervisor = int((Path(environment["JOBMARKET_STATE"]) / "supervisor.pid").read_text())
    names = (f"airflow {name}", f"airflow {name.replace('-', '_')}")
    (found,) = [
        child
        for child, parent in parents().items()
        if parent == supervisor
        and any(
            one in Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ") for one in names
        )
    ]
    return found


def kill_task(_environment: dict[str, str], task: int) -> None:
    os.kill(task, signal.SIGKILL)


def kill_worker(_environment: dict[str, str], task: int) -> None:
    for pid in (parents()[task], task):
        os.kill(pid, signal.SIGKILL)


def kill_scheduler(environment: dict[str, str], _task: int) -> None:
    os.kill(component(environment, "scheduler"), signal.SIGKILL)


def kill_scheduler_and_its_tasks(environment: dict[str, str], _task: int) -> None:
    scheduler = component(environment, "scheduler")
    for pid in (scheduler, *descendants(scheduler)):
        os.kill(pid, signal.SIGKILL)


def kill_api_server(environment: dict[str, str], _task: int) -> None:
    server = component(environment, "api-server")
    for pid in (*descendants(server), server):
        os.kill(pid, signal.SIGKILL)


def freeze_api_server(environment: dict[str, str], _task: int) -> None:
    """Cut the network between the tasks and the API server for 20 s: nothing is refused, nothing answers."""
    server = component(environment, "api-server")
    stopped = [server, *descendants(server)]
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(20)
    for pid in stopped:
        os.kill(pid, signal.SIGCONT)


FAULTS: dict[str, tuple[str, Callable[[dict[str, str], int], None]]] = {
    "the process of a task is killed": ("2026-11-16", kill_task),
    "a worker of Airflow is killed with its task": ("2026-11-10", kill_worker),
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
    run = run_of(up, day)
    task = wait_until_running(up, run, "extract")
    ports: dict[str, Any] = json.loads(
        (Path(environment["JOBMARKET_STATE"]) / "ports.json").read_text()
    )
    with timed(fault, BY_ITSELF, house, f"http://127.0.0.1:{ports['sandbox']}", day):
        kill(environment, task)
        assert ended(up, day) == "success"
    if kill in (kill_task, kill_worker):
        assert up.call("GET", f"{run}/taskInstances/extract")["try_number"] == 2


def test_a_task_that_is_killed_on_its_last_try_sends_one_mail(up: Airflow, mails: Mailbox) -> None:
    """Airflow calls nothing of the task then: its run tells."""
    asked = up.call("POST", f"/api/v2/dags/{NO_RETRY}/dagRuns", {"logical_date": None})
    run = f"/api/v2/dags/{NO_RETRY}/dagRuns/{quote(asked['dag_run_id'])}"
    os.kill(wait_until_running(up, run, "examine"), signal.SIGKILL)
    deadline = time.monotonic() + 120
    while not mails.mails:
        assert time.monotonic() < deadline, up.call("GET", run)["state"]
        time.sleep(0.2)
    assert up.call("GET", run)["state"] == "failed"
    ((subject, body),) = mails.mails
    assert subject.startswith(f"[jobmarket] failed: {NO_RETRY} ")
    assert "It ended without a word" in body
    assert "memory of its worker" in body


def test_a_backfill_of_thirty_failing_days_sends_one_mail(up: Airflow, mails: Mailbox) -> None:
    """Nothing has landed of the days, so that none can be rebuilt from raw."""
    first, last = date(2026, 8, 1), date(2026, 8, 30)
    days = {str(first + timedelta(days=number)) for number in range(30)}
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


def ended(up: Airflow, day: str) -> str:
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
