"""What a session of the warehouse must be like, whatever server, database and account say by default.

What lives here: settings of a session, its rights, its locks, and the servers that no setting mends. What
does not: how a connection is made (``connections``), which schema it finds (``migrations``), what the rights
are (``include/sql/access``).
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from psycopg.errors import LockNotAvailable
from psycopg.sql import SQL, Composed, Literal

from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.known_secrets import redacted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection

    from jobmarket.foundation.warehouse.roles import Role

# Who may create in `public` could put a function there that fits a call better than PostgreSQL's own, and run
# code as the load's account: so no schema is looked through but PostgreSQL's, and every name says its own.
SEARCH_PATH = "pg_catalog, pg_temp"

_SETTINGS = f"""
set search_path to {SEARCH_PATH};
set client_encoding to 'UTF8';
set datestyle to 'ISO, YMD';
set intervalstyle to 'postgres';
set bytea_output to 'hex';
set standard_conforming_strings to on;
set session characteristics as transaction isolation level read committed;
"""

# An account that has more rights than a task needs lays them down; one that is no member of the role keeps
# its own.
_ROLE = """
select pg_catalog.set_config('role', rolname, false) from pg_catalog.pg_roles
where rolname = {role} and pg_catalog.pg_has_role(session_user, oid, {may});
"""
_MAY_SET_ROLE = 160_000  # before this version every member may
_POLL_S = 0.1


def take_lock(connection: Connection[Any], name: str, *, within_s: float) -> None:
    """Wait for a lock that the transaction then holds until its end.

    :param name: of the lock, any text.
    :param within_s: seconds to wait for this lock, and for any other of the transaction.

    Raise :class:`psycopg.errors.LockNotAvailable` if it takes longer.
    """
    connection.execute(
        "select pg_catalog.set_config('lock_timeout', %s::pg_catalog.text, true)", (f"{within_s}s",)
    )
    # each name and type in full: nothing that lies in another schema fits this call better
    connection.execute(
        "select pg_catalog.pg_advisory_xact_lock("
        "pg_catalog.hashtextextended(%s::pg_catalog.text, 0::pg_catalog.int8))",
        (name,),
    )


@contextmanager
def lock_of_session(connection: Connection[Any], name: str, *, within_s: float) -> Iterator[None]:
    """Hold a lock, the same as :func:`take_lock` takes, over several transactions or none.

    It is asked for again and again and never waited for in a statement: ``create index concurrently`` waits
    for every statement that has begun, and would wait for those that wait for it.

    :param connection: with no transaction begun; each statement inside is a transaction of its own.
    :param within_s: seconds to wait for it.

    Raise :class:`psycopg.errors.LockNotAvailable` if it takes longer.
    """
    key = "(pg_catalog.hashtextextended(%s::pg_catalog.text, 0::pg_catalog.int8))"
    deadline = time.monotonic() + within_s
    was_autocommit, connection.autocommit = connection.autocommit, True
    try:
        while connection.execute(
            f"select from pg_catalog.pg_try_advisory_lock{key} as taken (is_ours) where is_ours", (name,)
        ).rowcount == 0:  # fmt: skip
            if time.monotonic() > deadline:
                raise LockNotAvailable(f"the lock {name} is held by another session")
            time.sleep(_POLL_S)
        try:
            yield
        finally:
            if not connection.closed:
                connection.execute(f"select pg_catalog.pg_advisory_unlock{key}", (name,))
    finally:
        if not connection.closed:
            connection.autocommit = was_autocommit


def prepare_session(connection: Connection[Any], conn_id: str, role: Role | None = None) -> None:
    """Make a new session independent of defaults; raise :class:`ConfigurationError` where that cannot be.

    :param connection: with no transaction begun; left so.
    :param conn_id: Airflow connection that a sentence names.
    :param role: whose rights the session has from now on, if its account is a member of it.
    """
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise ConfigurationError(
            f"The database of the connection {conn_id} is encoded as {redacted(encoding, 20)}, which cannot "
            f"hold every offer: create one with encoding 'UTF8' (createdb --encoding=UTF8 "
            f"--template=template0), and name it in the connection's schema."
        )
    settings = Composed([SQL(_SETTINGS)])
    if role is not None:
        may = "set" if connection.info.server_version >= _MAY_SET_ROLE else "member"
        settings += SQL(_ROLE).format(role=Literal(role), may=Literal(may))
    connection.execute(settings)
    connection.commit()
