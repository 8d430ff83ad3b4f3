"""Measures the history at scale: ``python -m bench.history --rows 10000000``, or ``make bench-history``.

Days of generated offers are written into the Iceberg table of an object store of its own, through its REST
catalog: the first and the last one by one, as the DAG does, those between a month a commit, by two processes,
which leaves the same files in minutes. What is measured: bytes a row, writes, questions over all rows by
DuckDB, a day replaced, two writers of one day, the files of old states deleted.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from jobmarket.history.catalog import open_catalog
from jobmarket.history.columns import KEPT
from jobmarket.history.maintenance import maintain
from jobmarket.history.rows import in_order, rows_of
from jobmarket.history.table import COMMIT_ATTEMPTS, History
from pyiceberg.exceptions import CommitFailedException, CommitStateUnknownException

from local.history import open_duckdb
from local.object_store import ACCOUNT, SECRET, TABLE_BUCKET, ObjectStore
from local.process import LOOPBACK, free_port

SOURCE = "france_travail"
FIRST_DAY = date(2020, 1, 1)
SPARK_TIMEOUT_S = 300
TIMED_DAYS = 20
"""Days written as the DAG does, at the begin and at the end."""

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
    "offers and mean pay by trade": (
        "select rome_code, count(*), avg(salary_mid_eur_per_year) from history group by all"
    ),
    "median pay by month and trade": (
        BY_MONTH + "rome_code, median(salary_mid_eur_per_year) from history group by all"
    ),
    "offers by technology and month": (
        "select month, code, count(*) from (select date_trunc('month', created_on) as month, "
        "unnest(technology_codes) as code from history) group by all"
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
    return in_order(dated(drawn, day))


def dated(rows: pa.Table, day: date) -> pa.Table:
    """Return the same offers, created on a day."""
    at = rows.schema.get_field_index("created_on")
    created_on = pa.repeat(pa.scalar(day, pa.date32()), rows.num_rows)
    return rows.set_column(at, rows.schema.field(at), created_on)


class Place(NamedTuple):
    """How processes reach the history.

    :param endpoint: of the object store.
    :param catalog: address of its REST catalog.
    :param secret: of the account, of this start.
    """

    endpoint: str
    catalog: str
    secret: str

    def open(self) -> History:
        """Return the history."""
        settings = {
            "endpoint": self.endpoint,
            "region": "eu-west-3",
            "access-key-id": ACCOUNT,
            "secret-access-key": self.secret,
        }
        extra = {"type": "rest", "uri": self.catalog, "warehouse": f"s3://{TABLE_BUCKET}"}
        return History(open_catalog(extra, login=ACCOUNT, password=self.secret, store=settings))


def start(directory: Path) -> tuple[ObjectStore, Place]:
    """Start an object store with a catalog."""
    store = ObjectStore.start(directory / "s3", catalog_port=free_port()).wait()
    return store, Place(store.endpoint_url, f"http://{LOOPBACK}:{store.catalog_port}", SECRET)


class Filler:
    """Appends months of days, one commit each; each day is one of a month drawn before, dated anew."""

    def __init__(self, place: Place, pool: pa.Table, per_day: int) -> None:
        self.place, self.pool, self.per_day = place, pool, per_day

    def __call__(self, days: list[date]) -> int:
        """Append the days; return how many."""
        rows = pa.concat_tables([dated(drawn(self, day.day), day) for day in days])
        for _ in range(COMMIT_ATTEMPTS):
            try:
                self.place.open().table().append(rows)
            except (CommitFailedException, CommitStateUnknownException):
                continue
            return len(days)
        raise SystemExit(f"The days from {days[0]} were not written.")


_DRAWN: dict[int, pa.Table] = {}


def drawn(filler: Filler, number: int) -> pa.Table:
    """Return one of the days that a process has at hand."""
    if number not in _DRAWN:
        day = FIRST_DAY + timedelta(days=number)
        _DRAWN[number] = day_of(filler.pool, day, filler.per_day)
    return _DRAWN[number]


def written(history: History, pool: pa.Table, days: list[date], per_day: int) -> list[float]:
    """Write days as the DAG does; return the seconds of each, generation left out."""
    took = []
    for day in days:
        rows = day_of(pool, day, per_day)
        took.append(timed(lambda day=day, rows=rows: history.write_day(SOURCE, day, rows))[0])
    return took


def fill(place: Place, pool: pa.Table, days: list[date], per_day: int) -> float:
    """Write days a month a commit, by two processes; return the seconds."""
    months = [list(group) for _, group in groupby(days, lambda day: (day.year, day.month))]
    began = time.perf_counter()
    with ProcessPoolExecutor(2, get_context("spawn")) as processes:
        done = 0
        for count in processes.map(Filler(place, pool, per_day), months):
            done += count
            print(f"{done} days, {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    return time.perf_counter() - began


def write_once(place: Place, pool: pa.Table, day: date, count: int) -> int:
    """Write a day in a process of its own; return the attempts."""
    return place.open().write_day(SOURCE, day, day_of(pool, day, count)).attempts


def two_writers(place: Place, pool: pa.Table, day: date, counts: tuple[int, int]) -> dict[str, Any]:
    """Let two processes write one day at once, with other rows each; return what is left of it."""
    with ProcessPoolExecutor(2, get_context("spawn")) as processes:
        waiting = [processes.submit(write_once, place, pool, day, count) for count in counts]
        attempts = [one.result() for one in waiting]
    held = place.open().days(SOURCE)[day]
    if held not in counts:
        raise SystemExit(f"Two writers of {day} with {counts} rows left {held}.")
    return {"attempts": attempts, "wrote": counts, "held": held}


def measure(options: argparse.Namespace, place: Place) -> dict[str, Any]:
    """Write, ask, replace, maintain; return the figures, seconds of wall time."""
    history = place.open()
    pool = rows_of(offers(options.pool)).table
    days = [FIRST_DAY + timedelta(days=at) for at in range(options.rows // options.per_day)]
    figures: dict[str, Any] = {}
    held = history.days(SOURCE)
    lacking = [day for day in days if day not in held]
    if not held:
        figures["write_first_s"] = written(history, pool, lacking[:TIMED_DAYS], options.per_day)
        lacking = lacking[TIMED_DAYS:]
    if lacking:
        figures["fill_s"] = fill(place, pool, lacking[:-TIMED_DAYS], options.per_day)
        figures["write_last_s"] = written(history, pool, lacking[-TIMED_DAYS:], options.per_day)
        held = history.days(SOURCE)
    if len(held) != len(days):
        raise SystemExit(f"The history holds {len(held)} days in place of {len(days)}.")
    files = history.table().inspect.files()
    figures["rows"] = sum(files["record_count"].to_pylist())
    figures["files"] = files.num_rows
    figures["bytes"] = sum(files["file_size_in_bytes"].to_pylist())
    figures["questions"] = {
        name: ask(history, text, options.turns) for name, text in QUESTIONS.items()
    }
    if options.spark_python:
        figures["spark"] = ask_spark(options.spark_python, place, history)
    day = days[len(days) // 2]
    figures["replace_s"] = [
        timed(
            lambda at=at: history.write_day(SOURCE, day, day_of(pool, day, options.per_day - at))
        )[0]
        for at in range(1, options.turns + 1)
    ]
    figures["two_writers"] = two_writers(
        place, pool, day, (options.per_day - options.turns - 1, options.per_day - options.turns - 2)
    )
    figures["count_days_s"], after = timed(lambda: history.days(SOURCE))
    if {**after, day: held[day]} != held or after[day] != figures["two_writers"]["held"]:
        raise SystemExit("A day was lost, or is there twice.")
    figures["maintain_s"], removed = timed(
        lambda: maintain(history, expire_before=datetime.now(UTC), orphan_before=FIRST_INSTANT)
    )
    figures["maintained"] = removed._asdict()
    figures["peak_mb"] = getrusage(RUSAGE_SELF).ru_maxrss / 1024
    return figures


FIRST_INSTANT = datetime(2020, 1, 1, tzinfo=UTC)


def ask(history: History, text: str, turns: int) -> list[float]:
    """Return how long a question took each time; the first opens what the others have at hand."""
    connection = open_duckdb(history.table())
    return [timed(lambda: connection.execute(text).fetchall())[0] for _ in range(turns)]


def ask_spark(python: str, place: Place, history: History) -> dict[str, Any]:
    """Ask by PySpark's API and by SQL; return the seconds, and end unless the figures are the same."""
    environment = {
        **os.environ,
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": place.secret,
        "AWS_REGION": "eu-west-3",
        "AWS_ENDPOINT": place.endpoint,
        "AWS_ALLOW_HTTP": "true",
    }
    groups = ("rome_code", "contract_type_code")
    command = [python, "-m", "bench.history_spark", history.table().location(), *groups]
    ran = subprocess.run(
        command, env=environment, check=True, stdout=subprocess.PIPE, timeout=SPARK_TIMEOUT_S
    )
    told = json.loads(ran.stdout.splitlines()[-1])
    asked = (
        "select rome_code, contract_type_code, count(*), count(salary_mid_eur_per_year), "
        "avg(salary_mid_eur_per_year) from history group by all order by all"
    )
    rows = open_duckdb(history.table()).execute(asked).fetchall()
    same = len(rows) == len(told["rows"]) and all(
        tuple(theirs[:4]) == ours[:4] and math.isclose(theirs[4] or 0, ours[4] or 0, rel_tol=1e-9)
        for theirs, ours in zip(told["rows"], rows, strict=True)
    )
    if not same:
        raise SystemExit("PySpark's API and SQL give different figures.")
    return {"seconds": told["seconds"], "groups": len(rows)}


