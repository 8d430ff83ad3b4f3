"""The section on the stock, from what sweeps held: on cases small enough to be computed by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from jobmarket.report.analyses.stock import (
    BY_DAY,
    LIVES,
    STOCK,
    STOCK_FLOWS,
    STOCK_LIVES,
    stock_finding,
)
from jobmarket.report.query import DIRECTORY

from tests.support.loaded_day import DAY, SOURCE
from tests.support.report_facts import answers

Connection = psycopg.Connection[Any]


def add_sweep(
    connection: Connection, day: int, held: dict[int, int], *, partner: bool = False
) -> None:
    """Add what a sweep on a day of November held, by day of creation."""
    for created, offers in held.items():
        connection.execute(
            "insert into mart.stock_count values (%s, %s, %s, %s, %s, %s)",
            (SOURCE, november(day), november(created), partner, offers, 2 * offers),
        )


def november(day: int) -> date:
    return date(2026, 11, 1) + timedelta(days=day - 1)


def asked(connection: Connection, stem: str, first: int = 18, last: int = 18) -> list[Any]:
    return connection.execute(
        (DIRECTORY / f"{stem}.sql").read_bytes(),
        {"source": SOURCE, "first_day": november(first), "last_day": november(last)},
    ).fetchall()


def test_what_came_and_what_went(warehouse: Connection) -> None:
    add_sweep(warehouse, 12, {9: 100})
    # a sweep failed on the 13th: what moved over two days is of no day
    add_sweep(warehouse, 14, {9: 80, 13: 30})
    add_sweep(warehouse, 15, {9: 75, 13: 28, 14: 20, 15: 4})
    add_sweep(warehouse, 15, {14: 7}, partner=True)
    # of the 15th three are gone, and the morning's sweep had seen four of them: six came
    add_sweep(warehouse, 16, {9: 70, 13: 28, 14: 18, 15: 10}, partner=False)
    add_sweep(warehouse, 16, {14: 7, 15: 1}, partner=True)
    assert asked(warehouse, "stock") == [
        (november(12), 100, 0, 200, None, None),
        (november(14), 110, 0, 220, None, None),
        # opened: 20 + 4 + 7; ended: 5 of the 9th, 2 of the 13th
        (november(15), 127, 7, 268, 31, 7),
        # opened: 10 - 4 + 1; ended: 5 of the 9th, 2 of the 14th
        (november(16), 126, 8, 268, 7, 7),
    ]


def test_the_window_begins_28_days_before_the_period(warehouse: Connection) -> None:
    for day in (-12, -11, -10, 18, 19):
        add_sweep(warehouse, day, {-13: 50})
    # 28 days before the 18th is 21 October; the sweep before it tells what moved
    assert [(row[0], row[4], row[5]) for row in asked(warehouse, "stock")] == [
        (november(-10), 0, 0),
        (november(18), None, None),
    ]


def test_lives(warehouse: Connection) -> None:
    """Of 100 offers a tenth, a third of the rest, and half of the rest end at the ages 1, 2 and 3."""
    for day in range(1, 19):
        held = {day - 1: 100, day - 2: 90, day - 3: 60, day - 4: 30, day: 1000}
        add_sweep(warehouse, day, {created: n for created, n in held.items() if created >= 0})
    found = asked(warehouse, "stock_lives")
    assert [row[0] for row in found] == ["", "france_travail"]
    (_, ended, median, low, high, share_7, share_30) = found[0]
    # 17 pairs of days; of the last offers held at the age of 4 all have ended by the age of 5
    assert ended == 17 * 10 + 16 * 30 + 15 * 30 + 14 * 30
    # left after 2, 3, 4, 5 days: 0.9, 0.6, 0.3, 0
    assert (median, low, high) == (4, 4, 4)
    assert (share_7, share_30) == (None, None)


def test_a_median_that_is_not_reached(warehouse: Connection) -> None:
    for day in range(1, 19):
        add_sweep(warehouse, day, {1 - 1: 1000 - 10 * day})
    label, ended, median, *_, share_7, share_30 = asked(warehouse, "stock_lives")[0]
    assert (label, ended, median, share_30) == ("", 170, None, None)
    # 990 at the age of 1, 930 at the age of 7
    assert share_7 == pytest.approx(930 / 990)


def rows_of(held: dict[int, int]) -> list[tuple[Any, ...]]:
    """Return what sweeps held of each origin, by days back."""
    return [
        (DAY - timedelta(days=back), n, n, 2 * n, n, 5)
        for back, n in sorted(held.items(), reverse=True)
    ]


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ({0: 100}, "200 offres ouvertes au dernier inventaire certifié, mer. 18 nov."),
        ({0: 110, 7: 100}, ", mer. 18 nov. : +10,0 % par rapport à sept jours plus tôt."),
        ({1: 110, 8: 100}, ", mar. 17 nov. : +10,0 % par rapport à sept jours plus tôt."),
        (
            {0: 110, **dict.fromkeys(range(1, 5), 100)},
            " : +10,0 % par rapport à la moyenne des sept jours précédents.",
        ),
        (
            {0: 110, **dict.fromkeys(range(1, 7), 100), 7: 220},
            " : −50,0 % par rapport à sept jours plus tôt, −6,1 % par rapport à la moyenne des sept",
        ),
        ({0: 110, 6: 100, 3: 90}, "220 offres ouvertes au dernier inventaire certifié, mer. 18 nov."),
    ],
)  # fmt: skip
def test_the_last_sweep_beside_the_week_before(held: dict[int, int], said: str) -> None:
    told = answers(stock=BY_DAY.rows(rows_of(held)))
    table = STOCK.table(told)
    assert len(table.labels) == 29
    assert said in stock_finding(table).replace("\u202f", " ").replace("\u00a0", " ")


def test_nothing_is_said_without_sweeps() -> None:
    told = answers(stock=[], stock_lives=[])
    assert not any(one.builder.is_known(told) for one in (STOCK, STOCK_FLOWS, STOCK_LIVES))


def test_flows_of_a_day_are_those_of_its_week() -> None:
    told = answers(stock=BY_DAY.rows(rows_of({0: 30, 6: 20, 7: 20})))
    table = STOCK_FLOWS.table(told)
    assert table.codes == [DAY - timedelta(days=6), DAY]
    assert STOCK_FLOWS.text.finding(table) == (
        "50\u00a0offres sont entrées et 10 sont sorties (+40). "
        "Jours comptés : 12\u00a0novembre et 18\u00a0novembre."
    )


def test_no_life_of_few_offers() -> None:
    rows = [("", 49, 3, 3, 3, 0.2, None), ("partner", 50, 3, 2, 4, 0.2, None)]
    table = STOCK_LIVES.table(answers(stock_lives=LIVES.rows(rows)))
    assert table.labels == ["Sites partenaires"]
    assert STOCK_LIVES.text.finding(table) == (
        "La moitié des offres restent ouvertes 3\u00a0jours au plus (entre 2 et 4, à 95 %)."
    )
