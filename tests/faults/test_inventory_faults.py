"""Sweeps whose process is killed in each task, beside sweeps of the same stock that nothing happens to."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from jobmarket.foundation.lake.absences import read_absences
from jobmarket.foundation.lake.layout import is_manifest
from jobmarket.foundation.lake.store import Lake

from local.postgres import Postgres
from sandbox.server import running
from sandbox.settings import Settings
from tests.support.airflow_runs import (
    House,
    lake_connection,
    sandbox_connection,
    tasks_connection,
)
from tests.support.faults import RECOVERIES, Recovery
from tests.support.killed_sweep import died
from tests.support.sweeps import FAST, FIRST, FORM, Sweeps, run_tasks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from airflow.dag_processing.dagbag import DagBag
    from mypy_boto3_s3 import S3Client

    from local.object_store import ObjectStore

pytestmark = [pytest.mark.airflow, pytest.mark.filterwarnings("default")]

# before which calls that leave the process, the first being 1
DEATHS = {
    "extract": (2, 30),
    "load": (1, 12),
    "ask": (4, 40),
    "conclude": (3, 14),
    "check": (1,),
    "end_retention": (2, 5),
}
CLOCK = {
    *("run_id", "ended_by_run_id", "observed_at", "started_at", "finished_at", "missing_at"),
    *("loaded_at", "concluded_at", "erased_at", "restored_at", "counts", "page_key"),
}
"""Columns that tell which run it was and when, and not what it found."""


class Twin(Sweeps):
    """One of two places that sweep the same stock: a lake and a warehouse of its own."""

    warehouse: dict[str, Any]

    def enter(self, day: date) -> None:
        """Let the tasks find this place from now on, at five in the morning of a day."""
        self.house.connect("warehouse", **self.warehouse)
        self.house.environment.setenv("AIRFLOW_VAR_DATA_LAKE_BUCKET", self.lake.bucket)
        self.stand_at(day)

    def state(self) -> dict[str, Any]:
        """Return all rows of the warehouse and what the lake holds, but for which run it was and when."""
        tables = self.house.rows(
            "select c.oid::regclass::text from pg_class as c where c.relkind in ('r', 'p') "
            "and not c.relispartition and (c.relnamespace = 'core'::regnamespace or c.oid in "
            "('control.sweep'::regclass, 'control.erasure'::regclass, 'control.rejected_record'::regclass,"
            " 'mart.offer_count'::regclass)) order by 1"
        )
        found: dict[str, Any] = {}
        for (table,) in tables:
            rows = self.house.rows(f"select to_jsonb(t) from {table} as t")  # noqa: S608
            plain = [{name: row[name] for name in row.keys() - CLOCK} for (row,) in rows]
            found[table] = Counter(str(sorted(row.items())) for row in plain)
        for key in filter(is_manifest, self.lake.keys("")):
            manifest = self.lake.read_manifest(key)
            answers = read_absences(self.lake, manifest)
            offers = set()
            for page, body in self.lake.iter_pages(manifest):
                given = msgspec.json.decode(body) if page.offers else {"resultats": []}
                records = given["resultats"] if "resultats" in given else given["records"]
                offers |= {one.get("id") or one["offer_id"] for one in records}
            found[key.split("/run=")[0]] = (len(offers), answers.alive, answers.gone)
        return found


@pytest.fixture
def own_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    directory = tmp_path_factory.mktemp("inventory_faults")
    for parent in (directory, *directory.parents[:3]):
        parent.chmod(0o755)  # PostgreSQL runs as another account
    cluster = Postgres.start(directory / "postgres", durable=False).wait()
    yield cluster
    cluster.stop()


def test_a_sweep_that_is_killed_anywhere_and_begun_again_is_as_one_that_was_not(
    airflow_metadata: None,
    dag_bag: DagBag,
    monkeypatch: pytest.MonkeyPatch,
    own_postgres: Postgres,
    object_store: ObjectStore,
    s3: S3Client,
) -> None:
    monkeypatch.setenv("AIRFLOW_VAR_RAW_RETENTION_DAYS", "3")
    monkeypatch.setenv("AIRFLOW_VAR_ERASURE_GRACE_DAYS", "1")
    morning = datetime(2026, 10, 5, 5)  # noqa: DTZ001  the Paris wall clock
    settings = Settings(offers_per_day=80, mean_life_days=6, rate=FAST, now=morning)
    with running(settings) as sandbox:
        places = []
        for name in ("killed", "undisturbed"):
            dsn = own_postgres.create_database(f"{name}_{os.urandom(4).hex()}")
            bucket = f"inventory-{name}-{os.urandom(4).hex()}"
            s3.create_bucket(Bucket=bucket)
            house = House(dag_bag, monkeypatch, dsn, "france_travail_inventory", FORM)
            house.connect("aws_default", **lake_connection(object_store.endpoint_url))
            extra = {"requests_per_second": FAST}
            house.connect("france_travail", **sandbox_connection(sandbox.url, extra=extra))
            twin = Twin(house, sandbox.url, Lake(s3, bucket), monkeypatch)
            twin.warehouse = tasks_connection(dsn)
            places.append(twin)
        killed, undisturbed = places
        tasks = dag_bag.dags["france_travail_inventory"].task_dict
        for twin in places:
            twin.enter(FIRST)
            run_tasks(tasks, FIRST)
        day = FIRST
        for task, call in [(task, call) for task, calls in DEATHS.items() for call in calls]:
            day += timedelta(days=1)
            killed.enter(day)
            assert died(day, task, call) == -signal.SIGKILL, (task, call)
            began = time.monotonic()
            run_tasks(tasks, day)
            seconds = time.monotonic() - began
            undisturbed.enter(day)
            run_tasks(tasks, day)
            whole = killed.state()
            assert whole == undisturbed.state(), (task, call)
            fault = f"the process of a sweep is killed in its task {task}"
            RECOVERIES.append(Recovery(fault, "cleared the task", seconds, len(killed.live())))
        assert whole["control.erasure"]
        assert any(name.startswith("replay/") for name in whole)
