"""Looks at what a fault leaves behind, and keeps how long the recovery took for docs/reliability.md."""

# ruff: noqa: S608  days and names of tables are those of the tests

from __future__ import annotations

import fcntl
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import requests
from jobmarket.airflow.connections import open_lake, open_warehouse
from jobmarket.foundation.lake.layout import Scope
from jobmarket.foundation.warehouse.roles import LOADER
from jobmarket.offers.load import load_run
from jobmarket.sources.registry import source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.airflow_runs import House

DOCUMENT = Path(__file__).parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- written by `make faults` -->", "<!-- end -->"
HEADER = (
    "| fault | recovered | seconds until whole | offers lost | offers twice |",
    "|---|---|---|---|---|",
)
BY_ITSELF = "by itself"


class Recovery(NamedTuple):
    """How one fault ended.

    :param way: ``by itself``, or what a person did whom a sentence told to.
    :param seconds: from the fault, or from what the person did, until the day was whole.
    """

    fault: str
    way: str
    seconds: float
    offers: int


RECOVERIES: list[Recovery] = []


@contextmanager
def timed(fault: str, way: str, house: House, url: str, day: str) -> Iterator[None]:
    """Time a recovery, then prove that the day is whole: nothing lost, nothing twice."""
    started = time.monotonic()
    yield
    seconds = time.monotonic() - started
    RECOVERIES.append(Recovery(fault, way, seconds, require_whole(house, url, day)))


def require_whole(house: House, url: str, day: str) -> int:
    """Prove that a day has each offer of the truth once; return how many these are."""
    truth = requests.get(f"{url}/_sandbox/ids", params={"day": day}, timeout=30).json()
    of_day = f"from core.job_offer where created_on = '{day}'"
    loaded = [row[0] for row in house.rows(f"select offer_id {of_day}")]
    assert len(loaded) == len(set(loaded))
    assert set(loaded) == set(truth)
    assert house.rows(
        f"select standing, collected_count from control.day_run where day = '{day}'"
    ) == [("certified", len(truth))]
    counted = house.rows(
        "select sum(offer_count) from mart.offer_count"
        f" where dimension = 'all' and created_on = '{day}'"
    )
    assert counted == [(len(truth),)]
    # each part of an offer is there once, too: the same bytes read again are the same rows
    before = checksum(house)
    lake = open_lake()
    manifest = lake.manifest_of(Scope("france_travail", day))
    assert manifest
    with open_warehouse(role=LOADER) as connection:
        pages = lake.iter_pages(manifest)
        counts = load_run(connection, manifest, pages, source(manifest.source).reader()).counts()
    changed = {name: counts[name] for name in ("inserted", "updated", "unchanged")}
    assert changed == {"inserted": 0, "updated": 0, "unchanged": len(truth)}
    assert checksum(house) == before
    assert len(truth) > 0
    return len(truth)


def checksum(house: House) -> list[str]:
    """Return a checksum of each table of core."""
    tables = house.rows(
        "select oid::regclass::text from pg_class"
        " where relnamespace = 'core'::regnamespace and relkind in ('r', 'p') order by 1"
    )
    return [
        house.rows(f"select md5(string_agg(t::text, '|' order by t::text)) from {table} as t")[0][0]
        for (table,) in tables
    ]


def write_table() -> None:
    """Write the recoveries of this session into docs/reliability.md, each in the place of its last one."""
    with DOCUMENT.open("r+") as document:
        fcntl.flock(document, fcntl.LOCK_EX)  # another session may write, too
        text = document.read()
        head, _, rest = text.partition(BEGIN)
        table, _, tail = rest.partition(END)
        rows = {line.split(" | ")[0][2:]: line for line in table.split("\n") if line[:2] == "| "}
        rows.pop("fault", None)
        for one in RECOVERIES:
            figures = f"{one.seconds:.0f} | 0 of {one.offers:,} | 0"
            rows[one.fault] = f"| {one.fault} | {one.way} | {figures} |"
        lines = [*HEADER, *rows.values()]
        document.seek(0)
        document.truncate()
        document.write(f"{head}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{tail}")
