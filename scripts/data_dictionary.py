"""Write docs/data-dictionary.md anew from the comments in the warehouse: ``make docs``.

Starts a PostgreSQL of its own, applies include/sql/ddl to it and reads back what its comments say. The
same schema gives the same bytes.
"""

from __future__ import annotations

import tempfile
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.warehouse.migrations import apply_ddl
from psycopg.rows import class_row

from local.postgres import Postgres

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from psycopg import Connection


ROOT = Path(__file__).parents[1]
DDL = ROOT / "include" / "sql" / "ddl"
COLUMNS = ROOT / "include" / "sql" / "dictionary" / "columns.sql"
FILE = ROOT / "docs" / "data-dictionary.md"

HEAD = """\
# Data dictionary

Every table and view of the warehouse, from the comments in `include/sql/ddl`; `make docs` writes this file.
Days and hours are Europe/Paris, amounts euros; names carry unit and grain. Bold columns are the key.
[analysts.md](analysts.md) says where to begin.
"""


class Column(NamedTuple):
    """A column with its table or view, as ``include/sql/dictionary/columns.sql`` gives it.

    :param relation_kind: ``table`` or ``view``.
    :param column_type: as PostgreSQL spells it.
    :param is_in_key: part of the primary key.
    """

    schema_name: str
    schema_comment: str | None
    relation_name: str
    relation_kind: str
    relation_comment: str | None
    column_name: str
    column_type: str
    is_not_null: bool
    is_in_key: bool
    column_comment: str | None


def read_columns(connection: Connection[Any]) -> list[Column]:
    """Return the columns of all tables and views, in the order of the dictionary."""
    with connection.cursor(row_factory=class_row(Column)) as cursor:
        return cursor.execute(COLUMNS.read_bytes()).fetchall()


def data_dictionary(columns: Iterable[Column]) -> str:
    """Return the text of the dictionary. Pure.

    Raise :class:`ConfigurationError` naming every schema, table, view and column without a comment.
    """
    columns = list(columns)
    silent = list(dict.fromkeys(_silent(columns)))
    if silent:
        raise ConfigurationError(
            f"Expected a comment on everything in the warehouse, but there is none on {', '.join(silent)}: "
            f"add `comment on` to the file of include/sql/ddl that makes it."
        )
    lines = [HEAD]
    for schema, of_schema in groupby(columns, key=lambda column: column.schema_name):
        tables = list(of_schema)
        lines += [f"## {schema}", "", _cell(tables[0].schema_comment), ""]
        for name, of_table in groupby(tables, key=lambda column: column.relation_name):
            lines += _section(f"{schema}.{name}", list(of_table))
    return "\n".join(lines)


def _silent(columns: list[Column]) -> Iterator[str]:
    for column in columns:
        relation = f"{column.schema_name}.{column.relation_name}"
        if not column.schema_comment:
            yield column.schema_name
        if not column.relation_comment:
            yield relation
        if not column.column_comment:
            yield f"{relation}.{column.column_name}"


def _section(name: str, columns: list[Column]) -> list[str]:
    first = columns[0]
    kind = " (view)" if first.relation_kind == "view" else ""
    lines = [f"### {name}{kind}", "", _cell(first.relation_comment), ""]
    lines += ["| column | type | what |", "|---|---|---|"]
    for column in columns:
        written = f"**`{column.column_name}`**" if column.is_in_key else f"`{column.column_name}`"
        # of a view's columns PostgreSQL does not know whether they may be null
        must = " not null" if column.is_not_null and not column.is_in_key else ""
        lines.append(f"| {written} | {column.column_type}{must} | {_cell(column.column_comment)} |")
    return [*lines, ""]


def _cell(text: str | None) -> str:
    """Return a comment on one line, as a cell of a Markdown table takes it."""
    return " ".join((text or "").split()).replace("|", "\\|").replace("<", "&lt;")


def main() -> None:
    """Write the file."""
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch).chmod(0o755)  # PostgreSQL runs as another account when this runs as root
        cluster = Postgres.start(Path(scratch) / "postgres", durable=False).wait()
        try:
            with psycopg.connect(cluster.create_database("dictionary")) as connection:
                apply_ddl(connection, DDL)
                text = data_dictionary(read_columns(connection))
        finally:
            cluster.stop()
    FILE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
