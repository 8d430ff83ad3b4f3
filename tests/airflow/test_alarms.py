"""Each kind of alarm, made by a real fault, and received by a real server."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from jobmarket.airflow import alarms
from jobmarket.airflow.connections import open_lake
from jobmarket.airflow.task import FAILURE_KEY, tell_of_silence
from jobmarket.foundation.alarm import LONGEST_SUBJECT, Alarm
from jobmarket.foundation.day import ends_at
from jobmarket.foundation.errors import IncompleteDay, LakeUnavailable
from jobmarket.offers.watch import SourceState, troubles

from local.process import free_port
from sandbox.server import running
from sandbox.settings import Settings
from tests.airflow.test_daily_run import DAY, FAST, connect_api, house  # noqa: F401  a fixture
from tests.support.airflow_runs import a_gap
from tests.support.alarm_servers import Mailbox, mailbox, posts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.airflow_runs import House

pytestmark = [pytest.mark.airflow, pytest.mark.filterwarnings("default")]


@pytest.fixture
def mails(house: House) -> Iterator[Mailbox]:  # noqa: F811
    with mailbox() as received:
        house.connect("alarm_smtp", **received.connection())
        yield received


def test_a_task_that_fails_sends_one_mail_that_says_what_to_do(
    house: House,  # noqa: F811
    mails: Mailbox,
) -> None:
    connect_api(house, f"http://127.0.0.1:{free_port()}")
    assert house.run(DAY)["state"] == "failed"
    ((subject, body),) = mails.mails
    assert subject == f"[jobmarket] france_travail failed: france_travail_daily {DAY}"
    for said in ("What happened", "Why it matters", "What to do", "Where to look", "http"):
        assert said in body
    assert "france_travail_daily.extract" in body
    # no retry and no success sends another
    with running(Settings(offers_per_day=300, rate=FAST)) as sandbox:
        connect_api(house, sandbox.url)
        assert house.run(DAY)["state"] == "success", house.sentences
    assert len(mails.mails) == 1


def test_a_day_that_is_not_certified_says_so(
    house: House,  # noqa: F811
    mails: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with a_gap(house, monkeypatch):
        assert house.run(DAY)["state"] == "failed"
    ((subject, body),) = mails.mails
    assert subject == f"[jobmarket] france_travail {DAY} is not certified"
    assert "allow_gap" in body


PARIS_MIDNIGHT = ends_at(date(2026, 11, 18))


@pytest.mark.parametrize(
    ("state", "now", "kinds"),
    [
        (SourceState("france_travail"), PARIS_MIDNIGHT, ["late"]),
        (SourceState("adzuna"), PARIS_MIDNIGHT, ["late"]),
        # yesterday is certified, today is not over
        (state_of := SourceState("france_travail", *[date(2026, 11, 18)] * 3), PARIS_MIDNIGHT, []),
        (state_of, PARIS_MIDNIGHT + timedelta(hours=43, minutes=59), []),
        (state_of, PARIS_MIDNIGHT + timedelta(hours=44), ["late"]),
        # a source that only gives shares has no certified day
        (SourceState("adzuna", None, date(2026, 11, 18), date(2026, 11, 18)), PARIS_MIDNIGHT, []),
        (
            SourceState("france_travail", None, date(2026, 11, 18), date(2026, 11, 18)),
            PARIS_MIDNIGHT,
            ["late"],
        ),
        # one empty day may be, two in a row are none
        (
            SourceState(
                "france_travail", date(2026, 11, 18), date(2026, 11, 18), date(2026, 11, 17)
            ),
            PARIS_MIDNIGHT,
            [],
        ),
        (
            SourceState(
                "france_travail", date(2026, 11, 18), date(2026, 11, 18), date(2026, 11, 16)
            ),
            PARIS_MIDNIGHT,
            ["stale"],
        ),
        (
            SourceState("france_travail", date(2026, 11, 18), date(2026, 11, 18), None),
            PARIS_MIDNIGHT,
            ["stale"],
        ),
        # a day of 25 hours, 25 October, then 20 hours: 20:00 of the 26th, which is winter
        (
            SourceState("france_travail", *[date(2026, 10, 24)] * 3),
            datetime(2026, 10, 26, 18, 59, tzinfo=UTC),
            [],
        ),
        (
            SourceState("france_travail", *[date(2026, 10, 24)] * 3),
            datetime(2026, 10, 26, 19, 0, tzinfo=UTC),
            ["late"],
        ),
        # a day of 23 hours, 29 March
        (
            SourceState("france_travail", *[date(2026, 3, 28)] * 3),
            datetime(2026, 3, 30, 17, 59, tzinfo=UTC),
            [],
        ),
        (
            SourceState("france_travail", *[date(2026, 3, 28)] * 3),
            datetime(2026, 3, 30, 18, 0, tzinfo=UTC),
            ["late"],
        ),
    ],
)
def test_what_is_late_and_what_is_stale(
    state: SourceState, now: datetime, kinds: list[str]
) -> None:
    assert [alarm.kind for alarm in troubles([state], now, link="")] == kinds


def failing(
    run_id: str, run_type: str, exception: BaseException | None = None, said: str | None = None
) -> Any:
    """Return the context of a task that has failed.

    :param said: what the task left as the reason.
    """
    run = SimpleNamespace(
        dag_id="france_travail_daily", run_id=run_id, run_type=run_type, partition_key=run_id
    )
    instance = SimpleNamespace(
        dag_id=run.dag_id,
        task_id="extract",
        try_number=4,
        log_url="http://ui/log",
        xcom_pull=lambda key: said if key == FAILURE_KEY else None,
    )
    task = SimpleNamespace(source="france_travail")
    return {"ti": instance, "dag_run": run, "exception": exception, "task": task}


def test_a_backfill_of_thirty_failing_days_sends_one(house: House, mails: Mailbox) -> None:  # noqa: F811
    days = [str(date(2026, 10, 1) + timedelta(days=number)) for number in range(30)]
    threads = [
        threading.Thread(
            target=alarms.tell_of_failure,
            args=(failing(day, "backfill", LakeUnavailable("Down.")),),
        )
        for day in days
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ((subject, body),) = mails.mails
    assert "failed: france_travail_daily" in subject
    assert "this message stands for all its runs that fail so" in body
    # another trouble is another message; a run of the schedule is none of the backfill
    alarms.tell_of_failure(failing("2026-10-07", "backfill", IncompleteDay("A gap.")))
    alarms.tell_of_failure(failing("2026-11-01", "scheduled", LakeUnavailable("Down.")))
    assert len(mails.mails) == 3


def test_a_task_that_is_killed_on_its_last_try_sends_one_mail(house: House, mails: Mailbox) -> None:  # noqa: F811
    killed = failing("2026-11-18", "scheduled")
    # as the end of the task, if Airflow noticed, and as the end of its run: in either order, or at once
    threads = [
        threading.Thread(target=tell, args=(killed,))
        for tell in (alarms.tell_of_failure, tell_of_silence)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ((subject, body),) = mails.mails
    assert subject == "[jobmarket] france_travail failed: france_travail_daily 2026-11-18"
    assert "It ended without a word" in body
    assert "memory of its worker, then clear the task" in body
    # cleared, and killed once more
    killed["ti"].try_number = 5
    tell_of_silence(killed)
    assert len(mails.mails) == 2


def test_a_task_that_has_told_is_not_told_again_by_its_run(house: House, mails: Mailbox) -> None:  # noqa: F811
    tell_of_silence(
        failing("2026-11-18", "scheduled", said="extract did not succeed. The lake is down.")
    )
    assert mails.mails == []


def test_a_run_that_fails_without_a_failed_task_is_named(caplog: pytest.LogCaptureFixture) -> None:
    tell_of_silence({"run_id": "scheduled__2026-11-18", "reason": "all_tasks_deadlocked"})
    assert "The run scheduled__2026-11-18 has failed, and no task of it" in caplog.text


def test_a_mark_ages_and_is_made_by_one_only(house: House) -> None:  # noqa: F811
    from jobmarket.foundation.lake.layout import alarm_key

    lake = open_lake()
    lake.ensure_bucket()
    day = timedelta(days=1)
    assert lake.put_mark(alarm_key("x"), b"1", lasts=day)
    assert not lake.put_mark(alarm_key("x"), b"2", lasts=day)
    assert lake.put_mark(alarm_key("x"), b"3", lasts=timedelta(0))


def test_every_channel_that_has_a_connection_carries_the_alarm(house: House) -> None:  # noqa: F811
    alarm = Alarm("failure", "s", "g", "t {{ 7 * 7 }}", "a <b> & {{ 7 * 7 }}", "m", "d", "http://l")
    with mailbox() as mails, posts() as slack, posts() as sns:
        house.connect("alarm_smtp", **mails.connection())
        house.connect("alarm_slack", conn_type="slackwebhook", host=slack.url, password="T/B/x")
        house.connect(
            "alarm_sns",
            conn_type="aws",
            login="a",
            password="b",
            extra={
                "endpoint_url": sns.url,
                "region_name": "eu-west-3",
                "target_arn": "arn:aws:sns:eu-west-3:123456789012:alarms",
            },
        )
        assert alarms.raise_alarm(alarm, is_once=False)
        assert mails.mails[0][0] == "[jobmarket] s t {{ 7 * 7 }}"
        assert "a &lt;b&gt; &amp; {{ 7 * 7 }}" in mails.mails[0][1]
        assert "a &lt;b&gt; &amp; {{ 7 * 7 }}" in slack.slack_texts[0]
        assert slack.bodies[0][0] == "/T/B/x"
        assert sns.sns_messages[0]["Subject"] == "[jobmarket] s t {{ 7 * 7 }}"
        assert "a <b> & {{ 7 * 7 }}" in sns.sns_messages[0]["Message"]


def test_a_channel_that_does_not_answer_keeps_no_other_from_telling_and_is_named(
    house: House,  # noqa: F811
    caplog: pytest.LogCaptureFixture,
) -> None:
    alarm = Alarm("late", "s", "", "t", "h", "m", "d", "l")
    with posts() as slack:
        house.connect("alarm_smtp", **Mailbox().connection())
        house.connect("alarm_slack", conn_type="slackwebhook", host=slack.url, password="T/B/x")
        assert alarms.raise_alarm(alarm, is_once=True)
        assert len(slack.bodies) == 1
        assert "was not sent through the connection alarm_smtp" in caplog.text
        # what nobody has read is tried again
        slack.status = 400
        assert not alarms.raise_alarm(alarm._replace(source="other"), is_once=True)
        slack.status = 200
        assert alarms.raise_alarm(alarm._replace(source="other"), is_once=True)


def test_a_message_is_one_line_of_ascii_in_its_subject() -> None:
    alarm = Alarm("late", "s", "", "é\nBcc: x@example.org " + "y" * 200, "h", "m", "d", "l")
    assert "\n" not in alarm.subject
    assert alarm.subject.isascii()
    assert len(alarm.subject) == LONGEST_SUBJECT
