"""The daily DAG run in this process against real parts, for the tests that need the whole."""

from __future__ import annotations

import json
import logging
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
from jobmarket.foundation.warehouse.migrate import migrate
from jobmarket.foundation.warehouse.roles import LOADER, REPORTER
from jobmarket.foundation.warehouse.session import prepare_session
from jobmarket.offers.reference import apply_reference
from jobmarket.sources.france_travail.client.client import FranceTravailClient
from psycopg import sql

from local.object_store import ACCOUNT, SECRET
from sandbox.server import running
from sandbox.settings import Settings
from tests.support.drawn_once import drawn_once
from tests.support.synced_once import synced_once

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest
    from airflow.dag_processing.dagbag import DagBag

DAG = "france_travail_daily"
MIGRATE_DAG = "warehouse_migrate"
TASKS, TASKS_SECRET = "tasks", "tasks-secret"
EMPTY_FORM = {
    "day": None,
    "source": "api",
    "force": False,
    "allow_gap": False,
    "ask": False,
    "max_pages": None,
    "report": True,
}


@dataclass
class House:
    """The parts of one test: where the DAG finds the API, the lake and the warehouse.

    :param dsn: of the warehouse.
    :param dag_id: of the DAG that is run.
    :param form: what its form says unless it is told otherwise.
    """

    dag_bag: DagBag
    environment: pytest.MonkeyPatch
    dsn: str
    dag_id: str = DAG
    form: dict[str, Any] = field(default_factory=lambda: EMPTY_FORM)
    sentences: list[str] = field(default_factory=list)

    def connect(self, conn_id: str, **fields: Any) -> None:
        """Set a connection in the environment, as a person would."""
        self.environment.setenv(f"AIRFLOW_CONN_{conn_id.upper()}", json.dumps(fields))

    def run(self, day: str, /, *, has_retries: bool = False, **form: Any) -> dict[str, Any]:
        """Run the DAG for a day; return ``state`` and what each task returned.

        :param has_retries: tasks are tried again as in production, but for the pauses: three seconds each.

        The errors that the project logs are kept in :attr:`sentences`, in their order.
        """
        self.sentences.clear()
        dag = self.dag_bag.dags[self.dag_id]
        logical_date = datetime.fromisoformat(day).replace(tzinfo=UTC)
        pauses = short_pauses(dag) if has_retries else no_waiting(dag)
        with self.listening(), pauses, synced_once(self.dag_id), drawn_once():
            # the whole form: within one process Airflow keeps what an earlier run was told
            run = dag.test(logical_date=logical_date, run_conf={**self.form, **form})
        instances = run.get_task_instances()
        returned = {ti.task_id: ti.xcom_pull(task_ids=ti.task_id) for ti in instances}
        states = {ti.task_id: str(ti.state) for ti in instances}
        return {"state": str(run.state), "states": states, **returned}

    def migrate(self, *, has_owner: bool = True, **form: Any) -> dict[str, Any]:
        """Run the DAG that migrates; return ``state`` and the files ``applied``.

        :param has_owner: there is a connection of the owner.
        """
        self.sentences.clear()
        if has_owner:
            self.connect("warehouse_owner", **warehouse_connection(self.dsn))
        else:
            self.environment.delenv("AIRFLOW_CONN_WAREHOUSE_OWNER", raising=False)
        dag = self.dag_bag.dags[MIGRATE_DAG]
        with self.listening(), no_waiting(dag), synced_once(MIGRATE_DAG):
            run = dag.test(logical_date=datetime.now(UTC), run_conf=form)
        applied = run.get_task_instance("migrate").xcom_pull(task_ids="migrate")
        return {"state": str(run.state), "applied": applied}

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the warehouse."""
        with psycopg.connect(self.dsn) as connection:
            return connection.execute(query).fetchall()

    @contextmanager
    def listening(self) -> Iterator[None]:
        handler = _Keeper(self.sentences)
        logger = logging.getLogger("jobmarket")
        logger.addHandler(handler)
        try:
            yield
        finally:
            logger.removeHandler(handler)


class _Keeper(logging.Handler):
    """Keeps what is logged as an error, each message in one line."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(logging.ERROR)
        self.sentences = sentences

    def emit(self, record: logging.LogRecord) -> None:
        self.sentences.append(" ".join(record.getMessage().split()))


