"""### Every job offer that is live at France Travail

Reads the **whole live stock** (500,000 to 750,000 offers), lands the bytes as received in S3 beside the days,
proves that it is whole, loads what is new or changed, and concludes which offers have ended. 500,000
offers take about 3,600 requests, ten a second.

| how to start it | what it does |
|---|---|
| schedule | sweeps at five in the morning, Paris |
| trigger | sweeps now; if today is collected, loads that again and asks for nothing |
| trigger with `force` | sweeps again, though today is collected |
| trigger with `max_pages` | reads so many pages: a sample, which closes nothing |
| trigger with `day` | loads the sweep of that day again, from what has landed |

An offer is closed when it is gone as asked for by its id, or when two certified sweeps in a row miss it. Of
the missing ones a random 1,000 are asked for, first of those that two sweeps miss; if one is alive, all. A
sweep that failed or is not certified closes nothing. If so many would close that the source may have lost
them, nothing is closed and `check` fails: look, then trigger it again with `allow_wave`.

What has been closed for 7 days (variable `erasure_grace_days`) loses its employer, its links, its place below
the département and its text (`docs/licence.md`). The DAG starts paused; unpause it beside
`france_travail_daily`.
"""

from airflow.sdk import DAG  # noqa: F401 - Airflow looks for the word
from jobmarket.airflow.dag_factory import inventory_dag

dag = inventory_dag("france_travail", label="France Travail", doc_md=__doc__)
