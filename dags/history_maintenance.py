"""### Look after the history, and let the warehouse give up what it holds

Every Monday: writes the certified days that the history lacks (after an outage, or of a warehouse that was
filled before there was a history), then expires states of the history that are older than a week and deletes
their files, then deletes from PostgreSQL the offers of months that are older than the last 13.

A day is deleted only if the history holds it as it was loaded last, with as many offers; what stays, and why,
is in the log. Its counts and its certificate stay, and a replay from raw brings its offers back. The variable
`warehouse_kept_months` says another number of months; `0` keeps all.

The DAG starts paused: nothing is deleted unless you unpause or trigger it. `docs/history.md` says more.
"""

from airflow.sdk import DAG  # noqa: F401 - Airflow looks for the word
from jobmarket.airflow.upkeep_dags import history_maintenance_dag

dag = history_maintenance_dag(doc_md=__doc__)
