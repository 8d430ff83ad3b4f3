"""One run of the daily job through Airflow, in this process, told to a person at a terminal.

What lives here: starting the DAG run, its progress and its closing table. What does not: the parts it
needs (``stack``), the job itself (``dags``).
"""

from __future__ import annotations

import logging
import os
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from local import airflow_setup, kept, stack
from local.migration import migrate_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from local.commands import Progress

DAG = "france_travail_daily"
FORGET_DAG = "france_travail_forget"
MIGRATE_DAG = "warehouse_migrate"
HISTORY_DAG = "france_travail_history"


def run_day(day: str, ports: kept.Ports, say: Progress) -> int:
    """Run the DAG for a day ``YYYY-MM-DD``, print progress and a table; return the exit code.

    All of Airflow's output goes to a file, which is named if the run fails.
    """
    logical_date = datetime.fromisoformat(day).replace(tzinfo=UTC)
    log = kept.STATE / "airflow" / "logs" / f"run-{day}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with output_to(log):
        migrate_warehouse(ports)
        airflow_setup.prepare_airflow(ports)
        from airflow.dag_processing.dagbag import DagBag

        relay = Relay(say)
        logging.getLogger("jobmarket").addHandler(relay)
        bag = DagBag()
        if DAG not in bag.dags:
            say(f"The DAG does not load: {bag.import_errors}")
            return 1
        say(f"Airflow runs {DAG} for {day}")
        run = bag.dags[DAG].test(logical_date=logical_date)
        instances = {instance.task_id: instance for instance in run.get_task_instances()}
        results = {name: ti.xcom_pull(task_ids=name) for name, ti in instances.items()}
    if run.state != "success":
        say(f"The run failed. Everything Airflow said is in {log}")
        return 1
    for line in summary(results["load"], instances):
        print(line)
    print(f"\n  report     {fetch_report(results['report'])}")
    return 0


def forget_day(day: str, ports: kept.Ports, *, delete: bool) -> int:
    """Count what there is of a day, or delete it, and print a table; return the exit code."""
    log = kept.STATE / "airflow" / "logs" / f"forget-{day}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with output_to(log):
        migrate_warehouse(ports)
        airflow_setup.prepare_airflow(ports)
        from airflow.dag_processing.dagbag import DagBag

        run = DagBag().dags[FORGET_DAG].test(run_conf={"day": day, "delete": delete})
        counts = run.get_task_instance("forget").xcom_pull(task_ids="forget")
    if run.state != "success":
        print(f"It failed. Everything Airflow said is in {log}", file=sys.stderr)
        return 1
    print(f"{'Deleted' if delete else 'There is'} of {day}:\n")
    for name, count in counts.items():
        print(f"  {name.replace('_', ' '):<18} {count}")
    if not delete:
        print(f"\nNothing is deleted. To delete it: make forget DAY={day} YES=1")
    return 0


def ask_history(question: str, ports: kept.Ports) -> int:
    """Write the days that the history lacks, then print what DuckDB answers; return the exit code."""
    log = kept.STATE / "airflow" / "logs" / "history.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with output_to(log):
        migrate_warehouse(ports)
        airflow_setup.prepare_airflow(ports)
        from airflow.dag_processing.dagbag import DagBag

        dag = DagBag().dags[HISTORY_DAG]
        for task in dag.tasks:
            task.retries = 0  # a person waits
        run = dag.test()
    if run.state != "success":
        print(f"It failed. Everything Airflow said is in {log}", file=sys.stderr)
        return 1
    import duckdb
    from airflow.models import Connection
    from jobmarket.airflow.connections import AWS_CONN_ID, HISTORY_CONN_ID, history_of

    from local.history import lines_of, open_duckdb

    # a hook finds its connection through the task it runs in: here is none
    known, lake = map(Connection.get_connection_from_secrets, (HISTORY_CONN_ID, AWS_CONN_ID))
    try:
        answer = open_duckdb(history_of(known, lake).table()).execute(question)
        names, rows = [one[0] for one in answer.description or ()], answer.fetchall()
    except duckdb.Error as error:
        print(f"DuckDB does not understand the question: {error}", file=sys.stderr)
        return 1
    for line in lines_of(names, rows):
        print(line)
    return 0


