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

from airflow.sdk import DAG  # noqa: F401 - Airflow looks for the word
from jobmarket.airflow.dag_factory import daily_dag

dag = daily_dag("france_travail", label="France Travail", doc_md=__doc__)
