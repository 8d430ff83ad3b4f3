"""The report of a month, from the days of France Travail; what the UI says of it: ``dag_factory``."""

from airflow.sdk import DAG  # noqa: F401 - Airflow looks for the word
from jobmarket.airflow.dag_factory import period_dag

dag = period_dag("france_travail", "month", label="France Travail")
