"""What a new run is called: its day in its id and as its key, however it was started."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from jobmarket.airflow.run_name import name_run

if TYPE_CHECKING:
    from airflow.dag_processing.dagbag import DagBag

DAILY, WEEKLY, MONTHLY = (f"france_travail_{name}" for name in ("daily", "weekly", "monthly"))
NOW = datetime(2026, 11, 27, 3, 18, tzinfo=UTC)
BY_CHANCE = "manual__2026-11-27T03:18:00.5+00:00__Yi0zcneA"


def fields(dag_id: str = DAILY, **others: Any) -> dict[str, Any]:
    """Return what Airflow makes a run with that was asked for in the UI."""
    return {
        "dag_id": dag_id,
        "run_id": BY_CHANCE,
        "run_after": NOW,
        "run_type": "manual",
        "triggered_by": "ui",
        "logical_date": None,
        "conf": {},
        "partition_key": None,
        "partition_date": None,
        "note": None,
        "start_date": None,
        **others,
    }


@pytest.mark.parametrize(
    ("asked", "run_id", "key", "starts"),
    [
        # the form
        (fields(conf={"day": "2026-11-18"}), "…__2026-11-18__Yi0zcneA", "2026-11-18", "2026-11-17T23"),
        (fields(conf={"day": "2026-07-18"}), "…__2026-07-18__Yi0zcneA", "2026-07-18", "2026-07-17T22"),
        # a plain click: yesterday
        (fields(), "…__2026-11-26__Yi0zcneA", "2026-11-26", "2026-11-25T23"),
        (fields(conf=None), "…__2026-11-26__Yi0zcneA", "2026-11-26", "2026-11-25T23"),
        # a key that was typed
        (fields(partition_key="2026-11-12"), "…__2026-11-12__Yi0zcneA", "2026-11-12", "2026-11-11T23"),
        (
            fields(partition_key="2026-11-12", conf={"day": "2026-11-12", "force": True}),
            "…__2026-11-12__Yi0zcneA", "2026-11-12", "2026-11-11T23",
        ),
        # `airflow dags test … 2026-11-18`, which Airflow names after the clock
        (
            fields(run_id="manual__2026-11-27T03:18:00+00:00", triggered_by="test",
                   logical_date=datetime(2026, 11, 18, tzinfo=UTC)),
            "manual__2026-11-27T03:18:00+00:00__2026-11-18", "2026-11-18", "2026-11-17T23",
        ),
        # and without a date
        (
            fields(run_id="manual__2026-11-27T03:18:00+00:00_Yi0zcneA", triggered_by="test"),
            "manual__2026-11-27T03:18:00+00:00__2026-11-26__Yi0zcneA", "2026-11-26", "2026-11-25T23",
        ),
        # weeks and months; the long key of a week is the short one
        (fields(WEEKLY, conf={"week": "2026-W46"}), "…__2026-W46__Yi0zcneA", "2026-W46", "2026-11-08T23"),
        (fields(WEEKLY, partition_key="2026-W46-1"), "…__2026-W46__Yi0zcneA", "2026-W46", "2026-11-08T23"),
        (fields(WEEKLY), "…__2026-W47__Yi0zcneA", "2026-W47", "2026-11-15T23"),
        (fields(MONTHLY, conf={"month": "2026-09"}), "…__2026-09__Yi0zcneA", "2026-09", "2026-08-31T22"),
        # the schedule and a backfill have named it themselves
        (
            fields(run_id="scheduled__2026-11-26T23:00:00+00:00__2026-11-26__dRofk9S2", run_type="scheduled",
                   triggered_by="timetable", partition_key="2026-11-26"),
            "scheduled__2026-11-26T23:00:00+00:00__2026-11-26__dRofk9S2", "2026-11-26", "2026-11-25T23",
        ),
    ],
)  # fmt: skip
def test_a_run_carries_its_day(asked: dict[str, Any], run_id: str, key: str, starts: str) -> None:
    name_run(asked)
    assert asked["run_id"] == run_id.replace("…", "manual__2026-11-27T03:18:00.5+00:00")
    assert asked["partition_key"] == key
    assert asked["partition_date"] == datetime.fromisoformat(f"{starts}:00:00+00:00")
    assert asked["note"] is None


@pytest.mark.parametrize(
    "run_id", ["mine", "manual__2026-11-27T03:18:00+00:00", "again-2", "manual__by-hand__Yi0zcneA"]
)
def test_an_id_that_somebody_chose_stays_and_a_note_says_the_day(run_id: str) -> None:
    asked = fields(run_id=run_id, triggered_by="rest_api", conf={"day": "2026-11-18"})
    name_run(asked)
    assert (asked["run_id"], asked["note"]) == (run_id, "Day 2026-11-18")
    assert asked["partition_key"] == "2026-11-18"
    asked = fields(run_id=run_id, note="after the outage")
    name_run(asked)
    assert asked["note"] == "after the outage"


def test_a_sample_is_not_the_day() -> None:
    asked = fields(conf={"day": "2026-11-27", "max_pages": 2})  # today: a sample may look at it
    name_run(asked)
    assert "__2026-11-27__" in asked["run_id"]
    assert asked["partition_key"] is None


def test_a_run_of_the_command_line_starts_when_it_starts() -> None:
    asked = fields(triggered_by="test", start_date=datetime(2026, 11, 7, tzinfo=UTC))
    before = datetime.now(UTC)
    name_run(asked)
    assert before <= asked["start_date"] <= datetime.now(UTC)


IMPOSSIBLE = [
    (fields(conf={"day": "0001-01-01"}), "0001-01-01 is before 2020-01-01"),
    (fields(conf={"day": "2019-12-31"}), "2019-12-31 is before 2020-01-01"),
    (fields(conf={"day": "2026-11-27"}), "2026-11-27 is not over"),
    (fields(conf={"day": "2026-11-28"}), "2026-11-28 has not begun"),
    (fields(conf={"day": "2126-11-28"}), "2126-11-28 has not begun"),
    (fields(conf={"dya": "2026-11-18"}), "holds 'dya', which this DAG does not know; it knows day,"),
    (fields(conf={"Day": "2026-11-18"}), "holds 'Day'"),
    (fields(conf={"week": "2026-W46"}), "holds 'week'"),
    (fields(conf={"day": "2026-11-18", "forced": True, "a": 1}), "holds 'a', 'forced'"),
    (
        fields(partition_key="2026-11-17", conf={"day": "2026-11-18"}),
        "told partition key 2026-11-17 and parameter day 2026-11-18",
    ),
    (fields(conf={"day": "2026-W47"}), "must be a day like 2026-11-18, but is '2026-W47'"),
    (fields(partition_key="2026-W47"), "must be a day like 2026-11-18, but is '2026-W47'"),
    (fields(WEEKLY, conf={"week": "2026-W60"}), "must be an ISO week like 2026-W47, but is '2026-W60'"),
    (fields(WEEKLY, conf={"week": "2026-W48"}), "2026-11-29 has not begun"),
    (fields(WEEKLY, conf={"week": "2019-W52"}), "2019-W52 is before"),
    (fields(WEEKLY, partition_key="2026-W46", conf={"week": "2026-W45"}), "2026-W46 and parameter week"),
    (fields(WEEKLY, conf={"day": "2026-11-18"}), "holds 'day', which this DAG does not know; it knows week"),
    (fields(MONTHLY, conf={"month": "2026-13"}), "must be a month like 2026-11, but is '2026-13'"),
    (fields(MONTHLY, conf={"month": "2026-11"}), "2026-11-30 has not begun"),
    (fields(MONTHLY, conf={"month": "0001-01"}), "0001-01 is before"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "why"), IMPOSSIBLE, ids=[why for _, why in IMPOSSIBLE])
def test_what_could_only_fail_is_refused_when_it_is_asked_for(
    asked: dict[str, Any], why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        name_run(asked)


def test_what_the_scheduler_makes_is_never_refused() -> None:
    # a backfill with a bad configuration must not stop the scheduler: its tasks say what is wrong
    asked = fields(
        triggered_by="backfill", run_type="backfill", partition_key="2026-11-18", conf={"dya": 1}
    )
    name_run(asked)
    assert asked["partition_key"] == "2026-11-18"


def test_runs_of_others_are_left_alone() -> None:
    asked = fields("somebody_elses", conf={"dya": 1})
    before = dict(asked)
    name_run(asked)
    assert asked == before


@pytest.fixture
def daily(airflow_metadata: None, dag_bag: DagBag) -> Any:
    """Give the daily DAG as the api-server knows it."""
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import sync_bag_to_db
    from airflow.plugins_manager import get_plugin_info
    from airflow.serialization.serialized_objects import DagSerialization

    get_plugin_info()  # as every process of Airflow loads its plugins
    DagBundlesManager().sync_bundles_to_db()
    sync_bag_to_db(dag_bag, "dags-folder", None)
    return DagSerialization.deserialize_dag(DagSerialization.serialize_dag(dag_bag.dags[DAILY]))


@pytest.mark.airflow
@pytest.mark.filterwarnings("default")
def test_airflow_makes_its_runs_through_it(daily: Any) -> None:
    from airflow.utils.session import create_session
    from airflow.utils.state import DagRunState
    from airflow.utils.types import DagRunTriggeredByType, DagRunType

    asked: dict[str, Any] = {
        "run_id": BY_CHANCE,
        "run_after": NOW,
        "run_type": DagRunType.MANUAL,
        "triggered_by": DagRunTriggeredByType.REST_API,
        "state": DagRunState.QUEUED,
    }
    with create_session() as session:
        run = daily.create_dagrun(**asked, conf={"day": "2026-11-18"}, session=session)
        assert run.run_id == "manual__2026-11-27T03:18:00.5+00:00__2026-11-18__Yi0zcneA"
        assert {ti.run_id for ti in run.get_task_instances(session=session)} == {run.run_id}
        assert run.partition_key == "2026-11-18"
        with pytest.raises(ValueError, match="holds 'dya'"):
            daily.create_dagrun(**asked, conf={"dya": "2026-11-18"}, session=session)
        session.rollback()
