"""Measures the reports over a year of history: ``python -m bench.report``.

Makes 10 million offers of 365 days in a PostgreSQL of its own (some minutes, 15 GB), each day with its
counts and its run, restarts the server so that its cache is cold, and writes what each query of the report
costs, with its plan, to ``bench/results/report.md``.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import msgspec
import psycopg
from jobmarket.foundation.paths import DDL, SQL
from jobmarket.foundation.period import Period, day_period, period_around
from jobmarket.foundation.warehouse.migrations import apply_ddl
from jobmarket.report import query
from jobmarket.report.analyses.stock import STOCK, STOCK_FLOWS, STOCK_LIVES
from jobmarket.report.page import render_report
from jobmarket.report.reference import populations, technologies, trades

from bench.figures import Timed, table, timed
from bench.landed import certificate
from bench.servers import postgres, scratch

if TYPE_CHECKING:
    from collections.abc import Iterator

    Measured = tuple[list[tuple[str, float, str]], dict[str, float]]

LAST = date(2026, 11, 18)
WEEKEND_SHARE = 0.45
RUN = """
insert into control.ingestion_run (
    source, day, run_id, status, is_sample, is_gap_allowed, is_certified, certificate_version,
    collection_started_at, collection_finished_at, page_count, record_count, inserted_count,
    updated_count, unchanged_count, stale_count, rejected_count, duplicate_count, outside_day_count,
    load_seconds, certificate, drift, repairs
) values (
    'france_travail', %(day)s, 'bench', 'loaded', false, false, true, 2, %(day)s::date + 1, %(day)s::date + 1,
    1, %(offers)s, %(offers)s, 0, 0, 0, 0, 0, 0, 1, %(certificate)s, '{}', '{}'
)
"""
PARTNERS = """
insert into core.job_offer_partner (source, offer_id, position, partner_name)
select source, offer_id, 0, 'SITE ' || floor(power(random(), 2) * 40)::int
from core.job_offer where source = 'france_travail' and created_on = %(day)s and origin_code = '2'

"""
# What the sweeps of a year held: 37,000 offers come on a day, and leave after 13 or 25 days on average.
STOCK_YEAR = """
insert into mart.stock_count (source, day, created_on, is_partner, offer_count, position_count)
select
    'france_travail', days.day::date, days.day::date - ages.age, origins.is_partner,
    round(origins.created * exp(-ages.age / origins.life)),
    round(1.2 * origins.created * exp(-ages.age / origins.life))
