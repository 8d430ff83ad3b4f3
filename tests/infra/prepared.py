"""The task `prepare` on a real PostgreSQL, under an account that may as little as that of RDS."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql

from local.airflow_setup import POOLS
from local.postgres import Postgres
from tests.support.terraform import INFRA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ADMIN = {"username": "jobmarket_admin", "password": "admin-secret"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """Yield a server as RDS hands it over: one account, no superuser, and one database."""
    directory = tmp_path_factory.mktemp("rds")
    directory.chmod(0o755)
    for above in directory.parents[:2]:
        above.chmod(0o755)
    server = Postgres.start(directory / "postgres", durable=False).wait()
    with psycopg.connect(server.uri(), autocommit=True) as superuser:
        superuser.execute(
            "create role jobmarket_admin login createrole createdb password 'admin-secret'"
        )
        superuser.execute("alter role jobmarket_admin set log_statement = 'ddl'")
        superuser.execute("create database warehouse owner jobmarket_admin")
    yield server
    server.stop()


def account(server: Postgres, login: str, secret: str) -> str:
    fields: dict[str, Any] = {"conn_type": "postgres", "host": "127.0.0.1", "port": server.port}
    fields |= {
        "login": login,
        "password": secret,
        "schema": "warehouse",
        "extra": {"sslmode": "prefer"},
    }
    return json.dumps(fields)


def prepare(server: Postgres, home: Path, word: str) -> str:
    """Run the program as ECS does, with passwords that begin with a word; return what it said."""
    metadata = f"{word}-airflow@127.0.0.1:{server.port}/airflow"
    environment = {
        "PATH": f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}",  # noqa: PTH120
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "DATABASE_ADMIN": json.dumps(ADMIN),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"postgresql+psycopg2://jobmarket_airflow:{metadata}",
        "AIRFLOW_CONN_WAREHOUSE": account(server, "jobmarket_tasks", f"{word}-tasks"),
        "AIRFLOW_CONN_WAREHOUSE_OWNER": account(server, "jobmarket_owner", f"{word}-owner"),
        "WAREHOUSE_ANALYST": account(server, "jobmarket_analyst", f"{word}-analyst"),
    }
    program = (INFRA / "prepare.py").read_text(encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def ask(
    server: Postgres, login: str, secret: str, *statements: str, database: str = "warehouse"
) -> Any:
    at: Any = {"host": "127.0.0.1", "port": server.port, "dbname": database, "user": login}
    with psycopg.connect(**at, password=secret) as connection:
        for statement in statements:
            answer = connection.execute(sql.SQL(statement))
        found = answer.fetchone()
    assert found is not None
    return found[0]


def test_it_makes_all_once_and_gives_new_passwords_later(server: Postgres, tmp_path: Path) -> None:
    said = prepare(server, tmp_path, "first")
    assert "The warehouse is up to date: 001_" in said

    def who(name: str, *statements: str, word: str = "first", database: str = "warehouse") -> Any:
        return ask(server, f"jobmarket_{name}", f"{word}-{name}", *statements, database=database)

    owner = "select pg_get_userbyid(nspowner) from pg_namespace where nspname = 'core'"
    assert who("owner", owner) == "jobmarket_owner"
    count = "select count(*) from {}"
    # the tasks act as a role, and as themselves may nothing
    assert who("tasks", "set role jobmarket_loader", count.format("core.job_offer")) == 0
    assert who("tasks", "set role jobmarket_reporter", count.format("mart.offer_count")) == 0
    for statements in (
        [count.format("core.job_offer")],
        ["set role jobmarket_loader", "create table core.x ()"],
        ["set role jobmarket_owner"],
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            who("tasks", *statements)
    assert who("analyst", count.format("mart.day")) == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        who("analyst", count.format("core.job_offer"))
    # nobody of the warehouse enters Airflow's own database, nor Airflow the warehouse
    for name, database in (("tasks", "airflow"), ("analyst", "airflow"), ("airflow", "warehouse")):
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            who(name, "select 1", database=database)
    with psycopg.connect(server.uri("airflow")) as superuser:
        pools = superuser.execute(
            "select pool, slots, description from slot_pool where pool <> 'default_pool'"
        )
        assert {name: why for name, slots, why in pools if slots == 1} == POOLS

    assert "The warehouse is up to date: nothing was lacking" in prepare(server, tmp_path, "second")
    assert who("tasks", "set role jobmarket_loader", "select 1", word="second") == 1
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        who("tasks", "select 1")

    log = (server.directory / "postgres.log").read_text(encoding="utf-8")
    assert "SCRAM-SHA-256$" in log  # what changes accounts is logged
    for secret in ("first-", "second-", "admin-secret"):
        assert secret not in log + said
