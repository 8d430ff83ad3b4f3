"""### Take a day back

Deletes one day: its offers, runs, rejected records and counts in the warehouse, its report and its
sample's, and the pages that have landed. **Without `delete` it only counts** what there is, and deletes
nothing.

| how to start it | what it does |
|---|---|
| trigger with `day` | counts |
| trigger with `day` and `delete` | deletes |
| `make forget DAY=2016-11-18` on the laptop stack, then the same with `YES=1` | counts, then deletes |

For a day that was collected by mistake: years too early, say, which makes `mart.day` list each day since
as missing. It must not run while `france_travail_daily` is at work on the same day. Reports of weeks and
months that hold the day keep what they say until they are run again. A bucket with versions keeps the
deleted objects as older versions. Nothing brings the day back but collecting it again, and France Travail
no longer has most offers of old days.
"""

from datetime import datetime

from airflow.sdk import dag
from jobmarket.airflow.forget_operator import ForgetDayOperator
from jobmarket.airflow.forms import FORGET_FORM
from jobmarket.airflow.task import TASK_DEFAULTS


@dag(
    dag_id="france_travail_forget",
    description="Deletes one day from warehouse, reports and raw; without `delete` it only counts.",
    schedule=None,
    start_date=datetime(2020, 1, 1),  # noqa: DTZ001 - the timetable has the zone
    catchup=False,
    max_active_runs=1,
    default_args=TASK_DEFAULTS,
    params=FORGET_FORM,
    tags=["france-travail", "offers", "maintenance"],
    doc_md=__doc__,
)
def france_travail_forget() -> None:
    """Wire the one task."""
    ForgetDayOperator(
        task_id="forget",
        doc_md="Counts what there is of the day; with `delete`, deletes it: rows, reports, raw.",
    )


france_travail_forget()
