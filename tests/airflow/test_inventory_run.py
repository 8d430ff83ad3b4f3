"""Sweeps of a stock that lives, through Airflow and on real parts: what is loaded, asked for, closed."""

from __future__ import annotations

import copy
from collections import defaultdict
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import requests
from jobmarket.airflow import inventory_operators
from jobmarket.airflow.source_hook import SourceHook
from jobmarket.foundation.errors import (
    CheckFailed,
    ConfigurationError,
    SourceContractError,
    SourceUnavailable,
)
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

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from airflow.dag_processing.dagbag import DagBag
    from mypy_boto3_s3 import S3Client

    from local.services import ObjectStore

# inside Airflow, warnings are Airflow's
pytestmark = [pytest.mark.airflow, pytest.mark.filterwarnings("default")]

FIRST = date(2026, 10, 5)
FORM = {"day": None, "force": False, "allow_gap": False, "allow_wave": False, "max_pages": None}
FAST = 400


class Sweeps:
    """A sandbox whose clock is moved, and the tasks that sweep it, one after the other, without their DAG."""

    def __init__(self, house: House, url: str, lake: Lake, patch: pytest.MonkeyPatch) -> None:
        self.house = house
        self.url = url
        self.lake = lake
        self._patch = patch
        self._tasks = house.dag_bag.dags["france_travail_inventory"].task_dict

    def stand_at(self, day: date) -> None:
        """Let it be five in the morning of a day."""
        self._patch.setattr(inventory_operators, "_today", lambda: day)
        now = datetime.combine(day, datetime.min.time()) + timedelta(hours=5)
        answer = requests.put(f"{self.url}/_sandbox/clock", json={"now": str(now)}, timeout=30)
        assert answer.status_code == 200

    def on(self, at: date, **form: Any) -> dict[str, Any]:
        """Sweep at five in the morning of a day; return what each task returned."""
        self.stand_at(at)
        context: Any = {
            "params": {**FORM, **form},
            "dag_run": SimpleNamespace(run_id=f"manual__{at}", partition_key=None),
            "outlet_events": defaultdict(Outlet),
        }
        found: dict[str, Any] = {}
        for name in ("extract", "load", "ask", "conclude", "check"):
            task = copy.copy(self._tasks[name])
            if name != "extract":
                task.manifest_key = found["extract"]
            found[name] = task.execute(context)
        return found

    def misbehave(self, **faults: Any) -> None:
        requests.put(f"{self.url}/_sandbox/faults", json=faults, timeout=30).raise_for_status()

    def live(self) -> set[str]:
        return set(requests.get(f"{self.url}/_sandbox/live", timeout=30).json())

    def asked(self) -> list[str]:
        found = requests.get(f"{self.url}/_sandbox/requests", timeout=30).json()
        requests.delete(f"{self.url}/_sandbox/requests", timeout=30)
        return [entry["path"] for entry in found]

    def open(self) -> set[str]:
        rows = self.house.rows(
            "select offer_id from core.job_offer where not exists (select from core.offer_absence as a "
            "where a.offer_id = job_offer.offer_id and a.is_closed and a.seen_again_on is null)"
        )
        return {row[0] for row in rows}


class Outlet:
    """What a task tells of an asset."""

    def __init__(self) -> None:
        self.extra: dict[str, Any] = {}

    def add_partitions(self, key: str) -> None:
        self.extra["partition"] = key


@pytest.fixture
def sweeps(
    request: pytest.FixtureRequest,
    airflow_metadata: None,
    dag_bag: DagBag,
    monkeypatch: pytest.MonkeyPatch,
    postgres_dsn: str,
    object_store: ObjectStore,
    s3: S3Client,
    bucket: str,
) -> Iterator[Sweeps]:
    house = House(dag_bag, monkeypatch, postgres_dsn, "france_travail_inventory", FORM)
    house.connect("aws_default", **lake_connection(object_store.endpoint_url))
    house.connect("warehouse", **tasks_connection(postgres_dsn))
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
    sweeps.stand_at(FIRST)
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


def is_live(offer_ids: Iterable[str]) -> set[str]:
    """Ask the source, which tells the truth now, which of these are live."""
    client = SourceHook("france_travail").get_conn()
    try:
        return {one for one in offer_ids if client.is_live(one)}
    finally:
        client.close()


def test_the_bound_of_the_receipt_holds_when_the_search_hides_live_offers(
    sweeps: Sweeps, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sample of 40, so that a stock of hundreds is not asked for whole."""
    monkeypatch.setattr("jobmarket.offers.life.sweep.ASKED", 40)
    sweeps.on(FIRST)
    known = sweeps.live()
    unproved = 0
    for number, share in enumerate([0.001, 0.001, 0.001, 0.01, 0.01, 0.3, 0.3], start=1):
        sweeps.misbehave(hidden_share=share)
        told = sweeps.on(FIRST + timedelta(days=number))["conclude"]
        known |= sweeps.live()
        falsely = is_live(known - sweeps.open())
        if told["alive"]:
            assert (told["unasked"], told["unproved"]) == (0, 0)  # all were asked for
        assert told["false_closure_bound"] is not None
        assert len(falsely) <= told["false_closure_bound"] * told["unproved"] + 1e-9
        unproved += told["unproved"]
        if share == 0.3:
            assert told["alive"] > 5
            assert not falsely
    assert unproved > 40  # there was something to be wrong about


@pytest.mark.parametrize(("kind", "every"), [("not-found", 20), ("empty", 5), ("other-id", 5), ("429", 5)])
def test_an_answer_that_says_nothing_closes_nothing(sweeps: Sweeps, kind: str, every: int) -> None:
    sweeps.on(FIRST)
    known = sweeps.live()
    sweeps.misbehave(hidden_share=0.3, detail_every=every, detail_kind=kind)
    told = sweeps.on(FIRST + timedelta(days=1))
    sweeps.misbehave(detail_every=0)
    closed = known - sweeps.open()
    assert len(closed) == told["conclude"]["closed"] == told["ask"]["gone"] > 10
    assert is_live(closed) == set()


@pytest.mark.parametrize("kind", ["gone", "not-found"])
def test_a_source_that_answers_wrongly_throughout_ends_the_task(sweeps: Sweeps, kind: str) -> None:
    sweeps.on(FIRST)
    sweeps.misbehave(hidden_share=0.3, detail_every=1, detail_kind=kind)
    with pytest.raises((SourceUnavailable, SourceContractError)):
        sweeps.on(FIRST + timedelta(days=1))
    assert sweeps.house.rows("select count(*) from core.offer_absence where is_closed") == [(0,)]
    sweeps.misbehave(detail_every=0)
    told = sweeps.on(FIRST + timedelta(days=1))["conclude"]
    assert (told["unasked"], told["closed"]) == (0, told["gone"])


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


def test_a_day_that_never_was_swept_cannot_be(sweeps: Sweeps) -> None:
    with pytest.raises(ConfigurationError, match="leave `day` empty to sweep today"):
        sweeps.on(FIRST, day="2026-10-01")
