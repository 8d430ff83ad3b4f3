"""Sentences about PostgreSQL: its connection, its server, its account, its locks."""

from __future__ import annotations

import os
from typing import Any

import psycopg
from jobmarket.airflow.connections import open_warehouse
from jobmarket.foundation.warehouse.session import take_lock

from local.process import free_port
from tests.support.loaded_day import add_offers
from tests.support.reachable import open_to_all
from tests.support.remedies.parts import Parts, another, bring_up_to_date, obeys


def look_into_warehouse() -> None:
    with open_warehouse() as connection:
        connection.execute("select 1")


@obeys("The extra of the connection {} is no JSON object: correct it, or leave it out")
def an_extra_that_is_a_list(parts: Parts) -> Any:
    parts.connect_warehouse(extra="[1]")
    yield look_into_warehouse
    parts.connect_warehouse()


@obeys("create it (Admin > Connections")
def no_warehouse_connection(parts: Parts) -> Any:
    parts.monkeypatch.delenv("AIRFLOW_CONN_WAREHOUSE")
    yield look_into_warehouse
    parts.connect_warehouse()


@obeys("check host and port of the connection")
def a_warehouse_elsewhere(parts: Parts) -> Any:
    parts.connect_warehouse(port=free_port())
    yield look_into_warehouse
    parts.connect_warehouse()


@obeys("correct login and password of the connection")
def a_wrong_password(parts: Parts) -> Any:
    # hidden in all that is told, whatever else it means there
    parts.monkeypatch.setattr("jobmarket.foundation.known_secrets._secrets", {"password": None})
    parts.connect_warehouse(password="wrong")
    yield look_into_warehouse
    parts.connect_warehouse()


@obeys("create it, or correct the schema (database)")
def no_such_database(parts: Parts) -> Any:
    parts.connect_warehouse(schema="nowhere_at_all")
    yield look_into_warehouse
    parts.connect_warehouse()


@obeys("create one with encoding 'UTF8'")
def a_database_in_latin_1(parts: Parts) -> Any:
    name = f"latin_{os.urandom(4).hex()}"
    with another(parts.postgres.uri()) as server:
        server.execute(f"create database {name} encoding 'LATIN1' template template0 locale 'C'")
        parts.connect_warehouse(parts.postgres.uri(name))
        yield look_into_warehouse
        server.execute(f"create database {name}_utf8 encoding 'UTF8' template template0")
        parts.connect_warehouse(parts.postgres.uri(f"{name}_utf8"))


@obeys("nothing was published; try again later")
def no_connection_left(parts: Parts) -> Any:
    with another(parts.postgres.uri()) as server:
        server.execute("drop role if exists narrow")
        server.execute("create role narrow login password 'narrow' connection limit 1")
        parts.connect_warehouse(login="narrow", password="narrow")
        with psycopg.connect(parts.dsn, user="narrow", password="narrow"):
            yield look_into_warehouse
        while server.execute("select from pg_stat_activity where usename = 'narrow'").fetchall():
            pass


@obeys("point the connection at the primary server")
def a_replica(parts: Parts) -> Any:
    replica = parts.postgres.create_database(f"replica_{os.urandom(4).hex()}")
    name = psycopg.conninfo.conninfo_to_dict(replica)["dbname"]
    with another(replica) as server:
        server.execute(f"alter database {name} set default_transaction_read_only = on")
    parts.connect_warehouse(replica)
    yield bring_up_to_date
    parts.connect_warehouse()


@obeys("wait until that has ended and run the task again")
def another_load(parts: Parts) -> Any:
    def load() -> None:
        with open_warehouse() as connection, connection.transaction():
            take_lock(connection, "jobmarket.load.france_travail", within_s=0.05)

    with psycopg.connect(parts.dsn) as other:
        take_lock(other, "jobmarket.load.france_travail", within_s=5)
        yield load


@obeys("gave way to another transaction")
def two_loads_at_once(parts: Parts) -> Any:
    with another(parts.dsn) as other:
        other.execute("create table counted as select 1 as number")
        meanwhile = ["update counted set number = 2"]

        def load() -> None:
            with open_warehouse() as connection, connection.transaction():
                connection.execute("set transaction isolation level repeatable read")
                connection.execute("select number from public.counted")
                while meanwhile:
                    other.execute(meanwhile.pop())
                connection.execute("update public.counted set number = 3")

        yield load


@obeys("try again when it is less busy")
def a_busy_server(parts: Parts) -> Any:
    bring_up_to_date()

    def ask() -> None:
        with open_warehouse(options="-c statement_timeout=100ms") as connection:
            connection.execute("select count(*) from control.ingestion_run")

    with psycopg.connect(parts.dsn) as other:
        other.execute("lock table control.ingestion_run")
        yield ask


@obeys("was stopped or is starting")
def a_server_that_stops(parts: Parts) -> Any:
    with another(parts.dsn) as other:
        ends = ["select pg_terminate_backend(%s)"]

        def load() -> None:
            with open_warehouse() as connection:
                while ends:
                    other.execute(ends.pop(), (connection.info.backend_pid,))
                connection.execute("select 1")

        yield load


@obeys("look at the log of the server")
def a_file_that_the_server_misses(parts: Parts) -> Any:
    file = open_to_all(parts.tmp_path) / "gone"

    def read() -> None:
        with open_warehouse() as connection:
            connection.execute("select pg_read_file(%s)", (str(file),))

    yield read
    file.write_text("back")
    file.chmod(0o644)


@obeys("lost the connection")
def a_connection_that_breaks(parts: Parts) -> Any:
    with another(parts.dsn) as other:
        other.execute(
            "create function public.breaks() returns void language plpgsql"
            " as $$ begin raise exception using errcode = '08006'; end $$"
        )

        def load() -> None:
            with open_warehouse() as connection:
                connection.execute("select public.breaks()")

        yield load
        other.execute(
            "create or replace function public.breaks() returns void language sql as 'select'"
        )


@obeys("undo what others changed in the database")
def a_constraint_of_others(parts: Parts) -> Any:
    bring_up_to_date()

    def load() -> None:
        with open_warehouse() as connection:
            add_offers(connection, 1)

    with another(parts.dsn) as other:
        other.execute("alter table core.job_offer add constraint odd check (title = '') not valid")
        yield load
        other.execute("alter table core.job_offer drop constraint odd")
