from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, Literal

import pytest
from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.period import (
    Period,
    day_period,
    parse_period,
    period_around,
    period_before,
    period_of_run,
)

WEEK_47 = Period("week", "2026-W47", date(2026, 11, 16), date(2026, 11, 22))
NOVEMBER = Period("month", "2026-11", date(2026, 11, 1), date(2026, 11, 30))


@pytest.mark.parametrize(
    ("kind", "text", "period"),
    [
        ("week", "2026-W47", WEEK_47),
        ("week", "2026-W47-1", WEEK_47),
        ("week", "2026-W47-5", WEEK_47),
        # the first week of an ISO year may begin in December, the last end in January
        ("week", "2026-W01", Period("week", "2026-W01", date(2025, 12, 29), date(2026, 1, 4))),
        ("week", "2026-W53", Period("week", "2026-W53", date(2026, 12, 28), date(2027, 1, 3))),
        ("month", "2026-11", NOVEMBER),
        ("month", "2028-02", Period("month", "2028-02", date(2028, 2, 1), date(2028, 2, 29))),
    ],
)
def test_parse(kind: Literal["week", "month"], text: str, period: Period) -> None:
    assert parse_period(kind, text, "key") == period


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("week", "2026-W54"),
        ("week", "2025-W53"),  # a year of 52 weeks
        ("week", "2026-47"),
        ("week", "2026-W47-8"),
        ("week", "2026-11-18"),
        ("week", "9999-W52"),  # ends after the calendar
        ("week", ""),
        ("month", "2026-13"),
        ("month", "2026-1"),
        ("month", "2026-11-18"),
    ],
)
def test_what_is_no_period_is_refused(kind: Literal["week", "month"], text: str) -> None:
    with pytest.raises(ConfigurationError, match=f"The key must be an? .*{kind}.* but is '{text}'"):
        parse_period(kind, text, "key")


def test_days_and_neighbours() -> None:
    assert WEEK_47.days == [date(2026, 11, number) for number in range(16, 23)]
    assert period_before(WEEK_47).key == "2026-W46"
    assert period_before(NOVEMBER) == Period(
        "month", "2026-10", date(2026, 10, 1), date(2026, 10, 31)
    )
    assert period_before(day_period(date(2026, 3, 1))) == day_period(date(2026, 2, 28))
    assert period_before(parse_period("week", "2026-W01", "key")).key == "2025-W52"
    assert period_around("week", date(2026, 11, 22)) == WEEK_47
    assert period_around("day", date(2026, 11, 22)) == day_period(date(2026, 11, 22))


def run(**fields: Any) -> Any:
    # a run of Tuesday, 24 November, 0:10 in Paris
    whole = {
        "partition_key": None,
        "logical_date": None,
        "run_after": datetime(2026, 11, 23, 23, 10, tzinfo=UTC),
    }
    return SimpleNamespace(**whole | fields)


@pytest.mark.parametrize(
    ("kind", "dag_run", "params", "key"),
    [
        ("week", run(partition_key="2026-W40-1"), {"week": "2026-W40"}, "2026-W40"),
        ("week", run(partition_key="2026-W40"), {}, "2026-W40"),
        ("week", run(), {"week": "2026-W41"}, "2026-W41"),
        # the Paris date of the instant, not the UTC date
        ("week", run(logical_date=datetime(2026, 11, 15, 23, 30, tzinfo=UTC)), {}, "2026-W47"),
        ("week", run(), {"week": None}, "2026-W47"),
        ("month", run(partition_key="2026-09"), {}, "2026-09"),
        ("month", run(), {"month": "2026-08"}, "2026-08"),
        ("month", run(logical_date=datetime(2026, 10, 31, 23, 30, tzinfo=UTC)), {}, "2026-11"),
        ("month", run(), {}, "2026-10"),
    ],
)
def test_one_rule_for_every_start(
    kind: Literal["week", "month"], dag_run: Any, params: dict[str, Any], key: str
) -> None:
    assert period_of_run(kind, dag_run, params).key == key
