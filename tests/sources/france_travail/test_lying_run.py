"""The daily run through Airflow, on a real store and a real warehouse, while the API lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.airflow_runs import House, lake_connection, tasks_connection
from tests.support.lying_api.api import Api, Lie
from tests.support.lying_api.lies_bodies import (
    OneOfferOf9999,
    PageCutShort,
    RecordsCutInAnEmoji,
    RecordsOfBadUtf8,
)
from tests.support.lying_api.lies_partition import PartnerFilterAnswersNothing, SilenceForPartners
from tests.support.lying_api.runs import wired
from tests.support.lying_api.world import DAY, make_world

if TYPE_CHECKING:
    from airflow.dag_processing.dagbag import DagBag

    from local.object_store import ObjectStore

pytestmark = [pytest.mark.airflow, pytest.mark.filterwarnings("default")]


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


def lied_to(lie_class: type[Lie]) -> Api:
    lie = lie_class(make_world(1_200, 5))
    lie.prepare()
    return Api(lie)


def run(house: House, api: Api, **form: Any) -> dict[str, Any]:
    with wired(api):
        return house.run(str(DAY), **form)


def loaded(house: House) -> set[str]:
    return {row[0] for row in house.rows("select offer_id from core.job_offer")}


def truth(api: Api) -> set[str]:
    return api.world.throughout(1, api.served)


@pytest.mark.parametrize(
    ("lie", "rejected"),
    [(RecordsCutInAnEmoji, 0), (RecordsOfBadUtf8, 3), (OneOfferOf9999, 0)],
    ids=["repaired", "rejected", "of no day"],
)
def test_broken_records_cost_themselves(house: House, lie: type[Lie], rejected: int) -> None:
    api = lied_to(lie)
    told = run(house, api)
    assert told["state"] == "success", told
    missing = truth(api) - loaded(house)
    assert len(missing) == rejected + len(api.lie.excused)
    assert told["load"]["rejected"] == rejected


@pytest.mark.parametrize("lie", [PageCutShort, PartnerFilterAnswersNothing, SilenceForPartners])
def test_what_is_not_certified_is_not_loaded_and_heals(house: House, lie: type[Lie]) -> None:
    api = lied_to(lie)
    told = run(house, api)
    if told["state"] != "success":
        assert told["states"]["load"] == "upstream_failed"
        api.lie = Lie(api.world)
        assert run(house, api)["state"] == "success"
    assert loaded(house) == truth(api)
