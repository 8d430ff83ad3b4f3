"""Accounts of the embedded PostgreSQL that own nothing, and have what roles have.

What does not live here: accounts that own a database (``postgres``), what a role may do
(``include/sql/access``).
"""

from __future__ import annotations

from contextlib import suppress
from typing import LiteralString

NO_RIGHTS: tuple[LiteralString, ...] = ("nosuperuser", "nocreaterole", "nocreatedb")


def create_member(
    superuser: str, name: str, secret: str, database: str, *roles: str, is_acting: bool = False
) -> None:
    """Make an account that has no rights but those of roles.

    :param superuser: address of the cluster for its superuser.
    :param database: the one that the account may enter.
    :param roles: made if the cluster lacks them; they are empty until a warehouse is migrated.
    :param is_acting: it has the rights of a role only while it acts as that one (``set role``).
    """
    import psycopg
    from jobmarket.foundation.warehouse.accounts import give_password
    from psycopg import sql

    member = sql.Identifier(name)
    with psycopg.connect(superuser, autocommit=True) as connection:
        for role in roles:
            with suppress(psycopg.errors.DuplicateObject):
                create = sql.SQL("create role {} nologin")
                connection.execute(create.format(sql.Identifier(role)))
        with suppress(psycopg.errors.DuplicateObject):
            connection.execute(sql.SQL("create role {} login").format(member))
        # each time: the secret may be a new one
        inherits: LiteralString = "noinherit" if is_acting else "inherit"
        give_password(connection, name, secret, *NO_RIGHTS, inherits)
        for role in roles:
            connection.execute(sql.SQL("grant {} to {}").format(sql.Identifier(role), member))
        enter = sql.SQL("grant connect on database {} to {}")
        connection.execute(enter.format(sql.Identifier(database), member))
