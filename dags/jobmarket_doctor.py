"""### Is this place fit to run in?

Looks at what the other DAGs need, one line a check: the credentials of France Travail, the bucket
(there, writable, encrypted, versioned, private), the warehouse (reachable, TLS verified, rights, schema),
the clock, Airflow itself. The lines stand in the task's log and in its XCom; a red one says what to do, and
fails the task.

`make doctor` on the laptop stack and `python -m jobmarket.airflow.doctor` elsewhere print the same, and see
the pools of Airflow, too. Nothing is changed but an empty object `raw/.doctor`, which stays.
"""

from datetime import datetime, timedelta

from airflow.sdk import dag
from jobmarket.airflow.doctor_operator import ExamineOperator
from jobmarket.airflow.task import TASK_DEFAULTS, tell_of_silence


@dag(
    dag_id="jobmarket_doctor",
    description="Looks at credentials, bucket, warehouse, clock and Airflow, and says what to do.",
    schedule=None,
    start_date=datetime(2020, 1, 1),  # noqa: DTZ001 - as the others
    catchup=False,
    max_active_runs=1,
    # it has no schedule that could begin by itself, and whoever asks for it wants it now
    is_paused_upon_creation=False,
    default_args={**TASK_DEFAULTS, "retries": 0},
    on_failure_callback=tell_of_silence,
    tags=["maintenance"],
    doc_md=__doc__,
)
def jobmarket_doctor() -> None:
    """Wire the one task."""
    ExamineOperator(
        task_id="examine",
        execution_timeout=timedelta(minutes=10),
        doc_md="Looks at the place it runs in. Returns the lines.",
    )


jobmarket_doctor()
