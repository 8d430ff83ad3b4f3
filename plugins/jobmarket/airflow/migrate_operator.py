"""The operator that brings the warehouse up to date, as the owner of its schemas.

What lives here: under which connection, and the proof that the other tasks find what was made. What does not:
what is done (``warehouse.migrate``), who may do what (``include/sql/access``).
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from jobmarket.airflow.connections import WAREHOUSE_CONN_ID, open_warehouse, owner_conn_id
from jobmarket.airflow.forms import require_known_names
from jobmarket.airflow.task import JobMarketOperator
from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.warehouse.roles import LOADER, REPORTER

if TYPE_CHECKING:
    from airflow.sdk import Context

log = logging.getLogger(__name__)


class MigrateWarehouseOperator(JobMarketOperator):
    """Apply what the warehouse lacks of ``include/sql``; return the names of the files applied.

    Uses the connection ``warehouse_owner``; where there is none, that of the tasks, whose account then owns
    all.

    :param only_if_empty: leave a warehouse alone that was made before: the first run of a day makes an empty
        one, an upgrade is for ``warehouse_migrate``.
    """

    def __init__(self, *, only_if_empty: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.only_if_empty = only_if_empty

    def execute(self, context: Context) -> list[str]:
        """Return the files of ``include/sql/ddl`` that were applied; raise as the tasks would afterwards."""
        if not self.only_if_empty:
            require_known_names(context["params"], {})
        return migrate_warehouse(self.warehouse_conn_id, only_if_empty=self.only_if_empty)


def migrate_warehouse(
    conn_id: str = WAREHOUSE_CONN_ID, *, only_if_empty: bool = False
) -> list[str]:
    """Apply what the warehouse lacks, as its owner; return the names of the files applied.

    :param conn_id: of the tasks.
    :param only_if_empty: leave a warehouse alone that was made before.

    Raise :class:`ConfigurationError`, as the tasks would afterwards, if they reach another one.
    """
    from jobmarket.foundation.warehouse.migrate import migrate
    from jobmarket.foundation.warehouse.migrations import is_empty, require_applied
    from jobmarket.offers.reference import apply_reference

    owner = owner_conn_id(conn_id)
    with open_warehouse(owner) as connection:
        if only_if_empty and not is_empty(connection):
            return []
        applied = migrate(connection, owner)
        apply_reference(connection)
    for role in (LOADER, REPORTER):
        with open_warehouse(conn_id, role=role) as connection:
            try:
                require_applied(connection)
            except ConfigurationError as error:
                raise ConfigurationError(
                    f"The warehouse of the connection {owner} is up to date, but "
                    f"{conn_id} leads to another: let both name the same host, port and "
                    f"database. {error}"
                ) from None
    log.info("The warehouse is up to date: %s", ", ".join(applied) or "nothing was lacking")
    return applied
