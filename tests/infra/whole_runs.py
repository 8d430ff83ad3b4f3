"""Whole runs of the DAGs under exactly the policies of ``infra/policies``: ``make infra-proof``.

S3 is a real object store and Glue that of moto, each behind a gate that decides as IAM does and remembers
what it was asked. A statement is needed if one of those requests would be refused without it: each statement,
and each action and resource of one, is held against all of them. They are really left out, too: those of the
history here, those of the lake in ``test_least_privilege`` and ``second_opinion``.
"""

from __future__ import annotations

import copy
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import requests
from jobmarket.airflow import inventory_operators
from jobmarket.airflow.ui import query
from jobmarket.airflow.ui.kinds import KINDS
from jobmarket.foundation.errors import AccessDenied
from jobmarket.foundation.lake.store import Lake
from jobmarket.history.catalog import open_catalog
from jobmarket.history.maintenance import maintain
from jobmarket.history.rows import arrow_schema
from jobmarket.history.table import History

from local.object_store import ACCOUNT, SECRET
from local.process import LOOPBACK
from sandbox.server import running
from sandbox.settings import Settings
from tests.support import lake_scenarios as lake_life
from tests.support.airflow_runs import (
    House,
    a_gap,
    lake_connection,
    no_waiting,
    sandbox_connection,
    tasks_connection,
)
from tests.support.alarm_servers import mailbox
from tests.support.aws_policies import BUCKET, statements, unneeded
from tests.support.policy_gate import gate
from tests.support.statements import BREAKS, HISTORY, of_the_lake

if TYPE_CHECKING:
    from collections.abc import Iterator

    from airflow.dag_processing.dagbag import DagBag

    from local.object_store import ObjectStore
    from tests.support.aws_policies import Asked
    from tests.support.policy_gate import Gate

# inside Airflow, warnings are Airflow's
pytestmark = [pytest.mark.airflow, pytest.mark.filterwarnings("default")]

DAY = "2026-11-18"
LATER = "2026-11-19"
PLACE = "us-east-1"  # of the stand-ins
FAST = 400  # requests a second: a test waits for nobody
STOCK_FORM = {
    "day": None,
    "force": False,
    "allow_gap": False,
    "allow_wave": True,
    "max_pages": None,
}


