"""Five weeks of a small, lively market, loaded and told: what reports say when there is something to say.

What lives here: which days, which pages, and what each shows. What does not: the market itself
(``sandbox.offers.life``), the parts it needs (``stack``), the steps of the daily job
(``jobmarket.airflow.operators``): the same functions run here one after another, without Airflow around them,
so that 35 days take a minute.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from local import airflow_setup, kept, stack
from local.migration import migrate_warehouse

if TYPE_CHECKING:
    from pathlib import Path

    from jobmarket.foundation.period import Kind
    from psycopg import Connection

    from local.commands import Progress

# The last week has a feed that fails on Thursday and comes back doubled on Friday, and a trade on its way up.
FIRST, LAST = date(2026, 9, 28), date(2026, 11, 1)
OPTIONS = "--lively --offers-per-day 2000 --rate 1000"
RATE = 1000


class Shown(NamedTuple):
    """A page of the demonstration: its kind and key, and what there is to see."""

    kind: Kind
    key: str
    sight: str


PAGES = (
    Shown("day", "2026-10-29", "a partner's feed fails: the coverage moved, not the market"),
    Shown("day", "2026-10-30", "the feed comes back and delivers twice: coverage again"),
    Shown("week", "2026-W44", "both are level over the week; two trades moved"),
    Shown("month", "2026-10", "a month of which too few days have something to be compared with"),
)


def environment(ports: kept.Ports) -> dict[str, str]:
    """Return the connections as Airflow finds them without a metadata database."""
    connections = airflow_setup.connections(ports)
    connections["france_travail"]["extra"] = json.dumps({"requests_per_second": RATE})
    found = {
        f"AIRFLOW_CONN_{name.upper()}": json.dumps(fields) for name, fields in connections.items()
    }
    return found | {"AIRFLOW_VAR_DATA_LAKE_BUCKET": stack.BUCKET}


def run_demo(ports: kept.Ports, say: Progress) -> int:
    """Load the five weeks, write the pages, print where they are; return the exit code."""
    from local.once import output_to

    log = kept.STATE / "demo.log"
    os.environ.update(environment(ports))
    with output_to(log):
        migrate_warehouse(ports)
        from jobmarket.airflow.connections import open_lake, open_warehouse
        from jobmarket.foundation.warehouse.roles import LOADER, REPORTER

        lake = open_lake()
        lake.ensure_bucket()
        with open_warehouse(role=LOADER) as connection:
            days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
            for number, day in enumerate(days, 1):
                offers = load_day(connection, lake, day)
                if day.weekday() == 6:
                    say(f"{number} of {len(days)} days are loaded, {day} with {offers} offers")
        with open_warehouse(role=REPORTER) as connection:
            written = [(page, write_page(connection, lake, page)) for page in PAGES]
    print()
    for page, path in written:
        print(f"  {page.key:<10}  {page.sight}\n              {path}")
    state = os.environ.get("JOBMARKET_STATE", kept.STATE)
    print(f"\n  in Airflow's UI: JOBMARKET_STATE={state} make up")
    return 0


def load_day(connection: Connection[Any], lake: Any, day: date) -> int:
    """Collect, load and check a day as the daily job does, unless it is there; return its offers."""
    from jobmarket.airflow.source_hook import SourceHook
    from jobmarket.foundation.checks import require_passed, run_checks, store_results
    from jobmarket.foundation.lake.layout import Scope
    from jobmarket.foundation.run import key_of_run, new_run_id, require_publishable
    from jobmarket.offers.load import load_run
    from jobmarket.sources.france_travail.plan.extraction import extract_day
    from jobmarket.sources.registry import source

    manifest = lake.manifest_of(Scope("france_travail", str(day)))
    if manifest is None:
        run_id = new_run_id(f"demo-{day}", datetime.now(UTC))
        manifest = extract_day(SourceHook("france_travail").get_conn(threads=8), lake, day, run_id)
        require_publishable(manifest, "France Travail")
    load_run(connection, manifest, lake.iter_pages(manifest), source(manifest.source).reader())
    with connection.transaction():
        results = run_checks(connection, **key_of_run(manifest))
        store_results(connection, results, **key_of_run(manifest))
    require_passed(results)
    return int(manifest.certificate.collected)


def write_page(connection: Connection[Any], lake: Any, page: Shown) -> Path:
    """Write a report to the lake and beside it on disk; return the path of its page."""
    from jobmarket.foundation.lake.layout import period_report_prefix, report_prefix
    from jobmarket.foundation.period import day_period, parse_period
    from jobmarket.report.page import render_report
    from jobmarket.report.query import query_report

    if page.kind == "day":
        period = day_period(date.fromisoformat(page.key))
        prefix = report_prefix("france_travail", page.key)
    else:
        period = parse_period(page.kind, page.key, page.kind)
        prefix = period_report_prefix("france_travail", period)
    files = render_report(query_report(connection, source="france_travail", period=period))
    lake.put_report(prefix, files)
    for name, content in files.items():
        file = kept.STATE / prefix / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return kept.STATE / prefix / "index.html"
