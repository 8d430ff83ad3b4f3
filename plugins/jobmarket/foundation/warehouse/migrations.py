"""The schema of the warehouse: files of ``include/sql/ddl``, applied by whoever runs first, forward only.

Each file is applied once and remembered with its checksum. There is no way back: a mistake is put
right by a further file.
"""

from __future__ import annotations

import hashlib
import logging
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.warehouse.session import SEARCH_PATH, take_lock

if TYPE_CHECKING:
    from pathlib import Path

    from psycopg import Connection

log = logging.getLogger(__name__)

_FILE_NAME = re.compile(r"\d{3}_[a-z0-9_]+\.sql")
LOCK_TIMEOUT_S = (
    60  # all files together take under a second: a longer wait is a lock that somebody forgot
)


class Migration(NamedTuple):
    """A file of the directory.

    :param sha256: of its text, hexadecimal; line ends do not count.
    """

    file_name: str
    sql: bytes
    sha256: str


def apply_ddl(connection: Connection[Any], directory: Path) -> list[str]:
    """Apply the files that the database has not seen yet, all in one transaction; return their names.

    Safe under concurrent runs: they queue, and the second finds nothing to do. If there is nothing
    to do it costs two statements and takes no lock.

    :param connection: with no transaction begun.
    :param directory: files ``NNN_name.sql``, applied in the order of their names.

    Raise :class:`ConfigurationError` if an applied file has changed, if a new one sorts before an
    applied one, or if the directory holds none.
    """
    require_idle(connection)
    migrations = _read(directory)
    with connection.transaction():
        # at `serializable` what another run did meanwhile would stay out of sight, behind the lock, too
        connection.execute(
            f"set transaction isolation level read committed; set local search_path to {SEARCH_PATH}"
        )
        if not _pending(connection, migrations):
            return []
        take_lock(connection, "jobmarket.ddl", within_s=LOCK_TIMEOUT_S)
        pending = _pending(connection, migrations)  # another run may have been first
        for migration in pending:
            connection.execute(migration.sql)
            connection.execute(
                "insert into control.schema_migration (file_name, sha256) values (%s, %s)",
                (migration.file_name, migration.sha256),
            )
    names = [migration.file_name for migration in pending]
    if names:
        log.info("Applied to the warehouse: %s", ", ".join(names))
    return names


def require_idle(connection: Connection[Any]) -> None:
    """Raise :class:`ValueError` if a transaction is open: it would not be ours to commit."""
    if connection.info.transaction_status is not TransactionStatus.IDLE:
        raise ValueError("The connection is in a transaction: commit or roll it back first.")


def _read(directory: Path) -> list[Migration]:
    migrations = []
    for path in sorted(directory.glob("*.sql")):
        if not _FILE_NAME.fullmatch(path.name):
            raise ConfigurationError(f"{path} must be called like 005_what_it_adds.sql: rename it.")
        sql = path.read_bytes().replace(b"\r\n", b"\n")
        migrations.append(Migration(path.name, sql, hashlib.sha256(sql).hexdigest()))
    if not migrations:
        raise ConfigurationError(
            f"Expected the schema of the warehouse in {directory}, but it holds no .sql file: "
            f"deploy include/ beside plugins/."
        )
    return migrations


def _pending(connection: Connection[Any], migrations: list[Migration]) -> list[Migration]:
    applied = _applied(connection)
    newest = max(applied, default="")
    pending = [migration for migration in migrations if migration.file_name not in applied]
    for migration in migrations:
        known = applied.get(migration.file_name)
        if known not in (None, migration.sha256):
            raise ConfigurationError(
                f"{migration.file_name} has changed since it was applied to the warehouse: put the "
                f"applied text back, and write what is new in a further file of include/sql/ddl."
            )
        if known is None and migration.file_name < newest:
            raise ConfigurationError(
                f"{migration.file_name} is new but sorts before {newest}, which is already applied: "
                f"give it the next free number."
            )
    return pending


def _applied(connection: Connection[Any]) -> dict[str, str]:
    with connection.cursor(row_factory=tuple_row) as cursor:
        # not to_regclass: it may answer from before the wait for the lock, out of the session's cache
        cursor.execute(
            "select from pg_catalog.pg_tables where schemaname = 'control' and tablename = 'schema_migration'"
        )
        if not cursor.rowcount:
            return {}
        cursor.execute("select file_name, sha256 from control.schema_migration")
        return dict(cursor.fetchall())
