"""Measures a year rebuilt from raw by Airflow's backfill: ``python -m bench.year``, or ``make bench-year``.

On what ``make up`` started: the raw pages of many days are put into its lake by the project's own writing,
then ``airflow backfill`` loads, checks and reports them with ``source = raw``. Meanwhile the UI is asked for
its pages and the memory of all processes is added up. At the end the warehouse must hold each offer once.
``--only load`` lets as many processes load the days with no Airflow at all: nothing can be faster than that.
Which days these are is in ``year_days``.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import sys
import threading
import time
import urllib.request
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psycopg
from jobmarket.foundation.lake.layout import Scope, manifest_key

from bench.airflow_api import DAG, Api
from bench.figures import measured, timed
from bench.landed import RUN_ID
from bench.year_days import LAST_DAY, land_days
from local import airflow_setup, kept, stack
from local.supervisor import supervisor_pid

SOURCE = "france_travail"
SAMPLE_S = 5
UI_PAGES = (
    "dags/{dag}",
    "ui/dags?limit=50",
    "ui/grid/runs/{dag}?limit=14",
    "ui/grid/structure/{dag}?limit=14",
    "api/v2/dags/{dag}/dagRuns?limit=25&order_by=-run_after",
)
"""What the page of a DAG, and the list of them, ask for."""


class Watch(threading.Thread):
    """Asks the UI for its pages, and adds up the memory of all processes of the stack, until told to stop."""

    def __init__(self, api: Api) -> None:
        super().__init__(daemon=True)
        self.api = api
        self.pages_s: dict[str, list[float]] = {page: [] for page in UI_PAGES}
        self.peak_mb = 0.0
        self.is_over = threading.Event()

    def run(self) -> None:
        """Look every few seconds."""
        while not self.is_over.wait(SAMPLE_S):
            for page, took in self.pages_s.items():
                took.append(timed(partial(self._open, page.format(dag=DAG))).wall_s)
            self.peak_mb = max(self.peak_mb, stack_mb())

    def _open(self, path: str) -> None:
        request = urllib.request.Request(f"{self.api.url}/{path}")  # noqa: S310
        request.add_header("Authorization", f"Bearer {self.api.token}")
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            answer.read()


def stack_mb() -> float:
    """Return the memory of the supervisor and all below it; what they share counts once."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        parents.setdefault(parent, []).append(int(stat.parent.name))
    found = [supervisor_pid() or 0]
    for one in found:
        found += parents.get(one, [])
    total = 0
    for pid in found:
        try:
            said = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:  # it has ended
            continue
        pss = re.search(r"^Pss: +(\d+) kB", said, re.M)
        total += int(pss[1]) if pss else 0
    return total / 1024


