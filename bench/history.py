"""Measures the history at scale: ``python -m bench.history --rows 10000000``, or ``make bench-history``.

Days of generated offers are written one by one, as the DAG does, into the Iceberg table of an object store of
its own, through its REST catalog. What is measured: bytes a row, writes, questions over all rows by DuckDB, a
day replaced, the files of old states deleted.
"""

from __future__ import annotations

import argparse
import json
import random
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

from local.history import open_duckdb
from local.process import LOOPBACK, free_port
from local.services import ACCOUNT, SECRET, TABLE_BUCKET, ObjectStore

SOURCE = "france_travail"
FIRST_DAY = date(2020, 1, 1)
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
    """Return offers as the warehouse would hold them: as many codes as a day of France has, few often."""
    chance = random.Random(1)
    trades = [
        f"{chance.choice('ABCDEFGHIJKLMN')}{chance.randrange(1101, 2999)}" for _ in range(530)
    ]
    often = [1 / (at + 3) for at in range(530)]
    departements = [f"{at:02}" for at in range(1, 96) if at != 20] + ["2A", "2B", "971", "974"]
    found = []
    for _ in range(count):
        trade = chance.choices(range(530), often)[0]
        low = round(chance.lognormvariate(10.2, 0.25), chance.choice((-2, 0, 2)))
        high = round(low * chance.choice((1, 1, 1.1, 1.25)), 2)
        has_pay, is_far = chance.random() < 0.6, chance.random() < 0.12
        length = chance.choice((None, None, 1.0, 3.0, 6.0, 12.0, 18.0))
        columns = dict.fromkeys(column.name for column in KEPT) | {
            "source": SOURCE,
            "created_on": FIRST_DAY,
            "position_count": chance.choice((1, 1, 1, 1, 2, 5)),
            "is_work_study": chance.random() < 0.08,
            "is_accessible_to_disabled": chance.random() < 0.2,
            "is_short_of_candidates": chance.random() < 0.1,
            "origin_code": chance.choice("122"),
            "rome_code": trades[trade],
            "contract_type_code": chance.choice(("CDI", "CDI", "CDD", "MIS", "SAI", "LIB")),
            "experience_code": chance.choice("DES"),
            "salary_complement_codes": tuple(chance.sample(("1", "2", "5", "7", "9"), 2))
            if is_far
            else None,
            "working_time_category_label": chance.choice(
                ("Temps plein", "Temps plein", "Temps partiel")
            ),
            "travel_code": chance.choice((None, None, "1", "2", "3", "4")),
            "qualification_code": chance.choice((None, *"23566789")),
            "sector_code": f"{chance.choices(range(10, 98), [1 / (at + 2) for at in range(88)])[0]}",
            "departement_code": chance.choices(departements, [1 / (at + 5) for at in range(98)])[0],
            "region_code": chance.choice(("11", "84", "76", "93", "32", "44", "75", "52", "53")),
            "place_kind": chance.choice(("commune", "commune", "commune", "departement", "region")),
            "salary_kind": "stated" if has_pay else "absent",
            "salary_rule": chance.choice(("month", "hour", "year", "year_range"))
            if has_pay
            else "absent",
            "salary_period": chance.choice(("month", "hour", "year")) if has_pay else None,
            "salary_min_eur_per_year": low if has_pay else None,
            "salary_max_eur_per_year": high if has_pay else None,
            "salary_mid_eur_per_year": (low + high) / 2 if has_pay else None,
            "salary_mid_rule": "as_stated" if has_pay else None,
            "is_minimum_wage": has_pay and chance.random() < 0.1,
            "weekly_hours": chance.choice(
                (35.0, 35.0, 35.0, 39.0, 24.0, round(chance.uniform(5, 34)))
            ),
            "contract_length_months": length,
            "experience_months": chance.choice((None, 0, 6, 12, 24, 36, 60)),
            "telework_kind": chance.choice(("partial", "full", "possible")) if is_far else None,
            "telework_rule": chance.choice(("phrase", "days", "label")) if is_far else None,
            "technology_codes": (
                tuple(sorted(chance.sample([f"technology{at}" for at in range(200)], 3)))
                if chance.random() < 0.15
                else None
            ),
            "rules_hash": -1_234_567_890,
        }
        found.append(tuple(columns.values()))
    return found


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
    parser.add_argument("--pool", type=int, default=40_000, help="offers that days draw from")
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
