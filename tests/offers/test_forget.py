"""Taking a day back: nothing of it is left, nothing else is touched, and it can be collected again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.server import running
from sandbox.settings import Settings
from tests.support.airflow_runs import (
    House,
    lake_connection,
    no_waiting,
    sandbox_connection,
    tasks_connection,
)

if TYPE_CHECKING:
    from airflow.dag_processing.dagbag import DagBag
    from mypy_boto3_s3 import S3Client

    from local.object_store import ObjectStore

pytestmark = [pytest.mark.airflow, pytest.mark.filterwarnings("default")]

DAY, OTHER = "2026-11-18", "2026-11-16"


@pytest.fixture
def house(
    airflow_metadata: None,
    dag_bag: DagBag,
    monkeypatch: pytest.MonkeyPatch,
    warehouse_dsn: str,
    object_store: ObjectStore,
    bucket: str,
) -> House:
    house = House(dag_bag, monkeypatch, warehouse_dsn)
    house.connect("aws_default", **lake_connection(object_store.endpoint_url))
    house.connect("warehouse", **tasks_connection(warehouse_dsn))
    monkeypatch.setenv("AIRFLOW_VAR_DATA_LAKE_BUCKET", bucket)
    return house


def forget(house: House, **form: Any) -> tuple[str, dict[str, int] | None]:
    """Run the DAG that takes a day back; return its state and what it counted."""
    dag = house.dag_bag.dags["france_travail_forget"]
    with no_waiting(dag):
        run = dag.test(
            logical_date=datetime.now(UTC), run_conf={"day": None, "delete": False, **form}
        )
    return str(run.state), run.get_task_instance("forget").xcom_pull(task_ids="forget")


def held(house: House, day: str) -> dict[str, int]:
    """Return how many rows of a day each table has that knows days, and the parts of no offer."""
    tables = house.rows(
        "select table_schema || '.' || table_name, column_name from information_schema.columns"
        " join information_schema.tables using (table_schema, table_name)"
        " where table_type = 'BASE TABLE' and table_schema in ('core', 'control', 'mart')"
        " and column_name in ('day', 'created_on')"
    )
    assert len(tables) >= 4
    return {
        table: house.rows(f"select count(*) from {table} where {column} = '{day}'")[0][0]  # noqa: S608
        for table, column in tables
    }


def orphans(house: House) -> int:
    return sum(
        house.rows(
            f"select count(*) from core.job_offer_{part} as part where not exists (select from"  # noqa: S608
            " core.job_offer as o where o.source = part.source and o.offer_id = part.offer_id)"
        )[0][0]
        for part in ("skill", "language", "licence", "education", "partner")
    )


def objects(s3: S3Client, bucket: str, day: str) -> list[str]:
    found = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
    return [item["Key"] for item in found if f"day={day}/" in item["Key"]]


def test_a_day_is_taken_back_whole_and_nothing_else(
    house: House, s3: S3Client, bucket: str
) -> None:
    with running(Settings(offers_per_day=300, rate=400)) as api:
        extra = {"requests_per_second": 400}
        house.connect("france_travail", **sandbox_connection(api.url, extra=extra))
        for day in (OTHER, DAY):
            assert house.run(day)["state"] == "success", house.sentences
        assert house.run(DAY, max_pages=1)["state"] == "success", house.sentences
        before = held(house, DAY), objects(s3, bucket, DAY)
        other = held(house, OTHER), objects(s3, bucket, OTHER)
        assert house.rows("select count(*) from mart.day") == [(3,)]

        state, counts = forget(house, day=DAY)
        assert (state, counts and counts["offers"]) == ("success", 300)
        assert counts
        assert counts["runs"] == 2
        assert counts["raw_objects"] + counts["report_files"] == len(before[1])
        assert (held(house, DAY), objects(s3, bucket, DAY)) == before  # it only counted

        assert forget(house, day=DAY, delete=True) == ("success", counts)
        assert set(held(house, DAY).values()) == {0}
        assert orphans(house) == 0
        assert objects(s3, bucket, DAY) == []
        assert (held(house, OTHER), objects(s3, bucket, OTHER)) == other
        assert house.rows("select count(*) from mart.day") == [(1,)]  # no day is missing any more

        # a second time there is nothing; and the day can be collected again
        state, nothing = forget(house, day=DAY, delete=True)
        assert (state, set((nothing or {"": 1}).values())) == ("success", {0})
        assert house.run(DAY)["state"] == "success", house.sentences
        assert held(house, DAY)["core.job_offer"] == 300


def test_no_day_is_deleted_unless_it_is_named(house: House) -> None:
    assert forget(house, delete=True) == ("failed", None)
