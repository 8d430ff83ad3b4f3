"""The DAGs beside those that collect, wired: what keeps days for good, cleans up, and takes a day back.

What lives here: which tasks follow which. What does not: what a task does (``history_operators``,
``forget_operator``), what a DAG says of itself (its file in ``dags``).
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG, PartitionedAssetTimetable, chain

from jobmarket.airflow.dag_factory import DAG_DEFAULTS, checked_days
from jobmarket.airflow.forget_operator import ForgetDayOperator
from jobmarket.airflow.forms import FORGET_FORM, HISTORY_FORM
from jobmarket.airflow.history_operators import (
    GiveUpDaysOperator,
    KeepDayOperator,
    MaintainHistoryOperator,
)


def history_dag(source: str, *, doc_md: str) -> DAG:
    """Return the DAG ``<source>_history``, which keeps each certified day for good.

    It is none of the tasks of the day: that the history is down is no failure of a day, which is in the
    warehouse and has its report.
    """
    with DAG(
        dag_id=f"{source}_history",
        description=f"Writes what may be kept of each certified day of {source} to Iceberg.",
        schedule=PartitionedAssetTimetable(assets=checked_days(source)),
        params=HISTORY_FORM,
        tags=[source.replace("_", "-"), "offers", "history"],
        doc_md=doc_md,
        **DAG_DEFAULTS,
    ) as dag:
        KeepDayOperator(
            task_id="keep",
            source=source,
            # a first run may have years to write
            execution_timeout=timedelta(hours=6),
            doc_md="Puts the rows of the day in the place of those that the history has of it, in one "
            "commit.",
        )
    return dag


def history_maintenance_dag(*, doc_md: str) -> DAG:
    """Return the DAG ``history_maintenance``: days that lack, old files, days that the warehouse gives up."""
    sources = ("france_travail",)
    with DAG(
        dag_id="history_maintenance",
        description="Writes days that the history lacks, deletes old files and old months of the warehouse.",
        schedule="0 6 * * 1",
        tags=["history", "warehouse", "maintenance"],
        doc_md=doc_md,
        is_paused_upon_creation=True,
        **{**DAG_DEFAULTS, "max_active_runs": 1},
    ) as dag:
        lacking = [
            KeepDayOperator(
                task_id=f"keep_{source}",
                source=source,
                execution_timeout=timedelta(hours=6),
                doc_md="Writes the certified days that the history lacks.",
            )
            for source in sources
        ]
        maintain = MaintainHistoryOperator(
            task_id="maintain",
            execution_timeout=timedelta(hours=2),
            doc_md="Expires states older than a week, and deletes files that none names.",
        )
        give_up = GiveUpDaysOperator(
            task_id="give_up",
            sources=sources,
            execution_timeout=timedelta(hours=2),
            doc_md="Deletes old months from PostgreSQL, where the history holds them.",
        )
        chain(lacking, maintain, give_up)
    return dag


def forget_dag(source: str, *, doc_md: str) -> DAG:
    """Return the DAG ``<source>_forget``, which takes a day back."""
    with DAG(
        dag_id=f"{source}_forget",
        description="Deletes one day from warehouse, reports and raw; without `delete` it only counts.",
        schedule=None,
        params=FORGET_FORM,
        tags=[source.replace("_", "-"), "offers", "maintenance"],
        doc_md=doc_md,
        **{**DAG_DEFAULTS, "max_active_runs": 1},
    ) as dag:
        ForgetDayOperator(
            task_id="forget",
            source=source,
            doc_md="Counts what there is of the day; with `delete`, deletes it: rows, reports, raw.",
        )
    return dag
