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

from airflow.sdk import DAG  # noqa: F401 - Airflow looks for the word
from jobmarket.airflow.upkeep_dags import forget_dag

dag = forget_dag("france_travail", doc_md=__doc__)
