"""Tells a person: which alarms a run raises, through which of Airflow's notifiers, when one stands for many.

What lives here: the callback of failed tasks, and the way of an alarm. What does not: what an alarm says in
general (``foundation.alarm``), the look at the days (``offers.watch``).

A channel is used if its connection exists, and not else:

``alarm_smtp``
    of type smtp; ``to`` and ``from_email`` in its extra.
``alarm_slack``
    of type slackwebhook; its password is the token.
``alarm_sns``
    of type aws; ``target_arn`` in its extra.

Texts are never rendered as templates: they hold what servers said. What is grouped, or is told once, leaves
a mark in the lake, which only one of many can make; without a lake in a variable of Airflow.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseHook, Variable
from airflow.sdk.configuration import conf
from airflow.sdk.exceptions import AirflowNotFoundException

from jobmarket.airflow.connections import open_lake, remember_connection
from jobmarket.foundation.alarm import Alarm, AlarmKind
from jobmarket.foundation.errors import IncompleteDay, JobMarketError
from jobmarket.foundation.known_secrets import redacted
from jobmarket.foundation.lake.layout import alarm_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow.sdk import Context

REMIND: dict[AlarmKind, timedelta] = {
    "failure": timedelta(hours=12),
    "uncertified": timedelta(hours=12),
    "late": timedelta(hours=24),
    "stale": timedelta(hours=24),
    "drift": timedelta(days=30),
}
"""How long an alarm of a group speaks for those after it."""
_LONGEST_FOREIGN = 300
_MARK = "jobmarket_alarm"
_TIMEOUT_S = 10

log = logging.getLogger(__name__)


def tell_of_failure(context: Context) -> None:
    """Raise the alarm of a task that has failed for good; of a backfill once for all its days.

    For ``on_failure_callback``.
    """
    instance, run, exception = context["ti"], context["dag_run"], context.get("exception")
    if exception is None:
        happened = "It ended without a word: it was killed, or ran out of memory, or a person set its state."
    elif isinstance(exception, JobMarketError):
        happened = redacted(exception, None)
    else:
        happened = f"{type(exception).__name__}: {redacted(exception, _LONGEST_FOREIGN)}"
    is_uncertified = isinstance(exception, IncompleteDay)
    backfill = is_backfill(context)
    period = run.partition_key or run.run_id
    group = f"{run.dag_id} backfill" if backfill else f"{run.dag_id} {run.run_id}"
    if exception is None and not backfill:
        # Airflow may tell it twice: as the end of the task, and as that of its run
        group += f" {instance.task_id} {instance.try_number}"
    raise_alarm(
        Alarm(
            "uncertified" if is_uncertified else "failure",
            getattr(context.get("task"), "source", "") or "",
            group,
            f"{period} is not certified" if is_uncertified else f"failed: {run.dag_id} {period}",
            f"{instance.dag_id}.{instance.task_id} of {period} did not succeed. {happened}"
            + (_ONE_FOR_ALL if backfill else ""),
            "The day is not published until it is certified, and offers that are withdrawn meanwhile cannot "
            "be read any more."
            if is_uncertified
            else "Nothing of this run is published; the reports of other days stay as they are.",
            "Do what the sentence above says, then clear the task: what has landed is kept."
            if exception is not None
            else "Look at the end of its log and at the memory of its worker, then clear the task.",
            str(getattr(instance, "log_url", "") or link_to_ui()),
        ),
        is_once=backfill or exception is None,
        context=context,
    )


_ONE_FOR_ALL = (
    " This is a run of a backfill: this message stands for all its runs that fail so in the next "
    f"{REMIND['failure'] // timedelta(hours=1)} hours; the list of runs shows them."
)


def raise_alarm(alarm: Alarm, *, is_once: bool, context: Context | None = None) -> bool:
    """Send an alarm through each channel that there is; return whether anything was sent.

    :param is_once: not if one of its group was sent within :data:`REMIND`.
    """
    channels = [(conn_id, make) for conn_id, make in _CHANNELS.items() if _is_known(conn_id)]
    if not channels or (is_once and not _is_first(alarm)):
        return False
    sent = [_send(conn_id, make, alarm, context or {}) for conn_id, make in channels]
    if is_once and not any(sent):
        end_alarm(alarm)  # nobody has read it: the next one of its group tries again
    return any(sent)


def end_alarm(alarm: Alarm) -> None:
    """Forget that an alarm was raised: its trouble is over."""
    try:
        open_lake(attempts=1).delete_all([alarm_key(alarm.key)])
    except JobMarketError as error:
        log.warning("The mark of the alarm %s is not removed. %s", alarm.key, error)


def is_backfill(context: Context) -> bool:
    """Tell whether the run is one of a backfill."""
    run_type = getattr(context["dag_run"], "run_type", None)
    return str(getattr(run_type, "value", run_type)) == "backfill"


def link_to_ui() -> str:
    """Return the address of Airflow's UI."""
    return str(conf.get("api", "base_url", fallback="") or "Airflow")