def rebuild(api: Api, days: list[date], options: argparse.Namespace) -> dict[str, Any]:
    """Let a backfill rebuild the days from raw; return the figures."""
    watch = Watch(api)
    watch.start()
    began = datetime.now(UTC)
    conf = {"source": "raw", **json.loads(options.conf)}
    api.call(
        "POST",
        "backfills",
        {
            "dag_id": DAG,
            "from_date": f"{days[0]}T00:00:00Z",
            "to_date": f"{days[-1]}T00:00:00Z",
            "run_backwards": False,
            "dag_run_conf": conf,
            "max_active_runs": options.active,
            "reprocess_behavior": "completed",
        },
    )
    while True:
        time.sleep(SAMPLE_S)
        runs = all_runs(api, days)
        done = [run for run in runs if run["state"] in ("success", "failed")]
        print(f"{len(done)} of {len(days)} days", file=sys.stderr, flush=True)
        if len(done) >= len(days):
            break
    watch.is_over.set()
    watch.join()
    ends = sorted(datetime.fromisoformat(run["end_date"]) for run in done)
    quarter = max(1, len(days) // 4)
    return {
        "days": len(days),
        "failed": sum(run["state"] == "failed" for run in done),
        "seconds": (ends[-1] - began).total_seconds(),
        "days_a_minute_first": 60 * quarter / (ends[quarter - 1] - began).total_seconds(),
        "days_a_minute_last": 60 * quarter / (ends[-1] - ends[-quarter - 1]).total_seconds(),
        "peak_mb": watch.peak_mb,
        "ui_s": {page: sorted(took) for page, took in watch.pages_s.items()},
        "tasks_s": task_seconds(api, done),
    }


class Loading:
    """Loads days from the lake without Airflow; one in each process.

    :param dsn: of the warehouse.
    """

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn

    def __call__(self, day: date) -> None:
        """Load a day that has landed."""
        from jobmarket.airflow.connections import open_lake
        from jobmarket.offers.load import load_run
        from jobmarket.sources.registry import source

        lake = open_lake()
        manifest = lake.read_manifest(manifest_key(Scope(SOURCE, str(day)), RUN_ID))
        with psycopg.connect(self.dsn) as connection:
            load_run(connection, manifest, lake.iter_pages(manifest), source(SOURCE).reader())


def load_alone(days: list[date], processes: int) -> None:
    """Load the days with no Airflow, so many at once; print the seconds."""
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        list(pool.map(Loading(warehouse_url()), days[:processes]))  # every process is warm
        loaded = timed(lambda: list(pool.map(Loading(warehouse_url()), days[processes:])))
    a_day = loaded.wall_s / len(days[processes:])
    print(f"{len(days) - processes} days loaded, {processes} at once, {a_day:.2f} s a day")


def warehouse_url() -> str:
    """Return the address of the stack's warehouse for its owner."""
    return (kept.STATE / "warehouse-owner.url").read_text().strip()


def all_runs(api: Api, days: list[date]) -> list[dict[str, Any]]:
    """Return the runs of the backfill: ``backfill__<start>__<day>__…``."""
    wanted = {str(day) for day in days}
    found: list[dict[str, Any]] = []
    while True:
        path = f"dags/{DAG}/dagRuns?run_type=backfill&limit=100&offset={len(found)}"
        page = api.call("GET", path)["dag_runs"]
        found += page
        if len(page) < 100:
            return [run for run in found if run["dag_run_id"].split("__")[2] in wanted]


def task_seconds(api: Api, runs: list[dict[str, Any]]) -> dict[str, float]:
    """Return how long each task took from its start to its end, the median of some runs."""
    took: dict[str, list[float]] = {}
    for run in runs[:: max(1, len(runs) // 10)]:
        path = f"dags/{DAG}/dagRuns/{run['dag_run_id']}/taskInstances"
        for instance in api.call("GET", path)["task_instances"]:
            took.setdefault(instance["task_id"], []).append(instance["duration"] or 0.0)
    return {name: statistics.median(seconds) for name, seconds in took.items()}


def require_whole(days: list[date], offers: int) -> None:
    """End unless the warehouse holds each offer of the days once, and each day is certified."""
    with psycopg.connect(warehouse_url()) as connection:
        row = connection.execute(
            "select (select count(*) from core.job_offer where created_on = any(%(days)s)),"
            " (select count(*) from control.day_run"
            " where day = any(%(days)s) and standing = 'certified')",
            {"days": days},
        ).fetchone()
    if row != (len(days) * offers, len(days)):
        raise SystemExit(f"The warehouse holds offers and certified days {row}, and not all.")


def table_of(figures: dict[str, Any]) -> str:
    """Return the figures as Markdown."""
    first, last = figures["days_a_minute_first"], figures["days_a_minute_last"]
    worst = max(took[-1] for took in figures["ui_s"].values() if took)
    every = sorted(second for took in figures["ui_s"].values() for second in took)
    rows = [
        (f"{figures['days']} days rebuilt", f"{figures['seconds']:.0f} s"),
        ("a day", f"{figures['seconds'] / figures['days']:.2f} s"),
        (
            "days a minute, first and last quarter",
            f"{first:.1f}, {last:.1f} ({last / first:.2f} ×)",
        ),
        ("peak memory of all processes", f"{figures['peak_mb']:,.0f} MB"),
        (
            f"the UI answers, median, worst of {len(every)}",
            f"{every[len(every) // 2]:.2f} s, {worst:.2f} s",
        ),
    ]
    rows += [
        (f"a task `{name}`, median", f"{took:.2f} s") for name, took in figures["tasks_s"].items()
    ]
    return measured(rows)


def main() -> None:
    """Land, rebuild, prove, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--offers", type=int, default=40_000, help="a day")
    parser.add_argument("--active", type=int, default=4, help="runs of the backfill at once")
    parser.add_argument("--conf", default="{}", help="more of the run's form, JSON")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    parser.add_argument("--only", choices=("land", "rebuild", "load"), help="one part of it")
    options = parser.parse_args()
    ports = kept.Ports.last()
    os.environ["AIRFLOW_CONN_AWS_DEFAULT"] = json.dumps(
        airflow_setup.connections(ports)["aws_default"]
    )
    os.environ["AIRFLOW_VAR_DATA_LAKE_BUCKET"] = stack.BUCKET
    days = [LAST_DAY - timedelta(days=back) for back in reversed(range(options.days))]
    if options.only in (None, "land"):
        stack.make_bucket(ports)
        land_days(days, options.offers)
    if options.only == "land":
        return
    if options.only == "load":
        load_alone(days, options.active)
        return
    api = Api(kept.ui_address(ports))
    api.unpause()
    figures = rebuild(api, days, options)
    require_whole(days, options.offers)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))
    print(table_of(figures))


if __name__ == "__main__":
    main()
