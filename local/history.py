"""Questions to the history from the laptop: DuckDB over its Iceberg table, without a task.

What lives here: DuckDB with what it needs to read Iceberg from S3, and the question that `make history`
asks unless it is told another. What does not: the table (``jobmarket.history``), the DAG that writes it
(``once``).
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb
    from pyiceberg.table import Table

EXTENSIONS = ("httpfs", "avro", "iceberg")
THREADS_A_CORE = 4
"""With one, as in DuckDB, a first question to 625 files takes 4.1 s in place of 2.2."""

QUESTION = """
select
    strftime(created_on, '%Y-%m') as month,
    count(distinct created_on) as days,
    count(*) as offers,
    round(100.0 * count(*) filter (where contract_type_code = 'CDI') / count(*), 1) as cdi_percent,
    round(100.0 * count(*) filter (where telework_kind is not null) / count(*), 1) as telework_percent,
    round(median(salary_mid_eur_per_year)) as median_eur_per_year
from history
group by month
order by month
"""
_OPTIONS = {
    "s3.access-key-id": "key_id",
    "s3.secret-access-key": "secret",
    "s3.session-token": "session_token",
    "s3.region": "region",
}


def open_duckdb(table: Table) -> duckdb.DuckDBPyConnection:
    """Return a DuckDB in which the table, as it is now, is the view ``history``.

    Its extensions come from Python packages: DuckDB would look for them on the Internet.
    """
    import duckdb

    connection = duckdb.connect()
    # a question asks for each file anew and mostly waits for the answer
    connection.execute(f"set threads = {THREADS_A_CORE * (os.cpu_count() or 1)}")
    for name in EXTENSIONS:
        package = import_module(f"duckdb_extension_{name}")
        (file,) = Path(str(package.__file__)).parent.rglob(f"{name}.duckdb_extension")
        connection.load_extension(str(file))
    # else it connects anew for each file: https://github.com/duckdb/duckdb-httpfs/pull/305
    connection.execute("set httpfs_connection_caching = true")
    _tell_of_s3(connection, table.io.properties)
    # a view takes no parameter; the address is the catalog's
    address = table.metadata_location.replace("'", "''")
    connection.execute(f"create view history as select * from iceberg_scan('{address}')")  # noqa: S608
    return connection


def _tell_of_s3(connection: duckdb.DuckDBPyConnection, settings: Mapping[str, str]) -> None:
    options = {option: settings[name] for name, option in _OPTIONS.items() if settings.get(name)}
    if endpoint := settings.get("s3.endpoint"):
        address = urlsplit(endpoint)
        options |= {"endpoint": address.netloc, "url_style": "path"}
        options["use_ssl"] = str(address.scheme == "https").lower()
    said = ", ".join(
        f"{name} '{value.replace(chr(39), chr(39) * 2)}'" for name, value in options.items()
    )
    connection.execute(f"create secret (type s3{', ' if said else ''}{said})")


def lines_of(names: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """Return a table for a terminal."""
    texts = [["" if value is None else f"{value}" for value in row] for row in [names, *rows]]
    widths = [max(len(row[at]) for row in texts) for at in range(len(names))]
    return [
        "  ".join(text.rjust(width) for text, width in zip(row, widths, strict=True))
        for row in texts
    ]
