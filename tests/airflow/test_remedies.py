"""What a sentence says to do is done here in whole runs: each breaks something, fails, obeys, and succeeds.

Which sentence is obeyed where is in ``test_every_remedy``.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from airflow.sdk import Asset
from airflow.sdk.exceptions import AirflowSkipException
from jobmarket.airflow.report_operator import ReportDayOperator
from jobmarket.airflow.run_name import RunRefused
from jobmarket.foundation.day import PARIS
from jobmarket.history.days import keep_day
from jobmarket.history.retention import give_up_old_days
from jobmarket.offers.reading import ContractBreach
from jobmarket.sources.france_travail.client.client import FranceTravailClient

from sandbox.adzuna.settings import AdzunaSettings
from sandbox.server import running
from sandbox.settings import Settings
from tests.support.airflow_runs import (
    House,
    lake_connection,
    no_waiting,
    sandbox_connection,
    tasks_connection,
)
from tests.support.history_catalogs import fresh, rest_catalog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from airflow.dag_processing.dagbag import DagBag
    from mypy_boto3_s3 import S3Client

    from local.object_store import ObjectStore

# inside Airflow, warnings are Airflow's
pytestmark = [pytest.mark.airflow, pytest.mark.filterwarnings("default")]

DAY = "2026-11-18"
MONTHLY = "france_travail_monthly"
FAST = {"requests_per_second": 400}
READER = "jobmarket.sources.france_travail.contract.reader"


@pytest.fixture
def house(
    airflow_metadata: None,
    dag_bag: DagBag,
    monkeypatch: pytest.MonkeyPatch,
    warehouse_dsn: str,
    object_store: ObjectStore,
    bucket: str,
) -> Iterator[House]:
    house = House(dag_bag, monkeypatch, warehouse_dsn)
    house.connect("aws_default", **lake_connection(object_store.endpoint_url))
    house.connect("warehouse", **tasks_connection(warehouse_dsn))
    monkeypatch.setenv("AIRFLOW_VAR_DATA_LAKE_BUCKET", bucket)
    with running(Settings(offers_per_day=200, rate=400)) as api:
        house.connect("france_travail", **sandbox_connection(api.url, extra=FAST))
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
        (damage_a_page, "sha256 differs): it was changed or damaged since; run the day ag", {"force": True}),
        (damage_the_manifest, "run the day with source = api", {}),
        (delete_a_page, "it was deleted since; run the day again with force", {"force": True}),
    ],
)  # fmt: skip
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


def test_a_manifest_that_is_damaged_before_the_load_is_landed_anew(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as torn:
        torn.setattr(
            "jobmarket.foundation.lake.store.msgspec.json.format", lambda written: written[:-20]
        )
        assert house.run(DAY)["state"] == "failed"
    assert "is not a manifest that this version reads" in house.sentences[-1]
    assert house.sentences[-1].endswith("run the day again with force.")
    assert house.run(DAY, force=True)["state"] == "success", house.sentences


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
    with pytest.raises(AirflowSkipException) as skipped:
        report.execute(context)
    assert "is loaded, so there is nothing to report: run france_travail_daily" in str(
        skipped.value
    )
    assert monthly(house) == "failed"
    assert "load the days before a report is made" in house.sentences[-1]
    assert house.run("2026-10-15")["state"] == "success", house.sentences
    assert monthly(house) == "success"


def monthly(house: House) -> str:
    """Run the report of October 2026; return its state."""
    dag = house.dag_bag.dags[MONTHLY]
    house.sentences.clear()
    with house.listening(), no_waiting(dag):
        run = dag.test(logical_date=datetime.now(UTC), run_conf={"month": "2026-10"})
    return str(run.state)


def test_a_report_of_adzuna_is_skipped_until_its_consent_is_noted(house: House) -> None:
    yesterday = str((datetime.now(PARIS) - timedelta(days=1)).date())
    stand_in = AdzunaSettings(live=1_000)
    account = {"login": stand_in.app_id, "password": stand_in.app_key}
    house.dag_id = "adzuna_daily"
    with running(Settings(adzuna=stand_in)) as api:
        house.connect("adzuna", **sandbox_connection(api.url, **account))
        first = house.run(yesterday)
        assert first["states"]["report"] == "skipped"
        report = ReportDayOperator(
            task_id="report", manifest_key=first["extract"], asset=Asset("a")
        )
        with pytest.raises(AirflowSkipException) as skipped:
            report.execute({"params": {"report": True}})
        assert (
            "set has_written_consent to true in the extra of the connection adzuna once it is given"
            in str(skipped.value)
        )
        noted = {"has_written_consent": True}
        house.connect("adzuna", **sandbox_connection(api.url, **account, extra=noted))
        assert house.run(yesterday)["states"]["report"] == "success", house.sentences


@pytest.mark.parametrize("form", [{"allow_gap": True}, {}], ids=["allowed", "asked again"])
def test_a_day_with_a_gap_is_published_as_it_is_or_asked_for_again(
    house: House, form: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    # a second holds more than both orders give, and the filters that are known do not divide it
    settings = Settings(offers_per_day=7_000, rate=400, bursts=((12 * 3600, 6_600),))
    with running(settings) as api:
        house.connect("france_travail", **sandbox_connection(api.url, extra=FAST))
        with monkeypatch.context() as patched:
            patched.setattr("jobmarket.sources.france_travail.plan.division.FILTERS", ("codeROME",))
            patched.setattr(FranceTravailClient, "referential", lambda *_: [])
            assert house.run(DAY)["state"] == "failed"
            said = house.sentences[-1]
            assert "run the day again to ask for the rest only, or set allow_gap to publish" in said
            if form:
                assert house.run(DAY, **form)["state"] == "success", house.sentences
        if not form:
            assert house.run(DAY)["state"] == "success", house.sentences


def served(path: Path, **spoilt: Any) -> Settings:
    """Return the settings of a sandbox that serves 300 offers, each spoilt so."""
    offers = (
        {
            "id": f"{number:07d}",
            "intitule": "Boulanger (H/F)",
            "dateCreation": f"{DAY}T{number % 24:02d}:{number % 60:02d}:00.000Z",
            "dateActualisation": f"{DAY}T23:59:00.000Z",
            "romeCode": "D1102",
            "lieuTravail": {"libelle": "59 - Lille", "commune": "59350", "codePostal": "59000"},
            "typeContrat": "CDI",
            "origineOffre": {"origine": "1" if number % 4 else "2"},
            **spoilt,
        }
        for number in range(300)
    )
    path.write_text("".join(f"{json.dumps(offer)}\n" for offer in offers))
    return Settings(offers_file=path, rate=400)


@pytest.mark.parametrize(
    ("spoilt", "sentence"),
    [
        ({"typeContrat": None}, "put the cause right and run the day again, with force if the cause"),
        ({"alternance": "oui"}, "once the source has corrected them, the day with force"),
    ],
    ids=["a check fails", "records break the contract"],
)  # fmt: skip
def test_a_day_that_france_travail_corrects_is_asked_for_with_force(
    house: House, tmp_path: Path, spoilt: dict[str, Any], sentence: str
) -> None:
    with running(served(tmp_path / "spoilt", **spoilt)) as api:
        house.connect("france_travail", **sandbox_connection(api.url, extra=FAST))
        assert house.run(DAY)["state"] == "failed"
    assert sentence in house.sentences[-1]
    with running(served(tmp_path / "corrected")) as api:
        house.connect("france_travail", **sandbox_connection(api.url, extra=FAST))
        assert house.run(DAY, force=True)["state"] == "success", house.sentences


def test_a_contract_that_is_corrected_takes_what_has_landed(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(served(tmp_path / "offers")) as api:
        house.connect("france_travail", **sandbox_connection(api.url, extra=FAST))
        with monkeypatch.context() as too_strict:
            too_strict.setattr(f"{READER}.read_offer", refuse)
            assert house.run(DAY)["state"] == "failed"
    assert "break the contract, more than the 20 allowed" in house.sentences[-1]
    assert (
        "correct the contract (sources/france_travail/contract/offer.py) and run the task again"
        in house.sentences[-1]
    )
    assert house.run(DAY)["state"] == "success", house.sentences


def refuse(*_: Any) -> None:
    raise ContractBreach("Expected something else")


def test_a_day_that_fails_a_check_for_another_reason_is_only_run_again(house: House) -> None:
    assert house.run(DAY)["state"] == "success", house.sentences
    with psycopg.connect(house.dsn, autocommit=True) as connection:
        connection.execute("create table mart.kept (recruiter_mail text)")
        assert house.run(DAY)["state"] == "failed"
        assert "put the cause right and run the day again" in house.sentences[-1]
        connection.execute("drop table mart.kept")
    assert house.run(DAY)["state"] == "success", house.sentences


def test_a_day_of_an_earlier_version_is_loaded_again(house: House) -> None:
    assert house.run("2026-10-15")["state"] == "success", house.sentences
    with psycopg.connect(house.dsn, autocommit=True) as connection:
        connection.execute("delete from mart.offer_count")
    assert monthly(house) == "failed"
    assert "Run france_travail_daily again for this day, then this report" in house.sentences[-1]
    house.environment.delenv("AIRFLOW_CONN_FRANCE_TRAVAIL")  # nothing is asked from it
    assert house.run("2026-10-15")["state"] == "success", house.sentences
    assert monthly(house) == "success"


def test_a_month_whose_days_were_given_up_is_reported_after_a_replay(
    house: House, object_store: ObjectStore
) -> None:
    day = date(2026, 10, 15)
    assert house.run(str(day))["state"] == "success", house.sentences
    ((offers,),) = house.rows("select count(*) from core.job_offer")
    history = fresh(rest_catalog(object_store))
    with psycopg.connect(house.dsn) as connection:
        assert keep_day(connection, history, "france_travail", day).rows == offers > 0
        give_up_old_days(connection, history, "france_travail", day + timedelta(days=1))
    assert house.rows("select count(*) from core.job_offer") == [(0,)]
    assert monthly(house) == "failed"
    assert "The warehouse has given up the offers of 1 days of 2026-10" in house.sentences[-1]
    assert house.sentences[-1].endswith("first run those days with source = raw.")
    assert house.run(str(day), source="raw")["state"] == "success", house.sentences
    assert monthly(house) == "success"


def test_no_day_is_forgotten_unless_it_is_named(house: House) -> None:
    dag = house.dag_bag.dags["france_travail_forget"]

    def forget(**form: Any) -> str:
        house.sentences.clear()
        with house.listening(), no_waiting(dag):
            conf = {"day": None, "delete": False, **form}
            return str(dag.test(logical_date=datetime.now(UTC), run_conf=conf).state)

    assert forget() == "failed"
    assert "No day is named, and no day is deleted unless it is" in house.sentences[-1]
    assert house.sentences[-1].endswith("start the run again with `day`.")
    assert forget(day=DAY) == "success", house.sentences


def test_an_error_that_nobody_knows_leaves_a_task_that_can_be_cleared(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("jobmarket.report.page.render_report", lambda *_: dict[str, str]()["page"])
        assert house.run(DAY)["state"] == "failed"
    assert "Clear the task to run it again" in house.sentences[-1]
    assert house.run(DAY)["states"]["report"] == "success", house.sentences
