"""The SQL of the life of an offer, by the names of its files in ``include/sql/life``."""

from __future__ import annotations

from functools import cache

from jobmarket.foundation.paths import SQL

DIRECTORY = SQL / "life"


@cache
def statement(name: str) -> bytes:
    """Return the text of a file."""
    return (DIRECTORY / f"{name}.sql").read_bytes()
