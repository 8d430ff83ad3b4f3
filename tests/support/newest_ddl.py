"""A warehouse without the newest file of DDL. A further file is to bring its own undoing here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jobmarket.foundation.paths import DDL

if TYPE_CHECKING:
    from psycopg import Connection

NEWEST = "038_missing_since.sql"
_UNDONE = """
drop function core.follow_absence cascade;
alter table core.job_offer drop column missing_since_on;
"""


def take_back_newest(connection: Connection[Any]) -> None:
    """Undo the newest file, and forget that it was applied."""
    assert max(path.name for path in DDL.glob("*.sql")) == NEWEST
    connection.execute(_UNDONE)
    connection.execute("delete from control.schema_migration where file_name = %s", (NEWEST,))
