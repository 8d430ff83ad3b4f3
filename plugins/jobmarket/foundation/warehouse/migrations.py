"""The schema of the warehouse: files of ``include/sql/ddl``, applied by its owner, forward only.

Each file is applied once and remembered with its checksum. There is no way back: a mistake is put
right by a further file.

What lives here: which files a warehouse has and lacks, and how they are applied. What does not: how a file
runs outside of a transaction (``concurrently``), who is the owner and what others may do (``migrate``).
"""

from __future__ import annotations

import hashlib
import logging
import re
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from psycopg import errors
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.known_secrets import redacted
from jobmarket.foundation.paths import DDL
from jobmarket.foundation.warehouse.concurrently import is_outside, read_statement, run_statement
from jobmarket.foundation.warehouse.session import SEARCH_PATH, lock_of_session

if TYPE_CHECKING:
    from pathlib import Path

    from psycopg import Connection

log = logging.getLogger(__name__)

_FILE_NAME = re.compile(r"\d{3}_[a-z0-9_]+\.sql")
LOCK_TIMEOUT_S = (
    60  # all files together take under a second: a longer wait is a lock that somebody forgot
)
HOW_TO_MIGRATE = "run the DAG warehouse_migrate (`make migrate` on the laptop stack)"


class Migration(NamedTuple):
    """A file of the directory.

    :param sha256: of its text, hexadecimal; line ends do not count.
    """

    file_name: str
    sql: bytes
    sha256: str


def require_applied(connection: Connection[Any], directory: Path = DDL) -> None:
    """Raise :class:`ConfigurationError` unless the database has exactly the files of the directory.

    One query, no lock: each task asks before it begins.

    :param connection: with no transaction begun.
    """
    require_idle(connection)
    migrations = _read(directory)
    was_autocommit, connection.autocommit = connection.autocommit, True
    try:
        applied = _select_applied(connection)
    except (errors.UndefinedTable, errors.InvalidSchemaName):
        raise ConfigurationError(
            f"The database {redacted(connection.info.dbname, 63)} holds no warehouse of this project yet: "
            f"{HOW_TO_MIGRATE}, then this task again."
        ) from None
    finally:
        connection.autocommit = was_autocommit
    if pending := _pending(applied, migrations):
        more = f" and {len(pending) - 1} files more" if len(pending) > 1 else ""
        raise ConfigurationError(
            f"The warehouse is of an earlier version: the database {redacted(connection.info.dbname, 63)} "
            f"lacks {pending[0].file_name}{more} of include/sql/ddl: {HOW_TO_MIGRATE}, then this task again."
        )


def apply_ddl(connection: Connection[Any], directory: Path = DDL) -> list[str]:
    """Apply the files that the database has not seen yet; return their names.

    Neighbouring files are applied in one transaction; one that is marked to run outside of a transaction
    stands alone. Safe under concurrent runs: they queue, and the second finds nothing to do. If there is
    nothing to do it costs two statements and takes no lock.

    :param connection: with no transaction begun.
    :param directory: files ``NNN_name.sql``, applied in the order of their names.

    Raise :class:`ConfigurationError` if an applied file has changed, if a new one sorts before an
    applied one, if the database has one that the directory lacks, or if the directory holds none.
    """
    require_idle(connection)
    migrations = _read(directory)
    with connection.transaction():
        if not _pending(_applied(connection), migrations):
            return []
    with lock_of_session(connection, "jobmarket.ddl", within_s=LOCK_TIMEOUT_S):
        pending = _pending(_applied(connection), migrations)  # another run may have been first
        for outside, files in groupby(pending, lambda migration: is_outside(migration.sql)):
            if outside:
                for migration in files:
                    run_statement(connection, read_statement(migration.file_name, migration.sql))
                    _remember(connection, migration)
            else:
                _apply_together(connection, list(files))
    names = [migration.file_name for migration in pending]
    if names:
        log.info("Applied to the warehouse: %s", ", ".join(names))
    return names


def is_empty(connection: Connection[Any]) -> bool:
    """Tell whether a database has nothing of ours yet."""
    with connection.transaction(), connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute("select to_regnamespace('control') is null").fetchone()
    return bool(found and found[0])


def require_idle(connection: Connection[Any]) -> None:
    """Raise :class:`ValueError` if a transaction is open: it would not be ours to commit."""
    if connection.info.transaction_status is not TransactionStatus.IDLE:
        raise ValueError("The connection is in a transaction: commit or roll it back first.")


def _apply_together(connection: Connection[Any], migrations: list[Migration]) -> None:
    with connection.transaction():
        # at `serializable` what another run did meanwhile would stay out of sight
        connection.execute(
            f"set transaction isolation level read committed; set local search_path to {SEARCH_PATH}; "
            f"set local lock_timeout to '{LOCK_TIMEOUT_S}s'"
        )
        for migration in migrations:
            connection.execute(migration.sql)
            _remember(connection, migration)


def _remember(connection: Connection[Any], migration: Migration) -> None:
    connection.execute(
        "insert into control.schema_migration (file_name, sha256) values (%s, %s)",
        (migration.file_name, migration.sha256),
    )


def _read(directory: Path) -> list[Migration]:
    migrations = []
    for path in sorted(directory.glob("*.sql")):
        if not _FILE_NAME.fullmatch(path.name):
            raise ConfigurationError(f"{path} must be called like 005_what_it_adds.sql: rename it.")
        sql = path.read_bytes().replace(b"\r\n", b"\n")
        if is_outside(sql):
            read_statement(path.name, sql)
        migrations.append(Migration(path.name, sql, hashlib.sha256(sql).hexdigest()))
    if not migrations:
        raise ConfigurationError(
            f"Expected the schema of the warehouse in {directory}, but it holds no .sql file: "
            f"deploy include/ beside plugins/."
        )
    return migrations


def _pending(applied: dict[str, str], migrations: list[Migration]) -> list[Migration]:
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
    unknown = sorted(applied.keys() - {migration.file_name for migration in migrations})
    if unknown:
        raise ConfigurationError(
            f"The warehouse is of a later version: {unknown[-1]} is applied to it, which include/sql/ddl "
            "does not hold here: deploy the version that has it, on every worker, then run this task again."
        )
    return pending


def _applied(connection: Connection[Any]) -> dict[str, str]:
    # not to_regclass: it may answer from before the wait for the lock, out of the session's cache
    found = connection.execute(
        "select from pg_catalog.pg_tables where schemaname = 'control' and tablename = 'schema_migration'"
    )
    return _select_applied(connection) if found.rowcount else {}


def _select_applied(connection: Connection[Any]) -> dict[str, str]:
    with connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute("select file_name, sha256 from control.schema_migration")
        return dict(cursor.fetchall())
