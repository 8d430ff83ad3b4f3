"""The embedded PostgreSQL: it starts, keeps data, checks secrets."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import psycopg
import pytest
from jobmarket.foundation.foreign_text import spellings
from jobmarket.foundation.warehouse.accounts import give_password

from containers import prepare
from local.accounts import create_member
from local.postgres import Postgres

if TYPE_CHECKING:
    from collections.abc import Callable


def test_postgres_compresses_with_lz4(postgres_dsn: str) -> None:
    with psycopg.connect(postgres_dsn) as connection:
        connection.execute("set default_toast_compression = 'lz4'")
        assert connection.execute("show server_encoding").fetchone() == ("UTF8",)


def test_postgres_refuses_a_wrong_password(postgres: Postgres) -> None:
    wrong = postgres.uri().replace(f":{postgres.secret}@", ":wrong@")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


GIVERS: dict[str, Callable[[Postgres, str], object]] = {
    "owner": lambda server, secret: server.create_owner("told_owner", secret),
    "member": lambda server, secret: create_member(
        server.uri(), "told_member", secret, "postgres", "told_role"
    ),
    "acting": lambda server, secret: create_member(
        server.uri(), "told_acting", secret, "postgres", is_acting=True
    ),
}


@pytest.mark.parametrize("who", GIVERS)
@pytest.mark.parametrize("secret", ["pl4nted-0123456789abcdef", "pl4nted 'é\"/\\\\%+x"])
def test_no_password_is_in_the_log_of_a_server_that_logs_all(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch, who: str, secret: str
) -> None:
    monkeypatch.setenv("PGOPTIONS", "-c log_statement=all -c log_min_messages=debug1")
    for _ in range(2):  # made, and given the password anew
        GIVERS[who](postgres, secret)
    monkeypatch.delenv("PGOPTIONS")
    told = (postgres.directory / "postgres.log").read_text(errors="replace")
    assert f'alter role "told_{who}"' in told
    assert not [spelling for spelling in spellings(secret) if spelling in told]
    with psycopg.connect(
        host="127.0.0.1", port=postgres.port, user=f"told_{who}", password=secret,
        dbname="told_owner" if who == "owner" else "postgres",
    ) as connection:  # fmt: skip
        assert connection.execute(
            "select rolsuper, rolcreaterole, rolcreatedb, rolinherit from pg_roles where rolname = user"
        ).fetchone() == (False, False, False, who != "acting")


def test_no_password_is_in_the_log_of_the_server_of_the_containers(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = postgres.create_database("told_containers")
    monkeypatch.setenv("PGOPTIONS", "-c log_statement=all -c log_min_messages=debug1")
    prepare.make_databases(address)
    told = (postgres.directory / "postgres.log").read_text(errors="replace")
    assert f'alter role "{prepare.TASKS}"' in told
    assert postgres.secret not in told


def test_no_password_is_in_the_log_when_it_cannot_be_given(postgres: Postgres) -> None:
    """A statement that fails is logged by every server, as it is set up by default."""
    secret = "pl4nted-refused-0123456789"
    with (
        psycopg.connect(postgres.uri()) as connection,
        pytest.raises(psycopg.errors.UndefinedObject),
    ):
        give_password(connection, "told_nobody", secret)
    told = (postgres.directory / "postgres.log").read_text(errors="replace")
    assert 'role "told_nobody" does not exist' in told
    assert secret not in told


def test_data_outlives_a_restart(tmp_path_factory: pytest.TempPathFactory) -> None:
    directory = tmp_path_factory.mktemp("restart")
    cluster = Postgres.start(directory / "postgres", durable=False).wait()
    with psycopg.connect(cluster.create_database("kept")) as connection:
        connection.execute("create table kept as select 42 as answer")
    cluster.stop()
    cluster = Postgres.start(directory / "postgres", durable=False).wait()
    try:
        with psycopg.connect(cluster.uri("kept")) as connection:
            assert connection.execute("select answer from kept").fetchone() == (42,)
    finally:
        cluster.stop()
        shutil.rmtree(cluster.directory)
