"""The budget of requests on a real PostgreSQL: never one too many, whoever races for it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import psycopg
import pytest
from jobmarket.sources.adzuna.budget import DAY, MINUTE, MONTH, WEEK, Ledger, Limits, Refusal

WIDE = Limits(1_000, 1_000, 1_000, 1_000, 1_000)


@pytest.fixture
def warehouse(schema_dsn: str) -> str:
    return schema_dsn


def ledger(connection: psycopg.Connection[Any], limits: Limits, run_id: str = "a") -> Ledger:
    return Ledger(connection, "adzuna", run_id, limits)


def count(dsn: str) -> int:
    with psycopg.connect(dsn) as connection:
        found = connection.execute("select count(*) from control.source_request").fetchone()
    return int((found or (0,))[0])


def made_before(dsn: str, ages: list[timedelta], run_id: str = "before") -> None:
    with psycopg.connect(dsn) as connection:
        for age in ages:
            connection.execute(
                "insert into control.source_request (source, run_id, reserved_at) "
                "values ('adzuna', %s, clock_timestamp() - %s)",
                (run_id, age),
            )


@pytest.mark.parametrize(
    ("field", "limit"),
    [
        ("requests_per_minute", "minute"),
        ("requests_per_day", "day"),
        ("requests_per_week", "week"),
        ("requests_per_month", "month"),
        ("requests_per_run", "run"),
    ],
)
def test_each_limit_is_kept_to_the_request(warehouse: str, field: str, limit: str) -> None:
    with psycopg.connect(warehouse) as connection:
        mine = ledger(connection, replace(WIDE, **{field: 3}))
        assert [mine.reserve() for _ in range(3)] == [None] * 3
        refused = mine.reserve()
        assert refused is not None
        assert (refused.limit, refused.made) == (limit, 3)
        assert mine.reserve() is not None
    assert count(warehouse) == 3


@pytest.mark.parametrize(
    ("field", "length"),
    [
        ("requests_per_minute", MINUTE),
        ("requests_per_day", DAY),
        ("requests_per_week", WEEK),
        ("requests_per_month", MONTH),
    ],
)
def test_what_is_older_than_the_stretch_counts_no_more(
    warehouse: str, field: str, length: timedelta
) -> None:
    second = timedelta(seconds=1)
    made_before(warehouse, [length + second, length - 5 * second])
    with psycopg.connect(warehouse) as connection:
        assert ledger(connection, replace(WIDE, **{field: 2})).reserve() is None
        refused = ledger(connection, replace(WIDE, **{field: 2})).reserve()
    assert refused is not None
    assert refused.wait_s == pytest.approx(5, abs=2)


def test_the_stretches_hold_a_day_and_a_month_of_any_calendar() -> None:
    assert timedelta(minutes=1) < MINUTE
    assert timedelta(hours=25) <= DAY  # the day on which the clocks go back
    assert timedelta(days=7, hours=1) <= WEEK
    assert timedelta(days=31, hours=1) <= MONTH  # October


def test_of_several_limits_the_one_that_holds_longest_is_told(warehouse: str) -> None:
    made_before(warehouse, [timedelta(seconds=1)] * 2)
    with psycopg.connect(warehouse) as connection:
        refused = ledger(
            connection, replace(WIDE, requests_per_minute=1, requests_per_month=2)
        ).reserve()
    assert refused is not None
    assert refused.limit == "month"


def test_runs_share_the_budget_and_a_retry_goes_on_with_its_own(warehouse: str) -> None:
    limits = replace(WIDE, requests_per_day=5, requests_per_run=3)
    with psycopg.connect(warehouse) as connection:
        first, again = ledger(connection, limits, "a"), ledger(connection, limits, "a")
        other = ledger(connection, limits, "b")
        assert [first.reserve(), first.reserve(), again.reserve()] == [None] * 3
        refused = again.reserve()
        assert refused is not None
        assert refused.limit == "run"
        assert [other.reserve(), other.reserve()] == [None] * 2
        refused = other.reserve()
        assert refused is not None
        assert refused.limit == "day"


@pytest.mark.parametrize("field", ["requests_per_minute", "requests_per_day", "requests_per_run"])
def test_two_runs_and_a_retry_that_race_never_make_one_too_many(warehouse: str, field: str) -> None:
    allowed, threads = 20, 8
    limits = replace(WIDE, **{field: allowed})
    start = Barrier(threads)

    def race(number: int) -> int:
        with psycopg.connect(warehouse) as connection:
            mine = ledger(connection, limits, "a" if number % 2 or field.endswith("run") else "b")
            start.wait(30)
            return sum(mine.reserve() is None for _ in range(allowed))

    with ThreadPoolExecutor(threads) as pool:
        granted = sum(pool.map(race, range(threads)))
    assert granted == count(warehouse) == allowed


def test_a_reservation_is_there_before_the_request_is_made(warehouse: str) -> None:
    with psycopg.connect(warehouse) as connection:
        assert ledger(connection, WIDE).reserve() is None
        assert connection.info.transaction_status.name == "IDLE"
        assert count(warehouse) == 1  # seen by another session


def test_other_sources_have_their_own(warehouse: str) -> None:
    with psycopg.connect(warehouse) as connection:
        limits = replace(WIDE, requests_per_day=1)
        assert ledger(connection, limits).reserve() is None
        assert Ledger(connection, "another", "a", limits).reserve() is None
        assert ledger(connection, limits).reserve() is not None


def test_what_no_limit_looks_at_is_deleted(warehouse: str) -> None:
    made_before(warehouse, [timedelta(days=70), timedelta(days=30)])
    with psycopg.connect(warehouse) as connection:
        assert ledger(connection, WIDE).reserve() is None
    assert count(warehouse) == 2


@pytest.mark.parametrize(
    ("refusal", "sentence"),
    [
        (
            Refusal("day", 250, 60.0, datetime(2026, 11, 19, 22, 30, 5, tzinfo=UTC)),
            (
                "The 250 requests to adzuna that may be made in a day are made: it can go on from "
                "2026-11-19 23:31 (Europe/Paris); nothing is asked before."
            ),
        ),
        (
            Refusal("run", 80, None, None),
            (
                "The 80 requests to adzuna that one run may make are made: the rest of the day was not asked "
                "for; raise requests_per_run of the connection, or take the share as it is."
            ),
        ),
    ],
)
def test_the_sentence_says_what_is_used_up_and_when_it_goes_on(
    refusal: Refusal, sentence: str
) -> None:
    assert refusal.sentence("adzuna") == sentence
