"""A day of the warehouse as rows of the history.

What lives here: which rows, in which order, as Arrow has them. What does not: which columns (``columns``),
where they go (``table``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from psycopg import sql
from psycopg.rows import tuple_row

from jobmarket.history.columns import KEPT, PARTITIONED_BY

if TYPE_CHECKING:
    from datetime import date

    import pyarrow as pa
    from psycopg import Connection

    from jobmarket.history.columns import Kept


class DayRows(NamedTuple):
    """The rows of a day.

    :param table: sorted, so that the same offers are the same file, and equal values lie together.
    :param withheld: values that do not have the form of their column, by its name: null was taken for them.
    """

    table: pa.Table
    withheld: dict[str, int]


def arrow_schema() -> pa.Schema:
    """Return the columns of the history as Arrow has them."""
    import pyarrow as pa

    types = {
        "text": pa.string(),
        "text[]": pa.list_(pa.field("element", pa.string(), nullable=False)),
        "int4": pa.int32(),
        "float8": pa.float64(),
        "bool": pa.bool_(),
        "date": pa.date32(),
    }
    return pa.schema(
        [
            pa.field(column.name, types[column.kind], nullable=column.name not in PARTITIONED_BY)
            for column in KEPT
        ]
    )


def read_day(connection: Connection[Any], source: str, day: date) -> DayRows:
    """Return what is kept of the offers created on a day, as the warehouse holds them now."""
    query = sql.SQL("select {} from core.job_offer where source = %s and created_on = %s").format(
        sql.SQL(", ").join(sql.Identifier(column.name) for column in KEPT)
    )
    with connection.cursor(binary=True, row_factory=tuple_row) as cursor:
        return rows_of(cursor.execute(query, (source, day)).fetchall())


def rows_of(rows: list[tuple[Any, ...]]) -> DayRows:
    """Return rows as the history takes them.

    :param rows: values in the order of ``KEPT``.
    """
    import pyarrow as pa

    schema = arrow_schema()
    withheld: dict[str, int] = {}
    values = zip(*rows, strict=True) if rows else ((),) * len(KEPT)
    arrays = []
    for column, field, found in zip(KEPT, schema, values, strict=True):
        kept, refused = _of_form(column, found)
        if refused:
            withheld[column.name] = refused
        arrays.append(pa.array(kept, field.type))
    table = pa.Table.from_arrays(arrays, schema=schema)
    return DayRows(in_order(table), withheld)


def in_order(table: pa.Table) -> pa.Table:
    """Return rows of the history in the order that they have there."""
    import pyarrow as pa

    return table.sort_by(
        [(field.name, "ascending") for field in table.schema if not pa.types.is_list(field.type)]
    )


def _of_form(column: Kept, values: tuple[Any, ...]) -> tuple[list[Any], int]:
    """Return the values of a column, null in place of those without its form, and how many those are."""
    if column.form is None:
        return [*values], 0
    if column.kind == "text[]":
        parts = {part for value in values if value for part in value}
        refused_parts = {part for part in parts if not column.admits(part)}
        refused = sum(part in refused_parts for value in values if value for part in value)
        if not refused_parts:
            return [*values], 0
        return [
            [part for part in value if part not in refused_parts] or None if value else value
            for value in values
        ], refused
    bad = {value for value in set(values) if value is not None and not column.admits(value)}
    if not bad:
        return [*values], 0
    return [None if value in bad else value for value in values], sum(
        value in bad for value in values
    )
