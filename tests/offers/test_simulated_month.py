"""A simulated month against its own log: every version and absence, in whatever order runs are loaded."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jobmarket.foundation.paths import DDL
from jobmarket.foundation.warehouse.migrations import apply_ddl
from jobmarket.offers.life.conclusion import conclude_absences
from jobmarket.offers.life.sweep import load_sweep
from jobmarket.offers.load import load_run
from jobmarket.sources.france_travail.contract.reader import FranceTravailReader

from tests.support.simulated_month import expected_absences, expected_versions, record, simulate
from tests.support.stock import manifest, page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.postgres import Postgres
    from tests.support.simulated_month import Run

Connection = psycopg.Connection[Any]
EXAMPLES = int(os.environ.get("JOBMARKET_SIMULATED_MONTHS", "2"))
TABLES = ("core.job_offer", "core.job_offer_skill", "core.job_offer_version", "core.job_offer_restatement",
          "core.offer_absence", "control.sweep", "control.ingestion_run", "mart.offer_count")  # fmt: skip
AS_OF_DAYS = ("2026-11-08", "2026-11-20", "2026-11-30")
MONTHS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES == 2,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# what `mart.offer_as_of` answers, offer by offer and without what it looks up to be quick
OPEN_ON = """
select offer.offer_id
from core.job_offer as offer
where
    offer.created_on <= %(day)s
    and not exists (
        select from core.offer_absence as absence
        where
            absence.source = offer.source
            and absence.offer_id = offer.offer_id
            and absence.is_end
            and absence.first_missing_on <= %(day)s
            and coalesce(absence.seen_again_on > %(day)s, true)
    )
"""


@pytest.fixture(scope="module")
def warehouse(postgres: Postgres) -> Iterator[Connection]:
    with psycopg.connect(postgres.create_database("simulated_month")) as connection:
        apply_ddl(connection, DDL)
        yield connection


def query(connection: Connection, text: str) -> list[tuple[Any, ...]]:
    with connection.transaction():
        return connection.execute(text).fetchall()


def load(connection: Connection, run: Run, grace_days: int = 10_000) -> None:
    at = f"{run.started_at:%Y-%m-%dT%H:%M:%S}Z"
    pages = [page([record(*one) for one in run.seen], at)]
    about = manifest(
        pages, day=str(run.day), run_id=run.run_id, started_at=at, is_certified=run.is_certified
    )
    if run.kind == "day":
        load_run(connection, about, iter(pages), FranceTravailReader())
        return
    result = load_sweep(connection, about, iter(pages), FranceTravailReader())
    if result.is_counted:
        conclude_absences(connection, run.day, [], [], allow_wave=True, grace_days=grace_days)


@MONTHS
@given(seed=st.integers(0, 10**6), data=st.data())
def test_the_warehouse_equals_the_log(
    warehouse: Connection, seed: int, data: st.DataObject
) -> None:
    market = simulate(seed, offers=40)
    order = data.draw(st.permutations(market.runs)) if seed else market.runs
    with warehouse.transaction():
        for table in TABLES:
            warehouse.execute(f"delete from {table}")  # noqa: S608
    for run in order:
        load(warehouse, run)
    last = max(run.day for run in market.runs if run.kind == "sweep" and run.is_certified)
    # days that were loaded after the last sweep
    conclude_absences(warehouse, last, [], [], allow_wave=True, grace_days=10_000)
    versions, restatements = expected_versions(market)
    assert (
        query(
            warehouse,
            "select offer_id, title, valid_from, valid_to from core.job_offer_version order by 1, 3, 4",
        )
        == versions
    )
    assert (
        query(
            warehouse,
            "select offer_id, restatement_kind, ended_at from core.job_offer_restatement order by 1, 2, 3",
        )
        == restatements
    )
    assert query(
        warehouse,
        "select offer_id, first_missing_on, last_seen_on, second_missing_on, seen_again_on, is_closed, is_end"
        " from core.offer_absence order by 1, 2",
    ) == expected_absences(market)


@MONTHS
@given(seed=st.integers(0, 10**6), data=st.data())
def test_an_offer_is_passed_over_only_while_it_is_missing(
    warehouse: Connection, seed: int, data: st.DataObject
) -> None:
    market = simulate(seed, offers=40)
    with warehouse.transaction():
        for table in (*TABLES, "control.erasure", "core.offer_trace"):
            warehouse.execute(f"delete from {table}")  # noqa: S608
    passed_over = 0
    for run in data.draw(st.permutations(market.runs)):
        load(warehouse, run, grace_days=0)
        rows = query(
            warehouse,
            """
            select
                offer.missing_since_on,
                (
                    select absence.first_missing_on from core.offer_absence as absence
                    where
                        absence.source = offer.source
                        and absence.offer_id = offer.offer_id
                        and absence.seen_again_on is null
                        and absence.is_end
                ) as first_missing_on
            from core.job_offer as offer
            where offer.missing_since_on is not null
            """,
        )
        assert all(said == is_so for said, is_so in rows)
        passed_over += len(rows)
        for day in AS_OF_DAYS:
            asked = {"day": day}
            with warehouse.transaction():
                quick = warehouse.execute("select offer_id from mart.offer_as_of(%(day)s)", asked)
                assert sorted(quick) == sorted(warehouse.execute(OPEN_ON, asked))
    assert passed_over
