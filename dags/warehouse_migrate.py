"""### Bring the warehouse up to date

Applies what the PostgreSQL warehouse lacks of this version: schemas, tables and views (`include/sql/ddl`),
the rights of each role (`include/sql/access`), what codes mean (`include/reference`). Run it **after each
upgrade** of the project: the other DAGs only look whether it was done, and fail with a sentence if it was
not. Only the very first run of a day makes the schemas of an empty warehouse by itself. It asks nothing, and
a second run changes nothing.

It uses the connection `warehouse_owner`, whose account owns the schemas; where there is none, `warehouse`,
whose account then owns them and does everything. `docs/warehouse.md` says which accounts there may be.
"""

from datetime import datetime, timedelta

from airflow.sdk import dag
from jobmarket.airflow.migrate_operator import MigrateWarehouseOperator
from jobmarket.airflow.task import TASK_DEFAULTS, tell_of_silence


@dag(
    dag_id="warehouse_migrate",
    description="Brings the schema of the warehouse, its rights and its reference tables up to date.",
    schedule=None,
    start_date=datetime(2020, 1, 1),  # noqa: DTZ001 - as the others
    catchup=False,
    max_active_runs=1,
    # it has no schedule that could begin by itself, and whoever asks for it wants it now
    is_paused_upon_creation=False,
    default_args=TASK_DEFAULTS,
    on_failure_callback=tell_of_silence,
    tags=["warehouse", "maintenance"],
    doc_md=__doc__,
)
def warehouse_migrate() -> None:
    """Wire the one task."""
    MigrateWarehouseOperator(
        task_id="migrate",
        # an index on a large table is made while days are loaded, and takes its time
        execution_timeout=timedelta(hours=6),
        doc_md="Applies, as the owner of the schemas, what the warehouse lacks. Returns the files applied.",
    )


warehouse_migrate()
