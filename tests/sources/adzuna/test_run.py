"""The DAG of Adzuna through Airflow, on real parts, beside that of the other source."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from sandbox.adzuna.settings import AdzunaSettings
from sandbox.server import running
from sandbox.settings import PARIS, Settings
from tests.support.airflow_runs import (
    House,
    lake_connection,
    sandbox_connection,
    tasks_connection,
    warehouse_connection,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from airflow.dag_processing.dagbag import DagBag
    from mypy_boto3_s3 import S3Client

    from local.object_store import ObjectStore
    from sandbox.server import Handle

# inside Airflow, warnings are Airflow's
pytestmark = [pytest.mark.airflow, pytest.mark.filterwarnings("default")]

ID, KEY = AdzunaSettings().app_id, AdzunaSettings().app_key
# ads that live for a week are gone later: of the day that has just ended all are live
YESTERDAY = str((datetime.now(PARIS) - timedelta(days=1)).date())


@pytest.fixture
def house(
    airflow_metadata: None,
    dag_bag: DagBag,
    monkeypatch: pytest.MonkeyPatch,
    warehouse_dsn: str,
    object_store: ObjectStore,
    bucket: str,
) -> House:
    house = House(dag_bag, monkeypatch, warehouse_dsn, "adzuna_daily")
    house.connect("aws_default", **lake_connection(object_store.endpoint_url))
    house.connect("warehouse", **tasks_connection(warehouse_dsn))
    monkeypatch.setenv("AIRFLOW_VAR_DATA_LAKE_BUCKET", bucket)
    return house


@pytest.fixture
def sandbox(house: House) -> Iterator[Handle]:
    settings = Settings(offers_per_day=400, rate=400, adzuna=AdzunaSettings(live=4_000))
    with running(settings) as sandbox:
        connect(house, sandbox)
        yield sandbox


def connect(house: House, sandbox: Handle, **extra: Any) -> None:
    limits = {"requests_per_minute": 1_000}  # a test waits for nobody
    house.connect(
        "adzuna",
        **sandbox_connection(sandbox.url, login=ID, password=KEY, extra=limits | extra),
    )


def keys(s3: S3Client, bucket: str, prefix: str) -> list[str]:
    found = s3.list_objects_v2(Bucket=bucket, Prefix=prefix)
    return [item["Key"] for item in found.get("Contents", [])]


def test_a_day_is_loaded_and_not_reported_without_consent(
    house: House, sandbox: Handle, s3: S3Client, bucket: str
) -> None:
    run = house.run(YESTERDAY)
    assert run["states"] == {
        "prepare": "success",
        "extract": "success",
        "load": "success",
        "check": "success",
        "report": "skipped",
    }
    counts = run["load"]
    assert counts["inserted"] == counts["collected"] > 100
    assert house.rows("select distinct source from core.job_offer") == [("adzuna",)]
    assert keys(s3, bucket, "reports/") == []
    assert keys(s3, bucket, f"raw/adzuna/offers/day={YESTERDAY}/")
    assert house.rows("select standing from control.day_run") == [("uncertified",)]
    asked = len(sandbox.app.adzuna.journal.entries())
    assert house.rows("select count(*) from control.source_request") == [(asked,)]

    # a day that was collected is not asked for again
    again = house.run(YESTERDAY)
    assert again["load"]["unchanged"] == counts["inserted"]
    assert len(sandbox.app.adzuna.journal.entries()) == asked


def test_the_very_first_run_makes_the_warehouse_before_it_asks(
    house: House, sandbox: Handle
) -> None:
    house.connect("warehouse", **warehouse_connection(house.dsn))
    with psycopg.connect(house.dsn, autocommit=True) as connection:
        connection.execute("drop schema if exists mart, core, control cascade")
    run = house.run(YESTERDAY)
    assert run["state"] == "success"
    assert run["load"]["inserted"] > 100


def test_with_consent_it_is_reported(
    house: House, sandbox: Handle, s3: S3Client, bucket: str
) -> None:
    connect(house, sandbox, has_written_consent=True)
    run = house.run(YESTERDAY)
    assert run["state"] == "success"
    page = s3.get_object(Bucket=bucket, Key=run["report"])["Body"].read().decode()
    assert run["report"].startswith("reports/adzuna/")
    # of invented ads nobody is to blame or to be credited
    assert "aucune offre d’Adzuna n’y figure" in page.replace("\u00a0", " ")
    # it states neither the trade nor partners
    assert "Les technologies" in page
    assert "Les métiers" not in page
    assert (
        "sites partenaires" not in page.replace("\u00a0", " ").partition('<footer id="source">')[0]
    )
    assert "France Travail" not in page.partition('<footer id="source">')[2]


@pytest.mark.parametrize("noted", ["true", 1, None])
def test_a_consent_that_is_not_plainly_said_is_none(
    house: House, sandbox: Handle, noted: Any
) -> None:
    connect(house, sandbox, has_written_consent=noted)
    assert house.run(YESTERDAY)["states"]["report"] == "skipped"


def test_neither_source_fails_the_checks_of_the_other(house: House, sandbox: Handle) -> None:
    house.connect(
        "france_travail", **sandbox_connection(sandbox.url, extra={"requests_per_second": 400})
    )
    house.dag_id = "france_travail_daily"
    assert house.run(YESTERDAY)["state"] == "success"
    before = house.rows("select t::text from core.job_offer as t order by 1")
    house.dag_id = "adzuna_daily"
    assert house.run(YESTERDAY)["states"]["check"] == "success"
    own = "select t::text from core.job_offer as t where source = 'france_travail' order by 1"
    assert house.rows(own) == before
    house.dag_id = "france_travail_daily"
    assert house.run(YESTERDAY)["state"] == "success"
    sources = house.rows("select source, count(*) > 100 from core.job_offer group by 1 order by 1")
    assert sources == [("adzuna", True), ("france_travail", True)]


def test_without_its_connection_it_says_what_to_create(house: House) -> None:
    assert house.run(YESTERDAY)["state"] == "failed"
    (sentence,) = house.sentences
    assert "The connection adzuna cannot be read" in sentence
    assert "the app id as login and the app key as password" in sentence


def test_a_budget_that_is_used_up_ends_the_run_with_the_hour_it_goes_on(
    house: House, sandbox: Handle
) -> None:
    connect(house, sandbox, requests_per_day=1)
    first = house.run(YESTERDAY)
    assert first["state"] == "success"
    assert len(sandbox.app.adzuna.journal.entries()) == 1
    house.run(YESTERDAY, force=True)
    (sentence,) = house.sentences
    assert "requests to Adzuna that may be made in a day are made: it can go on from" in sentence
    assert len(sandbox.app.adzuna.journal.entries()) == 1


def test_the_account_is_in_no_log_and_no_xcom(
    house: House,
    sandbox: Handle,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    with caplog.at_level("DEBUG"):
        run = house.run(YESTERDAY)
    told = caplog.text + "".join(capfd.readouterr()) + repr(run) + " ".join(house.sentences)
    assert "Adzuna" in told or "adzuna" in told
    for secret in (ID, KEY):
        assert secret not in told
