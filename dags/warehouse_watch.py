"""### Look every hour whether days arrive

Tells a person when no day of a source was certified for **20 hours** after it ended, and when a source
answers but nothing in it is new: one message a day for each, until it is over. Failed tasks tell of
themselves.

| a message goes to | if there is the connection | which is |
|---|---|---|
| a mailbox | `alarm_smtp` | smtp; in its extra `to` and `from_email` |
| a channel of Slack | `alarm_slack` | slackwebhook; its password is the token |
| a topic of SNS | `alarm_sns` | aws; in its extra `target_arn` |

A scheduler that is dead runs no DAG: `python -m jobmarket.offers.watch` looks from outside, by cron or as a
scheduled task (`docs/alarms.md`).
"""

from datetime import datetime, timedelta

from airflow.sdk import dag
from jobmarket.airflow.task import TASK_DEFAULTS, tell_of_silence
from jobmarket.airflow.watch_operator import WatchOperator


@dag(
    dag_id="warehouse_watch",
    description="Tells a person when no day was certified for 20 hours, or a source is stale.",
    schedule="17 * * * *",
    start_date=datetime(2020, 1, 1),  # noqa: DTZ001 - as the others
    catchup=False,
    max_active_runs=1,
    default_args=TASK_DEFAULTS,
    on_failure_callback=tell_of_silence,
    tags=["warehouse", "alarms"],
    doc_md=__doc__,
)
def warehouse_watch() -> None:
    """Wire the one task."""
    WatchOperator(
        task_id="watch",
        execution_timeout=timedelta(minutes=5),
        doc_md="Reads how far the days of each source came. Returns the troubles that there are.",
    )


warehouse_watch()
