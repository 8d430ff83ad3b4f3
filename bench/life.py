"""Measures sweeps and the history: ``python -m bench.life --offers 500000 --versions 10000000``.

In one PostgreSQL of its own:

* a stock of sixty days is swept for the first time, all of it new, and its days are counted;
* it is swept again, with 97 % unchanged: 1.5 % edited, as much new and as much gone; seconds and WAL;
* the same second sweep on a copy of that warehouse that has a long history: offers of a year that closed and
  were erased, with their absences, and the versions that they had; and what was open on some days of it.

WAL is told apart by what it is of with ``--wal``. What is in the sweeps is in ``life_sweeps``, what is in the
history in ``life_history``.

Small by default, so that it takes a minute; what was found at a larger size is in ``bench/README.md``.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import psycopg
from jobmarket.foundation.paths import DDL
from jobmarket.foundation.warehouse.migrations import apply_ddl
from jobmarket.offers.life.conclusion import conclude_absences
from jobmarket.offers.life.sweep import load_sweep
from jobmarket.offers.writer import Writer
from jobmarket.sources.france_travail.contract.reader import FranceTravailReader

from bench.figures import peak_mb, timed
from bench.landed import manifest, read
from bench.life_history import add_history
from bench.life_sweeps import LAST, STOCK_DAYS, Swept, land_both
from bench.servers import postgres, scratch
from bench.wal import wal_by_relation, wal_position

if TYPE_CHECKING:
    from local.postgres import Postgres

AS_OF_DAYS = (date(2026, 1, 20), date(2026, 6, 15), date(2026, 10, 25))


def sweep(connection: psycopg.Connection[Any], dsn: str, swept: Swept, day: date) -> dict[str, Any]:
    """Load a sweep, and conclude from it; return what it cost."""
    about = manifest(day, swept.pages, f"{day}T05:00:00Z", run_id=f"sweep-{day}")
    before = wal_position(dsn)
    load = timed(lambda: load_sweep(connection, about, read(*swept), FranceTravailReader()))
    wal, result = wal_position(dsn) - before, load.result
    conclusion = timed(lambda: conclude_absences(connection, day, [], [], allow_wave=True))
    return {
        "offers": result.offers,
        "inserted": result.load.inserted,
        "updated": result.load.updated,
        "unchanged": result.load.unchanged,
        "absent": result.absent,
        "load_s": round(load.wall_s, 2),
        "load_client_cpu_s": round(load.cpu_s, 2),
        "load_wal_mb": round(wal / 1e6, 1),
        "conclude_s": round(conclusion.wall_s, 2),
        "conclude_wal_mb": round((wal_position(dsn) - before - wal) / 1e6, 1),
    }


def first_sweep(dsn: str, swept: Swept) -> dict[str, Any]:
    """Make the warehouse of an empty history: one sweep, its days counted as their own runs count them."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        apply_ddl(connection, DDL)
        told = sweep(connection, dsn, swept, LAST + timedelta(days=1))
        with connection.transaction():
            writer = Writer(connection, "france_travail", None)
            for back in range(STOCK_DAYS):
                writer.count_day(LAST - timedelta(days=back))
        connection.execute("vacuum analyze")
    return told


def second_sweep(server: Postgres, dsn: str, swept: Swept, is_wal_told: bool) -> dict[str, Any]:
    """Measure the sweep after it, on whatever history there is, and some days of the history."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("checkpoint")
        start = connection.execute("select pg_current_wal_lsn()::text").fetchone()
        told: dict[str, Any] = {"sweep": sweep(connection, dsn, swept, LAST + timedelta(days=2))}
        if is_wal_told and start:
            told["wal"] = wal_by_relation(server, connection, start[0])
        told["as_of"] = {}
        for day in AS_OF_DAYS:
            asked = timed(partial(count_as_of, connection, day))
            told["as_of"][str(day)] = [asked.result, round(asked.wall_s, 2)]
    return told


def count_as_of(connection: psycopg.Connection[Any], day: date) -> int | None:
    """Return how many offers were open at the end of a day."""
    row = connection.execute("select count(*) from mart.offer_as_of(%s)", (day,)).fetchone()
    return row and row[0]


def note(told: dict[str, Any], **found: Any) -> None:
    """Keep what was found, and show it while the rest goes on."""
    told |= found
    print(json.dumps(found), file=sys.stderr, flush=True)


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--offers", type=int, default=20_000, help="in the stock")
    parser.add_argument("--versions", type=int, default=200_000, help="in the long history")
    parser.add_argument("--wal", action="store_true", help="tell what the WAL is of")
    arguments = parser.parse_args()
    told: dict[str, Any] = {}
    with scratch() as directory, postgres(directory / "postgres") as server:
        swept = land_both(directory, arguments.offers)
        empty = server.create_database("empty")
        note(told, first=first_sweep(empty, swept[0]))
        with psycopg.connect(server.uri(), autocommit=True) as connection:
            connection.execute("create database long template empty strategy file_copy")
        note(told, empty=second_sweep(server, empty, swept[1], arguments.wal))
        long = server.uri("long")
        history = timed(lambda: add_history(long, arguments.versions))
        note(told, history_s=round(history.wall_s, 1))
        note(told, long=second_sweep(server, long, swept[1], arguments.wal))
    told["process_mb"] = round(peak_mb())
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
