"""What a sentence says to do is done here, and helps: each breaks something, fails, obeys, and succeeds.

Sentences about connections, rights and disks are obeyed in ``test_daily_run``.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from airflow.sdk.exceptions import AirflowSkipException
from airflow_runs import (
    House,
    lake_connection,
    no_waiting,
    sandbox_connection,
    tasks_connection,
)
from jobmarket.airflow.run_name import RunRefused

from sandbox.server import running
from sandbox.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from airflow.dag_processing.dagbag import DagBag
    from mypy_boto3_s3 import S3Client

    from local.services import ObjectStore

# inside Airflow, warnings are Airflow's
pytestmark = [pytest.mark.airflow, pytest.mark.filterwarnings("default")]

DAY = "2026-11-18"
MONTHLY = "france_travail_monthly"


@pytest.fixture
def house(
    airflow_metadata: None,
    dag_bag: DagBag,
    monkeypatch: pytest.MonkeyPatch,
    postgres_dsn: str,
    object_store: ObjectStore,
    bucket: str,
) -> Iterator[House]:
    house = House(dag_bag, monkeypatch, postgres_dsn)
    house.connect("aws_default", **lake_connection(object_store.endpoint_url))
    house.connect("warehouse", **tasks_connection(postgres_dsn))
    monkeypatch.setenv("AIRFLOW_VAR_DATA_LAKE_BUCKET", bucket)
    with running(Settings(offers_per_day=200, rate=400)) as api:
        extra = {"requests_per_second": 400}
        house.connect("france_travail", **sandbox_connection(api.url, extra=extra))
        yield house


def keys(s3: S3Client, bucket: str, part: str) -> list[str]:
    found = s3.list_objects_v2(Bucket=bucket, Prefix="raw/").get("Contents", [])
    found.sort(key=lambda item: item["Size"], reverse=True)  # an empty answer has nothing to damage
    return [item["Key"] for item in found if part in item["Key"]]


def damage_a_page(s3: S3Client, bucket: str) -> None:
    key = keys(s3, bucket, "/page-")[0]
    metadata = s3.head_object(Bucket=bucket, Key=key)["Metadata"]
    s3.put_object(Bucket=bucket, Key=key, Body=b"rubbish", Metadata=metadata)


def damage_the_manifest(s3: S3Client, bucket: str) -> None:
    (key,) = keys(s3, bucket, "/manifest.json")
    s3.put_object(Bucket=bucket, Key=key, Body=b'{"version": "rubbish"}')


def delete_a_page(s3: S3Client, bucket: str) -> None:
    s3.delete_object(Bucket=bucket, Key=keys(s3, bucket, "/page-")[0])


@pytest.mark.parametrize(
    ("broken", "sentence", "obeyed"),
    [
        (damage_a_page, "run the day again with force", {"force": True}),
        (damage_the_manifest, "run the day with source = api", {}),
        (delete_a_page, "", {"force": True}),
    ],
)
def test_what_has_landed_and_is_damaged_is_landed_anew(
    house: House,
    s3: S3Client,
    bucket: str,
    broken: Callable[[S3Client, str], None],
    sentence: str,
    obeyed: dict[str, Any],
) -> None:
    assert house.run(DAY)["state"] == "success", house.sentences
    broken(s3, bucket)
    assert house.run(DAY, source="raw")["state"] == "failed"
    assert sentence in house.sentences[-1]
    assert house.run(DAY, **obeyed)["state"] == "success", house.sentences
    # and the day is whole from then on, from the API and from raw
    assert house.run(DAY)["state"] == "success", house.sentences
    assert house.run(DAY, source="raw")["state"] == "success", house.sentences


def test_a_day_that_has_not_landed_is_run_from_the_api(house: House) -> None:
    assert house.run(DAY, source="raw")["state"] == "failed"
    assert house.sentences[-1].endswith("run the day with source = api.")
    assert house.run(DAY, source="api")["state"] == "success", house.sentences
    assert house.run(DAY, source="raw")["state"] == "success", house.sentences


@pytest.mark.parametrize(
    ("form", "sentence", "obeyed"),
    [
        ({"source": "raw", "force": True}, "start the run again with source = api", {"force": True}),
        ({"source": "raw", "max_pages": 2}, "or without max_pages", {"max_pages": 2}),
        ({"dya": DAY}, "holds 'dya', which this DAG does not know; it knows day,", {"day": DAY}),
        ({"day": "0001-01-01"}, "correct it and start the run again", {"day": DAY}),
    ],
)  # fmt: skip
def test_a_form_that_makes_no_sense_is_refused_and_can_be_corrected(
    house: House, form: dict[str, Any], sentence: str, obeyed: dict[str, Any]
) -> None:
    with pytest.raises(RunRefused, match=sentence):
        house.run(DAY, **form)
    assert house.run(DAY, **obeyed)["state"] == "success", house.sentences


def test_a_day_that_is_not_over_can_be_looked_at_as_a_sample(house: House) -> None:
    from datetime import datetime

    from jobmarket.foundation.day import PARIS

    today = str(datetime.now(PARIS).date())
    assert house.run(DAY, day=today)["state"] == "failed"
    assert "or set max_pages to look at a sample of it now" in house.sentences[-1]
    assert house.run(DAY, day=today, max_pages=1)["state"] == "success", house.sentences


def test_a_month_without_a_day_is_skipped_by_the_schedule_and_refused_to_a_person(
    house: House,
) -> None:
    report = house.dag_bag.dags[MONTHLY].get_task("report")
    asked: dict[str, Any] = {"partition_key": "2026-10", "run_type": "scheduled"}
    context = {"dag_run": SimpleNamespace(**asked), "params": {}}
    with pytest.raises(AirflowSkipException, match=r"No day of 2026-10 is loaded.*run france_trav"):
        report.execute(context)
    assert monthly(house) == "failed"
    assert "load the days before a report is made" in house.sentences[-1]
    assert house.run("2026-10-15")["state"] == "success", house.sentences
    assert monthly(house) == "success"


def monthly(house: House) -> str:
    """Run the report of October 2026; return its state."""
    from datetime import UTC, datetime

    dag = house.dag_bag.dags[MONTHLY]
    house.sentences.clear()
    with house.listening(), no_waiting(dag):
        run = dag.test(logical_date=datetime.now(UTC), run_conf={"month": "2026-10"})
    return str(run.state)
