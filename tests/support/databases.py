"""Databases of the tests: one made ready as a template, and copies of it.

A copy costs a tenth of the migration that it stands for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.postgres import Postgres


def make_template(
    postgres: Postgres, name: str, *steps: Callable[[psycopg.Connection[Any]], object]
) -> str:
    """Make a database, or go on with one, and let nobody in afterwards; return its name."""
    with psycopg.connect(postgres.create_database(name)) as connection:
        for step in steps:
            step(connection)
    # else a server process that tidies up could keep it from being copied
    _execute(postgres, "alter database {} with allow_connections false", name)
    return name


def copy_database(postgres: Postgres, template: str, name: str) -> str:
    """Copy a database that nobody uses; return the address of the copy."""
    _execute(postgres, "create database {} template {}", name, template)
    return postgres.uri(name)


def _execute(postgres: Postgres, statement: str, *names: str) -> None:
    with psycopg.connect(postgres.uri(), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
