"""Whole runs of the DAGs under exactly the policies of ``infra/policies``: ``make infra``.

Through a gate that decides as IAM does, to a real object store. What is left out of a policy is tried in
``test_least_privilege``, on the scenarios that are held here against the runs.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from jobmarket.airflow.ui import query
from jobmarket.airflow.ui.kinds import KINDS
from jobmarket.foundation.lake.store import Lake

from sandbox.server import running
from sandbox.settings import Settings
from tests.support import lake_scenarios as lake_life
from tests.support.airflow_runs import (
    House,
    lake_connection,
    no_waiting,
    sandbox_connection,
    tasks_connection,
)
from tests.support.aws_policies import BUCKET, statements
from tests.support.policy_gate import gate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from airflow.dag_processing.dagbag import DagBag

    from local.services import ObjectStore
    from tests.support.policy_gate import Gate

# inside Airflow, warnings are Airflow's
pytestmark = [pytest.mark.airflow, pytest.mark.filterwarnings("default")]

DAY = "2026-11-18"
FAST = 400  # requests a second: a test waits for nobody


@pytest.fixture
def house(
    airflow_metadata: None,
    dag_bag: DagBag,
    monkeypatch: pytest.MonkeyPatch,
    warehouse_dsn: str,
    bucket: str,
) -> Iterator[House]:
    house = House(dag_bag, monkeypatch, warehouse_dsn)
    house.connect("warehouse", **tasks_connection(warehouse_dsn))
    monkeypatch.setenv("AIRFLOW_VAR_DATA_LAKE_BUCKET", bucket)
    with running(Settings(offers_per_day=300, rate=FAST)) as sandbox:
        extra = {"requests_per_second": FAST}
        house.connect("france_travail", **sandbox_connection(sandbox.url, extra=extra))
        yield house


def run_dag(house: House, dag_id: str, logical_day: str, /, **form: Any) -> str:
    dag = house.dag_bag.dags[dag_id]
    with house.listening(), no_waiting(dag):
        instant = datetime.fromisoformat(logical_day).replace(tzinfo=UTC)
        return str(dag.test(logical_date=instant, run_conf=form).state)


def actions(opened: Gate) -> set[tuple[str, str]]:
    """Return what was asked for, by action and shelf of the lake."""
    shelf = f":::{BUCKET}/"
    return {(one.action, one.resource.partition(shelf)[2].split("/")[0]) for one in opened.allowed}


def test_a_day_a_replay_reports_and_forgetting_run_under_the_policy_of_the_tasks(
    house: House, object_store: ObjectStore, bucket: str
) -> None:
    options = {
        "identity": statements("tasks"),
        "resource": statements("lake_bucket"),
        "bucket_alias": BUCKET,
    }
    with gate(object_store.endpoint_url, **options) as opened:
        house.connect("aws_default", **lake_connection(opened.url))
        first = house.run(DAY)
        assert first["state"] == "success", house.sentences
        assert first["load"]["inserted"] == 300
        replayed = house.run(DAY, source="raw")
        assert (replayed["state"], replayed["load"]["unchanged"]) == ("success", 300), (
            house.sentences
        )
        weekly = run_dag(house, "france_travail_weekly", DAY, week="2026-W47")
        assert weekly == "success", house.sentences
        of_the_ui(house, object_store)
        house.connect("aws_default", **lake_connection(opened.url))
        forgotten = run_dag(house, "france_travail_forget", DAY, day=DAY, delete=True)
        assert forgotten == "success", house.sentences
        examined = run_dag(house, "jobmarket_doctor", DAY)
        assert examined == "success", house.sentences
        # who asks without an account, as the doctor does, is refused
        assert opened.denied == []
        asked = actions(opened)
    with gate(object_store.endpoint_url, **options) as small:
        lake = Lake(lake_life.client_of(small.url), lake_life.fresh_bucket(object_store))
        for scenario in lake_life.A_LIFE:
            if scenario is not lake_life.show_a_report:  # what the UI does
                scenario(lake)
        # the small ones below ask for the same as these runs: so what breaks them breaks a run
        assert actions(small) == asked


def of_the_ui(house: House, object_store: ObjectStore) -> None:
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
