"""Whether a session of the warehouse is as the project wants it: its clock, its encryption, its rights.

What does not live here: which schema it finds (``migrations``), who owns it (``migrate``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg.rows import tuple_row

from jobmarket.foundation.errors import AccessDenied, ConfigurationError
from jobmarket.foundation.known_secrets import redacted
from jobmarket.foundation.paths import SQL

if TYPE_CHECKING:
    from datetime import datetime

    from psycopg import Connection

    from jobmarket.foundation.warehouse.roles import Role

VERIFIED = ("verify-full", "verify-ca")
"""``sslmode``: the certificate of the server is checked; with the first its name, too."""


def server_time(connection: Connection[Any]) -> datetime:
    """Return the clock of the server."""
    with connection.transaction(), connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute("select clock_timestamp()").fetchone()
    assert found is not None  # noqa: S101 - one row
    moment: datetime = found[0]
    return moment


def require_verified_tls(connection: Connection[Any], conn_id: str) -> str:
    """Return how the server was verified; raise :class:`ConfigurationError` if it was not."""
    mode = connection.info.get_parameters().get("sslmode", "prefer")
    if not connection.pgconn.ssl_in_use or mode not in VERIFIED:
        met = (
            f"with sslmode={redacted(mode, 20)}" if connection.pgconn.ssl_in_use else "without TLS"
        )
        raise ConfigurationError(
            f"The connection {conn_id} reaches the warehouse {met}, so anybody between could read and "
            'answer: put "sslmode": "verify-full" and "sslrootcert" (the path of the certificate of its '
            "authority) into its extra."
        )
    return f"sslmode={mode}"


def require_rights(connection: Connection[Any], role: Role, conn_id: str) -> None:
    """Raise :class:`AccessDenied` if the session lacks a right that a task with this role needs.

    In a database without our tables nothing is lacking.
    """
    with connection.transaction(), connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute((SQL / "access" / "lacking.sql").read_text(), {"role": role})
        lacking = [f"{privilege} on {name}" for privilege, name in cursor.fetchall()]
    if lacking:
        more = f" and {len(lacking) - 1} rights more" if len(lacking) > 1 else ""
        raise AccessDenied(
            f"The account of the connection {conn_id} lacks {redacted(lacking[0])}{more}, which tasks need "
            f"as {role}: run the DAG warehouse_migrate, and let the owner say `grant {role} to` that account."
        )
