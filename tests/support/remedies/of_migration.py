"""Sentences about bringing the warehouse up to date: who may, where, and which version it has."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
import pytest
from jobmarket.airflow.connections import open_warehouse
from jobmarket.airflow.migrate_operator import MigrateWarehouseOperator
from jobmarket.airflow.task import JobMarketOperator
from jobmarket.airflow.ui import query as ui_query
from jobmarket.foundation.errors import AccessDenied
from jobmarket.foundation.warehouse.migrations import apply_ddl, require_applied
from jobmarket.foundation.warehouse.roles import LOADER, REPORTER
from jobmarket.offers.reference import apply_reference
from jobmarket.offers.writer import Writer

from local.accounts import create_member
from tests.support.airflow_runs import warehouse_connection
from tests.support.loaded_day import DAY, DDL, SOURCE, add_offers, add_run, count_offers
from tests.support.remedies.of_deployment import copied
from tests.support.remedies.parts import (
    CASES,
    Parts,
    another,
    bring_up_to_date,
    in_warehouse,
    obeys,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.remedies.parts import Case

SECRET = "secret"


def run_warehouse_migrate() -> None:
    """Do what the DAG warehouse_migrate does: it has this task alone."""
    MigrateWarehouseOperator(task_id="migrate").execute({"params": {}})


def begin_a_task() -> None:
    """Open the warehouse as each task does."""
    with JobMarketOperator(task_id="task").warehouse() as connection:
        connection.execute("select from control.ingestion_run")


class Lodging(NamedTuple):
    """An empty database of one account, that another may enter.

    :param dsn: for the superuser.
    :param owner: of the database, which has its name.
    :param lodger: who may act as the roles of the tasks.
    """

    dsn: str
    owner: str
    lodger: str

    def of_owner(self) -> dict[str, Any]:
        """Return the fields of the owner's connection."""
        return warehouse_connection(self.dsn, login=self.owner, password=SECRET)

    def of_lodger(self) -> dict[str, Any]:
        """Return the fields of the lodger's connection."""
        return warehouse_connection(self.dsn, login=self.lodger, password=SECRET)

    @contextmanager
    def opened_by_owner(self) -> Iterator[psycopg.Connection[Any]]:
        """Give a session of the owner, in which each statement stands alone."""
        with psycopg.connect(
            self.dsn, user=self.owner, password=SECRET, autocommit=True
        ) as connection:
            yield connection


def lodging(parts: Parts) -> Lodging:
    owner, lodger = (f"{name}_{os.urandom(4).hex()}" for name in ("owner", "lodger"))
    parts.postgres.create_owner(owner, SECRET)
    create_member(parts.postgres.uri(), lodger, SECRET, owner, LOADER, REPORTER)
    return Lodging(parts.postgres.uri(owner), owner, lodger)


@obeys("is up to date, but {} leads to another: let both name the same host, port and database")
def two_warehouses(parts: Parts) -> Any:
    elsewhere = parts.postgres.create_database(f"elsewhere_{os.urandom(4).hex()}")
    parts.connect("warehouse_owner", **warehouse_connection(elsewhere))
    yield run_warehouse_migrate
    parts.connect("warehouse_owner", **warehouse_connection(parts.dsn))


@obeys("let its owner say `grant create on database {} to {}`, or create the connection")
def an_account_that_may_not_create(parts: Parts) -> Any:
    one = lodging(parts)
    parts.connect("warehouse", **one.of_lodger())
    yield run_warehouse_migrate
    with one.opened_by_owner() as owner:
        owner.execute(f"grant create on database {one.owner} to {one.lodger}")
    yield run_warehouse_migrate
    other = lodging(parts)
    parts.connect("warehouse", **other.of_lodger())
    with pytest.raises(AccessDenied):
        run_warehouse_migrate()
    parts.connect("warehouse_owner", **other.of_owner())
    run_warehouse_migrate()


@obeys("or hand all over with `reassign owned by {} to {}` in the database")
def an_account_that_is_not_the_owner(parts: Parts) -> Any:
    one = lodging(parts)
    parts.connect("warehouse", **one.of_lodger())
    parts.connect("warehouse_owner", **one.of_owner())
    run_warehouse_migrate()
    parts.monkeypatch.delenv("AIRFLOW_CONN_WAREHOUSE_OWNER")
    yield run_warehouse_migrate
    parts.connect("warehouse_owner", **one.of_owner())
    run_warehouse_migrate()
    parts.monkeypatch.delenv("AIRFLOW_CONN_WAREHOUSE_OWNER")
    with another(one.dsn) as superuser:
        superuser.execute(f"reassign owned by {one.owner} to {one.lodger}")


