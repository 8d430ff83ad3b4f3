"""### Every job offer that France Travail published on a day

Takes **all** offers created on a day (Europe/Paris), lands the bytes as received in S3, loads the
warehouse, checks it and writes a report. The day is published only with its certificate of completeness.

| how to start it | the day it is about |
|---|---|
| schedule | every midnight in Paris, the day that has just ended |
| backfill | each day of the range, both ends included |
| trigger with a partition key | that day, `2026-11-18` |
| trigger with the form | `day`; empty is yesterday |
| `airflow dags test france_travail_daily 2026-11-18` | that day |

The DAG starts paused: unpause it (the switch beside its name, or
`airflow dags unpause france_travail_daily`), or nothing of this happens by itself; a run that was triggered
by hand waits, too.

A day that was collected before is not asked for again: it is loaded from raw, and changes nothing that
is the same. A task that was killed goes on from what had landed. What to do when it fails is in the last
line of the task's log.
"""

from datetime import datetime, timedelta

from airflow.sdk import Asset, CronPartitionTimetable, chain, dag
from jobmarket.airflow.forms import DAILY_FORM
from jobmarket.airflow.operators import (
    CheckDayOperator,
    ExtractDayOperator,
    LoadDayOperator,
    ReportDayOperator,
)
from jobmarket.airflow.task import TASK_DEFAULTS

RAW = Asset("france_travail_raw_offers")
CORE = Asset("core_job_offer")
REPORT = Asset("france_travail_report")


@dag(
    dag_id="france_travail_daily",
    description="All offers of a day of France Travail: landed, proved, loaded, checked, reported.",
    schedule=CronPartitionTimetable(
        "0 0 * * *", timezone="Europe/Paris", run_offset=-1, key_format="%Y-%m-%d"
    ),
    start_date=datetime(2020, 1, 1),  # noqa: DTZ001 - the timetable has the zone
    catchup=False,
    max_active_runs=3,
    default_args=TASK_DEFAULTS,
    params=DAILY_FORM,
    tags=["france-travail", "offers", "daily"],
    doc_md=__doc__,
)
def france_travail_daily() -> None:
    """Wire extract, load, check and report."""
    extract = ExtractDayOperator(
        task_id="extract",
        doc_md="Reads every offer of the day from the API and lands each answer in S3 as received, then "
        "proves that none is missing. Waits for the one slot of the pool `france_travail_api`. Returns the "
        "key of the manifest.",
        asset=RAW,
        pool="france_travail_api",
        execution_timeout=timedelta(hours=3),
    )
    load = LoadDayOperator(
        task_id="load",
        asset=CORE,
        manifest_key=extract.output,
        doc_md="Loads what has landed into PostgreSQL, in one transaction. Returns how many offers were "
        "inserted, updated, unchanged, rejected.",
    )
    check = CheckDayOperator(
        task_id="check",
        manifest_key=extract.output,
        doc_md="Checks the loaded day against the bounds of `include/sql/check`. If one fails, the day stays "
        "loaded and is not reported.",
    )
    report = ReportDayOperator(
        task_id="report",
        asset=REPORT,
        manifest_key=extract.output,
        doc_md="Writes the French report of the day to S3. It opens in the tab **Rapport** of the run.",
    )
    chain(extract, load, check, report)


france_travail_daily()
