"""Measures sweeps and the history: ``python -m bench.life --offers 500000 --versions 10000000``.

In one PostgreSQL of its own, each into a database of its own:

* a stock of sixty days is swept for the first time and its days are counted, then it is swept again: 97 % is
  unchanged, 1.5 % edited, as much new and gone; seconds, WAL, memory;
* the same on a history of many versions, against the empty one; and what was open on one day over it.

Small by default, so that it takes a minute; what was found at a larger size is in ``bench/README.md``.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import zstandard
from jobmarket.foundation.lake.manifest import Certificate, Manifest, Page
from jobmarket.foundation.paths import DDL
from jobmarket.foundation.warehouse.migrations import apply_ddl
from jobmarket.offers.life.conclusion import conclude_absences
from jobmarket.offers.life.sweep import load_sweep
from jobmarket.offers.writer import Writer
from jobmarket.sources.france_travail.contract.reader import FranceTravailReader

from bench.load import PAGE, wal_position
from local.services import Postgres
from sandbox.offers.generated import GeneratedSource
from sandbox.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

LAST = date(2026, 11, 18)
STOCK_DAYS = 60
CHANGED_PER_MILLE = 15
_UPDATED = re.compile(rb'"dateActualisation":"[^"]*"')
_TITLE = re.compile(rb'"intitule":"')

# Versions of offers that closed long ago, over the months of a year; without texts, which are erased by then.
_HISTORY = """
insert into core.job_offer_version (
    source, offer_id, created_on, created_at, is_coordinates_swapped, origin_code, title, rome_code,
    contract_type_code, observed_at, content_hash, run_id, valid_from, valid_to, ended_by_run_id,
    changed_fields, parts
)
select
    'france_travail', 'h' || n, at::date, at, false, '2', 'Boulanger / Boulangère', 'D1102', 'CDI', at,
    decode(md5(n::text), 'hex'), 'run', at, at + interval '5 days', 'run', '{description}', '{}'
