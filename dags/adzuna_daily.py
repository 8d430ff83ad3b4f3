"""### A share of the job ads that Adzuna had of a day

Takes the ads that were created on a day (Europe/Paris), as many as the budget of requests allows, lands the
answers as received but for the account's id, loads them beside those of the other sources, checks the day.

**Terms.** Adzuna's API is free for personal research; what an organisation does with it otherwise is a trial
of 14 days, and "may not be used ... in aggregation (vacancy counts, average salaries etc)" without its
written consent ([terms](https://developer.adzuna.com/docs/terms_of_service)). So **no report is written** unless the
extra of the connection says `{"has_written_consent": true}`. Wherever an ad is shown, "Jobs by Adzuna" must
stand with it, linked, at least 116 x 23 pixels.

**Off until you want it.** The DAG starts paused and needs the connection `adzuna` (login = app id, password =
app key of [developer.adzuna.com](https://developer.adzuna.com)) and the pool `adzuna_api` with one slot.

| extra of the connection | default | |
|---|---|---|
| `requests_per_minute`, `requests_per_day` | 25, 250 | what Adzuna allows in any minute, in any day |
| `requests_per_week`, `requests_per_month` | 1000, 2500 | in any week, in any month |
| `requests_per_run` | 80 | a day's part of a month's |
| `deepest_page` | 20 | pages of 50 ads of one listing |
| `has_written_consent` | false | write reports |

A day is never certified: its certificate says what share of the ads that Adzuna announced was read. A request
that would pass a limit is not made; the last line of the log says when it can go on. A day that was collected
is not asked for again, unless `force` says so; a task that was killed goes on from what had landed.
"""

from airflow.sdk import DAG  # noqa: F401 - Airflow looks for the word
from jobmarket.airflow.dag_factory import daily_dag

dag = daily_dag("adzuna", label="Adzuna", doc_md=__doc__, cron="0 1 * * *", is_paused=True)