@obeys("let the owner of the schemas run the DAG warehouse_migrate, and grant the account")
def an_account_without_rights(parts: Parts) -> Any:
    bring_up_to_date()  # without the rights of any role
    one = lodging(parts)
    with another(parts.dsn) as superuser:
        superuser.execute(f"revoke {LOADER}, {REPORTER} from {one.lodger}")
        parts.connect_warehouse(login=one.lodger, password=SECRET)

        def load_and_report() -> None:
            with open_warehouse(role=LOADER) as connection:
                require_applied(connection)
                apply_reference(connection)
                add_run(connection, 1)
                add_offers(connection, 1)
                count_offers(connection)
                connection.commit()
            with open_warehouse(role=REPORTER) as connection:
                found = connection.execute("select count(*) from mart.offer").fetchone()
                assert found == (1,)

        yield load_and_report
        parts.connect("warehouse_owner", **warehouse_connection(parts.dsn))
        superuser.execute(f"grant {LOADER}, {REPORTER} to {one.lodger}")
        run_warehouse_migrate()
        yield load_and_report
    # who migrates must own all that lies in the schemas
    parts.connect("warehouse", **one.of_lodger())
    parts.connect("warehouse_owner", **one.of_owner())
    with another(one.dsn) as superuser:
        superuser.execute(f"grant {LOADER}, {REPORTER} to {one.lodger}")
        run_warehouse_migrate()
        superuser.execute("create table core.of_another_account (number integer)")
        with pytest.raises(AccessDenied, match="and all that lies in them"):
            run_warehouse_migrate()
        superuser.execute(f"alter table core.of_another_account owner to {one.owner}")
    run_warehouse_migrate()


@obeys("holds no warehouse of this project yet: {}, then this task again")
def a_task_before_there_is_a_warehouse(_: Parts) -> Any:
    yield begin_a_task
    run_warehouse_migrate()


def made_by_an_earlier_version(parts: Parts) -> None:
    """Lead to a warehouse of one account, of which the tables lack what came later."""
    one = lodging(parts)
    parts.connect("warehouse", **one.of_owner())
    older = parts.tmp_path / "older"
    older.mkdir()
    for file in DDL.glob("*.sql"):
        if file.name < "021":
            shutil.copy(file, older)
    in_warehouse(apply_ddl, older)


@obeys("The warehouse is of an earlier version: the database {} lacks {}")
def a_task_before_the_migration_to_its_version(parts: Parts) -> Any:
    made_by_an_earlier_version(parts)
    yield begin_a_task
    run_warehouse_migrate()


@obeys("The warehouse has the tables of an earlier version: {}")
def a_page_before_the_migration_to_its_version(parts: Parts) -> Any:
    made_by_an_earlier_version(parts)
    yield lambda: ui_query.list_days(None)
    run_warehouse_migrate()


@obeys("deploy the version that has it, on every worker, then run this task again")
def a_worker_of_an_earlier_version(parts: Parts) -> Any:
    bring_up_to_date()
    later, deployed = copied(parts, "sql", "ddl"), parts.tmp_path / "deployed"
    (later / "999_more.sql").write_text("create table mart.more ();")
    in_warehouse(apply_ddl, later)
    shutil.copytree(DDL, deployed)
    yield lambda: in_warehouse(require_applied, deployed)
    shutil.copytree(later, deployed, dirs_exist_ok=True)


@obeys("write what else it holds in a file of its own")
def a_file_outside_of_a_transaction_with_two_statements(parts: Parts) -> Any:
    directory = copied(parts, "sql", "ddl")
    index = (
        "-- outside of a transaction\n"
        "create index concurrently if not exists offer_title_idx on core.job_offer (title);\n"
    )
    table = "create table core.more ();\n"
    (directory / "998_title.sql").write_text(index + table)
    yield lambda: in_warehouse(apply_ddl, directory)
    (directory / "998_title.sql").write_text(index)
    (directory / "999_more.sql").write_text(table)


def columns_case(change: str, correction: str) -> Case:
    """Return a case in which a table of the warehouse differs from the schema, until a file corrects it."""

    def case(parts: Parts) -> Any:
        bring_up_to_date()
        with another(parts.dsn) as other:
            other.execute("drop schema mart cascade")  # its views would hold the columns
            other.execute(change.encode())

        def load() -> None:
            with open_warehouse() as connection, connection.transaction():
                Writer(connection, SOURCE, DAY)

        yield load
        directory = copied(parts, "sql", "ddl")
        (directory / "999_correct.sql").write_text(correction)
        in_warehouse(apply_ddl, directory)

    return case


CASES |= {
    "add it by a further file of include/sql/ddl, or take its line out": columns_case(
        "alter table core.job_offer drop column travel_label",
        "alter table core.job_offer add column travel_label text;",
    ),
    "correct its type in the schema, or by a further file": columns_case(
        "alter table core.job_offer alter column position_count type bigint",
        "alter table core.job_offer alter column position_count type integer;",
    ),
    "add its line to the schema, or drop the column": columns_case(
        "alter table core.job_offer add column remote_days_count integer",
        "alter table core.job_offer drop column remote_days_count;",
    ),
}
