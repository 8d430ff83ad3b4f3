"""Offers that are closed without an answer: how far the stated bound holds when sweeps miss live ones."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobmarket.foundation.checks import STOCK_DIRECTORY, run_checks
from jobmarket.foundation.paths import DDL
from jobmarket.foundation.warehouse.migrations import apply_ddl
from jobmarket.offers.life import sweep as sweep_module
from jobmarket.offers.life.absence import Absent
from jobmarket.offers.life.conclusion import false_closure_bound, most_alive
from jobmarket.offers.life.sweep import ASKED, all_absent, drawn, held

from tests.offers.test_sweep import conclude, query, sweep
from tests.support.stock import offer

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY = date(2026, 11, 5)
Connection = psycopg.Connection[Any]


@pytest.fixture
def warehouse(postgres_dsn: str) -> Iterator[Connection]:
    with psycopg.connect(postgres_dsn) as connection:
        apply_ddl(connection, DDL)
        yield connection


def chance_that_all_escape(alive: int, drawn_count: int, others: int) -> Fraction:
    """Return the exact chance that none of the alive ones is among those drawn without replacement."""
    chance = Fraction(1)
    for taken in range(alive):
        chance *= Fraction(max(0, others - taken), drawn_count + others - taken)
    return chance


@given(drawn_count=st.integers(1, 1500), others=st.integers(0, 3000))
def test_the_bound_is_the_greatest_number_that_may_escape(drawn_count: int, others: int) -> None:
    most = most_alive(drawn_count, others)
    assert 0 <= most <= others
    assert chance_that_all_escape(most, drawn_count, others) >= Fraction(1, 20) * Fraction(0.99999)
    assert chance_that_all_escape(most + 1, drawn_count, others) < Fraction(1, 20)


@pytest.mark.parametrize(
    ("proved", "unproved", "unanswered", "bound"),
    [
        (1000, 37_000, 0, 112 / 37_000),
        (1000, 740_000, 0, 2_215 / 740_000),
        # where most are asked, the share of those that are not is worse than that of all
        (1000, 100, 0, 1 / 100),
        (1000, 10, 0, 0.0),
        (10, 0, 0, 0.0),
        (0, 10, 0, None),
        (0, 0, 0, 0.0),
        (1, 1, 0, 1.0),
        (3, 17, 0, 11 / 17),
        (998, 37_002, 2, 114 / 37_002),
        (0, 3, 3, None),
    ],
)
def test_the_bound_on_false_closures(
    proved: int, unproved: int, unanswered: int, bound: float | None
) -> None:
    told = false_closure_bound(proved, unproved, unanswered)
    assert told == (None if bound is None else pytest.approx(bound, abs=1e-9))


def absent(due: int, rest: int) -> list[Absent]:
    """Return absences, those that are due among the others."""
    return sorted(Absent(f"{n * 7919 % 1_000_003:07d}", n < due) for n in range(due + rest))


@pytest.mark.parametrize(
    ("share", "days_all_asked"), [(0.001, (235, 300)), (0.01, (400, 400)), (0.3, (400, 400))]
)
def test_the_bound_holds_whatever_part_of_the_absences_is_alive(
    share: float, days_all_asked: tuple[int, int]
) -> None:
    absences = absent(due=5_000, rest=1_000)
    due = [one.offer_id for one in absences if one.is_due]
    all_asked = broken = 0
    for n in range(400):
        alive = set(Random(n).sample(due, round(share * len(due))))
        asked = set(drawn(absences, DAY + timedelta(days=n)))
        assert len(asked) == ASKED
        if alive & asked:
            all_asked += 1  # and what is alive is closed by nobody
            continue
        unproved = len(due) - len(asked)
        bound = false_closure_bound(len(asked), unproved)
        assert bound is not None
        broken += len(alive) / unproved > bound
    low, high = days_all_asked
    assert low <= all_asked <= high
    assert broken == 0


def test_the_bound_is_broken_no_more_often_than_it_says() -> None:
    """The worst case: one more is alive than the bound allows. It may be missed on 5 % of days."""
    absences = absent(due=4_000, rest=0)
    due = [one.offer_id for one in absences]
    worst = most_alive(ASKED, len(due) - ASKED) + 1
    missed = 0
    for n in range(800):
        alive = set(Random(n).sample(due, worst))
        missed += alive.isdisjoint(drawn(absences, DAY + timedelta(days=n)))
    assert 22 <= missed <= 58  # 5 % of 800 but for the lots


def test_the_lot_is_cast_by_the_day_among_those_that_are_due_first() -> None:
    absences = absent(due=3_000, rest=500)
    one = drawn(absences, DAY)
    assert one == drawn(absences, DAY) != drawn(absences, DAY + timedelta(days=1))
    assert len(set(one)) == ASKED
    due = {item.offer_id for item in absences if item.is_due}
    assert due.issuperset(one)
    few = absent(due=300, rest=5_000)
    asked = set(drawn(few, DAY))
    assert len(asked) == ASKED
    assert asked > {item.offer_id for item in few if item.is_due}
    assert drawn(absences[:7], DAY) == [item.offer_id for item in absences[:7]]


def missed_twice(connection: Connection, count: int) -> list[str]:
    """Sweep three times; return the offers that the second and the third miss."""
    stock = [offer(f"{n:04d}") for n in range(count + 5)]
    sweep(connection, 3, stock)
    sweep(connection, 4, stock[:5])
    sweep(connection, 5, stock[:5])
    found = all_absent(connection, "france_travail", DAY)
    assert all(one.is_due for one in found)
    return [one.offer_id for one in found]


def test_the_receipt_says_what_was_closed_without_an_answer(
    warehouse: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep_module, "ASKED", 20)
    ids = missed_twice(warehouse, 120)
    asked = drawn(all_absent(warehouse, "france_travail", DAY), DAY)
    told = conclude(warehouse, 5, gone=asked[1:], unanswered_ids=asked[:1])
    assert (told.closed, told.gone, told.unproved, told.unanswered) == (len(ids), 19, 101, 1)
    expected = (most_alive(19, 100) + 1) / 101
    assert told.false_closure_bound == pytest.approx(expected)
    assert "of 101 closed without an answer at most" in told.sentence
    assert told.sentence.endswith("are alive, 1 of them asked for in vain.")
    receipt = "unproved_count, unanswered_count, false_closure_bound"
    standing = f"select {receipt} from control.sweep where day = %s"  # noqa: S608
    before = query(warehouse, standing, DAY)
    # the same again says the same, though nothing is left to be closed
    again = conclude(warehouse, 5, gone=asked[1:], unanswered_ids=asked[:1])
    assert (again.closed, again.unproved, again.false_closure_bound) == (
        0,
        101,
        told.false_closure_bound,
    )
    assert query(warehouse, standing, DAY) == before == [(101, 1, pytest.approx(expected))]


def test_one_alive_of_the_sample_leaves_what_nobody_asked_for_open(warehouse: Connection) -> None:
    ids = missed_twice(warehouse, 12)
    told = conclude(warehouse, 5, alive=ids[:1], gone=ids[1:4], unanswered_ids=ids[4:5])
    assert (told.closed, told.must_ask_all, told.unproved, told.false_closure_bound) == (
        3,
        True,
        0,
        0.0,
    )
    closed = query(warehouse, "select offer_id from core.offer_absence where is_closed order by 1")
    assert [one for (one,) in closed] == ids[1:4]


def test_what_nobody_asked_for_is_a_doubt_that_warns(warehouse: Connection) -> None:
    missed_twice(warehouse, 320)
    told = conclude(warehouse, 5, allow_wave=True)
    assert (told.closed, told.unproved, told.false_closure_bound) == (320, 320, None)
    assert "320 were closed without an answer, of whose like none was asked for" in told.sentence
    verdicts = checked(warehouse)
    assert verdicts["false_closure_share"] == "warned"
    assert verdicts["closed_and_back_share"] == "skipped"  # nothing was closed the day before


def test_what_was_closed_and_is_back_with_the_next_sweep_warns(warehouse: Connection) -> None:
    ids = missed_twice(warehouse, 320)
    conclude(warehouse, 5, gone=ids, allow_wave=True)
    sweep(warehouse, 6, [offer(f"{n:04d}") for n in range(5)] + [offer(one) for one in ids[:4]])
    conclude(warehouse, 6)
    back = {"closed_and_back_share": "warned"}
    assert checked(warehouse, 6).items() >= back.items()
    assert query(
        warehouse, "select is_closed, is_end from core.offer_absence where offer_id = %s", ids[0]
    ) == [(True, False)]


def checked(connection: Connection, day: int = 5) -> dict[str, str]:
    found = run_checks(
        connection,
        source="france_travail",
        day=date(2026, 11, day),
        run_id=f"s{day}",
        directory=STOCK_DIRECTORY,
    )
    connection.rollback()
    return {one.name: one.verdict for one in found}


def test_offers_that_a_sweep_holds_are_known_by_their_absence_of_absences(
    warehouse: Connection,
) -> None:
    stock = [offer(f"{n:04d}", day=f"2026-11-{n % 2 + 1:02d}") for n in range(60)]
    sweep(warehouse, 3, stock)
    sweep(warehouse, 4, stock[:50])
    found = held(warehouse, "france_travail", date(2026, 11, 4))
    assert found == [f"{n:04d}" for n in range(1, 41, 2)]
    assert held(warehouse, "france_travail", date(2026, 11, 7)) == []
