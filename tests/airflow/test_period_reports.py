"""The weekly and the monthly report through Airflow, on real parts."""

from __future__ import annotations

import copy
import json
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from jobmarket.airflow import period_operators as period_operator
from jobmarket.foundation.errors import ConfigurationError, DayNotOver

from tests.support.airflow_runs import lake_connection, no_waiting, tasks_connection
from tests.support.loaded_day import add_offers, add_run, count_offers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from airflow.dag_processing.dagbag import DagBag
    from mypy_boto3_s3 import S3Client
    from psycopg import Connection

    from local.object_store import ObjectStore

# inside Airflow, warnings are Airflow's
pytestmark = [pytest.mark.airflow, pytest.mark.filterwarnings("default")]

MONDAY = date(2026, 11, 9)  # of week 46
WEEK, MONTH = "2026-W46", "2026-11"


class Clock(datetime):
    """A clock that a test sets."""

    at = datetime(2026, 12, 2, tzinfo=UTC)

    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
        return cls.at


@pytest.fixture
def warehouse(
    airflow_metadata: None,
    monkeypatch: pytest.MonkeyPatch,
    warehouse_dsn: str,
    object_store: ObjectStore,
    bucket: str,
) -> Iterator[Connection[Any]]:
    """Connect Airflow to a warehouse and a lake, early in December 2026; yield the warehouse."""
    monkeypatch.setattr(period_operator, "datetime", Clock)
    lake = json.dumps(lake_connection(object_store.endpoint_url))
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", lake)
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE", json.dumps(tasks_connection(warehouse_dsn)))
    monkeypatch.setenv("AIRFLOW_VAR_DATA_LAKE_BUCKET", bucket)
    with psycopg.connect(warehouse_dsn, autocommit=True) as connection:
        yield connection


def load_days(connection: Connection[Any], *numbers: int) -> None:
    """Load days of the week, 0 for Monday, each with one offer more than the day before."""
    for number in numbers:
        day = MONDAY + timedelta(days=number)
        add_offers(connection, 10 + number, f"{number}-", created_on=day)
        add_run(connection, 10 + number, day=day, run_id=f"run-{number}")
        count_offers(connection, day)


def run(dag_bag: DagBag, dag_id: str, day: str, **form: Any) -> Any:
    dag = dag_bag.dags[dag_id]
    with no_waiting(dag):
        return dag.test(logical_date=datetime.fromisoformat(day).replace(tzinfo=UTC), run_conf=form)


