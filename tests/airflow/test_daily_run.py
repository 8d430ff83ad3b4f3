"""The whole daily run through Airflow, on real parts: what it loads, what it changes, what it says."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
import requests
from airflow.sdk.exceptions import AirflowSkipException, ParamValidationError

from local.postgres import Postgres
from local.process import free_port
from sandbox.server import running
from sandbox.settings import Faults, Settings
from tests.support.airflow_runs import (
    TASKS_SECRET,
    House,
    lake_connection,
    make_tasks_account,
    sandbox_connection,
    tasks_connection,
    warehouse_connection,
)
from tests.support.newest_ddl import take_back_newest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from airflow.dag_processing.dagbag import DagBag
    from mypy_boto3_s3 import S3Client

    from local.object_store import ObjectStore

# inside Airflow, warnings are Airflow's
pytestmark = [pytest.mark.airflow, pytest.mark.filterwarnings("default")]

DAY = "2026-11-18"
READER_SECRET = "reader-secret"
FAST = 400  # requests a second: a test waits for nobody
REAL_OFFERS = Path(
    os.environ.get(
        "JOBMARKET_REAL_OFFERS",
        Path(__file__).parents[3] / "shared" / "data" / "france_travail_offers.jsonl.gz",
    )
)
TABLES = (
    "core.job_offer",
    "core.job_offer_skill",
    "core.job_offer_language",
    "core.job_offer_licence",
    "core.job_offer_education",
    "core.job_offer_partner",
)


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


@pytest.fixture
def api(house: House) -> Iterator[str]:
    """Yield the address of a sandbox with a small day."""
    with running(Settings(offers_per_day=1_200, rate=FAST)) as sandbox:
        connect_api(house, sandbox.url)
        yield sandbox.url


@pytest.fixture
def small_api(house: House) -> Iterator[str]:
    """Yield the address of a sandbox with as few offers as a day may have that passes its checks."""
    with running(Settings(offers_per_day=200, rate=FAST)) as sandbox:
        connect_api(house, sandbox.url)
        yield sandbox.url


def connect_api(house: House, url: str, **changes: Any) -> None:
    extra = {"requests_per_second": FAST}
    house.connect("france_travail", **sandbox_connection(url, **{"extra": extra, **changes}))


def truth(url: str, day: str = DAY) -> set[str]:
    return set(requests.get(f"{url}/_sandbox/ids", params={"day": day}, timeout=30).json())


def loaded(house: House) -> set[str]:
    return {row[0] for row in house.rows("select offer_id from core.job_offer")}


def fingerprint(house: House) -> dict[str, Any]:
    """Return a checksum over every row of each table of core."""
    sql = "select md5(string_agg(t::text, '|' order by t::text)) from {} as t"
    return {table: house.rows(sql.format(table))[0][0] for table in TABLES}


def report_files(s3: S3Client, bucket: str) -> set[str]:
    found = s3.list_objects_v2(Bucket=bucket, Prefix=f"reports/france_travail/day={DAY}/")
    return {item["Key"].rpartition(f"day={DAY}/")[2] for item in found["Contents"]}


def test_a_day_is_loaded_whole_and_a_second_run_changes_nothing(
    house: House, api: str, s3: S3Client, bucket: str
) -> None:
    first = house.run(DAY)
    assert first["state"] == "success", house.sentences
    ids = truth(api)
    assert loaded(house) == ids
    assert first["load"]["inserted"] == len(ids) == 1_200
    files = report_files(s3, bucket)
    assert {"index.html"} < files
    # the sandbox says so itself: what it makes is never taken for the market
    assert all("_donnees-generees." in path for path in files - {"index.html"})
    marked = (
        "select is_generated from control.ingestion_run union all select is_generated from mart.day"
    )
    assert house.rows(marked) == [(True,), (True,)]
    before = fingerprint(house)
    requests.delete(f"{api}/_sandbox/requests", timeout=30)

    again = house.run(DAY)
    counts = {name: again["load"][name] for name in ("inserted", "updated", "unchanged")}
    assert counts == {"inserted": 0, "updated": 0, "unchanged": 1_200}
    assert fingerprint(house) == before
    assert requests.get(f"{api}/_sandbox/requests", timeout=30).json() == []

    forced = house.run(DAY, force=True)
    counts = {name: forced["load"][name] for name in ("inserted", "updated", "unchanged")}
    assert counts == {"inserted": 0, "updated": 0, "unchanged": 1_200}
    assert fingerprint(house) == before
    assert forced["extract"] != first["extract"]


def test_a_day_is_rebuilt_from_raw_without_the_api(house: House, warehouse_dsn: str) -> None:
    with running(Settings(offers_per_day=1_200, rate=FAST)) as sandbox:
        connect_api(house, sandbox.url)
        assert house.run(DAY)["state"] == "success"
    before = fingerprint(house)
    with psycopg.connect(warehouse_dsn, autocommit=True) as connection:
        connection.execute("drop schema core, control, mart cascade")
    assert house.migrate()["state"] == "success", house.sentences
    house.environment.delenv("AIRFLOW_CONN_FRANCE_TRAVAIL")

    replay = house.run(DAY, source="raw")
    assert replay["state"] == "success", house.sentences
    assert fingerprint(house) == before


def test_a_day_is_loaded_without_its_report_and_has_it_from_a_later_run(house: House) -> None:
    with running(Settings(offers_per_day=1_200, rate=FAST)) as sandbox:
        connect_api(house, sandbox.url)
        without = house.run(DAY, report=False)
        assert without["state"] == "success", house.sentences
        assert (without["states"]["report"], without["report"]) == ("skipped", None)
        report = house.dag_bag.dags[house.dag_id].get_task("report")
        with pytest.raises(AirflowSkipException, match="with report = true to have it written"):
            report.execute({"params": {"report": False}})
        written = house.run(DAY, report=True)
    assert (written["states"]["report"], written["state"]) == ("success", "success")


def test_bursts_replicas_and_faults_lose_nothing(house: House) -> None:
    settings = Settings(
        offers_per_day=12_000,
        rate=FAST,
        bursts=((9 * 3600, 4_000), (14 * 3600, 3_600)),
        faults=Faults(every=20, replicas=True, slow_ms=200),
    )
    with running(settings) as sandbox:
        connect_api(house, sandbox.url)
        result = house.run(DAY)
        assert result["state"] == "success", house.sentences
        assert loaded(house) == truth(sandbox.url)


@pytest.mark.skipif(
    not REAL_OFFERS.exists(),
    reason=f"no file of real offers: {REAL_OFFERS} (JOBMARKET_REAL_OFFERS)",
)
def test_every_real_offer_is_loaded(house: House, s3: S3Client, bucket: str) -> None:
    from datetime import date

    settings = Settings(offers_file=REAL_OFFERS, redate=date.fromisoformat(DAY), rate=FAST)
    with running(settings) as sandbox:
        connect_api(house, sandbox.url)
        result = house.run(DAY)
    assert result["state"] == "success", house.sentences
    with gzip.open(REAL_OFFERS) as lines:
        ids = {json.loads(line)["id"] for line in lines}
    rejected = {row[0] for row in house.rows("select offer_id from control.rejected_record")}
    assert loaded(house) | rejected == ids
    assert len(rejected) <= len(ids) / 1000
    assert "index.html" in report_files(s3, bucket)


def test_a_sample_may_look_at_a_day_and_publishes_no_report_of_it(
    house: House, api: str, s3: S3Client, bucket: str
) -> None:
    # the two first answers look at offer 3,000 of each origin, which so small a day has not
    result = house.run(DAY, max_pages=4)
    assert result["state"] == "success", house.sentences
    assert 0 < result["load"]["inserted"] <= 300
    assert result["report"] == f"reports/france_travail/samples/day={DAY}/index.html"
    whole = house.run(DAY)
    assert whole["state"] == "success", house.sentences
    assert loaded(house) == truth(api)


def wrong_secret(house: House, url: str) -> None:
    connect_api(house, url, password="wrong")


def no_connection(house: House, url: str) -> None:
    house.environment.delenv("AIRFLOW_CONN_FRANCE_TRAVAIL")


def unreachable(house: House, url: str) -> None:
    connect_api(house, f"http://127.0.0.1:{free_port()}")


def no_warehouse_connection(house: House, url: str) -> None:
    house.environment.delenv("AIRFLOW_CONN_WAREHOUSE")


def wrong_warehouse_password(house: House, url: str) -> None:
    house.connect("warehouse", **tasks_connection(house.dsn, password="wrong"))


def missing_database(house: House, url: str) -> None:
    house.connect("warehouse", **tasks_connection(house.dsn, schema="nowhere"))


def of_an_earlier_version(house: House, url: str) -> None:
    with psycopg.connect(house.dsn, autocommit=True) as connection:
        take_back_newest(connection)


def no_role_of_the_tasks(house: House, url: str) -> None:
    with psycopg.connect(house.dsn, autocommit=True) as connection:
        connection.execute("drop role if exists visitor")
        connection.execute("create role visitor login password 'visitor'")
    house.connect(
        "warehouse", **warehouse_connection(house.dsn, login="visitor", password="visitor")
    )


def no_bucket_variable(house: House, url: str) -> None:
    house.environment.delenv("AIRFLOW_VAR_DATA_LAKE_BUCKET")


def refused_by_s3(house: House, url: str) -> None:
    endpoint = json.loads(os.environ["AIRFLOW_CONN_AWS_DEFAULT"])["extra"]["endpoint_url"]
    house.connect("aws_default", **lake_connection(endpoint, password="wrong"))


def s3_unreachable(house: House, url: str) -> None:
    house.connect("aws_default", **lake_connection(f"http://127.0.0.1:{free_port()}"))


def correct_the_api(house: House, url: str, bucket: str, endpoint: str) -> None:
    connect_api(house, url)


def correct_the_warehouse(house: House, url: str, bucket: str, endpoint: str) -> None:
    house.connect("warehouse", **tasks_connection(house.dsn))


def bring_it_up_to_date(house: House, url: str, bucket: str, endpoint: str) -> None:
    assert house.migrate()["state"] == "success", house.sentences


def create_the_database(house: House, url: str, bucket: str, endpoint: str) -> None:
    with psycopg.connect(house.dsn, autocommit=True) as connection:
        connection.execute("drop database if exists nowhere")
        connection.execute("create database nowhere")
    house.dsn = house.dsn.rpartition("/")[0] + "/nowhere"
    assert house.migrate()["state"] == "success", house.sentences


def grant_the_roles(house: House, url: str, bucket: str, endpoint: str) -> None:
    make_tasks_account(house.dsn, "visitor")
    fields = warehouse_connection(house.dsn, login="visitor", password=TASKS_SECRET)
    house.connect("warehouse", **fields)


def correct_the_lake(house: House, url: str, bucket: str, endpoint: str) -> None:
    house.connect("aws_default", **lake_connection(endpoint))


def name_the_bucket(house: House, url: str, bucket: str, endpoint: str) -> None:
    house.environment.setenv("AIRFLOW_VAR_DATA_LAKE_BUCKET", bucket)


@pytest.mark.parametrize(
    ("breakage", "sentence", "remedy"),
    [
        (wrong_secret, "france_travail_daily.extract did not succeed", correct_the_api),
        (no_connection, "create it with the API's address as host", correct_the_api),
        (unreachable, "france_travail_daily.extract did not succeed", correct_the_api),
        (no_warehouse_connection, "Airflow has no connection 'warehouse'", correct_the_warehouse),
        (wrong_warehouse_password, "refuses the account or its password", correct_the_warehouse),
        (missing_database, "has no such database", create_the_database),
        (no_role_of_the_tasks, "refuses a right that is needed", grant_the_roles),
        (
            of_an_earlier_version,
            "run the DAG warehouse_migrate (`make migrate`",
            bring_it_up_to_date,
        ),
        (refused_by_s3, "refus", correct_the_lake),
        (s3_unreachable, "S3", correct_the_lake),
        (no_bucket_variable, "The variable data_lake_bucket is not set", name_the_bucket),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_bad_input_ends_in_one_sentence_publishes_nothing_and_is_mended_as_it_says(
    house: House,
    small_api: str,
    s3: S3Client,
    bucket: str,
    object_store: ObjectStore,
    breakage: Any,
    sentence: str,
    remedy: Any,
) -> None:
    breakage(house, small_api)
    assert house.run(DAY)["state"] == "failed"
    assert sentence in house.sentences[-1]
    assert "Traceback" not in house.sentences[-1]
    assert "wrong" not in house.sentences[-1].replace("wrong_", "")
    assert not house.rows("select from pg_class where relname = 'job_offer' and reltuples > 0")
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket, Prefix="reports/")
    remedy(house, small_api, bucket, object_store.endpoint_url)
    assert house.run(DAY)["state"] == "success", house.sentences


def test_the_first_run_makes_the_schemas_of_an_empty_warehouse(
    house: House, small_api: str
) -> None:
    with psycopg.connect(house.dsn, autocommit=True) as connection:
        connection.execute("drop database if exists untouched")
        connection.execute("create database untouched")
    house.dsn = house.dsn.rpartition("/")[0] + "/untouched"
    house.connect("warehouse", **warehouse_connection(house.dsn))
    house.environment.delenv("AIRFLOW_CONN_WAREHOUSE_OWNER", raising=False)
    assert house.run(DAY)["state"] == "success", house.sentences
    assert house.rows("select count(*) from core.job_offer") != [(0,)]


def test_a_day_that_is_not_over_is_refused(house: House, small_api: str) -> None:
    assert house.run(DAY, day="2999-01-01")["state"] == "failed"
    assert "2999-01-01 has not begun in Europe/Paris" in house.sentences[-1]
    assert requests.get(f"{small_api}/_sandbox/requests", timeout=30).json() == []


def test_a_malformed_day_is_refused_before_the_run(house: House, small_api: str) -> None:
    with pytest.raises(ParamValidationError, match="'18/11/2026' is not a 'date'"):
        house.run(DAY, day="18/11/2026")


def test_a_bucket_without_rights_ends_in_one_sentence(
    house: House, small_api: str, object_store: ObjectStore, bucket: str
) -> None:
    house.connect(
        "aws_default",
        **lake_connection(object_store.endpoint_url, login="reader", password=READER_SECRET),
    )
    assert house.run(DAY)["state"] == "failed"
    assert (
        "grant s3:ListBucket, s3:GetObject and s3:PutObject on this bucket" in house.sentences[-1]
    )
    # where there is no bucket either, and no right to make one
    house.environment.setenv("AIRFLOW_VAR_DATA_LAKE_BUCKET", "somebody-elses")
    assert house.run(DAY)["state"] == "failed"
    assert "somebody-elses" in house.sentences[-1]


@pytest.fixture
def small_disk(open_path: Path) -> Iterator[Path]:
    """Yield a file system that holds an empty PostgreSQL and little more."""
    directory = open_path / "disk"
    directory.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", str(directory)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root can mount the small file system that this test fills")
    directory.chmod(0o755)
    yield directory
    subprocess.run(["umount", "-l", str(directory)], check=True)


def test_a_full_disk_publishes_nothing_and_a_retry_does(
    house: House, api: str, small_disk: Path, s3: S3Client, bucket: str
) -> None:
    postgres = Postgres.start(small_disk, durable=False).wait()
    try:
        house.dsn = postgres.create_database("warehouse")
        house.connect("warehouse", **tasks_connection(house.dsn))
        # the log has room of its own from here on: without it PostgreSQL ends altogether
        with psycopg.connect(house.dsn, autocommit=True) as connection:
            connection.execute("select pg_switch_wal()")
            connection.execute("checkpoint")
        free = shutil.disk_usage(small_disk).free
        ballast = small_disk / "ballast"
        ballast.write_bytes(bytes(free - 500_000))
        assert house.run(DAY)["state"] == "failed"
        assert "has no disk space left: nothing was published" in house.sentences[-1]
        assert not house.rows("select from pg_class where relname = 'job_offer' and reltuples > 0")
        ballast.unlink()
        assert house.run(DAY)["state"] == "success", house.sentences
        assert loaded(house) == truth(api)
    finally:
        postgres.stop()