def timed(act: Any) -> tuple[float, Any]:
    """Return how long a call took, and what it gave."""
    began = time.perf_counter()
    result = act()
    return time.perf_counter() - began, result


def table(figures: dict[str, Any]) -> str:
    """Return the figures as Markdown."""
    two = figures["two_writers"]
    lines = [
        f"{figures['rows']:,} rows, {figures['files']:,} files, {figures['bytes'] / 1e6:,.0f} MB",
        "",
        "| | measured |",
        "|---|---|",
        f"| bytes a row | {figures['bytes'] / figures['rows']:.1f} |",
    ]
    for name in ("first", "last"):
        if took := figures.get(f"write_{name}_s"):
            median = statistics.median(took)
            lines.append(f"| a day written, the {name} {TIMED_DAYS} | {median:.2f} s |")
    for name, took in figures["questions"].items():
        lines.append(f"| {name} | {', '.join(f'{s:.2f}' for s in took)} s |")
    if spark := figures.get("spark"):
        lines.append(
            f"| {spark['groups']:,} groups by PySpark's API, with the same figures as SQL "
            f"| {spark['seconds']:.2f} s |"
        )
    lines += [
        f"| a day replaced | {', '.join(f'{s:.2f}' for s in figures['replace_s'])} s |",
        f"| two writers of one day: attempts, rows left | {two['attempts']}, those of one: {two['held']:,} |",
        f"| rows of each day counted | {figures['count_days_s']:.2f} s |",
        f"| old states removed | {figures['maintain_s']:.2f} s, {figures['maintained']['files']} files |",
        f"| peak memory of the process | {figures['peak_mb']:,.0f} MB |",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--per-day", type=int, default=40_000)
    parser.add_argument("--pool", type=int, default=40_000, help="offers that days draw from")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--spark-python", help="a Python that has pysail and pyspark-client")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    parser.add_argument(
        "--keep", type=Path, help="keep the history there, and go on with what it holds"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        store, place = start(options.keep or Path(scratch))
        try:
            figures = measure(options, place)
        finally:
            store.stop()
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))
    print(table(figures))


if __name__ == "__main__":
    main()
