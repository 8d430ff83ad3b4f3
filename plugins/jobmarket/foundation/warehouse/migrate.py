"""Bring a warehouse up to date, as its owner: roles, schema, rights, what codes mean.

What lives here: who acts, and the order. What does not: the files (``migrations``), the rights
(``include/sql/access``), the reference tables (``reference``), when it happens (the DAG
``warehouse_migrate``).

Whoever runs it acts as the owner of the schemas, if it may: so all that is made belongs to one role,
whichever of its members made it.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, NamedTuple

from psycopg import errors, sql
from psycopg.rows import class_row, tuple_row

from jobmarket.foundation.errors import AccessDenied
from jobmarket.foundation.known_secrets import redacted
from jobmarket.foundation.paths import SQL
from jobmarket.foundation.warehouse.migrations import LOCK_TIMEOUT_S, apply_ddl, require_idle
from jobmarket.foundation.warehouse.roles import ROLES
from jobmarket.foundation.warehouse.session import lock_of_session

if TYPE_CHECKING:
    from psycopg import Connection

ACCESS = SQL / "access"

log = logging.getLogger(__name__)


class _Owner(NamedTuple):
    """A row of ``owner.sql``; the last three are None in a database without our schemas."""

    account_name: str
    database_name: str
    may_create: bool
    schema_name: str | None
    owner_name: str | None
    may_act: bool | None


def migrate(connection: Connection[Any], conn_id: str) -> list[str]:
    """Bring the warehouse up to date; return the files of ``include/sql/ddl`` that were applied.

    Safe to repeat and under concurrent runs. The roles are made where the account may make roles; without
    them one account does everything, as before there were any.

    :param connection: with no transaction begun.
    :param conn_id: Airflow connection that a sentence names.

    Raise :class:`AccessDenied` if its account is not the owner, :class:`ConfigurationError` as
    :func:`apply_ddl` and :func:`apply_reference` do.
    """
    require_idle(connection)
    missing = _make_roles(connection)
    owner = _require_owner(connection, conn_id)
    with connection.transaction():
        connection.execute(sql.SQL("set role {}").format(sql.Identifier(owner)))
    applied = apply_ddl(connection)
    if missing:
        log.info(
            "There is no role %s, and this account may not make one: whoever loads needs an account that "
            "owns the schemas, until one that may (`create role … nologin`) has made them and this has run "
            "again",
            ", ".join(missing),
        )
    else:
        _grant(connection)
    return applied


def _make_roles(connection: Connection[Any]) -> list[str]:
    """Make the roles that the server lacks; return those that this account may not make."""
    with connection.transaction(), connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(
            "select rolname from pg_catalog.pg_roles where rolname = any(%s)", (list(ROLES),)
        )
        known = {name for (name,) in cursor.fetchall()}
    missing: list[str] = []
    for role in ROLES:
        if role in known:
            continue
        try:
            with connection.transaction():
                connection.execute(sql.SQL("create role {} nologin").format(sql.Identifier(role)))
        except errors.InsufficientPrivilege:
            missing.append(role)
        except (errors.DuplicateObject, errors.UniqueViolation):
            pass  # the migration of another database of the server was first
    return missing


def _require_owner(connection: Connection[Any], conn_id: str) -> str:
    """Return whom the schemas belong to, or shall; raise :class:`AccessDenied` if we may not act for it."""
    with connection.transaction(), connection.cursor(row_factory=class_row(_Owner)) as cursor:
        found = cursor.execute((ACCESS / "owner.sql").read_bytes()).fetchone()
    assert found is not None  # noqa: S101 - one row, whatever there is
    account, database = redacted(found.account_name, 63), redacted(found.database_name, 63)
    if found.owner_name is None:
        if not found.may_create:
            raise AccessDenied(
                f"The account {account} of the connection {conn_id} may not create schemas in the database "
                f"{database}: let its owner say `grant create on database {database} to {account}`, or "
                "create the connection warehouse_owner with an account that may."
            )
        return found.account_name
    if not found.may_act:
        owner = redacted(found.owner_name, 63)
        raise AccessDenied(
            f"The schema {found.schema_name} belongs to the account {owner}, and the connection {conn_id} "
            f"logs in as {account}: put the login of {owner} into the connection warehouse_owner, or hand "
            f"all over with `reassign owned by {owner} to {account}` in the database {database}."
        )
    return found.owner_name


def _grant(connection: Connection[Any]) -> None:
    # two sessions that grant at once would change the same rows of PostgreSQL's catalogue
    with (
        lock_of_session(connection, "jobmarket.ddl", within_s=LOCK_TIMEOUT_S),
        connection.transaction(),
    ):
        connection.execute((ACCESS / "grants.sql").read_bytes())
        with connection.cursor(row_factory=tuple_row) as cursor:
            cursor.execute((ACCESS / "missing_rights.sql").read_bytes())
            missing = cursor.fetchall()
    for role, privilege in missing:
        log.warning(
            "%s lacks a right: let the owner of the database say `grant %s on database %s to %s`",
            role,
            privilege,
            redacted(connection.info.dbname, 63),
            role,
        )
