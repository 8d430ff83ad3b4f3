"""What a session of the warehouse must be like, whatever server, database and account say by default.

What lives here: settings of a session, and the servers that no setting mends. What does not: how a connection
is made (``connections``), which schema it finds (``migrations``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.known_secrets import told

if TYPE_CHECKING:
    from psycopg import Connection

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


def prepare_session(connection: Connection[Any], conn_id: str) -> None:
    """Make a new session independent of defaults; raise :class:`ConfigurationError` where that cannot be.

    :param connection: with no transaction begun; left so.
    :param conn_id: Airflow connection that a sentence names.
    """
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise ConfigurationError(
            f"The database of the connection {conn_id} is encoded as {told(encoding, 20)}, which cannot hold "
            f"every offer: create one with encoding 'UTF8' (createdb --encoding=UTF8 --template=template0), "
            f"and name it in the connection's schema."
        )
    connection.execute(_SETTINGS)
    connection.commit()