from generate_series(%(last)s::date - 364, %(last)s::date, interval '1 day') as days (day)
cross join generate_series(0, 365) as ages (age)
cross join (values (false, 9000, 25.0), (true, 28000, 13.0)) as origins (is_partner, created, life)
where origins.created * exp(-ages.age / origins.life) > 0.5
"""
OF_STOCK = (STOCK, STOCK_FLOWS, STOCK_LIVES)


def build(dsn: str, days: int, offers: int) -> int:
    """Make the history; return the number of offers."""
    weekday = offers / days * 7 / (5 + 2 * WEEKEND_SHARE)
    fixed: dict[str, Any] = {
        "source": "france_travail",
        "rome": [code for code in trades() if len(code) == 5],
        "departements": list(populations())[:101],
        "technologies": list(technologies())[:202],
    }
    fixed["rome_count"] = len(fixed["rome"])
    day_sql = (Path(__file__).parent / "report_day.sql").read_bytes()
    count_sql = (SQL / "transform" / "merge_offer_count.sql").read_bytes()
    made = 0
    with psycopg.connect(dsn, autocommit=True) as connection:
        apply_ddl(connection, DDL)
        connection.execute("set synchronous_commit = off")
        connection.execute("set enable_seqscan = off")  # as a load counts
        connection.execute("select setseed(0.5)")
        for back in range(days - 1, -1, -1):
            day = LAST - timedelta(days=back)
            count = round(weekday * (WEEKEND_SHARE if day.weekday() > 4 else 1))
            named = {**fixed, "day": day, "offers": count}
            with connection.transaction():
                connection.execute(day_sql, named)
                connection.execute(PARTNERS, named)
                connection.execute(count_sql, named)
                proof = msgspec.json.encode(certificate(count)).decode()
                connection.execute(RUN, {**named, "certificate": proof})
            made += count
            if back % 30 == 0:
                print(f"{day}: {made:,} offers", file=sys.stderr, flush=True)
        connection.execute(STOCK_YEAR, {"last": LAST})
        connection.execute("vacuum analyze")
    return made


def measure(dsn: str, period: Period) -> Measured:
    """Return (query, seconds, plan) of each query in the order of the report, and what the whole costs."""
    asked: list[tuple[str, dict[str, Any]]] = []

    class Watched(query._Asker):
        def _text(self, stem: str) -> bytes:
            asked.append((stem, dict(self.parameters)))
            return super()._text(stem)

    whole: dict[str, float] = {}
    with (
        patch.object(query, "_Asker", Watched),
        psycopg.connect(dsn, autocommit=True) as connection,
    ):
        queries = timed(
            lambda: query.query_report(connection, source="france_travail", period=period)
        )
        answers, whole["queries"] = queries.result, queries.wall_s
        page = timed(lambda: render_report(answers))
        files, whole["page"] = page.result, page.wall_s
        asker = query._Asker(connection, query.DIRECTORY, asked[0][1])

        def stock() -> None:
            for stem in ("stock", "stock_lives"):
                asker.named_rows(stem)
            render_report(answers, OF_STOCK)

        whole["stock"] = timed(stock).wall_s
        whole["html_mb"] = len(files["index.html"]) / 1e6
        arrays = query.counts_parameters(answers.baseline, [])
        return list(_explained(connection, asked, arrays)), whole


def _explained(
    connection: psycopg.Connection[Any],
    asked: list[tuple[str, dict[str, Any]]],
    arrays: dict[str, Any],
) -> Iterator[tuple[str, float, str]]:
    for stem, parameters in asked:
        text = (SQL / "report" / f"{stem}.sql").read_bytes()
        bound = parameters | arrays
        asked_again = timed(partial(_fetch, connection, text, bound))
        plan = connection.execute(
            b"explain (analyze, buffers, costs off, timing off) " + text, bound
        )
        yield stem, asked_again.wall_s, "\n".join(row[0] for row in plan)


def _fetch(connection: psycopg.Connection[Any], text: bytes, bound: dict[str, Any]) -> list[Any]:
    return connection.execute(text, bound).fetchall()


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offers", type=int, default=10_000_000)
    parser.add_argument("--days", type=int, default=365)
    options = parser.parse_args()
    periods = [
        day_period(LAST),
        period_around("week", LAST - timedelta(days=7)),
        period_around("month", LAST - timedelta(days=31)),
    ]
    with scratch() as directory:
        place = directory / "postgres"
        with postgres(place, durable=False) as cluster:
            history = cluster.create_database("history")
            built = timed(lambda: build(history, options.days, options.offers))
            size = _size_gb(history)
        found = {}
        for period in periods:
            with postgres(place, durable=False) as cluster:
                found[period] = measure(cluster.uri("history"), period)
    print(text_of(built, options.days, size, found))


def text_of(built: Timed[int], days: int, size_gb: float, found: dict[Period, Measured]) -> str:
    """Return what was found, as Markdown.

    :param built: how many offers were made, and how long that took.
    """
    reports = table(
        ("report", "SQL s", "page s", "of it the stock, SQL and page s", "HTML MB"),
        [
            (
                f"{period.kind} {period.key}",
                *(f"{whole[name]:.2f}" for name in ("queries", "page", "stock", "html_mb")),
            )
            for period, (_, whole) in found.items()
        ],
    )
    lines = [
        "# The reports over a year of history",
        "",
        (
            f"`python -m bench.report`: {built.result:,} offers of {days} days ({size_gb:.1f} GB, "
            f"made in {built.wall_s:.0f} s), each day with its counts; PostgreSQL is restarted before "
            "each report, so that its own cache is cold (the operating system's is not)."
        ),
        "",
        reports,
    ]
    for period, (queries, _) in found.items():
        lines += [f"\n## {period.kind} {period.key}\n"]
        lines += [
            table(
                ("query, a second time", "s"),
                [(f"`{stem}.sql`", f"{seconds:.3f}") for stem, seconds, _ in queries],
            )
        ]
        if period.kind == "day":
            lines += [f"\n`{stem}.sql`\n\n```\n{plan}\n```" for stem, _, plan in queries]
    return "\n".join(lines)


def _size_gb(dsn: str) -> float:
    with psycopg.connect(dsn) as connection:
        row = connection.execute("select pg_database_size(current_database())").fetchone()
    return int(row[0]) / 1e9 if row else 0.0


if __name__ == "__main__":
    main()