@contextmanager
def no_waiting(dag: Any) -> Iterator[None]:
    """Let no task of a DAG be tried again: a failure is the end of the run."""
    kept = {task.task_id: task.retries for task in dag.tasks}
    for task in dag.tasks:
        task.retries = 0
    try:
        yield
    finally:
        for task in dag.tasks:
            task.retries = kept[task.task_id]


@contextmanager
def a_gap(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Let the API hold a second with more offers than can be told apart; give its address."""
    settings = Settings(offers_per_day=7_000, rate=400, bursts=((12 * 3600, 6_600),))
    with running(settings) as api, monkeypatch.context() as patched:
        house.connect(
            "france_travail", **sandbox_connection(api.url, extra={"requests_per_second": 400})
        )
        patched.setattr("jobmarket.sources.france_travail.plan.division.FILTERS", ("codeROME",))
        patched.setattr(FranceTravailClient, "referential", lambda *_: [])
        yield api.url


@contextmanager
def short_pauses(dag: Any) -> Iterator[None]:
    """Let the clock of the retries run fast: each pause lasts three seconds."""
    kept = {task.task_id: (task.retry_delay, task.retry_exponential_backoff) for task in dag.tasks}
    for task in dag.tasks:
        task.retry_delay, task.retry_exponential_backoff = timedelta(seconds=3), 0
    try:
        yield
    finally:
        for task in dag.tasks:
            task.retry_delay, task.retry_exponential_backoff = kept[task.task_id]


def sandbox_connection(url: str, **changes: Any) -> dict[str, Any]:
    """Return the fields of a connection to a sandbox."""
    return {"conn_type": "http", "host": url, "login": "sandbox", "password": "sandbox", **changes}


def lake_connection(endpoint_url: str, **changes: Any) -> dict[str, Any]:
    """Return the fields of a connection to an S3-compatible server."""
    extra = {"endpoint_url": endpoint_url, "region_name": "us-east-1"}
    return {"conn_type": "aws", "login": ACCOUNT, "password": SECRET, "extra": extra, **changes}


def tasks_connection(dsn: str, **changes: Any) -> dict[str, Any]:
    """Bring a database up to date as its owner; return the connection of the tasks.

    Its account owns nothing.

    :param dsn: of the owner.
    """
    with psycopg.connect(dsn) as connection:
        prepare_session(connection, "warehouse_owner")
        migrate(connection, "warehouse_owner")
        apply_reference(connection)
    make_tasks_account(dsn)
    return warehouse_connection(dsn, **{"login": TASKS, "password": TASKS_SECRET, **changes})


def make_tasks_account(dsn: str, login: str = TASKS) -> None:
    """Make an account that may act as the roles of the tasks and has no rights of its own."""
    account = sql.Identifier(login)
    roles = sql.SQL(", ").join(map(sql.Identifier, (LOADER, REPORTER)))
    with psycopg.connect(dsn, autocommit=True) as connection:
        for name, kind in ((LOADER, "nologin"), (REPORTER, "nologin"), (login, "noinherit")):
            if not connection.execute("select from pg_roles where rolname = %s", (name,)).rowcount:
                create = sql.SQL("create role {} {}")
                connection.execute(create.format(sql.Identifier(name), sql.SQL(kind)))
        secret = sql.Literal(TASKS_SECRET)
        connection.execute(sql.SQL("alter role {} login password {}").format(account, secret))
        connection.execute(sql.SQL("grant {} to {}").format(roles, account))


def warehouse_connection(dsn: str, **changes: Any) -> dict[str, Any]:
    """Return the fields of a connection to a PostgreSQL database."""
    parts: dict[str, Any] = psycopg.conninfo.conninfo_to_dict(dsn)
    return {
        "conn_type": "postgres",
        "host": parts["host"],
        "port": int(parts["port"]),
        "login": parts["user"],
        "password": parts["password"],
        "schema": parts["dbname"],
        **changes,
    }
