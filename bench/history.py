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
import statistics
import subprocess
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobmarket.history.maintenance import maintain
from jobmarket.history.rows import rows_of

from bench.figures import measured, peak_mb, timed
from bench.history_offers import FIRST_DAY, SOURCE, day_of, offers
from bench.history_writers import Place, fill, two_writers, written
from bench.servers import object_store, scratch
from local.history import open_duckdb
from local.object_store import ACCOUNT, SECRET
from local.process import LOOPBACK, free_port

if TYPE_CHECKING:
    from jobmarket.history.table import History

SPARK_TIMEOUT_S = 300
TIMED_DAYS = 20
"""Days written as the DAG does, at the begin and at the end."""

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
    figures["replace_s"] = []
    for at in range(1, options.turns + 1):
        rows = day_of(pool, day, options.per_day - at)
        figures["replace_s"].append(timed(partial(history.write_day, SOURCE, day, rows)).wall_s)
    figures["two_writers"] = two_writers(
        place, pool, day, (options.per_day - options.turns - 1, options.per_day - options.turns - 2)
    )
    counted = timed(lambda: history.days(SOURCE))
    after, figures["count_days_s"] = counted.result, counted.wall_s
    if {**after, day: held[day]} != held or after[day] != figures["two_writers"]["held"]:
        raise SystemExit("A day was lost, or is there twice.")
    removed = timed(
        lambda: maintain(history, expire_before=datetime.now(UTC), orphan_before=FIRST_INSTANT)
    )
    figures["maintain_s"], figures["maintained"] = removed.wall_s, removed.result._asdict()
    figures["peak_mb"] = peak_mb()
    return figures


FIRST_INSTANT = datetime(2020, 1, 1, tzinfo=UTC)


def ask(history: History, text: str, turns: int) -> list[float]:
    """Return how long a question took each time; the first opens what the others have at hand."""
    connection = open_duckdb(history.table())
    return [timed(lambda: connection.execute(text).fetchall()).wall_s for _ in range(turns)]


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
    counted = sum(row[2] for row in rows)
    return {"seconds": told["seconds"], "groups": len(rows), "offers": counted}


def text_of(figures: dict[str, Any]) -> str:
    """Return the figures as Markdown."""
    two = figures["two_writers"]
    rows = [("bytes a row", f"{figures['bytes'] / figures['rows']:.1f}")]
    for name in ("first", "last"):
        if took := figures.get(f"write_{name}_s"):
            rows.append(
                (f"a day written, the {name} {TIMED_DAYS}", f"{statistics.median(took):.2f} s")
            )
    rows += [(name, seconds(took)) for name, took in figures["questions"].items()]
    if spark := figures.get("spark"):
        rows.append(
            (
                f"{spark['groups']:,} groups by PySpark's API, with the same figures as SQL",
                seconds([spark["seconds"]]),
            )
        )
    rows += [
        ("a day replaced", seconds(figures["replace_s"])),
        (
            "two writers of one day: attempts, rows left",
            f"{two['attempts']}, those of one: {two['held']:,}",
        ),
        ("rows of each day counted", seconds([figures["count_days_s"]])),
        (
            "old states removed",
            f"{figures['maintain_s']:.2f} s, {figures['maintained']['files']} files",
        ),
        ("peak memory of the process", f"{figures['peak_mb']:,.0f} MB"),
    ]
    size = f"{figures['bytes'] / 1e6:,.0f} MB"
    return f"{figures['rows']:,} rows, {figures['files']:,} files, {size}\n\n{measured(rows)}"


def seconds(took: list[float]) -> str:
    """Return seconds as they are printed."""
    return f"{', '.join(f'{one:.2f}' for one in took)} s"


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
    with (
        scratch() as directory,
        object_store(
            (options.keep or directory).resolve() / "s3", catalog_port=free_port()
        ) as store,
    ):
        catalog = f"http://{LOOPBACK}:{store.catalog_port}"
        figures = measure(options, Place(store.endpoint_url, catalog, SECRET))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))
    print(text_of(figures))


if __name__ == "__main__":
    main()
