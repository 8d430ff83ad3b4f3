"""Measures the load against its peers and against the floor: ``python -m bench.load``.

All contestants load the same landed pages of one sandbox day, in turns, each into a fresh database of one
PostgreSQL of its own; the two *tasks* read the pages from an S3-compatible server, the others from files.
What counts is the CPU of client and server together, from the start of the process to its end: wall time
on a shared machine is worth less. The server's CPU is read from /proc, over the postmaster and all its
children; that of S3 is not counted.

dlt is not in this project's environment: give ``--peer-python`` a Python that has bench/requirements.txt.
What is aimed at and what was found is in ``bench/README.md``.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import boto3
import msgspec
import psycopg
import zstandard
from jobmarket.foundation.lake.manifest import Certificate, Manifest, Page
from jobmarket.foundation.warehouse.migrations import apply_ddl
from jobmarket.offers.schema import JOB_OFFER, PARTS

from local.object_store import ACCOUNT, SECRET, ObjectStore
from local.postgres import Postgres
from sandbox.offers.generated import GeneratedSource
from sandbox.settings import Settings

ROOT = Path(__file__).parents[1]

DAY = date(2026, 11, 18)
PAGE = 150
TICKS = os.sysconf("SC_CLK_TCK")
CONTESTANTS = (
    *("floor", "floor_text", "stated", "jobmarket", "task_stated", "task"),
    *("execute_values", "to_sql", "dlt_merge"),
)


def land(directory: Path, offers: int) -> None:
    """Write the pages of a sandbox day with this many offers, and their manifest, as the lake holds them."""
    directory.mkdir()
    day = GeneratedSource(Settings(offers_per_day=offers)).day(DAY)
    pages = []
    for number, first in enumerate(range(0, offers, PAGE), start=1):
        records = [day.body(row) for row in range(first, min(first + PAGE, offers))]
        body = b'{"resultats":[' + b",".join(records) + b'],"filtresPossibles":[]}'
        name = f"page-{number:05d}.json.zst"
        (directory / name).write_bytes(zstandard.compress(body, 3))
        pages.append(
            Page(
                key=name,
                query="",
                status=206,
                content_range="",
                announced=offers,
                offers=len(records),
                sha256=hashlib.sha256(body).hexdigest(),
                body_bytes=len(body),
                received_at="2026-11-19T00:00:00Z",
                statuses=[206],
                attempt_at="2026-11-19T00:00:00Z",
            )
        )
        day.bodies.clear()
    manifest = Manifest(
        day=str(DAY),
        run_id="bench",
        started_at="2026-11-19T00:00:00Z",
        finished_at="2026-11-19T00:00:00Z",
        certificate=certificate(offers),
        pages=pages,
    )
    (directory / "manifest.json").write_bytes(msgspec.json.encode(manifest))


def certificate(offers: int) -> Certificate:
    """Return a certificate without slices."""
    return Certificate(
        certified=True,
        announced=offers,
        collected=offers,
        duplicates=0,
        outside_day=0,
        gap=0,
        requests=offers // PAGE,
        retries=0,
        re_reads=0,
        bytes=0,
        seconds=0.0,
        statuses={},
        filter_shift_s=0,
        slices=[],
    )


def put(store: ObjectStore, pages: Path) -> None:
    """Put the pages into S3, and how to reach it beside them."""
    address = {
        "endpoint_url": store.endpoint_url,
        "aws_access_key_id": ACCOUNT,
        "aws_secret_access_key": SECRET,
        "region_name": "us-east-1",
    }
    client = boto3.client(
        "s3",
        endpoint_url=store.endpoint_url,
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key=SECRET,
        region_name="us-east-1",
    )
    client.create_bucket(Bucket="bench")
    for path in pages.glob("*.json.zst"):
        client.put_object(Bucket="bench", Key=path.name, Body=path.read_bytes())
    (pages / "s3.json").write_text(json.dumps(address))


def server_cpu_s(postmaster: int) -> float:
    """Return the CPU that a PostgreSQL has used: its postmaster, its children, and those that have ended."""
    while True:
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        try:
            own = _stat(postmaster)[11:15]  # with the time of children that have ended
            return sum(own + [ticks for pid in children for ticks in _stat(pid)[11:13]]) / TICKS
        except (
            FileNotFoundError,
            ProcessLookupError,
        ):  # a child ended meanwhile: it is in the postmaster's time now
            continue


def _stat(pid: int | str) -> list[int]:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return [0, *map(int, fields[1:])]


def wal_position(dsn: str) -> int:
    """Return how many bytes of WAL the server has written since it was made."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        row = connection.execute("select pg_current_wal_insert_lsn() - '0/0'::pg_lsn").fetchone()
    return int(row[0]) if row else 0


