"""The rule of the day: every way to start a run, clock changes included."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from jobmarket.foundation.day import day_of_run, ends_at, parse_day, require_begun, require_over
from jobmarket.foundation.errors import ConfigurationError, DayNotOver


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def run(
    key: str | None = None, logical: str | None = None, after: str = "2026-11-22T09:00"
) -> SimpleNamespace:
    return SimpleNamespace(
        partition_key=key, logical_date=logical and utc(logical), run_after=utc(after)
    )


@pytest.mark.parametrize(
    ("dag_run", "param", "expected"),
    [
        # schedule, backfill and a trigger with a key: the key wins over the dates of the run
        (run("2026-11-18", "2026-11-20T00:00"), None, "2026-11-18"),
        (run("2026-11-18", "2026-11-20T00:00"), "2026-11-18", "2026-11-18"),
        # the form
        (run(logical="2026-11-20T00:00"), "2026-11-19", "2026-11-19"),
        # `airflow dags test … 2026-11-18` is midnight UTC, which is 01:00 in Paris
        (run(logical="2026-11-18T00:00"), None, "2026-11-18"),
        (run(logical="2026-07-18T00:00"), "", "2026-07-18"),
        # a logical date late in the UTC evening is already tomorrow in Paris
        (run(logical="2026-11-18T23:30"), None, "2026-11-19"),
        (run(logical="2026-07-18T22:30"), None, "2026-07-19"),
        # a plain click: the Paris day before the run
        (run(after="2026-11-22T09:00"), None, "2026-11-21"),
        (run(after="2026-11-22T23:30"), None, "2026-11-22"),
        (run(after="2026-07-22T22:30"), None, "2026-07-22"),
        # the nights when the clock changes: 2026-03-29 has 23 hours, 2026-10-25 has 25
        (run(after="2026-03-28T22:59"), None, "2026-03-27"),
        (run(after="2026-03-28T23:00"), None, "2026-03-28"),
        (run(after="2026-03-29T21:59"), None, "2026-03-28"),
        (run(after="2026-03-29T22:00"), None, "2026-03-29"),
        (run(after="2026-10-25T22:59"), None, "2026-10-24"),
        (run(after="2026-10-25T23:00"), None, "2026-10-25"),
    ],
)
def test_every_way_to_start_a_run_gives_a_day(
    dag_run: SimpleNamespace, param: str | None, expected: str
) -> None:
    assert day_of_run(dag_run, {"day": param}) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    "text", ["2026-13-01", "2026-02-30", "20261118", "18/11/2026", "2026-W47-3", "x"]
)
def test_a_malformed_day_says_what_was_given(text: str) -> None:
    with pytest.raises(ConfigurationError, match=f"but is '{text}'"):
        parse_day(text)


@pytest.mark.parametrize(
    ("dag_run", "param", "why"),
    [
        (run("2026-11-18"), "2026-11-19", "told partition key 2026-11-18 and parameter day 2026-11-19"),
        (run(), "0001-01-01", "0001-01-01 is before 2020-01-01, the first day"),
        (run("2019-12-31"), None, "2019-12-31 is before 2020-01-01"),
        (run(logical="2016-11-18T00:00"), None, "2016-11-18 is before 2020-01-01"),
    ],
)  # fmt: skip
def test_a_contradiction_and_a_day_before_the_first_are_refused(
    dag_run: SimpleNamespace, param: str | None, why: str
) -> None:
    with pytest.raises(ConfigurationError, match=why):
        day_of_run(dag_run, {"day": param})


@pytest.mark.parametrize(
    ("day", "hours", "end"),
    [
        ("2026-11-18", 24, "2026-11-18T23:00"),
        ("2026-07-18", 24, "2026-07-18T22:00"),
        ("2026-03-29", 23, "2026-03-29T22:00"),
        ("2026-10-25", 25, "2026-10-25T23:00"),
    ],
)
def test_a_day_ends_at_midnight_in_paris(day: str, hours: int, end: str) -> None:
    that = date.fromisoformat(day)
    assert ends_at(that) == utc(end)
    start = ends_at(that - timedelta(days=1))
    assert ends_at(that).astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=hours)


def test_a_day_is_refused_until_it_is_over() -> None:
    day = date(2026, 11, 18)
    with pytest.raises(DayNotOver, match="2026-11-18 is not over in Europe/Paris"):
        require_over(day, utc("2026-11-18T22:59:59"))
    require_over(day, utc("2026-11-18T23:00:00"))
    with pytest.raises(DayNotOver, match="2026-11-18 has not begun in Europe/Paris"):
        require_over(day, utc("2026-11-17T22:59:59"))


def test_a_sample_of_a_day_may_be_taken_once_it_has_begun() -> None:
    day = date(2026, 11, 18)
    with pytest.raises(DayNotOver, match="2026-11-18 has not begun in Europe/Paris"):
        require_begun(day, utc("2026-11-17T22:59:59"))
    require_begun(day, utc("2026-11-17T23:00:00"))
