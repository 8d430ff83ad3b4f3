"""The alarms whose faults take longest to make: what is late, stale or changed, on real parts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from jobmarket.foundation.day import PARIS, ends_at
from jobmarket.offers import watch

from local.process import free_port
from sandbox.server import running
from sandbox.settings import Faults, Settings
from tests.airflow.test_alarms import mails  # noqa: F401  a fixture
from tests.airflow.test_daily_run import DAY, FAST, connect_api, house  # noqa: F401  a fixture
from tests.support.alarm_servers import Mailbox, posts

if TYPE_CHECKING:
    from tests.support.airflow_runs import House

pytestmark = [pytest.mark.airflow, pytest.mark.filterwarnings("default")]

DAILY, WATCH = "france_travail_daily", "warehouse_watch"


def watch_once(house: House) -> Any:  # noqa: F811
    house.dag_id = WATCH
    dag = house.dag_bag.dags[WATCH]
    with house.listening():
        run = dag.test(logical_date=datetime.now(UTC))
    assert str(run.state) == "success", house.sentences
    return run.get_task_instance("watch").xcom_pull(task_ids="watch")


def forget_day(house: House, day: date) -> None:  # noqa: F811
    """Let a day have never been loaded: what is seen of it when it did not come."""
    with psycopg.connect(house.dsn) as connection:
        connection.execute("delete from control.ingestion_run where day = %s", (day,))
        connection.execute("delete from mart.offer_count where created_on = %s", (day,))


def test_unknown_fields_are_told_once(house: House, mails: Mailbox) -> None:  # noqa: F811
    settings = Settings(offers_per_day=1_200, rate=FAST, faults=Faults(unknown_fields=True))
    with running(settings) as sandbox:
        connect_api(house, sandbox.url)
        assert house.run(DAY)["state"] == "success", house.sentences
        assert house.run("2026-11-19")["state"] == "success", house.sentences
    drifts = [body for subject, body in mails.mails if "unknown fields" in subject]
    paths = house.rows("select distinct jsonb_object_keys(drift) from control.ingestion_run")
    assert len(drifts) == 1
    assert all(path in drifts[0] for (path,) in paths[:1])


def test_a_late_day_is_told_once_and_again_after_it_was_over(
    house: House,  # noqa: F811
    mails: Mailbox,  # noqa: F811
) -> None:
    yesterday = datetime.now(PARIS).date() - timedelta(days=1)
    long_ago = yesterday - timedelta(days=9)
    late = "[jobmarket] france_travail is late: no certified day"
    with running(Settings(offers_per_day=300, rate=FAST)) as sandbox:
        connect_api(house, sandbox.url)
        assert house.run(str(long_ago))["state"] == "success", house.sentences
        assert watch_once(house) == [late]
        assert watch_once(house) == [late]
        ((subject, body),) = mails.mails
        assert subject == late
        assert f"the newest is {long_ago}" in body
        house.dag_id = DAILY
        assert house.run(str(yesterday))["state"] == "success", house.sentences
    assert watch_once(house) == []
    forget_day(house, yesterday)
    assert watch_once(house) == [late]
    assert [subject for subject, _ in mails.mails] == [late, late]


def test_a_source_that_answers_and_has_nothing_new_is_stale(
    house: House,  # noqa: F811
    mails: Mailbox,  # noqa: F811
) -> None:
    with running(Settings(offers_per_day=300, rate=FAST)) as sandbox:
        connect_api(house, sandbox.url)
        assert house.run("2026-11-16")["state"] == "success", house.sentences
    with running(Settings(offers_per_day=0, rate=FAST)) as sandbox:
        connect_api(house, sandbox.url)
        for day in ("2026-11-17", "2026-11-18"):
            house.dag_id = DAILY
            assert house.run(day, allow_gap=True)["state"] == "success", house.sentences
    assert "[jobmarket] france_travail is stale: it answers, and nothing is new" in watch_once(
        house
    )
    assert [body for subject, body in mails.mails if "is stale" in subject]


def test_from_outside_a_dead_scheduler_is_seen(
    house: House,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with running(Settings(offers_per_day=300, rate=FAST)) as sandbox:
        connect_api(house, sandbox.url)
        assert house.run(DAY)["state"] == "success", house.sentences
    monkeypatch.setenv("JOBMARKET_WAREHOUSE", house.dsn)
    ended = ends_at(date.fromisoformat(DAY))
    with posts() as slack:
        told = ["--slack", f"{slack.url}/services/T/B/x", "--link", "https://airflow.example"]
        assert watch.main(told, now=ended + timedelta(hours=43)) == 0
        assert slack.bodies == []
        assert watch.main(told, now=ended + timedelta(hours=45)) == 1
        (text,) = slack.slack_texts
        assert "is late: no certified day" in text
        assert "https://airflow.example" in text
        assert "ended 45 hours ago" in capsys.readouterr().out
        slack.status = 500
        assert watch.main(told, now=ended + timedelta(hours=45)) == 2
        assert "/services/" not in capsys.readouterr().err
    monkeypatch.setenv("JOBMARKET_WAREHOUSE", f"postgresql://a:b@127.0.0.1:{free_port()}/none")
    assert watch.main([], now=ended) == 2
    assert "The warehouse cannot be asked" in capsys.readouterr().err