def _is_first(alarm: Alarm) -> bool:
    """Make the mark of an alarm; return False if another one of its group made it not long ago."""
    remind = REMIND[alarm.kind]
    try:
        return open_lake(attempts=2).put_mark(
            alarm_key(alarm.key), alarm.text.encode(), lasts=remind
        )
    except JobMarketError as error:
        log.warning("The mark of the alarm is kept in a variable of Airflow. %s", error)
    name = f"{_MARK}_{alarm.key.replace('/', '_')}"
    before, now = Variable.get(name, default=None), datetime.now(UTC)
    if before and now - datetime.fromisoformat(before) < remind:
        return False
    Variable.set(name, now.isoformat())
    return True


def _is_known(conn_id: str) -> bool:
    try:
        remember_connection(BaseHook.get_connection(conn_id))
    except AirflowNotFoundException:
        return False
    except Exception as error:  # an alarm never fails the task that raises it
        log.error(  # noqa: TRY400  a sentence, as everywhere
            "The connection %s cannot be read (%s: %s), so no alarm goes through it: correct it.",
            conn_id,
            type(error).__name__,
            redacted(error, _LONGEST_FOREIGN),
        )
        return False
    return True


def _send(conn_id: str, make: Callable[[str, Alarm], Any], alarm: Alarm, context: Any) -> bool:
    try:
        # not called, which would render what it says as a template
        make(conn_id, alarm).notify(context)
    except Exception as error:  # whatever the other side does: the task failed of something else
        log.error(  # noqa: TRY400  a sentence, as everywhere
            "The alarm %r was not sent through the connection %s (%s: %s): correct the connection, or remove "
            "it.",
            alarm.subject,
            conn_id,
            type(error).__name__,
            redacted(error, _LONGEST_FOREIGN),
        )
        return False
    log.info("The alarm %r was sent through %s", alarm.subject, conn_id)
    return True


def _mail(conn_id: str, alarm: Alarm) -> Any:
    from airflow.providers.smtp.notifications.smtp import SmtpNotifier

    extra = BaseHook.get_connection(conn_id).extra_dejson
    return SmtpNotifier(
        smtp_conn_id=conn_id,
        to=extra["to"],
        from_email=extra.get("from_email"),
        subject=alarm.subject,
        html_content=alarm.as_html,
    )


def _slack(conn_id: str, alarm: Alarm) -> Any:
    from airflow.providers.slack.notifications.slack_webhook import SlackWebhookNotifier

    return SlackWebhookNotifier(
        slack_webhook_conn_id=conn_id, text=alarm.as_slack, timeout=_TIMEOUT_S
    )


def _sns(conn_id: str, alarm: Alarm) -> Any:
    from airflow.providers.amazon.aws.notifications.sns import SnsNotifier

    extra = BaseHook.get_connection(conn_id).extra_dejson
    return SnsNotifier(
        aws_conn_id=conn_id,
        target_arn=extra["target_arn"],
        subject=alarm.subject,
        message=alarm.text,
        region_name=extra.get("region_name"),
    )


_CHANNELS: dict[str, Callable[[str, Alarm], Any]] = {
    "alarm_smtp": _mail,
    "alarm_slack": _slack,
    "alarm_sns": _sns,
}