from generate_series(%(first)s::bigint, %(last)s::bigint) as n
cross join lateral (select timestamptz '2025-12-28' + n %% 300 * interval '1 day' as at) as spread
"""


def bodies(offers: int, changed: bool) -> Iterator[bytes]:
    """Yield the records of a stock; of a later one with its changes."""
    source = GeneratedSource(Settings(offers_per_day=-(-offers // STOCK_DAYS)))
    for back in range(STOCK_DAYS):
        day = source.day(LAST - timedelta(days=back))
        for row in range(len(day.columns)):
            kind = row * 7919 % 1000
            record = day.body(row)
            if kind < CHANGED_PER_MILLE:  # gone in the later one, new in it
                if changed == (kind % 2 == 0):
                    yield record
                continue
            if changed and kind < 2 * CHANGED_PER_MILLE:
                record = _UPDATED.sub(b'"dateActualisation":"2026-11-19T01:00:00.000Z"', record)
                record = _TITLE.sub(b'"intitule":"Revu : ', record)
            yield record
        day.forget_bodies()


def landed(directory: Path, offers: int, changed: bool, at: str) -> list[Page]:
    """Write the pages of a sweep as the lake holds them."""
    directory.mkdir()
    found = []
    for about, body in pages(offers, changed, at):
        (directory / about.key).write_bytes(zstandard.compress(body, 3))
        found.append(about)
    return found


def read(directory: Path, about: list[Page]) -> Iterator[tuple[Page, bytes]]:
    """Yield the pages of a sweep, one in memory."""
    for one in about:
        yield one, zstandard.decompress((directory / one.key).read_bytes())


def pages(offers: int, changed: bool, at: str) -> Iterator[tuple[Page, bytes]]:
    """Make the pages of a sweep."""
    batch: list[bytes] = []
    number = 0
    for record in bodies(offers, changed):
        batch.append(record)
        if len(batch) == PAGE:
            number += 1
            yield _page(number, batch, at)
            batch = []
    if batch:
        yield _page(number + 1, batch, at)


def sweep(
    connection: psycopg.Connection[Any], dsn: str, directory: Path, about: list[Page], day: date
) -> dict[str, Any]:
    """Load a sweep, and conclude from it; return what it cost."""
    at = f"{day}T05:00:00Z"
    offers = sum(page.offers for page in about)
    manifest = Manifest(
        day=str(day),
        run_id=f"sweep-{day}",
        started_at=at,
        finished_at=at,
        certificate=Certificate(
            certified=True, announced=offers, collected=offers, gap=0, requests=0, bytes=0, seconds=0.0,
            statuses={}, slices=[],
        ),
        pages=about,
    )  # fmt: skip
    before, started = wal_position(dsn), time.monotonic()
    result = load_sweep(connection, manifest, read(directory, about), FranceTravailReader())
    loaded = time.monotonic()
    conclude_absences(connection, day, [], [], allow_wave=True)
    concluded = time.monotonic()
    wal = wal_position(dsn) - before
    return {
        "offers": result.offers,
        "inserted": result.load.inserted,
        "updated": result.load.updated,
        "unchanged": result.load.unchanged,
        "absent": result.absent,
        "load_s": round(loaded - started, 2),
        "conclude_s": round(concluded - loaded, 2),
        "wal_mb": round(wal / 1e6, 1),
    }


def measure(
    server: Postgres, sweeps: list[tuple[Path, list[Page]]], versions: int
) -> dict[str, Any]:
    """Measure two sweeps over a history of that many versions, and one day of it."""
    dsn = server.create_database(f"life_{versions}")
    with psycopg.connect(dsn) as connection:
        apply_ddl(connection, DDL)
        for first in range(1, versions + 1, 1_000_000):
            last = min(versions, first + 999_999)
            connection.execute(_HISTORY, {"first": first, "last": last})
            connection.commit()
        connection.autocommit = True
        connection.execute("vacuum analyze core.job_offer_version")
        told: dict[str, Any] = {"versions": versions}
        told["first_sweep"] = sweep(connection, dsn, *sweeps[0], LAST + timedelta(days=1))
        with connection.transaction():
            writer = Writer(connection, "france_travail", None)
            for back in range(STOCK_DAYS):
                writer.count_day(LAST - timedelta(days=back))
        connection.execute("vacuum analyze core.job_offer")
        connection.execute("checkpoint")
        told["second_sweep"] = sweep(connection, dsn, *sweeps[1], LAST + timedelta(days=2))
        started = time.monotonic()
        row = connection.execute("select count(*) from mart.offer_as_of('2026-10-25')").fetchone()
        told["as_of"] = {"offers": row and row[0], "seconds": round(time.monotonic() - started, 2)}
    return told


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--offers", type=int, default=20_000, help="in the stock")
    parser.add_argument("--versions", type=int, default=200_000, help="in the long history")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)  # PostgreSQL runs as another account
        server = Postgres.start(Path(directory) / "postgres").wait()
        try:
            sweeps = []
            for number, changed in enumerate((False, True), start=1):
                place = Path(directory) / f"sweep-{number}"
                at = f"{LAST + timedelta(days=number)}T05:00:00Z"
                sweeps.append((place, landed(place, arguments.offers, changed, at)))
            found = [measure(server, sweeps, count) for count in (0, arguments.versions)]
        finally:
            server.stop()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"runs": found, "process_mb": memory}, indent=1))


def _page(number: int, records: list[bytes], at: str) -> tuple[Page, bytes]:
    body = b'{"resultats":[' + b",".join(records) + b'],"filtresPossibles":[]}'
    about = Page(
        key=f"page-{number:05d}", query="", status=206, announced=0, offers=len(records), sha256="",
        body_bytes=len(body), received_at=at, statuses=[206], attempt_at=at,
    )  # fmt: skip
    return about, body


if __name__ == "__main__":
    main()
