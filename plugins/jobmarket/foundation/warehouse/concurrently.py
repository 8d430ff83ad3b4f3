"""Files of ``include/sql/ddl`` that run outside of a transaction: an index made while days are loaded.

What lives here: how such a file is marked, what it may hold, how it is run and taken up again after a
failure. What does not: which files there are and in which order they run (``migrations``).

PostgreSQL makes an index ``concurrently`` in several transactions of its own; one that is stopped, or that
meets two rows of one unique key, leaves an index that is kept up to date and never used ("invalid"). ``if not
exists`` would take that one for the index asked for, so it is dropped first. Source:
https://www.postgresql.org/docs/17/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from psycopg import sql
from psycopg.rows import tuple_row

from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.warehouse.session import SEARCH_PATH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection

# It waits for every transaction that is at work on the table: a first load of a large day takes a minute.
LOCK_TIMEOUT_S = 600

_MARK = re.compile(rb"^-- outside of a transaction\b", re.MULTILINE)
_COMMENT = re.compile(r"--[^\n]*")
_NAME = r"[a-z_][a-z0-9_]*"
_CREATE = re.compile(
    rf"create\s+(?:unique\s+)?index\s+concurrently\s+if\s+not\s+exists\s+(?P<index>{_NAME})\s+"
    rf"on\s+(?P<schema>{_NAME})\.{_NAME}\b[^;]*",
    re.IGNORECASE,
)
_DROP = re.compile(rf"drop\s+index\s+concurrently\s+if\s+exists\s+{_NAME}\.{_NAME}", re.IGNORECASE)


class Statement(NamedTuple):
    """The one statement of a marked file; it can be run again.

    :param makes: schema and name of the index that it makes; None if it makes none.
    """

    text: str
    makes: tuple[str, str] | None


def is_outside(text: bytes) -> bool:
    """Tell whether a file has the line that has it run alone, outside of a transaction."""
    return _MARK.search(text) is not None


def read_statement(file_name: str, text: bytes) -> Statement:
    """Return the statement of a marked file.

    Raise :class:`ConfigurationError` if it is none that could be taken up again after a failure.
    """
    statement = _COMMENT.sub("", text.decode()).strip().removesuffix(";").strip()
    if made := _CREATE.fullmatch(statement):
        return Statement(statement, (made["schema"].lower(), made["index"].lower()))
    if _DROP.fullmatch(statement):
        return Statement(statement, None)
    raise ConfigurationError(
        f"{file_name} runs outside of a transaction, so it must hold one statement that can be taken up "
        "again, `create [unique] index concurrently if not exists name on schema.table …` or `drop index "
        "concurrently if exists schema.name`: write what else it holds in a file of its own."
    )


def run_statement(connection: Connection[Any], statement: Statement) -> None:
    """Run the statement, and first drop what an earlier attempt at it left.

    :param connection: where each statement is a transaction of its own.

    Raise :class:`psycopg.errors.LockNotAvailable` if transactions of others do not end in time.
    """
    with _settings(
        connection,
        search_path=SEARCH_PATH,
        lock_timeout=f"{LOCK_TIMEOUT_S}s",
        statement_timeout="0",  # a large table takes what it takes; the task has its own bound
    ):
        if statement.makes and _is_invalid(connection, *statement.makes):
            drop = sql.SQL("drop index concurrently {}")
            connection.execute(drop.format(sql.Identifier(*statement.makes)))
        connection.execute(statement.text.encode())


def _is_invalid(connection: Connection[Any], schema: str, index: str) -> bool:
    with connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(
            "select from pg_catalog.pg_index as made "
            "inner join pg_catalog.pg_class as relation on relation.oid = made.indexrelid "
            "where relation.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = %s) "
            "and relation.relname = %s and not made.indisvalid",
            (schema, index),
        )
        return cursor.rowcount == 1


@contextmanager
def _settings(connection: Connection[Any], **wanted: str) -> Iterator[None]:
    """Give the session settings for a while."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        before = {}
        for name, value in wanted.items():
            cursor.execute(
                "select pg_catalog.current_setting(%s), pg_catalog.set_config(%s, %s, false)",
                (name, name, value),
            )
            before[name] = (cursor.fetchone() or ("",))[0]
        try:
            yield
        finally:
            for name, value in before.items():
                if not connection.closed:
                    cursor.execute("select pg_catalog.set_config(%s, %s, false)", (name, value))