@pytest.fixture(scope="module")
def glue() -> Iterator[str]:
    """Yield the address of a Glue with the database that Terraform makes."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address=LOOPBACK, port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def make_database(glue: str, bucket: str) -> None:
    """Make the database of the history as Terraform does, in the place of one of an earlier test."""
    requests.post(f"{glue}/moto-api/reset", timeout=30)
    client = boto3.client(
        "glue",
        endpoint_url=glue,
        region_name=PLACE,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    location = f"s3://{bucket}/history"
    client.create_database(DatabaseInput={"Name": "history", "LocationUri": location})


@dataclass
class Gates:
    """Both gates of one role."""

    s3: Gate
    glue: Gate

    def allowed(self) -> list[Asked]:
        return self.s3.allowed + self.glue.allowed

    def denied(self) -> list[Asked]:
        return self.s3.denied + self.glue.denied


@contextmanager
def gates(
    object_store: ObjectStore, glue: str, document: str, without: str = ""
) -> Iterator[Gates]:
    given: dict[str, Any] = {
        "identity": statements(document, without=without),
        "resource": statements("lake_bucket"),
        "bucket_alias": BUCKET,
    }
    with gate(object_store.endpoint_url, **given) as s3, gate(glue, **given) as catalog:
        yield Gates(s3, catalog)


@pytest.fixture
def house(
    airflow_metadata: None,
    dag_bag: DagBag,
    monkeypatch: pytest.MonkeyPatch,
    warehouse_dsn: str,
    bucket: str,
) -> House:
    house = House(dag_bag, monkeypatch, warehouse_dsn)
    house.connect("warehouse", **tasks_connection(warehouse_dsn))
    monkeypatch.setenv("AIRFLOW_VAR_DATA_LAKE_BUCKET", bucket)
    # so that all that was received is due for its replay copy
    monkeypatch.setenv("AIRFLOW_VAR_RAW_RETENTION_DAYS", "3")
    return house


def run_dag(house: House, dag_id: str, logical_day: str, /, **form: Any) -> None:
    dag = house.dag_bag.dags[dag_id]
    with house.listening(), no_waiting(dag):
        instant = datetime.fromisoformat(logical_day).replace(tzinfo=UTC)
        state = str(dag.test(logical_date=instant, run_conf=form).state)
    assert state == "success", house.sentences


def test_whole_runs_are_allowed_and_need_every_statement(
    house: House, object_store: ObjectStore, bucket: str, glue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_database(glue, bucket)
    asked: dict[str, list[Asked]] = {}
    with gates(object_store, glue, "tasks") as opened:
        house.connect("aws_default", **lake_connection(opened.s3.url))
        house.connect("history_catalog", **history_connection(opened, bucket))
        days_and_reports(house)
        asked["ui"] = of_the_ui(house, object_store)
        house.connect("aws_default", **lake_connection(opened.s3.url))
        the_history(house)
        the_stock(house, monkeypatch)
        with a_gap(house, monkeypatch):  # a day without a proof
            assert house.run("2026-11-17")["state"] == "failed"
        with mailbox() as received:
            house.connect("alarm_smtp", **received.connection())
            run_dag(house, "warehouse_watch", LATER)
            assert received.mails
            house.environment.delenv("AIRFLOW_CONN_ALARM_SMTP")
        run_dag(house, "france_travail_forget", DAY, day=DAY, delete=True)
        # who asks without an account, as the doctor does, is refused
        assert opened.denied() == []
        asked["tasks"] = opened.allowed()
    of_whole_runs = {*of_the_lake(), *(key for key, name in BREAKS.items() if name == HISTORY)}
    for document, requested in asked.items():
        given = [one for one in statements(document) if (document, one["Sid"]) in of_whole_runs]
        assert unneeded(given, requested) == []
    small = small_requests(object_store)
    # the small scenarios ask for the same as these runs: so what breaks them breaks a run
    assert actions(small) == {
        (action, shelf)
        for action, shelf in actions(asked["tasks"])
        if shelf != "history" and not action.startswith("glue:")
    }


def history_connection(opened: Gates, bucket: str) -> dict[str, Any]:
    """Return the connection as ``infra/airflow.tf`` tells it, and where Glue is."""
    extra = {
        "type": "glue",
        "warehouse": f"s3://{bucket}/history",
        "glue.endpoint": opened.glue.url,
    }
    return {"conn_type": "generic", "extra": extra}


def days_and_reports(house: House) -> None:
    """Run a day, its replay, the report of its week; look at the place."""
    with running(Settings(offers_per_day=300, rate=FAST)) as sandbox:
        extra = {"requests_per_second": FAST}
        house.connect("france_travail", **sandbox_connection(sandbox.url, extra=extra))
        first = house.run(DAY)
        assert first["state"] == "success", house.sentences
        assert first["load"]["inserted"] == 300
        run_dag(house, "jobmarket_doctor", LATER)
    replayed = house.run(DAY, source="raw")
    assert (replayed["state"], replayed["load"]["unchanged"]) == ("success", 300), house.sentences
    run_dag(house, "france_travail_weekly", DAY, week="2026-W47")


def the_history(house: House) -> None:
    """Keep the day, and look after the files."""
    run_dag(house, "france_travail_history", DAY, day=DAY)
    run_dag(house, "history_maintenance", LATER)


def the_stock(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sweep the stock on two days, so that offers are missing on the second and older answers are copied."""
    five = datetime(2026, 11, 18, 5)  # noqa: DTZ001
    settings = Settings(offers_per_day=80, mean_life_days=6, rate=FAST, now=five)
    with running(settings) as sandbox:
        extra = {"requests_per_second": FAST}
        house.connect("france_travail", **sandbox_connection(sandbox.url, extra=extra))
        for day in (date(2026, 11, 18), date(2026, 11, 19)):
            monkeypatch.setattr(inventory_operators, "_today", lambda day=day: day)
            now = {"now": str(datetime.combine(day, datetime.min.time()) + timedelta(hours=5))}
            requests.put(f"{sandbox.url}/_sandbox/clock", json=now, timeout=30).raise_for_status()
            run_dag(house, "france_travail_inventory", str(day), **STOCK_FORM)
    # what was asked on the second day is copied the next time
    retain = copy.copy(house.dag_bag.dags["france_travail_inventory"].task_dict["end_retention"])
    retain.manifest_key = ""
    assert retain.execute({})["copied"] == 1
    # the day is a copy now, and is loaded from it all the same; of another stock, so that checks would fail
    assert house.run(DAY, source="raw")["states"]["load"] == "success", house.sentences


