"""CeleryExecutor with Redis and two workers, as processes of this machine: `make test-celery`.

Not part of `make test`: it needs redis-server and some minutes. The last figures are in docs/containers.md.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from local.process import free_port
from tests.local.test_commands import Airflow, make, pids

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).parents[2]
DAYS = ("2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19")
OFFERS = 700

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
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1"]
    redis = subprocess.Popen(
        [*command, "--requirepass", "own", "--dir", str(state)],
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    own = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
    yield {
        **own,
        "JOBMARKET_STATE": str(state),
        "SANDBOX_OPTIONS": f"--offers-per-day {OFFERS} --no-lively --latency-ms 400",
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "AIRFLOW__CELERY__BROKER_URL": f"redis://:own@127.0.0.1:{port}/0",
        # a worker that dies is noticed in seconds, so that the test is not one of minutes
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "20",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
    }
    redis.terminate()
    redis.wait()


@contextmanager
def worker(environment: dict[str, str], name: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker with its tasks in a process group of its own."""
    log = Path(environment["JOBMARKET_STATE"]) / f"{name}.log"
    options = ("--celery-hostname", f"{name}@%h", "--concurrency", "2", "--skip-serve-logs")
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["scripts/airflow", "celery", "worker", *options],
            cwd=REPOSITORY, env=environment, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + 120
        while b"ready." not in log.read_bytes():
            assert process.poll() is None, log.read_text()[-3000:]
            assert time.monotonic() < deadline
            time.sleep(0.5)
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(120)


def test_two_workers_load_days_and_one_of_them_is_killed(environment: dict[str, str]) -> None:
    up = Airflow(make(environment, "make", "up"))
    try:
        make(environment, "scripts/airflow", "dags", "unpause", "france_travail_daily")
        started = time.monotonic()
        with worker(environment, "one") as one, worker(environment, "two"):
            for day in DAYS:
                body = {"logical_date": None, "partition_key": day}
                up.call("POST", "/api/v2/dags/france_travail_daily/dagRuns", body)
            is_at_work = "/api/v2/dags/~/dagRuns/~/taskInstances?state=running"
            while not [ti for ti in up.call("GET", is_at_work)["task_instances"] if ti["hostname"]]:
                assert time.monotonic() - started < 120
                time.sleep(0.2)
            os.killpg(one.pid, signal.SIGKILL)
            one.wait()
            assert up.wait_for(set(DAYS)) == dict.fromkeys(DAYS, "success")
        seconds = time.monotonic() - started
        print(f"four days, one of two workers killed: {seconds:.0f} s")  # noqa: T201 - the figure
        url = (Path(environment["JOBMARKET_STATE"]) / "warehouse-owner.url").read_text().strip()
        with psycopg.connect(url) as connection:
            rows = connection.execute(
                "select count(*), count(distinct offer_id) from core.job_offer"
            ).fetchone()
            days = connection.execute(
                "select day::text, standing from control.day_run order by 1"
            ).fetchall()
        assert rows == (OFFERS * len(DAYS), OFFERS * len(DAYS))
        assert [day for day, _ in days] == list(DAYS)
        assert {standing for _, standing in days} == {"certified"}
    finally:
        make(environment, "make", "down")
    assert pids(environment, "celery") == []
