"""The reference tables of the mart: files of ``include/reference`` -> ``mart.rome``, ``mart.naf``, ...

What lives here: which file fills which table, and when one is filled again. What does not: the tables
(``include/sql/ddl/007_reference.sql``), where the files come from (``include/reference/README.md``), and
what reads them to understand an offer (``enrich``).
"""

from __future__ import annotations

import csv
import hashlib
import io
import logging
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from psycopg import sql
from psycopg.rows import tuple_row

from jobmarket.enrich.technology.dictionary import parse_dictionary
from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.paths import REFERENCE
from jobmarket.foundation.reference import read_text
from jobmarket.foundation.warehouse.migrations import LOCK_TIMEOUT_S, require_idle
from jobmarket.foundation.warehouse.session import take_lock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from psycopg import Connection

Row = tuple[str | None, ...]

log = logging.getLogger(__name__)


class ReferenceTable(NamedTuple):
    """A table of ``mart`` and the file that fills it.

    :param columns: in the order of the rows; the first is the key.
    :param read: the text of the file -> its rows; raises :class:`ConfigurationError`.
    """

    name: str
    file_name: str
    columns: tuple[str, ...]
    read: Callable[[str], Iterable[Row]]


class State(NamedTuple):
    """A table and what its file holds now.

    :param sha256: of the text and the columns, hexadecimal; line ends do not count.
    """

    table: ReferenceTable
    text: str
    sha256: str


def apply_reference(connection: Connection[Any], directory: Path = REFERENCE) -> list[str]:
    """Fill the reference tables whose file has changed, all in one transaction; return their names.

    Safe under concurrent runs: they queue, and the second finds nothing to do. If there is nothing
    to do it costs one query and takes no lock. Codes that have left a file leave the table.

    :param connection: with no transaction begun, to a warehouse whose schema is applied.

    Raise :class:`ConfigurationError` if a file is missing or is not what its table needs.
    """
    require_idle(connection)
    states = [_state(table, directory) for table in TABLES]
    with connection.transaction():
        if not _changed(connection, states):
            return []
        take_lock(connection, "jobmarket.reference", within_s=LOCK_TIMEOUT_S)
        changed = _changed(connection, states)  # another run may have been first
        for state in changed:
            _fill(connection, state)
    names = [state.table.name for state in changed]
    if names:
        log.info("Reference tables filled: %s", ", ".join(names))
    return names


def read_rows(table: ReferenceTable, text: str) -> list[Row]:
    """Return the rows of a table, from the text of its file.

    Raise :class:`ConfigurationError` if there is none, if two have the same key, or if a column is missing.
    """
    where = f"include/reference/{table.file_name} cannot fill mart.{table.name}"
    try:
        rows = list(table.read(text))
    except ConfigurationError as error:
        raise ConfigurationError(f"{where}: {error} Correct the reference file.") from None
    if not rows:
        raise ConfigurationError(
            f"{where}: expected a row for each code, but it holds none: put them back."
        )
    key, times = Counter(row[0] for row in rows).most_common(1)[0]
    if times > 1:
        raise ConfigurationError(f"{where}: {key} is there {times} times: leave one of them.")
    return rows


def _columns_of_csv(*names: str) -> Callable[[str], Iterator[Row]]:
    """Return a reader of the columns of a CSV file; an empty cell is a null."""

    def read(text: str) -> Iterator[Row]:
        reader = csv.DictReader(io.StringIO(text))
        missing = [name for name in names if name not in (reader.fieldnames or ())]
        if missing:
            raise ConfigurationError(
                f"expected the columns {', '.join(names)}, but {', '.join(missing)} is missing."
            )
        for row in reader:
            yield tuple(row[name] or None for name in names)

    return read


def _technologies(text: str) -> Iterator[Row]:
    found = parse_dictionary(text)
    for category, code, entry in found.entries():
        yield code, entry.label, category, found.categories[category]


TABLES = (
    ReferenceTable(
        "rome",
        "rome.csv",
        ("rome_code", "parent_code", "rome_label"),
        _columns_of_csv("code", "parent_code", "label"),
    ),
    ReferenceTable(
        "naf",
        "naf.csv",
        ("naf_code", "parent_code", "naf_label"),
        _columns_of_csv("code", "parent_code", "label"),
    ),
    ReferenceTable(
        "naf_2025",
        "naf_2025.csv",
        ("naf_code", "parent_code", "naf_label"),
        _columns_of_csv("code", "parent_code", "label"),
    ),
    ReferenceTable(
        "region",
        "region.csv",
        ("region_code", "region_label", "population"),
        _columns_of_csv("code", "label", "population"),
    ),
    ReferenceTable(
        "departement",
        "departement.csv",
        ("departement_code", "departement_label", "region_code", "population"),
        _columns_of_csv("code", "label", "region_code", "population"),
    ),
    ReferenceTable(
        "commune",
        "commune.csv",
        ("commune_code", "commune_label", "population", "latitude", "longitude"),
        _columns_of_csv("code", "label", "population", "latitude", "longitude"),
    ),
    ReferenceTable(
        "technology",
        "technology.toml",
        ("technology_code", "technology_label", "category_code", "category_label"),
        _technologies,
    ),
)


def _state(table: ReferenceTable, directory: Path) -> State:
    text = read_text(table.file_name, directory)
    digest = hashlib.sha256("\n".join((*table.columns, text)).encode())
    return State(table, text, digest.hexdigest())


def _changed(connection: Connection[Any], states: list[State]) -> list[State]:
    with connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute("select table_name, sha256 from control.reference_table")
        known: dict[str, str] = dict(cursor.fetchall())
    return [state for state in states if known.get(state.table.name) != state.sha256]


def _fill(connection: Connection[Any], state: State) -> None:
    rows = read_rows(state.table, state.text)
    table = sql.Identifier("mart", state.table.name)
    columns = sql.SQL(", ").join(map(sql.Identifier, state.table.columns))
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("delete from {}").format(table))
        with cursor.copy(sql.SQL("copy {} ({}) from stdin").format(table, columns)) as copy:
            for row in rows:
                copy.write_row(row)
        # the views join these tables from the first minute on: the planner must know how small they are
        cursor.execute(sql.SQL("analyze {}").format(table))
        cursor.execute(
            "insert into control.reference_table (table_name, sha256, row_count) values (%s, %s, %s) "
            "on conflict (table_name) do update set "
            "sha256 = excluded.sha256, row_count = excluded.row_count, loaded_at = excluded.loaded_at",
            (state.table.name, state.sha256, len(rows)),
        )
