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
import itertools
import json
import os
import statistics
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import msgspec
import psycopg
from jobmarket.foundation.paths import DDL
from jobmarket.foundation.warehouse.migrations import apply_ddl
from jobmarket.offers.schema import JOB_OFFER, PARTS

from bench.figures import table
from bench.landed import PAGE, land, manifest
from bench.servers import BUCKET, ROOT, object_store, postgres, s3_address, scratch
from bench.wal import wal_position
from sandbox.offers.generated import GeneratedSource
from sandbox.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.object_store import ObjectStore
    from local.postgres import Postgres

DAY = date(2026, 11, 18)
TICKS = os.sysconf("SC_CLK_TCK")
CONTESTANTS = (
    *("floor", "floor_text", "stated", "jobmarket", "task_stated", "task"),
    *("execute_values", "to_sql", "dlt_merge"),
)


def land_day(directory: Path, offers: int) -> None:
    """Write the pages of a sandbox day with this many offers, and their manifest, as the lake holds them."""
    at = "2026-11-19T00:00:00Z"
    pages = land(directory, records(offers), at, announced=offers)
    (directory / "manifest.json").write_bytes(msgspec.json.encode(manifest(DAY, pages, at)))


def records(offers: int) -> Iterator[bytes]:
    """Yield the offers of a sandbox day, some hundreds in memory."""
    day = GeneratedSource(Settings(offers_per_day=offers)).day(DAY)
    for row in range(offers):
        yield day.body(row)
        if row % PAGE == PAGE - 1:
            day.bodies.clear()


def put(store: ObjectStore, pages: Path) -> None:
    """Put the pages into S3, and how to reach it beside them."""
    address = s3_address(store)
    client = boto3.client("s3", **address)
    client.create_bucket(Bucket=BUCKET)
    for path in pages.glob("*.json.zst"):
        client.put_object(Bucket=BUCKET, Key=path.name, Body=path.read_bytes())
    (pages / "s3.json").write_text(json.dumps({"bucket": BUCKET, "client": address}))


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


def measure(python: str, name: str, dsn: str, pages: Path, postmaster: int) -> dict[str, Any]:
    """Run one contestant; return what it cost."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("checkpoint")
    wal, cpu = wal_position(dsn), server_cpu_s(postmaster)
    command = [python, "-m", "bench.load_contestants", name, dsn, str(pages)]
    ran = subprocess.run(
        command,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
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
        apply_ddl(connection, DDL)
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


def load_twice(cluster: Postgres, pages: Path, offers: int) -> dict[str, list[dict[str, Any]]]:
    """Let ours load a day of this many offers, and load it again."""
    land_day(pages, offers)
    dsn = fresh(cluster, "large")
    postmaster = cluster.service.process.pid
    return {
        name: [measure(sys.executable, "jobmarket", dsn, pages, postmaster)]
        for name in ("jobmarket", "jobmarket, again")
    }


def costs_table(costs: dict[str, list[dict[str, Any]]], offers: int) -> str:
    """Return the medians as a Markdown table."""
    ours = statistics.median(cost["cpu_s"] for cost in costs.get("stated", costs["jobmarket"]))
    header = (
        *("load", "CPU s (client + server)", "µs/offer", "CPU ÷ stated"),
        *("wall s", "peak MB", "WAL MB"),
    )
    rows = []
    for name, runs in costs.items():
        mid = {
            key: statistics.median(run[key] for run in runs)
            for key in ("cpu_s", "client_cpu_s", "server_cpu_s", "wall_s", "peak_mb", "wal_mb")
        }
        rows.append(
            (
                name,
                f"{mid['cpu_s']:.2f} ({mid['client_cpu_s']:.2f} + {mid['server_cpu_s']:.2f})",
                f"{mid['cpu_s'] / offers * 1e6:.0f}",
                f"{mid['cpu_s'] / ours:.2f}",
                f"{mid['wall_s']:.2f}",
                f"{mid['peak_mb']:.0f}",
                f"{mid['wal_mb']:.2f}",
            )
        )
    return table(header, rows)


def main() -> None:
    """Measure and print; ``--large`` loads a tenfold day once, for its memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offers", type=int, default=40_000)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--large", type=int, default=0, help="offers of a further day, ours only")
    parser.add_argument("--peer-python", help="a Python that has dlt")
    options = parser.parse_args()
    with (
        scratch() as directory,
        postgres(directory / "postgres") as cluster,
        object_store(directory / "s3") as store,
    ):
        pages = directory / "pages"
        land_day(pages, options.offers)
        put(store, pages)
        quieten(cluster)
        make_ready(cluster, pages)
        print(f"# {options.offers} offers of one day, medians of {options.turns} turns\n")
        print(costs_table(compete(cluster, pages, options), options.offers))
        if options.large:
            runs = load_twice(cluster, directory / "large", options.large)
            print(f"\n# {options.large} offers of one day, once\n")
            print(costs_table(runs, options.large))


if __name__ == "__main__":
    main()
