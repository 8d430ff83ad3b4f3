"""What a code means, from the files of ``include/reference``. Pure; each file is read once.

What does not live here: what a reader sees of it (``words.fr``), where the files come from (their README).
"""

from __future__ import annotations

import tomllib
from functools import cache
from typing import NamedTuple

from jobmarket.foundation.reference import read_rows, read_text

_COLLECTIVITIES = frozenset({"975", "977", "978"})


class Technology(NamedTuple):
    """A technology as a reader knows it."""

    label: str
    category: str


@cache
def departements() -> dict[str, str]:
    """Return the name of each département by its code."""
    return {row["code"]: row["label"] for row in read_rows("departement.csv")}


@cache
def regions() -> dict[str, str]:
    """Return the name of each région by its code."""
    return {row["code"]: row["label"] for row in read_rows("region.csv")}


@cache
def populations() -> dict[str, int]:
    """Return the inhabitants of each département by its code, where they are known."""
    rows = read_rows("departement.csv")
    return {row["code"]: int(row["population"]) for row in rows if row.get("population")}


def is_departement(code: str) -> bool:
    """Tell whether a code is that of one of the 101 départements, and not of an overseas collectivity."""
    return code in populations() and not code.startswith("98") and code not in _COLLECTIVITIES


@cache
def trades() -> dict[str, str]:
    """Return the label of each ROME code, grand domains (one letter) and domains included."""
    return {row["code"]: row["label"] for row in read_rows("rome.csv")}


@cache
def technologies() -> dict[str, Technology]:
    """Return each technology by its code."""
    content = tomllib.loads(read_text("technology.toml"))
    categories = content["categories"]
    return {
        code: Technology(entry["label"], categories[category])
        for category, entries in content["technologies"].items()
        for code, entry in entries.items()
    }