def of_the_ui(house: House, object_store: ObjectStore) -> list[Asked]:
    """Open the pages under the policy of the UI: reports, their files, and one that is not there."""
    options = {
        "identity": statements("ui"),
        "resource": statements("lake_bucket"),
        "bucket_alias": BUCKET,
    }
    with gate(object_store.endpoint_url, **options) as opened:
        house.connect("aws_default", **lake_connection(opened.url))
        kind = next(
            one for one in KINDS.values() if one.grain == "day" and one.source == "france_travail"
        )
        assert [run.day for run in query.list_days(None).runs] == [date.fromisoformat(DAY)]
        assert [reports[0].value for _, reports in query.list_periods()] == ["2026-W47"]
        assert query.list_files(kind, DAY)[0] == "index.html"
        assert query.read_file(kind, DAY, "index.html")
        assert query.read_file(kind, DAY, "tables/none.csv") is None
        assert query.around(kind, DAY).before is None
        assert opened.denied == []
        return opened.allowed


def small_requests(object_store: ObjectStore) -> list[Asked]:
    """Return what the scenarios of ``lake_scenarios`` ask for."""
    options: dict[str, Any] = {"identity": statements("tasks"), "bucket_alias": BUCKET}
    with gate(object_store.endpoint_url, **options) as opened:
        lake = Lake(lake_life.client_of(opened.url), lake_life.fresh_bucket(object_store))
        for scenario in lake_life.A_LIFE:
            if scenario is not lake_life.show_a_report:  # what the UI does
                scenario(lake)
        return opened.allowed


def actions(requested: list[Asked]) -> set[tuple[str, str]]:
    """Return what was asked for, by action and shelf of the lake."""
    shelf = f":::{BUCKET}/"
    return {(one.action, one.resource.partition(shelf)[2].split("/")[0]) for one in requested}


@pytest.mark.parametrize(
    "without", ["", *(sid for (_, sid), name in BREAKS.items() if name == HISTORY)]
)
def test_keeping_a_day_is_refused_without_a_statement(
    without: str, object_store: ObjectStore, bucket: str, glue: str
) -> None:
    make_database(glue, bucket)
    keys = {"access-key-id": ACCOUNT, "secret-access-key": SECRET, "region": PLACE}
    with gates(object_store, glue, "tasks", without) as opened:
        extra = history_connection(opened, bucket)["extra"]
        catalog = open_catalog(extra, store={**keys, "endpoint": opened.s3.url})
        if not without:
            keep(History(catalog))
            assert opened.denied() == []
            return
        with pytest.raises(AccessDenied):
            keep(History(catalog))
        assert opened.denied() != []


def keep(history: History) -> None:
    """Write a day to the history, again, and delete what is no longer named."""
    for _ in range(2):
        history.write_day("france_travail", date.fromisoformat(DAY), arrow_schema().empty_table())
    later = datetime.now(UTC)
    maintain(history, expire_before=later, orphan_before=later)
