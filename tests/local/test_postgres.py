"""The embedded PostgreSQL: it starts, keeps data, checks secrets."""

from __future__ import annotations

import shutil

import psycopg
import pytest

from local.postgres import Postgres


def test_postgres_compresses_with_lz4(postgres_dsn: str) -> None:
    with psycopg.connect(postgres_dsn) as connection:
        connection.execute("set default_toast_compression = 'lz4'")
        assert connection.execute("show server_encoding").fetchone() == ("UTF8",)


def test_postgres_refuses_a_wrong_password(postgres: Postgres) -> None:
    wrong = postgres.uri().replace(f":{postgres.secret}@", ":wrong@")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


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
