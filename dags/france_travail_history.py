"""### Keep a certified day for good

Writes the day to the history, a table of Apache Iceberg on S3: what may be kept of its offers after they are
withdrawn, and no more (no text, no employer, no place finer than a département, no identifier).

| how to start it | the days it writes |
|---|---|
| by itself, each time `france_travail_daily` has checked a day | that day |
| trigger with the form | `day`; empty is every certified day that the history lacks |
| trigger with a partition key | that day, `2026-11-18` |

A day that is not certified is skipped. A day that was written before is replaced as a whole. If it fails, the
day is in the warehouse all the same, and the next `history_maintenance` writes it. It needs the connection
`history_catalog`: see `docs/history.md`.
"""

from airflow.sdk import DAG  # noqa: F401 - Airflow looks for the word
from jobmarket.airflow.upkeep_dags import history_dag

dag = history_dag("france_travail", doc_md=__doc__)
