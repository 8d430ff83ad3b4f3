"""Measures the history at scale: ``python -m bench.history --rows 10000000``, or ``make bench-history``.

Days of 40,000 generated offers are written one by one, as the DAG does, into the Iceberg table of an object
store of its own, through its REST catalog. The offers are those of the sandbox, read by the reader of
France Travail and concluded from as a load does; each day draws its own out of them. What is measured:
bytes a row, writes, a question over all rows by DuckDB, a day replaced, the files of old states deleted.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from jobmarket.history.catalog import open_catalog
from jobmarket.history.columns import KEPT
from jobmarket.history.maintenance import maintain
from jobmarket.history.rows import in_order, rows_of
from jobmarket.history.table import History
from jobmarket.offers.conclude import conclude
from jobmarket.offers.reading import ContractBreach, Notes, Record
from jobmarket.sources.france_travail.contract.reader import FranceTravailReader

from local.history import open_duckdb
from local.process import LOOPBACK, free_port
from local.services import ACCOUNT, SECRET, TABLE_BUCKET, ObjectStore
from sandbox.offers.generated import GeneratedSource
from sandbox.settings import Settings

SOURCE = "france_travail"
FIRST_DAY = date(2020, 1, 1)
GROUP = 100
# Each drawn from another offer: more kinds of rows than a market has, so they compress worse.
PARTS = (
    ("departement_code", "region_code", "place_kind"),
    (*tuple(one.name for one in KEPT if one.name.startswith("salary_")), "is_minimum_wage"),
    ("contract_type_code", "contract_length_months", "working_time_category_label", "weekly_hours"),
    ("experience_code", "experience_months", "travel_code", "telework_kind", "telework_rule"),
)
BY_MONTH = "select date_trunc('month', created_on), "
QUESTIONS = {
    "offers and mean pay by trade and département": (
        "select rome_code, departement_code, count(*), avg(salary_mid_eur_per_year) "
        "from history group by all"
    ),
    "median pay by month and trade": (
        BY_MONTH + "rome_code, median(salary_mid_eur_per_year) from history group by all"
    ),
    "offers by technology and month": (
        BY_MONTH + "unnest(technology_codes) as code, count(*) from history group by all"
    ),
    "one day of it": (
        "select rome_code, count(*) from history where created_on = date '2020-01-01' group by all"
    ),
}


def offers(count: int) -> list[tuple[Any, ...]]:
    """Return offers of the sandbox as the warehouse would hold them, the kept columns of each."""
    reader, notes, now = FranceTravailReader(), Notes({}, {}), datetime(2026, 11, 19, tzinfo=UTC)
    found: list[tuple[Any, ...]] = []
    day = date(2026, 11, 18)
    while len(found) < count:
        generated = GeneratedSource(Settings(offers_per_day=3_000)).day(day)
        for first in range(0, len(generated.columns), GROUP):
            bodies = [
                generated.body(at)
                for at in range(first, min(first + GROUP, len(generated.columns)))
            ]
            generated.bodies.clear()
            records = [Record(str(at), bytes(body), now) for at, body in enumerate(bodies)]
            read = [
                one for one in reader.read(records, notes) if not isinstance(one, ContractBreach)
            ]
            conclude(read, notes)
            found += [tuple(getattr(one.offer, column.name, 1) for column in KEPT) for one in read]
        day -= timedelta(days=1)
    return found[:count]


def day_of(pool: pa.Table, day: date, count: int) -> pa.Table:
    """Return a day of offers: the trade from one of the pool, place, pay and terms from others."""
    chance = np.random.default_rng(day.toordinal())
    drawn = pool.take(pa.array(chance.integers(0, pool.num_rows, count)))
    for names in PARTS:
        another = pool.take(pa.array(chance.integers(0, pool.num_rows, count)))
        for name in names:
            at = drawn.schema.get_field_index(name)
            drawn = drawn.set_column(at, drawn.schema.field(at), another[name])
    created_on = pa.array([day] * count, pa.date32())
    drawn = drawn.set_column(
        drawn.schema.get_field_index("created_on"), drawn.schema.field("created_on"), created_on
    )
    return in_order(drawn)


def start(directory: Path) -> tuple[ObjectStore, History]:
    """Start an object store with a catalog, and return the history in it."""
    store = ObjectStore.start(directory / "s3", catalog_port=free_port()).wait()
    settings = {
        "endpoint": store.endpoint_url,
        "region": "eu-west-3",
        "access-key-id": ACCOUNT,
        "secret-access-key": SECRET,
    }
    extra = {
        "type": "rest",
        "uri": f"http://{LOOPBACK}:{store.catalog_port}",
        "warehouse": f"s3://{TABLE_BUCKET}",
    }
    return store, History(open_catalog(extra, login=ACCOUNT, password=SECRET, store=settings))


def measure(options: argparse.Namespace, history: History) -> dict[str, Any]:
    """Write, ask, replace, maintain; return the figures, seconds of wall time."""
    pool = rows_of(offers(options.pool)).table
    pool = pool.sort_by(
        [(f.name, "ascending") for f in pool.schema if not pa.types.is_list(f.type)]
    )
    days = [FIRST_DAY + timedelta(days=at) for at in range(options.rows // options.per_day)]
    took = []
    for at, day in enumerate(days):
        rows = day_of(pool, day, options.per_day)
        began = time.perf_counter()
        history.write_day(SOURCE, day, rows)
        took.append(time.perf_counter() - began)
        if at % 50 == 49:
            print(
                f"{at + 1} of {len(days)} days, {statistics.median(took[-50:]):.2f} s each",
                flush=True,
            )
            maintain(history, expire_before=datetime.now(UTC), orphan_before=FIRST_INSTANT)
    files = history.table().inspect.files()
    size, count = (
        sum(files["file_size_in_bytes"].to_pylist()),
        sum(files["record_count"].to_pylist()),
    )
    figures: dict[str, Any] = {
        "rows": count,
        "files": files.num_rows,
        "bytes": size,
        "bytes_a_row": size / count,
        "write_first_s": statistics.median(took[:50]),
        "write_last_s": statistics.median(took[-50:]),
    }
    figures["questions"] = {
        name: ask(history, text, options.turns) for name, text in QUESTIONS.items()
    }
    replaced = []
    for at in range(options.turns):
        day = days[len(days) // 2]
        rows = day_of(pool, day, options.per_day - at - 1)
        began = time.perf_counter()
        history.write_day(SOURCE, day, rows)
        replaced.append(time.perf_counter() - began)
    figures["replace_s"] = replaced
    figures["count_days_s"], held = timed(lambda: history.days(SOURCE))
    if sum(held.values()) != count - options.turns:
        raise SystemExit("A day was lost, or is there twice.")
    figures["maintain_s"], removed = timed(
        lambda: maintain(history, expire_before=datetime.now(UTC), orphan_before=FIRST_INSTANT)
    )
    figures["maintained"] = removed._asdict()
    return figures


FIRST_INSTANT = datetime(2020, 1, 1, tzinfo=UTC)


def ask(history: History, text: str, turns: int) -> list[float]:
    """Return how long a question took each time; the first opens what the others have at hand."""
    connection = open_duckdb(history.table())
    return [timed(lambda: connection.execute(text).fetchall())[0] for _ in range(turns)]


def timed(act: Any) -> tuple[float, Any]:
    """Return how long a call took, and what it gave."""
    began = time.perf_counter()
    result = act()
    return time.perf_counter() - began, result


def table(figures: dict[str, Any]) -> str:
    """Return the figures as Markdown."""
    lines = [
        (
            f"{figures['rows']:,} rows in {figures['files']:,} files of a day each, "
            f"{figures['bytes'] / 1e6:,.0f} MB"
        ),
        "",
        "| | measured |",
        "|---|---|",
        f"| bytes a row | {figures['bytes_a_row']:.1f} |",
        (
            f"| a day written, first and last 50 | {figures['write_first_s']:.2f} s, "
            f"{figures['write_last_s']:.2f} s |"
        ),
        f"| a day replaced | {', '.join(f'{s:.2f}' for s in figures['replace_s'])} s |",
        f"| rows of each day counted | {figures['count_days_s']:.2f} s |",
        f"| old states removed | {figures['maintain_s']:.2f} s, {figures['maintained']['files']} files |",
    ]
    for name, took in figures["questions"].items():
        lines.append(f"| {name} | {', '.join(f'{s:.2f}' for s in took)} s |")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--per-day", type=int, default=40_000)
    parser.add_argument("--pool", type=int, default=3_000, help="offers that days draw from")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        store, history = start(Path(scratch))
        try:
            figures = measure(options, history)
        finally:
            store.stop()
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))
    print(table(figures))


if __name__ == "__main__":
    main()
