"""CeleryExecutor with Redis and two workers, as processes of this machine: `make test-celery`.

Not part of `make test`: it needs redis-server and some minutes. The last figures are in docs/containers.md.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import time
from contextlib import ExitStack, contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
import requests
from jobmarket.offers.forget import delete_day

from sandbox.offers.plan import plan_of
from sandbox.settings import Settings
from tests.local.test_commands import Airflow, make, pids, processes_of
from tests.support.celery_parts import redis, worker

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).parents[2]
DAYS = tuple(f"2026-11-{number:02}" for number in range(11, 19))
OFFERS = 3_000  # of a weekday
PLANS = {day: plan_of(Settings(offers_per_day=OFFERS), date.fromisoformat(day)) for day in DAYS}
SIZES = {day: plan.france_travail + plan.partner for day, plan in PLANS.items()}
LONGEST_S = 900
TICK_S = 1 / os.sysconf("SC_CLK_TCK")
PARTS = ("celery", "postgres", "api", "scheduler", "dag-processor", "triggerer", "sandbox", "weed")

pytestmark = [
    pytest.mark.airflow,
    pytest.mark.skipif(
        not (os.environ.get("JOBMARKET_CELERY") and shutil.which("redis-server")),
        reason="make test-celery runs it, where redis-server is installed",
    ),
]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Return the environment of a stack that gives its tasks to Redis."""
    state = tmp_path_factory.mktemp("celery")
    state.chmod(0o755)
    own = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
    with redis("own") as broker:
        yield {
            **own,
            **broker,
            "JOBMARKET_STATE": str(state),
            "SANDBOX_OPTIONS": f"--offers-per-day {OFFERS} --no-lively",
            # a worker that dies is noticed in seconds, so that the test is not one of minutes
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "40",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
        }


@pytest.fixture(scope="module")
def up(environment: dict[str, str]) -> Iterator[Airflow]:
    try:
        airflow = Airflow(make(environment, "make", "up"))
        make(environment, "scripts/airflow", "dags", "unpause", "france_travail_daily")
        yield airflow
    finally:
        make(environment, "make", "down")
    assert pids(environment, "celery") == []


def let_answers_take(environment: dict[str, str], milliseconds: int) -> None:
    """Have the sandbox take so long for each answer; 0: none."""
    (line,) = {
        line
        for line in processes_of(environment["JOBMARKET_STATE"]).values()
        if "-m sandbox --port" in line
    }
    port = re.search(r"--port (\d+)", line)[1]  # type: ignore[index]
    told = (
        {"every": 1, "kinds": ["slow"], "slow_ms": milliseconds} if milliseconds else {"every": 0}
    )
    url = f"http://127.0.0.1:{port}/_sandbox/faults"
    requests.put(url, json=told, timeout=30).raise_for_status()


def start(up: Airflow, days: tuple[str, ...], **conf: str) -> list[str]:
    """Start a run of each day; return their ids."""
    path = "/api/v2/dags/france_travail_daily/dagRuns"
    bodies = [{"logical_date": None, "conf": {"day": day, **conf}} for day in days]
    return [up.call("POST", path, body)["dag_run_id"] for body in bodies]


def wait_for(up: Airflow, started: list[str]) -> None:
    """Wait until runs have ended, and require that each succeeded."""
    deadline = time.monotonic() + LONGEST_S
    while True:
        states = {run["dag_run_id"]: run["state"] for run in up.runs()}
        met = [states[run_id] for run_id in started]
        if all(state in ("success", "failed") for state in met):
            assert met == ["success"] * len(started)
            return
        assert time.monotonic() < deadline, states
        time.sleep(0.5)


@contextmanager
def warehouse(environment: dict[str, str]) -> Iterator[psycopg.Connection[Any]]:
    url = (Path(environment["JOBMARKET_STATE"]) / "warehouse-owner.url").read_text().strip()
    with psycopg.connect(url) as connection:
        yield connection


