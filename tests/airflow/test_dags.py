"""The DAG as Airflow sees it: what is wired to what, and how a person may start it."""

from __future__ import annotations

import copy
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from jobmarket.airflow.task import tell_of_silence
from jobmarket.sources.adzuna.settings import LIMITS

if TYPE_CHECKING:
    from airflow.dag_processing.dagbag import DagBag

pytestmark = pytest.mark.airflow


@pytest.fixture(scope="module")
def daily(dag_bag: DagBag) -> Any:
    return dag_bag.dags["france_travail_daily"]


def test_every_dag_file_loads(dag_bag: DagBag) -> None:
    assert dag_bag.import_errors == {}
    assert set(dag_bag.dags) == {
        *("france_travail_daily", "france_travail_weekly", "france_travail_monthly"),
        *("france_travail_forget", "warehouse_migrate", "adzuna_daily", "adzuna_forget"),
        *("jobmarket_doctor", "france_travail_inventory"),
        *("france_travail_history", "history_maintenance"),
        "warehouse_watch",
    }


def test_each_source_has_its_pool(dag_bag: DagBag) -> None:
    from local.airflow_setup import POOLS

    pools = {task.pool for dag in dag_bag.dags.values() for task in dag.tasks}
    assert pools == {"default_pool", *POOLS}


def test_adzuna_is_off_until_somebody_wants_it_and_says_its_terms(dag_bag: DagBag) -> None:
    adzuna = dag_bag.dags["adzuna_daily"]
    assert adzuna.is_paused_upon_creation is True
    for words in ("written consent", "Jobs by Adzuna", "vacancy counts", "`adzuna_api`"):
        assert words in " ".join(adzuna.doc_md.split())
    assert all(str(limit) in adzuna.doc_md for limit in LIMITS.values())


def test_the_tasks_follow_each_other(daily: Any) -> None:
    edges = {task.task_id: sorted(task.downstream_task_ids) for task in daily.tasks}
    assert edges == {
        "extract": ["check", "load", "report"],
        "prepare": ["load"],
        "load": ["check"],
        "check": ["report"],
        "report": [],
    }


def test_a_sweep_closes_before_it_is_checked_and_ends_what_is_too_old(dag_bag: DagBag) -> None:
    sweep = dag_bag.dags["france_travail_inventory"]
    edges = {task.task_id: sorted(task.downstream_task_ids) for task in sweep.tasks}
    assert edges == {
        "extract": ["ask", "check", "conclude", "end_retention", "load"],
        "prepare": ["load"],
        "load": ["ask"],
        "ask": ["conclude"],
        "conclude": ["check", "end_retention"],
        "check": [],
        "end_retention": [],
    }
    asking = {task.task_id for task in sweep.tasks if task.pool == "france_travail_api"}
    assert asking == {"extract", "ask"}
    assert sweep.max_active_runs == 1
    assert sweep.is_paused_upon_creation is True
    assert sweep.params.dump() == {
        "day": None,
        "force": False,
        "allow_gap": False,
        "allow_wave": False,
        "max_pages": None,
    }


def test_a_run_of_each_dag_tells_of_a_task_that_was_killed(dag_bag: DagBag) -> None:
    told = {name: dag.on_failure_callback for name, dag in dag_bag.dags.items()}
    assert told == dict.fromkeys(dag_bag.dags, tell_of_silence)


def test_days_queue_for_the_api_and_for_nothing_else(daily: Any) -> None:
    assert {task.task_id: task.pool for task in daily.tasks} == {
        "extract": "france_travail_api",
        "prepare": "default_pool",
        "load": "default_pool",
        "check": "default_pool",
        "report": "default_pool",
    }


def test_assets_say_what_a_run_makes(daily: Any) -> None:
    outlets = {task.task_id: [asset.name for asset in task.outlets] for task in daily.tasks}
    assert outlets == {
        "extract": ["france_travail_raw_offers"],
        "prepare": [],
        "load": ["core_job_offer"],
        "check": ["france_travail_checked_day"],
        "report": ["france_travail_report"],
    }


def test_the_history_follows_each_checked_day_and_is_none_of_its_tasks(dag_bag: DagBag) -> None:
    """That the history is down must not fail a day."""
    history = dag_bag.dags["france_travail_history"]
    assert history.timetable.asset_condition.name == "france_travail_checked_day"
    assert history.params.dump() == {"day": None}


def test_nothing_is_given_up_before_it_is_written_and_unless_somebody_wants_it(
    dag_bag: DagBag,
) -> None:
    maintenance = dag_bag.dags["history_maintenance"]
    assert maintenance.is_paused_upon_creation is True
    assert {task.task_id: sorted(task.downstream_task_ids) for task in maintenance.tasks} == {
        "keep_france_travail": ["maintain"],
        "maintain": ["give_up"],
        "give_up": [],
    }


def test_the_form_has_safe_defaults(daily: Any) -> None:
    assert daily.params.dump() == {
        "day": None,
        "source": "api",
        "force": False,
        "allow_gap": False,
        "ask": False,
        "max_pages": None,
        "report": True,
    }


@pytest.mark.parametrize(
    "conf",
    [{"day": "2026-13-01"}, {"source": "disk"}, {"force": "yes"}, {"max_pages": 0}],
    ids=str,
)
def test_the_form_refuses_what_makes_no_sense(daily: Any, conf: dict[str, Any]) -> None:
    from airflow.sdk.exceptions import ParamValidationError

    params = copy.deepcopy(daily.params)
    with pytest.raises(ParamValidationError):
        params.update(conf)


def test_it_is_documented_and_found(daily: Any) -> None:
    assert "certificate of completeness" in daily.doc_md
    assert daily.tags == {"france-travail", "offers", "daily"}
    assert daily.catchup is False


def test_it_survives_serialization(daily: Any) -> None:
    from airflow.serialization.serialized_objects import DagSerialization

    again = DagSerialization.deserialize_dag(DagSerialization.serialize_dag(daily))
    assert sorted(again.task_ids) == ["check", "extract", "load", "prepare", "report"]


@pytest.mark.parametrize(
    ("first", "last", "keys"),
    [
        ("2026-11-16", "2026-11-18", ["2026-11-16", "2026-11-17", "2026-11-18"]),
        ("2026-03-28", "2026-03-30", ["2026-03-28", "2026-03-29", "2026-03-30"]),
        ("2026-10-24", "2026-10-26", ["2026-10-24", "2026-10-25", "2026-10-26"]),
    ],
)
def test_a_backfill_gives_each_day_of_its_range(
    daily: Any, first: str, last: str, keys: list[str]
) -> None:
    from airflow.serialization.encoders import coerce_to_core_timetable

    infos = coerce_to_core_timetable(daily.timetable).iter_partition_dagrun_infos(
        earliest=datetime.fromisoformat(first).replace(tzinfo=UTC),
        latest=datetime.fromisoformat(last).replace(tzinfo=UTC),
    )
    assert [info.partition_key for info in infos] == keys


def test_the_project_is_not_imported_under_bare_names(dag_bag: DagBag) -> None:
    # Airflow imports every file under plugins/ by its stem, unless .airflowignore says no
    from airflow.plugins_manager import get_import_errors

    assert dag_bag.dags
    assert get_import_errors() == {}
    assert {"operators", "errors", "lake", "day"}.isdisjoint(sys.modules)
