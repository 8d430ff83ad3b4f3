"""Servers, databases and accounts with defaults of their own: the warehouse works, or says why not."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from jobmarket.airflow.connections import open_warehouse
from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.paths import DDL
from jobmarket.foundation.warehouse.migrations import apply_ddl
from jobmarket.foundation.warehouse.session import prepare_session, take_lock
from jobmarket.offers.reference import apply_reference
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.postgres import Postgres

FIRST_RUNS = 12


@pytest.fixture
def connect_warehouse(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def connected(dsn: str) -> None:
        parts: dict[str, Any] = psycopg.conninfo.conninfo_to_dict(dsn)
        connection = {
            "conn_type": "postgres",
            "host": parts["host"],
            "port": int(parts["port"]),
            "login": parts["user"],
            "password": parts["password"],
            "schema": parts["dbname"],
        }
        monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE", json.dumps(connection))

    return connected


def database_with(postgres_dsn: str, *settings: str) -> None:
    with psycopg.connect(postgres_dsn, autocommit=True) as connection:
        name = sql.Identifier(connection.info.dbname)
        for setting in settings:
            connection.execute(sql.SQL("alter database {} set ").format(name) + sql.SQL(setting))


@pytest.mark.parametrize("isolation", ["read committed", "repeatable read", "serializable"])
def test_first_runs_at_once_apply_the_schema_once(postgres_dsn: str, isolation: str) -> None:
    database_with(postgres_dsn, f"default_transaction_isolation = '{isolation}'")
    together = Barrier(FIRST_RUNS)

    def first_run(_: int) -> list[str]:
        with psycopg.connect(postgres_dsn) as connection:
            together.wait(20)
            return apply_ddl(connection, DDL)

    with ThreadPoolExecutor(FIRST_RUNS) as pool:
        applied = list(pool.map(first_run, range(FIRST_RUNS)))
    files = sorted(path.name for path in DDL.glob("*.sql"))
    assert sorted(applied) == [[]] * (FIRST_RUNS - 1) + [files]


def test_a_session_is_the_same_whatever_the_defaults(
    postgres_dsn: str, connect_warehouse: Callable[[str], None]
) -> None:
    database_with(
        postgres_dsn,
        "datestyle = 'German'",
        "intervalstyle = 'iso_8601'",
        "bytea_output = 'escape'",
        "client_encoding = 'LATIN1'",
        "search_path = 'public'",
        "standard_conforming_strings = off",
        "default_transaction_isolation = 'serializable'",
    )
    connect_warehouse(postgres_dsn)
    with open_warehouse() as connection:
        found = connection.execute(
            "select current_setting('search_path'), current_setting('client_encoding'),"
            " '2026-11-03'::date::text, current_setting('transaction_isolation'),"
            " current_setting('standard_conforming_strings'), '\\x00'::bytea::text"
        ).fetchone()
        connection.rollback()
        assert found == (
            "pg_catalog, pg_temp",
            "UTF8",
            "2026-11-03",
            "read committed",
            "on",
            "\\x00",
        )
        assert connection.execute("select 'é€😀'::text").fetchone() == ("é€😀",)


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII", "LATIN9", "WIN1252"])
def test_a_database_that_cannot_hold_every_offer_is_named_at_once(
    postgres: Postgres, encoding: str, connect_warehouse: Callable[[str], None]
) -> None:
    name = f"in_{encoding.lower()}"
    with psycopg.connect(postgres.uri(), autocommit=True) as connection:
        connection.execute(f"drop database if exists {name}")
        connection.execute(
            f"create database {name} encoding '{encoding}' template template0 locale 'C'"
        )
    connect_warehouse(postgres.uri(name))
    with (
        pytest.raises(
            ConfigurationError, match=rf"warehouse is encoded as {encoding}.*encoding 'UTF8'"
        ),
        open_warehouse(),
    ):
        pass


PLANTED = """
create function public.hashtextextended(text, integer) returns bigint language plpgsql
    as $$ begin insert into public.called values ('hashtextextended'); return 1; end $$;
create function public.count(name) returns bigint language plpgsql
    as $$ begin insert into public.called values ('count'); return 1; end $$;
create function public.md5(varchar) returns text language plpgsql
    as $$ begin insert into public.called values ('md5'); return 'x'; end $$;
create function public.equal(text, unknown) returns boolean language plpgsql
    as $$ begin insert into public.called values ('='); return true; end $$;
create table public.pg_tables (schemaname name, tablename name);
create table public.called (what text);
"""


def test_a_function_in_public_is_not_called(
    postgres_dsn: str, connect_warehouse: Callable[[str], None]
) -> None:
    with psycopg.connect(postgres_dsn, autocommit=True) as planter:
        planter.execute(PLANTED.replace("unknown", "varchar"))
        # it would be called: the arguments fit it better than PostgreSQL's own
        planter.execute("select hashtextextended('a'::text, 0)")
        assert planter.execute("delete from called").rowcount == 1
    connect_warehouse(postgres_dsn)
    with open_warehouse() as connection:
        apply_ddl(connection, DDL)
        apply_reference(connection)
        with connection.transaction():
            take_lock(connection, "jobmarket.load.france_travail", within_s=5)
        assert connection.execute("select * from public.called").fetchall() == []


@pytest.mark.parametrize(
    "act", [lambda c: apply_ddl(c, DDL), lambda c: take_lock(c, "a", within_s=5)]
)
def test_nor_in_a_session_that_others_made(postgres_dsn: str, act: Callable[[Any], Any]) -> None:
    with psycopg.connect(postgres_dsn, autocommit=True) as planter:
        planter.execute(PLANTED.replace("unknown", "varchar"))
    with psycopg.connect(postgres_dsn) as connection:
        act(connection)
        connection.commit()
        assert connection.execute("select * from public.called").fetchall() == []


def test_others_may_not_create_in_public(postgres: Postgres, postgres_dsn: str) -> None:
    with psycopg.connect(postgres_dsn) as connection:
        connection.execute("grant create on schema public to public")
        connection.commit()
        apply_ddl(connection, DDL)
        granted = connection.execute(
            "select acl.privilege_type from pg_namespace, aclexplode(nspacl) as acl"
            " where nspname = 'public' and acl.grantee = 0"
        ).fetchall()
    assert granted == [("USAGE",)]


def test_a_prepared_session_is_idle(postgres_dsn: str) -> None:
    with psycopg.connect(postgres_dsn) as connection:
        prepare_session(connection, "warehouse")
        assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
