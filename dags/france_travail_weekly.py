"""### What the job market did in a week

Reports on all offers that France Travail published in an ISO week (Monday to Sunday,
Europe/Paris), from the days that `france_travail_daily` has loaded; nothing is asked from France Travail.
The report says which of its days are certified, and which are missing.

| how to start it | the week it is about |
|---|---|
| schedule | every Monday at midnight in Paris, the week that has just ended |
| backfill | each week whose first day lies in the range |
| trigger with a partition key | that week, `2026-W47` |
| trigger with the form | `week`; empty is the last whole one |
| `airflow dags test france_travail_weekly 2026-11-18` | the week that holds that day |

The DAG starts paused: unpause it (the switch beside its name, or
`airflow dags unpause france_travail_weekly`), or nothing of this happens by itself; a run that was triggered
by hand waits, too.

It waits until each of its days is certified, at most twelve hours after the last day has ended; then it is
written with what is there; if none of its days is loaded, a run of the schedule writes nothing and says so.
Any week can be run again: the same warehouse gives the same report.
"""

from datetime import datetime, timedelta

from airflow.sdk import Asset, chain, dag
from jobmarket.airflow.forms import WEEKLY_FORM
from jobmarket.airflow.period_operators import ReportPeriodOperator, WaitForDaysOperator
from jobmarket.airflow.task import TASK_DEFAULTS
from jobmarket.airflow.timetables import WeekTimetable

REPORT = Asset("france_travail_weekly_report")


@dag(
    dag_id="france_travail_weekly",
    description="Reports on the offers of a week, from the days that france_travail_daily has loaded.",
    schedule=WeekTimetable("0 0 * * 1", timezone="Europe/Paris", run_offset=-1),
    start_date=datetime(2020, 1, 1),  # noqa: DTZ001 - the timetable has the zone
    catchup=False,
    max_active_runs=3,
    default_args=TASK_DEFAULTS,
    params=WEEKLY_FORM,
    tags=["france-travail", "offers", "weekly"],
    doc_md=__doc__,
)
def france_travail_weekly() -> None:
    """Wire wait and report."""
    wait = WaitForDaysOperator(
        task_id="wait",
        kind="week",
        poke_interval=timedelta(minutes=10),
        timeout=timedelta(days=1),
        doc_md="Waits until each day of the week is certified, at most twelve hours after its end.",
    )
    report = ReportPeriodOperator(
        task_id="report",
        kind="week",
        asset=REPORT,
        doc_md="Writes the French report of the week to S3. It opens in the tab **Rapport** of the run.",
    )
    chain(wait, report)


france_travail_weekly()
