"""Measures a year rebuilt from raw by Airflow's backfill: ``python -m bench.year``, or ``make bench-year``.

On what ``make up`` started: the raw pages of many days are put into its lake by the project's own writing,
then ``airflow backfill`` loads, checks and reports them with ``source = raw``. Meanwhile the UI is asked for
its pages and the memory of all processes is added up. At the end the warehouse must hold each offer once.

The offers are the sandbox's. Two days of them are drawn in each of two processes; a day of the year is one of
these with ids and dates of its own, so that nothing is the same for the load.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
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
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psycopg
from jobmarket.foundation.lake.layout import Scope, page_key
from jobmarket.foundation.lake.manifest import Certificate, Manifest, Page, SliceCertificate

from bench.airflow_share import DAG, Api
from local import airflow_setup, kept, stack
from local.supervisor import supervisor_pid
from sandbox.offers.generated import GeneratedDay, GeneratedSource
from sandbox.offers.ids import Ids
from sandbox.settings import Settings

LAST_DAY = date(2026, 11, 18)
PAGE = 150
RUN_ID = "bench"
DRAWN_DAYS = 2
"""Days that each process draws."""

SAMPLE_S = 5
UI_PAGES = (
    "dags/{dag}",
    "ui/dags?limit=50",
    "ui/grid/runs/{dag}?limit=14",
    "ui/grid/structure/{dag}?limit=14",
    "api/v2/dags/{dag}/dagRuns?limit=25&order_by=-run_after",
)
"""What the page of a DAG, and the list of them, ask for."""


class Year:
    """Lands days; one in each process.

    :param offers: a day.
    """

    def __init__(self, offers: int) -> None:
        self.offers = offers

    def __call__(self, day: date) -> int:
        """Land a day, certified; return the bytes of its pages."""
        from jobmarket.airflow.connections import open_lake

        lake = open_lake()
        scope = Scope("france_travail", str(day))
        instant = f"{day + timedelta(days=1)}T00:00:00Z"
        pages = []
        records = dated(drawn(self.offers, day.toordinal() // 2 % DRAWN_DAYS), day)
        for number, chunk in enumerate(batched(records, PAGE), start=1):
            body = b'{"resultats":[' + b",".join(chunk) + b'],"filtresPossibles":[]}'
            page = Page(
                key=page_key(scope, RUN_ID, number),
                query=f"range={(number - 1) * PAGE}-{number * PAGE - 1}",
                status=206,
                announced=self.offers,
                offers=len(chunk),
                sha256=hashlib.sha256(body).hexdigest(),
                body_bytes=len(body),
                received_at=instant,
                statuses=[206],
                attempt_at=instant,
                is_generated=True,
            )
            lake.put_page(page, body)
            pages.append(page)
        lake.write_manifest(
            Manifest(
                day=str(day),
                run_id=RUN_ID,
                started_at=instant,
                finished_at=instant,
                is_generated=True,
                certificate=certificate(pages, self.offers),
                pages=pages,
            )
        )
        return sum(page.body_bytes for page in pages)


def certificate(pages: list[Page], offers: int) -> Certificate:
    """Return the certificate of a day of one slice, of which nothing is missing."""
    requests = len(pages)
    return Certificate(
        certified=True,
        announced=offers,
        collected=offers,
        gap=0,
        requests=requests,
        bytes=sum(page.body_bytes for page in pages),
        seconds=0.0,
        statuses={"206": requests},
        slices=[
            SliceCertificate(
                query="",
                announced=offers,
                announced_first=offers,
                announced_last=offers,
                collected=offers,
                gap=0,
                requests=requests,
                retries=0,
                re_reads=0,
            )
        ],
    )


def batched(records: Any, size: int) -> Any:
    """Yield lists of so many records."""
    records = iter(records)
    while chunk := list(itertools.islice(records, size)):
        yield chunk


_DRAWN: dict[int, GeneratedDay] = {}


def drawn(offers: int, number: int) -> GeneratedDay:
    """Return one of the days that a process has drawn, with all its bodies made."""
    if number not in _DRAWN:
        day = LAST_DAY - timedelta(days=number)
        found = GeneratedSource(Settings(offers_per_day=offers, seed=os.getpid())).day(day)
        for row in range(len(found.columns)):
            found.body(row)
        _DRAWN[number] = found
    return _DRAWN[number]


def dated(source: GeneratedDay, day: date) -> Any:
    """Yield the offers of a drawn day as offers of another, which have ids of their own."""
    was, now = f'"{source.day}T'.encode(), f'"{day}T'.encode()
    own = source.france_travail_count
    ids = Ids(1, len(source.columns))
    partners = len(source.columns) - own
    # partners' ids of seven digits would come again within a year of such days
    first = (day.toordinal() - LAST_DAY.toordinal()) % 3_000 * partners
    for row in range(own + partners):
        new = ids.of(day, row) if row < own else f"{first + row - own:09d}"
        yield source.body(row).replace(source.id(row).encode(), new.encode()).replace(was, now)


def land(days: list[date], offers: int) -> None:
    """Put the raw pages of days into the lake of the stack, by two processes."""
    began = time.monotonic()
    with ProcessPoolExecutor(2, get_context("spawn")) as processes:
        sizes = list(processes.map(Year(offers), days))
    print(
        f"{len(days)} days landed, {sum(sizes) / 1e9:.1f} GB, in {time.monotonic() - began:.0f} s",
        file=sys.stderr,
        flush=True,
    )


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
                began = time.monotonic()
                self._open(page.format(dag=DAG))
                took.append(time.monotonic() - began)
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
        runs = all_runs(api)
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


def all_runs(api: Api) -> list[dict[str, Any]]:
    """Return the runs of the backfill."""
    found: list[dict[str, Any]] = []
    while True:
        path = f"dags/{DAG}/dagRuns?run_type=backfill&limit=100&offset={len(found)}"
        page = api.call("GET", path)["dag_runs"]
        found += page
        if len(page) < 100:
            return found


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
    url = (kept.STATE / "warehouse-owner.url").read_text().strip()
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "select (select count(*) from core.job_offer where created_on = any(%(days)s)),"
            " (select count(*) from control.day_run"
            " where day = any(%(days)s) and standing = 'certified')",
            {"days": days},
        ).fetchone()
    if row != (len(days) * offers, len(days)):
        raise SystemExit(f"The warehouse holds offers and certified days {row}, and not all.")


def table(figures: dict[str, Any]) -> str:
    """Return the figures as Markdown."""
    first, last = figures["days_a_minute_first"], figures["days_a_minute_last"]
    worst = max(took[-1] for took in figures["ui_s"].values() if took)
    every = sorted(second for took in figures["ui_s"].values() for second in took)
    lines = [
        "| | measured |",
        "|---|---|",
        f"| {figures['days']} days rebuilt | {figures['seconds']:.0f} s |",
        f"| a day | {figures['seconds'] / figures['days']:.2f} s |",
        f"| days a minute, first and last quarter | {first:.1f}, {last:.1f} ({last / first:.2f} ×) |",
        f"| peak memory of all processes | {figures['peak_mb']:,.0f} MB |",
        f"| the UI answers, median, worst of {len(every)} | {every[len(every) // 2]:.2f} s, {worst:.2f} s |",
    ]
    lines += [
        f"| a task `{name}`, median | {took:.2f} s |" for name, took in figures["tasks_s"].items()
    ]
    return "\n".join(lines)


def main() -> None:
    """Land, rebuild, prove, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--offers", type=int, default=40_000, help="a day")
    parser.add_argument("--active", type=int, default=4, help="runs of the backfill at once")
    parser.add_argument("--conf", default="{}", help="more of the run's form, JSON")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    parser.add_argument("--only", choices=("land", "rebuild"), help="one half of it")
    options = parser.parse_args()
    ports = kept.Ports.last()
    os.environ["AIRFLOW_CONN_AWS_DEFAULT"] = json.dumps(
        airflow_setup.connections(ports)["aws_default"]
    )
    os.environ["AIRFLOW_VAR_DATA_LAKE_BUCKET"] = stack.BUCKET
    days = [LAST_DAY - timedelta(days=back) for back in reversed(range(options.days))]
    if options.only != "rebuild":
        stack.make_bucket(ports)
        land(days, options.offers)
    if options.only == "land":
        return
    api = Api(kept.ui_address(ports))
    api.call("PATCH", f"dags/{DAG}?update_mask=is_paused", {"is_paused": False})
    figures = rebuild(api, days, options)
    require_whole(days, options.offers)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))
    print(table(figures))


if __name__ == "__main__":
    main()