def page(s3: S3Client, bucket: str, key: str) -> str:
    body = s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()
    return body.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_week_is_reported_and_a_second_time_the_same(
    warehouse: Connection[Any], dag_bag: DagBag, s3: S3Client, bucket: str
) -> None:
    load_days(warehouse, *range(7))
    done = run(dag_bag, "france_travail_weekly", "2026-11-11", week=None)
    assert str(done.state) == "success"
    key = f"reports/france_travail/week={WEEK}/index.html"
    (report,) = [ti for ti in done.get_task_instances() if ti.task_id == "report"]
    assert report.xcom_pull(task_ids="report") == key
    first = page(s3, bucket, key)
    assert "Les offres d’emploi de la semaine 46, du 9 au 15 novembre 2026" in first
    assert "<strong>91</strong> offres publiées" in first
    assert "Période certifiée, jour par jour" in first
    files = {item["Key"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"]}
    assert f"reports/france_travail/week={WEEK}/tables/contracts.csv" in files

    assert str(run(dag_bag, "france_travail_weekly", "2026-11-20", week=WEEK).state) == "success"
    assert page(s3, bucket, key) == first


def test_a_week_with_holes_names_them(
    warehouse: Connection[Any], dag_bag: DagBag, s3: S3Client, bucket: str
) -> None:
    load_days(warehouse, 0, 2, 3)
    assert str(run(dag_bag, "france_travail_weekly", "2026-11-11", week=WEEK).state) == "success"
    html = page(s3, bucket, f"reports/france_travail/week={WEEK}/index.html")
    assert "Période incomplète, 3 jours certifiés sur 7" in html
    assert "Non lus, et absents de tous les totaux : 10 novembre et du 13 au 15 novembre." in html
    assert "Moins de la moitié des jours se comparent au même jour de cette période." in html


def test_a_month_is_reported(
    warehouse: Connection[Any], dag_bag: DagBag, s3: S3Client, bucket: str
) -> None:
    load_days(warehouse, *range(3))
    done = run(dag_bag, "france_travail_monthly", "2026-11-11", month="2026-11")
    assert str(done.state) == "success"
    html = page(s3, bucket, f"reports/france_travail/month={MONTH}/index.html")
    assert "Les offres d’emploi de novembre 2026" in html
    assert "3 jours certifiés sur 30" in html


def context(key: str) -> Any:
    return {"dag_run": SimpleNamespace(partition_key=key), "params": {}}


@pytest.mark.parametrize(
    ("loaded", "now", "may_report"),
    [
        # the week ends at 23:00 UTC on Sunday; its days are waited for until noon in Paris
        (range(7), "2026-11-15 23:00", True),
        (range(6), "2026-11-15 23:00", False),
        (range(6), "2026-11-16 10:59", False),
        (range(6), "2026-11-16 11:00", True),
        ((), "2026-11-20 00:00", True),
    ],
)
def test_how_long_a_week_waits_for_its_days(
    warehouse: Connection[Any],
    dag_bag: DagBag,
    monkeypatch: pytest.MonkeyPatch,
    loaded: Any,
    now: str,
    may_report: bool,
) -> None:
    load_days(warehouse, *loaded)
    monkeypatch.setattr(Clock, "at", datetime.fromisoformat(now).replace(tzinfo=UTC))
    wait = dag_bag.dags["france_travail_weekly"].get_task("wait")
    assert wait.poke(context("2026-W46-1")) is may_report


def test_a_week_that_is_not_over_is_refused(
    warehouse: Connection[Any], dag_bag: DagBag, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Clock, "at", datetime(2026, 11, 15, 22, 59, tzinfo=UTC))
    wait = dag_bag.dags["france_travail_weekly"].get_task("wait")
    with pytest.raises(
        DayNotOver, match=r"2026-W46 ends on 2026-11-15.*trigger the run again then"
    ):
        wait.poke(context("2026-W46-1"))
    monkeypatch.setattr(Clock, "at", datetime(2026, 11, 16, 11, tzinfo=UTC))
    assert wait.poke(context("2026-W46-1"))


@pytest.mark.usefixtures("warehouse")
def test_a_week_without_any_day_has_no_report(dag_bag: DagBag) -> None:
    # not even the schema is there: whichever task comes first after an upgrade applies it
    report = dag_bag.dags["france_travail_weekly"].get_task("report")
    with pytest.raises(ConfigurationError, match="a loaded run of france_travail for 2026-W46"):
        report.execute(context("2026-W46-1"))


@pytest.mark.parametrize(
    ("dag_id", "first", "last", "keys"),
    [
        (
            "france_travail_weekly",
            "2026-11-09",
            "2026-11-22",
            ["2026-W46", "2026-W47"],
        ),
        # the clocks change on the Sundays of weeks 13 and 43
        ("france_travail_weekly", "2026-03-23", "2026-03-30", ["2026-W13", "2026-W14"]),
        ("france_travail_weekly", "2026-12-28", "2027-01-04", ["2026-W53", "2027-W01"]),
        ("france_travail_monthly", "2026-09-01", "2026-11-30", ["2026-09", "2026-10", "2026-11"]),
    ],
)
def test_a_backfill_gives_each_period_of_its_range(
    dag_bag: DagBag, dag_id: str, first: str, last: str, keys: list[str]
) -> None:
    from airflow.serialization.encoders import coerce_to_core_timetable

    timetable = coerce_to_core_timetable(dag_bag.dags[dag_id].timetable)
    infos = timetable.iter_partition_dagrun_infos(
        earliest=datetime.fromisoformat(first).replace(tzinfo=UTC),
        latest=datetime.fromisoformat(last).replace(tzinfo=UTC),
    )
    assert [info.partition_key for info in infos] == keys
    # what the schedule makes can also be typed in
    for key in keys:
        assert timetable.resolve_partition_date(key)


@pytest.mark.parametrize(
    ("dag_id", "conf"),
    [
        ("france_travail_weekly", {"week": "2026-11-18"}),
        ("france_travail_weekly", {"week": 47}),
        ("france_travail_monthly", {"month": "novembre"}),
    ],
)
def test_the_forms_refuse_what_makes_no_sense(
    dag_bag: DagBag, dag_id: str, conf: dict[str, Any]
) -> None:
    from airflow.sdk.exceptions import ParamValidationError

    params = copy.deepcopy(dag_bag.dags[dag_id].params)
    with pytest.raises(ParamValidationError):
        params.update(conf)


@pytest.mark.parametrize("name", ["weekly", "monthly"])
def test_the_dags_wait_then_report(dag_bag: DagBag, name: str) -> None:
    from airflow.serialization.serialized_objects import DagSerialization

    dag = dag_bag.dags[f"france_travail_{name}"]
    again = DagSerialization.deserialize_dag(DagSerialization.serialize_dag(dag))
    assert sorted(again.task_ids) == ["report", "wait"]
    assert dag.get_task("wait").downstream_task_ids == {"report"}
    assert dag.get_task("wait").mode == "reschedule"
    (asset,) = dag.get_task("report").outlets
    assert asset.name == f"france_travail_{name}_report"