def measure(python: str, name: str, dsn: str, pages: Path, postmaster: int) -> dict[str, Any]:
    """Run one contestant; return what it cost."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("checkpoint")
    wal, cpu = wal_position(dsn), server_cpu_s(postmaster)
    command = [python, str(ROOT / "bench" / "load_contestants.py"), name, dsn, str(pages)]
    ran = subprocess.run(
        command,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        # the peers' environment has no jobmarket
        env={**os.environ, "PYTHONPATH": str(ROOT / "plugins")},
    )
    cost: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    cost["server_cpu_s"] = server_cpu_s(postmaster) - cpu
    cost["wal_mb"] = (wal_position(dsn) - wal) / 1e6
    cost["cpu_s"] = cost["client_cpu_s"] + cost["server_cpu_s"]
    return cost


def fresh(cluster: Postgres, name: str) -> str:
    """Make a database with the tables; return its address."""
    dsn = cluster.create_database(name)
    with psycopg.connect(dsn) as connection:
        apply_ddl(connection, ROOT / "include" / "sql" / "ddl")
    return dsn


def quieten(cluster: Postgres) -> None:
    """Switch off autovacuum: it would charge what one contestant left to the next."""
    with psycopg.connect(cluster.create_database("quiet"), autocommit=True) as connection:
        connection.execute("alter system set autovacuum = off")
        connection.execute("select pg_reload_conf()")


def make_ready(cluster: Postgres, pages: Path) -> None:
    """Write the rows of the pages as COPY takes them, for the floor."""
    dsn = fresh(cluster, "ready")
    measure(sys.executable, "jobmarket", dsn, pages, cluster.service.process.pid)
    with psycopg.connect(dsn) as connection:
        for form, table in itertools.product(("binary", "text"), (JOB_OFFER, *PARTS)):
            (pages / form).mkdir(exist_ok=True)
            command = f"copy core.{table.name} to stdout (format {form})"
            with (
                connection.cursor().copy(command) as copy,
                (pages / form / table.name).open("wb") as out,
            ):
                for chunk in copy:
                    out.write(chunk)


def compete(
    cluster: Postgres, pages: Path, options: argparse.Namespace
) -> dict[str, list[dict[str, Any]]]:
    """Run all contestants in turns; ours is loaded a second time as well."""
    costs: dict[str, list[dict[str, Any]]] = {}
    names = [name for name in CONTESTANTS if name != "dlt_merge" or options.peer_python]
    for turn in range(options.turns):
        for name in names:
            dsn = fresh(cluster, f"{name}_{turn}")
            python = options.peer_python if name == "dlt_merge" else sys.executable
            postmaster = cluster.service.process.pid
            costs.setdefault(name, []).append(measure(python, name, dsn, pages, postmaster))
            if name in ("stated", "jobmarket"):
                again = measure(python, name, dsn, pages, postmaster)
                costs.setdefault(f"{name}, again", []).append(again)
            print(f"turn {turn + 1}: {name}", file=sys.stderr)
    return costs


def table(costs: dict[str, list[dict[str, Any]]], offers: int) -> str:
    """Return the medians as a Markdown table."""
    ours = statistics.median(cost["cpu_s"] for cost in costs.get("stated", costs["jobmarket"]))
    lines = [
        "| load | CPU s (client + server) | µs/offer | CPU ÷ stated | wall s | peak MB | WAL MB |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, runs in costs.items():
        mid = {
            key: statistics.median(run[key] for run in runs)
            for key in ("cpu_s", "client_cpu_s", "server_cpu_s", "wall_s", "peak_mb", "wal_mb")
        }
        lines.append(
            f"| {name} | {mid['cpu_s']:.2f} ({mid['client_cpu_s']:.2f} + {mid['server_cpu_s']:.2f}) "
            f"| {mid['cpu_s'] / offers * 1e6:.0f} | {mid['cpu_s'] / ours:.2f} | {mid['wall_s']:.2f} "
            f"| {mid['peak_mb']:.0f} | {mid['wal_mb']:.2f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure and print; ``--large`` loads a tenfold day once, for its memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offers", type=int, default=40_000)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--large", type=int, default=0, help="offers of a further day, ours only")
    parser.add_argument("--peer-python", help="a Python that has dlt")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch).chmod(0o755)
        cluster = Postgres.start(Path(scratch) / "postgres").wait()
        store = ObjectStore.start(Path(scratch) / "s3").wait()
        try:
            pages = Path(scratch) / "pages"
            land(pages, options.offers)
            put(store, pages)
            quieten(cluster)
            make_ready(cluster, pages)
            print(f"# {options.offers} offers of one day, medians of {options.turns} turns\n")
            print(table(compete(cluster, pages, options), options.offers))
            if options.large:
                land(Path(scratch) / "large", options.large)
                dsn = fresh(cluster, "large")
                postmaster = cluster.service.process.pid
                runs = {
                    name: [
                        measure(
                            sys.executable, "jobmarket", dsn, Path(scratch) / "large", postmaster
                        )
                    ]
                    for name in ("jobmarket", "jobmarket, again")
                }
                print(
                    f"\n# {options.large} offers of one day, once\n\n{table(runs, options.large)}"
                )
        finally:
            cluster.stop()
            store.stop()


if __name__ == "__main__":
    main()
