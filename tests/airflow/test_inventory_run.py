"""Sweeps of a stock that lives, through Airflow and on real parts: what is loaded, asked for, closed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from jobmarket.foundation.errors import CheckFailed, ConfigurationError
from jobmarket.foundation.lake.absences import read_absences
from jobmarket.foundation.lake.layout import Scope
from jobmarket.foundation.lake.store import Lake

from sandbox.server import running
from sandbox.settings import Settings
from tests.support.airflow_runs import (
    House,
    lake_connection,
    sandbox_connection,
    tasks_connection,
)
from tests.support.sweeps import FAST, FIRST, FORM, Sweeps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from airflow.dag_processing.dagbag import DagBag
    from mypy_boto3_s3 import S3Client

    from local.object_store import ObjectStore

# inside Airflow, warnings are Airflow's
pytestmark = [pytest.mark.airflow, pytest.mark.filterwarnings("default")]


@pytest.fixture
def sweeps(
    request: pytest.FixtureRequest,
    airflow_metadata: None,
    dag_bag: DagBag,
    monkeypatch: pytest.MonkeyPatch,
    warehouse_dsn: str,
    object_store: ObjectStore,
    s3: S3Client,
    bucket: str,
) -> Iterator[Sweeps]:
    house = House(dag_bag, monkeypatch, warehouse_dsn, "france_travail_inventory", FORM)
    house.connect("aws_default", **lake_connection(object_store.endpoint_url))
    house.connect("warehouse", **tasks_connection(warehouse_dsn))
    monkeypatch.setenv("AIRFLOW_VAR_DATA_LAKE_BUCKET", bucket)
    per_day, mean = getattr(request, "param", (80, 6))
    settings = Settings(
        offers_per_day=per_day,
        mean_life_days=mean,
        rate=FAST,
        now=datetime(2026, 10, 5, 5),  # noqa: DTZ001
    )
    with running(settings) as sandbox:
        extra = {"requests_per_second": FAST}
        house.connect("france_travail", **sandbox_connection(sandbox.url, extra=extra))
        yield Sweeps(house, sandbox.url, Lake(s3, bucket), monkeypatch)


def test_sweeps_load_the_stock_and_close_what_has_gone(sweeps: Sweeps) -> None:
    # a day that was never swept cannot be any more; today can
    with pytest.raises(ConfigurationError, match="leave `day` empty to sweep today"):
        sweeps.on(FIRST, day="2026-10-01")
    first = sweeps.house.run(str(FIRST))
    assert first["state"] == "success", sweeps.house.sentences
    live = sweeps.live()
    assert first["load"]["offers"] == len(live) == first["load"]["inserted"]
    assert first["load"]["absent"] == 0
    assert sweeps.open() == live
    sweeps.asked()

    # today is collected: nothing is asked
    again = sweeps.on(FIRST)
    assert sweeps.asked() == []
    assert (again["load"]["inserted"], again["load"]["updated"]) == (0, 0)

    second = sweeps.on(FIRST + timedelta(days=1))
    gone = live - sweeps.live()
    assert second["load"]["absent"] == len(gone) > 0
    assert second["ask"] == {"alive": 0, "gone": len(gone), "unanswered": 0, "wavering": 0}
    assert second["conclude"]["closed"] == len(gone)
    assert sweeps.open() == sweeps.live()
    assert gone <= {path.rpartition("/")[2] for path in sweeps.asked()}

    # a replay of the first sweep asks nothing and changes nothing
    sweeps.on(FIRST + timedelta(days=1), day=str(FIRST))
    assert sweeps.asked() == []
    assert sweeps.open() == sweeps.live()


def test_offers_that_the_search_hides_stay_open_and_a_sample_closes_nothing(sweeps: Sweeps) -> None:
    sweeps.on(FIRST)
    before = sweeps.live()
    day = FIRST + timedelta(days=1)
    sample = sweeps.on(day, max_pages=12)
    assert sample["load"]["is_counted"] is False
    assert (sum(sample["ask"].values()), sample["conclude"]) == (0, {})

    sweeps.misbehave(hidden_share=0.3)
    second = sweeps.on(day)
    assert second["load"]["is_counted"], sweeps.house.sentences
    missing = before - sweeps.live()
    alive = second["ask"]["alive"]
    assert 0 < alive < len(missing)
    assert alive + second["ask"]["gone"] == len(missing)
    assert second["conclude"]["closed"] == second["ask"]["gone"]
    manifest = sweeps.lake.manifest_of(Scope("france_travail", "2026-10-06", "stock"))
    assert manifest is not None
    kept = read_absences(sweeps.lake, manifest)
    assert set(kept.alive) <= sweeps.open()
    assert not set(kept.gone) & sweeps.open()


def test_the_bound_of_the_receipt_holds_when_the_search_hides_live_offers(
    sweeps: Sweeps, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sample of 15, so that a stock of hundreds is not asked for whole; and some answers are no answers."""
    monkeypatch.setattr("jobmarket.offers.life.sweep.ASKED", 15)
    sweeps.on(FIRST)
    known = sweeps.live()
    closed: set[str] = set()
    unproved = 0
    for number, share in enumerate([0.001, 0.01, 0.3], start=1):
        sweeps.misbehave(hidden_share=share, detail_every=50, detail_kind="not-found")
        told = sweeps.on(FIRST + timedelta(days=number))["conclude"]
        sweeps.misbehave(detail_every=0)
        known |= sweeps.live()
        closed, before = known - sweeps.open(), closed
        falsely = sweeps.given(closed - before)
        assert told["false_closure_bound"] is not None
        assert len(falsely) <= told["false_closure_bound"] * told["unproved"] + 1e-9
        unproved += told["unproved"]
        if told["alive"]:
            assert (told["unproved"], falsely) == (0, set())
    assert told["alive"] > 5  # of the last
    assert unproved > 20  # there was something to be wrong about


@pytest.mark.parametrize("sweeps", [(1_200, 2)], indirect=True)
def test_a_wave_waits_for_a_person(sweeps: Sweeps) -> None:
    sweeps.on(FIRST)
    later = FIRST + timedelta(days=1)
    with pytest.raises(CheckFailed, match="waiting_closures"):
        sweeps.on(later)
    assert sweeps.house.rows(
        "select closed_count, waiting_count > 200 from control.sweep where day = '2026-10-06'"
    ) == [(0, True)]
    allowed = sweeps.on(later, allow_wave=True)
    assert allowed["conclude"]["closed"] > 200