def migrate_once(ports: kept.Ports, say: Progress) -> int:
    """Bring the warehouse that the connections lead to up to date; return the exit code."""
    log = kept.STATE / "airflow" / "logs" / "migrate.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with output_to(log):
        airflow_setup.prepare_airflow(ports)
        from airflow.dag_processing.dagbag import DagBag

        logging.getLogger("jobmarket").addHandler(Relay(say))
        dag = DagBag().dags[MIGRATE_DAG]
        for task in dag.tasks:
            task.retries = 0  # a person waits
        run = dag.test()
        from airflow import settings

        settings.Session.remove()  # else its connection is closed at the end, when PostgreSQL is gone
    if run.state != "success":
        say(f"It failed. Everything Airflow said is in {log}")
        return 1
    return 0


def examine_place(ports: kept.Ports, *, has_evidence: bool) -> int:
    """Print what the doctor finds, a line a check; return the exit code.

    The embedded parts are made ready first, as a run makes them; what connections of a person lead to is
    looked at as it is.
    """
    log = kept.STATE / "airflow" / "logs" / "doctor.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with output_to(log):
        migrate_warehouse(ports)
        airflow_setup.prepare_airflow(ports)
        stack.make_bucket(ports)
    from jobmarket.airflow.doctor.__main__ import main

    evidence = kept.STATE / "evidence"
    return main(["--evidence", str(evidence)] if has_evidence else [])


def fetch_report(key: str) -> Path:
    """Copy a report out of S3; return the path of its page, for a browser."""
    import boto3
    from airflow.models import Connection, Variable

    # a hook finds its connection through the task it runs in: here is none
    connection = Connection.get_connection_from_secrets("aws_default")
    client = boto3.client(
        "s3",
        endpoint_url=connection.extra_dejson.get("endpoint_url"),
        region_name=connection.extra_dejson.get("region_name"),
        aws_access_key_id=connection.login,
        aws_secret_access_key=connection.password,
    )
    bucket = Variable.get("data_lake_bucket")
    prefix = key.removesuffix("index.html")
    for item in client.list_objects_v2(Bucket=bucket, Prefix=prefix)["Contents"]:
        file = kept.STATE / item["Key"]
        file.parent.mkdir(parents=True, exist_ok=True)
        client.download_file(bucket, item["Key"], str(file))
    return kept.STATE / key


def summary(counts: dict[str, Any], instances: dict[str, Any]) -> list[str]:
    """Return the closing table: what was announced, collected, rejected, loaded and changed."""
    seconds = sum(ti.duration or 0 for ti in instances.values())
    rows = {
        "announced": counts["announced"],
        "collected": counts["collected"],
        "rejected": counts["rejected"],
        "loaded": counts["inserted"] + counts["updated"] + counts["unchanged"],
        "changed": counts["inserted"] + counts["updated"],
        "seconds": f"{seconds:.1f}",
    }
    width = max(len(str(value)) for value in rows.values())
    table = [f"  {name:<10} {value:>{width}}" for name, value in rows.items()]
    return ["", *table]


class Relay(logging.Handler):
    """Passes the project's own log lines on to the terminal."""

    def __init__(self, say: Progress) -> None:
        super().__init__(logging.INFO)
        self.say = say

    def emit(self, record: logging.LogRecord) -> None:
        """Print one line."""
        self.say(record.getMessage())


@contextmanager
def output_to(log: Path) -> Iterator[None]:
    """Send what this process writes to its standard streams to a file; :class:`Progress` is exempt."""
    kept = os.dup(1), os.dup(2)
    with log.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        for stream, number in zip(kept, (1, 2), strict=True):
            os.dup2(stream, number)
            os.close(stream)
