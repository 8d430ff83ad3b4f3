"""Whether the warehouse has the columns that the schema declares: asked at the start of a load.

What does not live here: the schema (``schema``), the files that make the tables (``include/sql/ddl``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jobmarket.foundation.errors import ConfigurationError
from jobmarket.offers.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable

_NAMES = {"_text": "text[]"}
"""Types that the catalogue of PostgreSQL calls otherwise."""


def require_columns(found: Iterable[tuple[str, str, str]]) -> None:
    """Raise :class:`ConfigurationError` if a table of ``core`` has not exactly the columns of ``schema``.

    :param found: table, column and type, as the catalogue has them (``select_columns.sql``).
    """
    held: dict[str, dict[str, str]] = {}
    for name, column, kind in found:
        held.setdefault(name, {})[column] = _NAMES.get(kind, kind)
    for table in TABLES:
        _require(table.name, table.columns, held.get(table.name, {}))


def _require(table: str, declared: dict[str, str], held: dict[str, str]) -> None:
    for column, kind in declared.items():
        met: Any = held.get(column)
        if met is None:
            raise ConfigurationError(
                f"offers/schema.py declares core.{table}.{column} ({kind}), but the warehouse has no such "
                f"column, so nothing was loaded: add it by a further file of include/sql/ddl, or take its "
                f"line out of the schema."
            )
        if met != kind:
            raise ConfigurationError(
                f"offers/schema.py declares core.{table}.{column} as {kind}, but in the warehouse it is "
                f"{met}, so nothing was loaded: correct its type in the schema, or by a further file of "
                f"include/sql/ddl."
            )
    for column in held:
        if column not in declared:
            raise ConfigurationError(
                f"The warehouse has the column core.{table}.{column}, which offers/schema.py does not "
                f"declare, so nothing was loaded, since it would stay empty: add its line to the schema, or "
                f"drop the column."
            )
