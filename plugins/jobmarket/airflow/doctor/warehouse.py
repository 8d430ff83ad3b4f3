"""The warehouse: reached, verified by TLS, the rights of the tasks, its schema, its owner."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any

from jobmarket import __version__
from jobmarket.airflow.connections import (
    OWNER_CONN_ID,
    WAREHOUSE_CONN_ID,
    open_warehouse,
    owner_conn_id,
)
from jobmarket.airflow.doctor.line import Check, NotSeen, lines_of
from jobmarket.foundation.errors import AccessDenied
from jobmarket.foundation.http.address import is_on_a_laptop
from jobmarket.foundation.paths import DDL
from jobmarket.foundation.warehouse.inspection import (
    require_rights,
    require_verified_tls,
    server_time,
)
from jobmarket.foundation.warehouse.migrate import require_owner
from jobmarket.foundation.warehouse.migrations import newest_file, require_applied
from jobmarket.foundation.warehouse.roles import LOADER, REPORTER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobmarket.airflow.doctor.clock import Clocks
    from jobmarket.airflow.doctor.line import Line
    from jobmarket.foundation.warehouse.roles import Role


def warehouse_lines(clocks: Clocks) -> list[Line]:
    """Return the lines of the warehouse.

    :param clocks: is told what time its server has.
    """
    with ExitStack() as sessions:
        return lines_of("warehouse", _checks(clocks, sessions))


def _checks(clocks: Clocks, sessions: ExitStack) -> Iterator[Check]:
    found: dict[str, Any] = {}

    def reach() -> str:
        with open_warehouse() as connection, clocks.asking("the warehouse") as clock:
            clock.told = server_time(connection)
            info = connection.info
            version = divmod(info.server_version, 10_000)
            found["host"] = info.host
            return f"PostgreSQL {version[0]}.{version[1]} at {info.host}, database {info.dbname}"

    yield Check("connection", reach, is_gate=True)
    is_stand_in = is_on_a_laptop(found.get("host"))
    yield Check("TLS", _verified, is_excused=is_stand_in)
    yield Check("rights of the load", partial(_with_rights, LOADER), is_gate=True)
    yield Check("rights of reports", partial(_with_rights, REPORTER))
    yield Check("schema", _is_applied)
    yield Check("owner", _is_owned)


def _verified() -> str:
    with open_warehouse() as connection:
        return require_verified_tls(connection, WAREHOUSE_CONN_ID)


def _with_rights(role: Role) -> str:
    with open_warehouse(role=role) as connection:
        require_rights(connection, role, WAREHOUSE_CONN_ID)
        return f"all that tasks do as {role}"


def _is_applied() -> str:
    with open_warehouse(role=LOADER) as connection:
        require_applied(connection)
    return f"up to date: version {__version__} needs {newest_file(DDL)}"


def _is_owned() -> str:
    conn_id = owner_conn_id()
    try:
        with open_warehouse(conn_id) as connection:
            return f"warehouse_migrate acts as {require_owner(connection, conn_id)} ({conn_id})"
    except AccessDenied:
        if conn_id == OWNER_CONN_ID:
            raise
        raise NotSeen(
            f"there is no connection {OWNER_CONN_ID} here, and {conn_id} may not change the schema: "
            "warehouse_migrate runs where there is one"
        ) from None
