"""### Take a day of Adzuna back

Deletes one day of ads: its rows, runs, rejected records and counts in the warehouse, its report, and the
pages that have landed. **Without `delete` it only counts** what there is, and deletes nothing.

Trigger it with `day` to count, with `day` and `delete` to delete. It must not run while `adzuna_daily` is at
work on the same day. A bucket with versions keeps the deleted objects as older versions. The requests that
the day cost stay counted in the budget.
"""

from airflow.sdk import DAG  # noqa: F401 - Airflow looks for the word
from jobmarket.airflow.upkeep_dags import forget_dag

dag = forget_dag("adzuna", doc_md=__doc__)
