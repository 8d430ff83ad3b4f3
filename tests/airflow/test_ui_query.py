"""What the pages read of the warehouse and of the lake, and what they say when they cannot."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from jobmarket.airflow.connections import open_warehouse
from jobmarket.airflow.ui import query
from jobmarket.airflow.ui.kinds import KINDS
from jobmarket.foundation.errors import ConfigurationError, LakeUnavailable, WarehouseUnavailable
from jobmarket.foundation.lake.layout import report_prefix
from jobmarket.foundation.warehouse.roles import REPORTER

from local.process import free_port
from tests.support.airflow_runs import (
    TASKS,
    TASKS_SECRET,
    lake_connection,
    make_tasks_account,
    tasks_connection,
    warehouse_connection,
)
from tests.support.loaded_day import DAY, add_run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client
    from psycopg import Connection

    from local.object_store import ObjectStore

# inside Airflow, warnings are Airflow's
pytestmark = pytest.mark.filterwarnings("default")

PASSED = json.dumps([{"verdict": "passed"}, {"verdict": "warned"}, {"verdict": "skipped"}])
FAILED = json.dumps([{"verdict": "passed"}, {"verdict": "failed"}])
INSTANT = datetime(2026, 11, 19, 4, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def connections(
    monkeypatch: pytest.MonkeyPatch, warehouse_dsn: str, object_store: ObjectStore, bucket: str
) -> None:
    make_tasks_account(warehouse_dsn)
    tasks = warehouse_connection(warehouse_dsn, login=TASKS, password=TASKS_SECRET)
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE", json.dumps(tasks))
    lake = lake_connection(object_store.endpoint_url)
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", json.dumps(lake))
    monkeypatch.setenv("AIRFLOW_VAR_DATA_LAKE_BUCKET", bucket)


@pytest.fixture
def warehouse(warehouse_dsn: str) -> Iterator[Connection[Any]]:
    tasks_connection(warehouse_dsn)
    with psycopg.connect(warehouse_dsn, autocommit=True) as connection:
        yield connection


def days_ago(days: int) -> date:
    return DAY - timedelta(days=days)


def shown(days: query.Days) -> list[tuple[str, str]]:
    return [(str(run.day), run.standing) for run in days.runs]


def test_a_day_is_told_by_its_certificate_and_its_load(warehouse: Connection[Any]) -> None:
    add_run(
        warehouse,
        40_000,
        collection_finished_at=INSTANT,
        inserted_count=39_000,
        updated_count=600,
        unchanged_count=390,
        stale_count=7,
        rejected_count=3,
        checks=PASSED,
    )
    assert query.list_days(None) == query.Days(
        [
            query.DayRun(
                day=DAY,
                is_sample=False,
                standing="certified",
                announced=40_000,
                collected=40_000,
                gap=0,
                rejected=3,
                loaded=39_997,
                read_at=INSTANT,
                checks_passed=True,
            )
        ],
        None,
        sources=["france_travail"],
    )


def test_each_source_has_a_list_of_its_own(warehouse: Connection[Any]) -> None:
    add_run(warehouse, 10)
    add_run(warehouse, 20, source="adzuna", run_id="other", checks=PASSED)
    assert [run.announced for run in query.list_days(None).runs] == [10]
    others = query.list_days(None, "adzuna")
    assert [(run.announced, run.kind) for run in others.runs] == [(20, "adzuna-day")]
    assert others.sources == ["france_travail", "adzuna"]


@pytest.mark.parametrize(
    ("columns", "standing", "checks_passed"),
    [
        ({"certificate": {"certified": False, "gap": 2}, "checks": PASSED}, "with_gap", True),
        ({"certificate": {"certified": False}, "checks": FAILED}, "uncertified", False),
        ({"is_sample": True, "certificate": {"certified": False, "gap": 2}}, "sample", None),
        ({"status": "refused"}, "refused", None),
    ],
    ids=lambda value: str(value)[:30],
)
def test_how_far_a_day_may_be_trusted(
    warehouse: Connection[Any], columns: dict[str, Any], standing: str, checks_passed: bool | None
) -> None:
    add_run(warehouse, 10, **columns)
    (run,) = query.list_days(None).runs
    assert (run.standing, run.checks_passed) == (standing, checks_passed)


def test_a_day_is_told_once_by_the_run_loaded_last(warehouse: Connection[Any]) -> None:
    load = "2026-11-19 0{}:00 Europe/Paris"
    add_run(warehouse, 10, run_id="a", loaded_at=load.format(5))
    add_run(warehouse, 12, run_id="c", loaded_at=load.format(7))
    add_run(warehouse, 11, run_id="b", loaded_at=load.format(6))
    add_run(warehouse, 13, run_id="d", loaded_at=load.format(8), status="refused")
    add_run(warehouse, 3, run_id="e", loaded_at=load.format(9), is_sample=True)
    runs = [(run.kind, run.collected) for run in query.list_days(None).runs]
    assert runs == [("day", 12), ("sample", 3)]


def test_a_refused_run_has_loaded_nothing(warehouse: Connection[Any]) -> None:
    add_run(warehouse, 13, status="refused", inserted_count=5)
    (run,) = query.list_days(None).runs
    assert (run.collected, run.loaded) == (13, 0)


def test_another_source_is_not_listed(warehouse: Connection[Any]) -> None:
    add_run(warehouse, 10, source="elsewhere")
    assert query.list_days(None) == query.Days([], None, sources=[])


def test_pages_follow_each_other(warehouse: Connection[Any]) -> None:
    for number in range(5):
        add_run(warehouse, 10, day=days_ago(number * 3))
    add_run(warehouse, 1, day=days_ago(3), run_id="sample", is_sample=True)
    pages, before = [], None
    while True:
        days = query.list_days(before, limit=2)
        pages.append(shown(days))
        before = days.older_before
        if before is None:
            break
    assert pages == [
        [("2026-11-18", "certified"), ("2026-11-15", "certified"), ("2026-11-15", "sample")],
        [("2026-11-12", "certified"), ("2026-11-09", "certified")],
        [("2026-11-06", "certified")],
    ]


def test_a_page_holds_sixty_days(warehouse: Connection[Any]) -> None:
    for number in range(61):
        add_run(warehouse, 10, day=days_ago(number))
    days = query.list_days(None)
    assert len(days.runs) == 60
    assert days.older_before == days_ago(59)
    assert shown(query.list_days(days.older_before)) == [(str(days_ago(60)), "certified")]


def test_a_warehouse_that_was_never_loaded_has_no_days(
    monkeypatch: pytest.MonkeyPatch, postgres_dsn: str
) -> None:
    assert query.list_days(None) == query.Days([], None, sources=[])
    make_tasks_account(postgres_dsn)  # of one that was never migrated
    tasks = warehouse_connection(postgres_dsn, login=TASKS, password=TASKS_SECRET)
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE", json.dumps(tasks))
    assert query.list_days(None) == query.Days([], None)


def test_a_warehouse_that_is_down_is_named(
    monkeypatch: pytest.MonkeyPatch, warehouse_dsn: str
) -> None:
    gone = warehouse_connection(warehouse_dsn, port=free_port())
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE", json.dumps(gone))
    with pytest.raises(WarehouseUnavailable, match="connection warehouse"):
        query.list_days(None)


def test_the_pages_cannot_write(warehouse: Connection[Any]) -> None:
    with (
        pytest.raises(ConfigurationError, match="read-only"),
        open_warehouse(role=REPORTER, options=query._PATIENCE) as connection,
    ):
        connection.execute("create temporary table scratch (number integer)")


def test_the_files_of_a_report_are_listed_and_read(s3: S3Client, bucket: str) -> None:
    day = KINDS["day"]
    prefix = report_prefix("france_travail", "2026-11-18")
    assert query.list_files(day, "2026-11-18") == []
    for path in ("tables/b.csv", "figures/a.png", "secret.txt"):
        s3.put_object(Bucket=bucket, Key=f"{prefix}{path}", Body=path.encode())
    assert query.list_files(day, "2026-11-18") == []  # the page is written last: not there yet
    s3.put_object(Bucket=bucket, Key=f"{prefix}index.html", Body=b"<!doctype html>")
    files = ["index.html", "figures/a.png", "tables/b.csv"]
    assert query.list_files(day, "2026-11-18") == files
    assert query.list_files(KINDS["sample"], "2026-11-18") == []
    assert query.read_file(day, "2026-11-18", "tables/b.csv") == b"tables/b.csv"
    assert query.read_file(day, "2026-11-18", "tables/c.csv") is None
    assert query.read_file(day, "2026-11-18", "secret.txt") is None


def test_the_newest_weeks_and_months_are_found_in_the_lake(
    warehouse: Connection[Any], s3: S3Client, bucket: str
) -> None:
    assert query.list_periods() == []
    add_run(warehouse, 1, day=date(2026, 3, 1), is_generated=True)  # the last day of its week
    add_run(warehouse, 1, day=date(2026, 11, 18))
    for folder in (
        *("week=2026-W46", "week=2026-W09", "week=2026-W47", "week=2025-W52"),
        *("week=nonsense", "day=2026-11-18", "samples/day=2026-11-18", "month=2026-10"),
    ):
        for path in ("index.html", "tables/a.csv"):
            s3.put_object(Bucket=bucket, Key=f"reports/france_travail/{folder}/{path}", Body=b"")
    week, month = KINDS["week"], KINDS["month"]
    assert query.list_periods(limit=4) == [
        ("week", [(week, "2026-W47", False), (week, "2026-W46", False), (week, "2026-W09", True)]),
        ("month", [(month, "2026-10", False)]),
    ]


def test_a_lake_that_is_down_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = lake_connection(f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", json.dumps(gone))
    with pytest.raises(LakeUnavailable, match="S3 did not answer"):
        query.list_files(KINDS["day"], "2026-11-18")


def test_a_report_stands_between_its_neighbours(
    warehouse: Connection[Any], s3: S3Client, bucket: str
) -> None:
    for days in (0, 3, 5):
        add_run(warehouse, 1, day=days_ago(days))
    add_run(warehouse, 1, day=days_ago(1), is_sample=True, certificate={"certified": False})
    add_run(warehouse, 1, day=days_ago(2), status="refused")
    for key in ("day=2026-11-15", "week=2026-W45", "week=2026-W47", "week=2026-W50"):
        s3.put_object(Bucket=bucket, Key=f"reports/france_travail/{key}/index.html", Body=b"")
    found = query.around(KINDS["day"], "2026-11-15")
    assert found[:2] == ("2026-11-13", "2026-11-18")
    assert query.around(KINDS["week"], "2026-W47")[:2] == ("2026-W45", "2026-W50")
    assert query.around(KINDS["week"], "2026-W50")[:2] == ("2026-W47", None)
    assert query.around(KINDS["sample"], "2026-11-17") == query.Around()


def test_days_loaded_after_a_report_was_written_are_named(
    warehouse: Connection[Any], s3: S3Client, bucket: str
) -> None:
    key = "reports/france_travail/week=2026-W47/index.html"
    s3.put_object(Bucket=bucket, Key=key, Body=b"")
    add_run(warehouse, 1, day=date(2026, 11, 16), loaded_at="2026-11-17 05:00 UTC")
    add_run(warehouse, 1, day=date(2026, 11, 17), loaded_at="2126-11-18 05:00 UTC")
    add_run(warehouse, 1, day=date(2026, 11, 22), loaded_at="2126-11-23 05:00 UTC")
    add_run(warehouse, 1, day=date(2026, 11, 23), loaded_at="2126-11-24 05:00 UTC")  # of the next
    found = query.around(KINDS["week"], "2026-W47").loaded_since
    assert found == [date(2026, 11, 17), date(2026, 11, 22)]
