"""The password of an account of PostgreSQL, given so that the server never sees it.

What does not live here: which accounts there are (each place that makes some), which roles they have
(``roles``), what a role may do (``include/sql/access``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, LiteralString

from psycopg.sql import SQL, Identifier, Literal

if TYPE_CHECKING:
    from psycopg import Connection


def give_password(
    connection: Connection[Any], account: str, secret: str, *attributes: LiteralString
) -> None:
    """Let an account log in with a password from now on.

    A server writes a statement that changes an account into its log, if it logs such statements or if this
    one fails. So it is sent what it keeps of a password (SCRAM-SHA-256), made here as by psql itself.

    :param connection: of an account that may change this one.
    :param account: one that there is.
    :param attributes: what else it shall be, as ``alter role`` takes it: ``noinherit``.
    """
    kept = connection.pgconn.encrypt_password(
        secret.encode(), account.encode(), b"scram-sha-256"
    ).decode()
    alter = SQL("alter role {} login {} password {}")
    connection.execute(
        alter.format(Identifier(account), SQL(" ").join(map(SQL, attributes)), Literal(kept))
    )
