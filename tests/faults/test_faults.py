"""Real runs on real parts, one of which is broken; afterwards nothing is lost and nothing is there twice."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
import requests

from local.postgres import Postgres
from local.process import free_port
from sandbox.server import running
from sandbox.settings import FAULT_KINDS, Settings
from tests.airflow.test_daily_run import small_disk  # noqa: F401  a fixture
from tests.airflow.test_remedies import damage_a_page
from tests.support.airflow_runs import (
    House,
    lake_connection,
    sandbox_connection,
    tasks_connection,
)
from tests.support.faults import BY_ITSELF, timed
from tests.support.relay import Relay, relaying

if TYPE_CHECKING:
    from pathlib import Path

    from airflow.dag_processing.dagbag import DagBag
    from mypy_boto3_s3 import S3Client

    from local.object_store import ObjectStore

pytestmark = [pytest.mark.airflow, pytest.mark.filterwarnings("default")]

DAY = "2026-11-18"
OFFERS = 1_500
FAST = 400  # requests a second
SENT = 300_000
"""Bytes: a load that has sent so many to PostgreSQL is in its middle."""


@dataclass
class Broken:
    """A house, and the networks between its tasks and the parts that they need."""

    house: House
    api_url: str
    api: Relay
    lake: Relay
    warehouse: Relay
    postgres: Postgres
    s3: S3Client
    bucket: str

    def connect_api(self, port: int | None = None) -> None:
        url = f"http://127.0.0.1:{port or self.api.port}"
        extra = {"requests_per_second": FAST}
        self.house.connect("france_travail", **sandbox_connection(url, extra=extra))

    def misbehave(self, **faults: Any) -> None:
        requests.put(f"{self.api_url}/_sandbox/faults", json=faults, timeout=30).raise_for_status()

    def restart_postgres(self) -> None:
        """Let PostgreSQL end at once, as in a crash, and start again; called in a thread of its own."""
        self.postgres.service.process.send_signal(signal.SIGQUIT)
        self.postgres.service.process.wait(60)
        again = Postgres.start(self.postgres.directory, self.postgres.port, durable=False)
        self.postgres.service = again.service
        again.wait()
        threading.Event().wait()  # the server ends with the thread that started it

    def subprocess(self, output: Path, logical_date: str = DAY) -> subprocess.Popen[bytes]:
        """Start the run of ``DAY`` in a process of its own, which may be killed.

        :param output: file that gets what it says.
        :param logical_date: of the run; Airflow has one run for each.
        """
        form = json.dumps({"day": DAY})
        command = [sys.executable, "-m", "airflow", "dags", "test", self.house.dag_id, logical_date]
        command += ["--conf", form]
        with output.open("wb") as said:
            return subprocess.Popen(
                command, stdout=said, stderr=subprocess.STDOUT, start_new_session=True
            )


@pytest.fixture(scope="module")
def own_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """Yield a cluster that may be restarted."""
    directory = tmp_path_factory.mktemp("faults")
    for parent in (directory, *directory.parents[:3]):
        parent.chmod(0o755)  # PostgreSQL runs as another account
    cluster = Postgres.start(directory / "postgres", durable=False).wait()
    yield cluster
    cluster.stop()


@pytest.fixture
def broken(
    airflow_metadata: None,
    dag_bag: DagBag,
    monkeypatch: pytest.MonkeyPatch,
    own_postgres: Postgres,
    object_store: ObjectStore,
    s3: S3Client,
    bucket: str,
) -> Iterator[Broken]:
    dsn = own_postgres.create_database(f"faults_{os.urandom(4).hex()}")
    house = House(dag_bag, monkeypatch, dsn)
    monkeypatch.setenv("AIRFLOW_VAR_DATA_LAKE_BUCKET", bucket)
    with (
        running(Settings(offers_per_day=OFFERS, rate=FAST)) as sandbox,
        relaying(int(sandbox.url.rpartition(":")[2])) as api,
        relaying(object_store.port) as lake,
        relaying(own_postgres.port) as warehouse,
    ):
        house.connect("aws_default", **lake_connection(lake.url))
        house.connect("warehouse", **{**tasks_connection(dsn), "port": warehouse.port})
        parts = Broken(house, sandbox.url, api, lake, warehouse, own_postgres, s3, bucket)
        parts.connect_api()
        yield parts


Break = Callable[[Broken], object]


def bad_answers(*kinds: str, every: int = 6) -> Break:
    return lambda parts: parts.misbehave(every=every, kinds=list(kinds), slow_ms=700)


def api_restarts(parts: Broken) -> None:
    parts.api.after(20_000, lambda: parts.api.away_for(4))


def lake_is(mode: Any) -> Break:
    return lambda parts: setattr(parts.lake, "mode", mode)


def lake_goes_away(parts: Broken) -> None:
    parts.lake.after(200_000, lambda: parts.lake.away_for(4))


def postgres_restarts(parts: Broken) -> None:
    parts.warehouse.after(SENT, parts.restart_postgres)


def network_is_cut(parts: Broken) -> None:
    parts.warehouse.after(SENT, parts.warehouse.cut)


def backend_is_ended(parts: Broken) -> None:
    def end() -> None:
        with psycopg.connect(parts.house.dsn, autocommit=True) as connection:
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'tasks'"
            )

    parts.warehouse.after(SENT, end)


def schema_is_upgraded(parts: Broken) -> None:
    """Apply a file of DDL while the load is at work, as a deployment does that migrates at once."""

    def upgrade() -> None:
        with psycopg.connect(parts.house.dsn, autocommit=True) as connection:
            connection.execute("set lock_timeout = '60s'")
            # locks all others out of the table, as a column would, which today's code would refuse
            connection.execute("alter table core.job_offer add constraint later check (true)")

    parts.warehouse.after(SENT, upgrade)


ITSELF: dict[str, Break] = {
    "every sixth answer of the API is one of ten bad kinds": bad_answers(*FAULT_KINDS),
    "the API refuses the rate (429) every sixth time": bad_answers("429"),
    "every fourth answer of the API is cut off or missing": bad_answers("cut", "closed", every=4),
    "every sixth answer of the API is an error page (500, 502, 503, HTML)": bad_answers(
        "500", "502", "503", "html-502", "html-200"
    ),
    "the API revokes the token every twentieth request": bad_answers("401", every=20),
    "every sixth answer of the API takes 0.7 s": bad_answers("slow"),
    "the API restarts in the middle of the day's reading (4 s)": api_restarts,
    "S3 is slow: 0.15 s more an answer": lake_is("slow"),
    "S3 loses its answer after it wrote": lake_is("lose answers"),
    "S3 is busy (503) every fourth time": lake_is("busy"),
    "S3 goes away in the middle of the reading (4 s)": lake_goes_away,
    "PostgreSQL restarts in the middle of the load": postgres_restarts,
    "the network to PostgreSQL is cut in the middle of the load": network_is_cut,
    "an administrator ends the session in the middle of the load": backend_is_ended,
}


@pytest.mark.parametrize("fault", ITSELF)
def test_a_run_recovers_by_itself(broken: Broken, fault: str) -> None:
    ITSELF[fault](broken)
    with timed(fault, BY_ITSELF, broken.house, broken.api_url, DAY):
        run = broken.house.run(DAY, has_retries=True)
        assert run["state"] == "success", broken.house.sentences
        broken.lake.mode = "pass"
        broken.misbehave(every=0)


def api_is_down(parts: Broken) -> Break:
    parts.api.mode = "refuse"
    return lambda parts: setattr(parts.api, "mode", "pass")


def token_endpoint_is_down(parts: Broken) -> Break:
    """Only the token has an address of its own in the connection."""
    extra = {"requests_per_second": FAST, "token_url": f"http://127.0.0.1:{free_port()}/token"}
    parts.house.connect("france_travail", **sandbox_connection(parts.api.url, extra=extra))
    return lambda parts: parts.connect_api()


def secret_is_changed(parts: Broken) -> Break:
    extra = {"requests_per_second": FAST}
    parts.house.connect(
        "france_travail", **sandbox_connection(parts.api.url, extra=extra, password="old")
    )
    return lambda parts: parts.connect_api()


def lake_refuses(parts: Broken) -> Break:
    parts.lake.mode = "refuse"
    return lambda parts: setattr(parts.lake, "mode", "pass")


def postgres_is_down(parts: Broken) -> Break:
    parts.warehouse.mode = "refuse"
    return lambda parts: setattr(parts.warehouse, "mode", "pass")


SENTENCES: dict[str, tuple[Callable[[Broken], Break], str, str]] = {
    "the API is down for an hour (all retries)": (
        api_is_down, "france_travail_daily.extract did not succeed", "cleared the task when it was up",
    ),
    "the token endpoint is down": (
        token_endpoint_is_down, "did not succeed", "cleared the task when it was up",
    ),
    "the secret of the API was changed": (
        secret_is_changed, "did not succeed", "corrected the connection",
    ),
    "S3 refuses every connection": (
        lake_refuses, "S3", "cleared the task when it was up",
    ),
    "PostgreSQL is down (all retries)": (
        postgres_is_down, "did not succeed", "cleared the task when it was up",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", SENTENCES)
def test_a_run_ends_in_a_sentence_and_the_next_one_is_whole(broken: Broken, fault: str) -> None:
    break_it, said, way = SENTENCES[fault]
    mend = break_it(broken)
    assert broken.house.run(DAY, has_retries=True)["state"] == "failed"
    last = broken.house.sentences[-1]
    assert said in last
    assert "Traceback" not in last
    assert broken.house.rows("select count(*) from core.job_offer") == [(0,)]
    mend(broken)
    with timed(fault, way, broken.house, broken.api_url, DAY):
        assert broken.house.run(DAY)["state"] == "success", broken.house.sentences


def test_a_schema_upgrade_waits_for_the_load_and_the_load_for_nobody(broken: Broken) -> None:
    schema_is_upgraded(broken)
    fault = "a schema upgrade begins in the middle of the load"
    with timed(fault, BY_ITSELF, broken.house, broken.api_url, DAY):
        run = broken.house.run(DAY, has_retries=True)
        assert run["state"] == "success", broken.house.sentences
    assert broken.house.rows("select count(*) from pg_constraint where conname = 'later'") == [(1,)]


@pytest.mark.parametrize(
    ("fault", "of", "sent"),
    [
        ("the process of the run is killed while it reads", "lake", 150_000),
        ("the process of the run is killed while it loads", "warehouse", SENT),
    ],
)
def test_a_killed_process_leaves_nothing_half(
    broken: Broken, tmp_path: Path, fault: str, of: str, sent: int
) -> None:
    dead = threading.Event()

    def kill() -> None:
        os.killpg(process.pid, signal.SIGKILL)
        dead.set()

    getattr(broken, of).after(sent, kill)
    process = broken.subprocess(tmp_path / "run.log")
    process.wait(240)
    assert dead.wait(1)
    assert broken.house.rows("select count(*) from core.job_offer") == [(0,)]
    with timed(fault, "cleared the task", broken.house, broken.api_url, DAY):
        assert broken.house.run(DAY)["state"] == "success", broken.house.sentences


def test_two_runs_of_a_day_at_once_are_as_one(broken: Broken, tmp_path: Path) -> None:
    said = [tmp_path / "first.log", tmp_path / "second.log"]
    with timed("two runs of a day at once", BY_ITSELF, broken.house, broken.api_url, DAY):
        both = [
            broken.subprocess(output, logical_date)
            for output, logical_date in zip(said, (DAY, "2026-11-19"), strict=True)
        ]
        for process, output in zip(both, said, strict=True):
            assert process.wait(400) == 0, output.read_text()[-5000:]


@pytest.mark.parametrize(
    ("day", "fault"),
    [
        ("2026-10-25", "the clock is set back: a day of 25 hours"),
        ("2026-03-29", "the clock is set forward: a day of 23 hours"),
    ],
)
def test_days_of_another_length_are_whole(broken: Broken, day: str, fault: str) -> None:
    with timed(fault, BY_ITSELF, broken.house, broken.api_url, day):
        assert broken.house.run(day)["state"] == "success", broken.house.sentences


def test_a_raw_page_that_was_damaged_is_named_and_landed_anew(broken: Broken) -> None:
    assert broken.house.run(DAY)["state"] == "success", broken.house.sentences
    damage_a_page(broken.s3, broken.bucket)
    assert broken.house.run(DAY, source="raw")["state"] == "failed"
    assert "run the day again with force" in broken.house.sentences[-1]
    fault = "a raw page in S3 is damaged"
    with timed(fault, "ran the day with force", broken.house, broken.api_url, DAY):
        run = broken.house.run(DAY, force=True)
        assert run["state"] == "success", broken.house.sentences


def test_a_full_disk_publishes_nothing(broken: Broken, small_disk: Path) -> None:  # noqa: F811
    for parent in (small_disk, *small_disk.parents[:3]):
        parent.chmod(0o755)
    postgres = Postgres.start(small_disk, durable=False).wait()
    try:
        broken.house.dsn = postgres.create_database("warehouse")
        broken.house.connect("warehouse", **tasks_connection(broken.house.dsn))
        with psycopg.connect(broken.house.dsn, autocommit=True) as connection:
            connection.execute("select pg_switch_wal()")
            connection.execute("checkpoint")
        ballast = small_disk / "ballast"
        ballast.write_bytes(bytes(shutil.disk_usage(small_disk).free - 500_000))
        assert broken.house.run(DAY)["state"] == "failed"
        assert "has no disk space left: nothing was published" in broken.house.sentences[-1]
        ballast.unlink()
        fault = "the disk of PostgreSQL is full"
        with timed(fault, "made room, cleared the task", broken.house, broken.api_url, DAY):
            assert broken.house.run(DAY)["state"] == "success", broken.house.sentences
    finally:
        postgres.stop()