def require_all_once(environment: dict[str, str]) -> None:
    """Require each offer of each day once, and each day certified."""
    with warehouse(environment) as connection:
        rows = connection.execute(
            "select created_on::text, count(*), count(distinct offer_id) from core.job_offer"
            " where created_on::text = any(%s) group by 1 order by 1",
            (list(DAYS),),
        ).fetchall()
        days = connection.execute(
            "select day::text, standing from control.day_run where day::text = any(%s) order by 1",
            (list(DAYS),),  # the schedule has a day of its own, once the DAG is unpaused
        ).fetchall()
    assert rows == [(day, size, size) for day, size in SIZES.items()]
    assert days == [(day, "certified") for day in DAYS]


def land_all(environment: dict[str, str], up: Airflow) -> None:
    """Collect each day from the API, unless a test before this one has."""
    with warehouse(environment) as connection:
        certified = connection.execute(
            "select count(*) from control.day_run where day::text = any(%s) and standing = 'certified'",
            (list(DAYS),),
        ).fetchone()
    if certified != (len(DAYS),):
        with worker(environment, "one"), worker(environment, "two"):
            wait_for(up, start(up, DAYS, source="api"))


def test_a_worker_is_killed_and_the_other_goes_on(environment: dict[str, str], up: Airflow) -> None:
    let_answers_take(environment, 400)
    started = time.monotonic()
    with worker(environment, "one") as one, worker(environment, "two"):
        runs = start(up, DAYS, source="api")
        is_at_work = "/api/v2/dags/~/dagRuns/~/taskInstances?state=running"
        while not any(
            (ti["hostname"] or ti["pid"]) and ti["task_id"] == "extract"
            for ti in up.call("GET", is_at_work)["task_instances"]
        ):
            assert time.monotonic() - started < 120
            time.sleep(0.2)
        os.killpg(one.pid, signal.SIGKILL)
        one.wait()
        let_answers_take(environment, 0)
        wait_for(up, runs)
    print(f"eight days, one of two workers killed: {time.monotonic() - started:.0f} s")  # noqa: T201 - the figure
    require_all_once(environment)


def test_two_workers_load_faster_than_one_where_there_are_cores(
    environment: dict[str, str], up: Airflow
) -> None:
    """Load eight days from what has landed, by one worker and by two, each with one task at a time."""
    land_all(environment, up)
    seconds: dict[int, float] = {}
    busy: dict[int, float] = {}
    for names in (("one",), ("one", "two")):
        with warehouse(environment) as connection:
            for day in DAYS:
                delete_day(connection, "france_travail", date.fromisoformat(day))
        with ExitStack() as workers:
            for name in names:
                workers.enter_context(worker(environment, name))
            before, used = machine_s(), cpu_s(environment)
            started = time.monotonic()
            wait_for(up, start(up, DAYS, source="raw"))
            count = len(names)
            seconds[count] = time.monotonic() - started
            after = machine_s()
            busy[count] = (after[0] - before[0]) / (after[1] - before[1])
            spent = {part: round(now - used[part]) for part, now in cpu_s(environment).items()}
        said = (
            f"{count} workers: {seconds[count]:.0f} s, cores {busy[count]:.0%} busy, CPU s {spent}"
        )
        print(said)  # noqa: T201 - the figure
        require_all_once(environment)
    # two are worth two where there are cores for both: what is free beside one is all that the other can have
    assert seconds[1] / seconds[2] >= 1.6 or busy[2] > 0.9


def machine_s() -> tuple[float, float]:
    """Return the seconds for which the cores of the machine were busy, and all of them."""
    ticks = [int(one) for one in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return (sum(ticks) - ticks[3] - ticks[4]) * TICK_S, sum(ticks) * TICK_S


def cpu_s(environment: dict[str, str]) -> dict[str, float]:
    """Return the CPU that each part of the stack has used, with its children that have ended."""
    found = dict.fromkeys(PARTS, 0.0)
    for pid, line in processes_of(environment["JOBMARKET_STATE"]).items():
        part = next((one for one in PARTS if one in line), None)
        with suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            if part:
                found[part] += sum(map(int, fields[11:15])) * TICK_S
    return found
