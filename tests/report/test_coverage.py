from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobmarket.report.coverage import Difference, Side, difference

USUAL = Side(own=10_000, partners=30_000, feeds={"A": 20_000, "B": 9_000, "C": 1_000, "tiny": 10})


def side(**changes: Any) -> Side:
    return USUAL._replace(**changes)


def feeds(**changes: float) -> dict[str, float]:
    return {
        name: offers for name, offers in {**USUAL.feeds, **changes}.items() if offers is not None
    }


@pytest.mark.parametrize(
    ("now", "diagnosis", "parts"),
    [
        # own, partners, absent, new, unread
        (USUAL, "unchanged", (0, 0, 0, 0, 0)),
        (side(own=10_100), "unchanged", (100, 0, 0, 0, 0)),
        (side(own=12_000), "market", (2_000, 0, 0, 0, 0)),
        (
            side(partners=33_000, feeds=feeds(A=23_000)),
            "market",
            (0, 3_000, 0, 0, 0),
        ),
        # a feed delivers nothing, or next to nothing
        (side(partners=21_000, feeds=feeds(B=0)), "coverage", (0, 0, -9_000, 0, 0)),
        (side(partners=21_100, feeds=feeds(B=100)), "coverage", (0, 0, -8_900, 0, 0)),
        # half of it is no absence: nobody knows whether it is the market
        (side(partners=25_500, feeds=feeds(B=4_500)), "market", (0, -4_500, 0, 0, 0)),
        # a new feed
        (side(partners=35_000, feeds=feeds(D=5_000)), "coverage", (0, 0, 0, 5_000, 0)),
        # both
        (side(own=13_000, partners=21_000, feeds=feeds(B=0)), "both", (3_000, 0, -9_000, 0, 0)),
        # they cancel out, and yet both moved
        (side(own=19_000, partners=21_000, feeds=feeds(B=0)), "both", (9_000, 0, -9_000, 0, 0)),
        # what is a tenth of the other is no second cause
        (
            side(own=10_000, partners=40_000, feeds=feeds(A=30_900, C=0)),
            "market",
            (0, 11_000, -1_000, 0, 0),
        ),
        # announced and not read
        (side(partners=27_000, gap=3_000), "coverage", (0, 0, 0, 0, -3_000)),
        # a feed too small to be missed
        (side(feeds=feeds(tiny=0)), "unchanged", (0, 0, 0, 0, 0)),
        # without proof nobody knows
        (side(own=12_000, is_proved=False), "unknown", (2_000, 0, 0, 0, 0)),
    ],
)
def test_difference(now: Side, diagnosis: str, parts: tuple[int, ...]) -> None:
    found = difference(now, USUAL)
    assert (found.own, found.partners, found.absent, found.new, found.unread) == parts
    assert found.diagnosis == diagnosis


def test_the_feeds_are_named_the_largest_first() -> None:
    now = side(partners=10_000, feeds={"D": 30, "E": 9_970})
    found = difference(now, USUAL)
    assert found.absent_feeds == ["A", "B", "C"]
    assert found.new_feeds == ["E", "D"]
    assert found.change == -0.5
    assert (found.before, found.total) == (40_000, -20_000)


def test_nothing_before_has_no_change_in_percent() -> None:
    assert difference(USUAL, Side(0, 0, {})).change is None


_amounts = st.integers(0, 50_000)
_sides = st.builds(
    Side,
    own=_amounts,
    partners=_amounts,
    feeds=st.dictionaries(st.sampled_from("ABCDE"), _amounts),
    gap=st.integers(0, 500),
)


@given(now=_sides, before=_sides)
def test_the_parts_add_up(now: Side, before: Side) -> None:
    found = difference(now, before)
    assert found.own + found.partners + found.coverage == pytest.approx(found.total)
    assert found.market + found.coverage == pytest.approx(found.total)


@given(now=_sides, before=_sides)
def test_the_other_way_round_is_the_opposite(now: Side, before: Side) -> None:
    def parts(found: Difference) -> tuple[float, ...]:
        return found.total, found.own, found.partners, found.absent, found.new, found.unread

    there, back = difference(now, before), difference(before, now)
    total, own, partners, absent, new, unread = parts(there)
    assert parts(back) == (-total, -own, -partners, -new, -absent, -unread)
    assert there.diagnosis == back.diagnosis


@pytest.mark.parametrize(
    ("now", "margin", "diagnosis"),
    [
        (side(own=12_000), 2_500, "unchanged"),
        (side(own=12_000), 1_500, "market"),
        # a feed that is gone is gone, however much the days vary
        (side(partners=29_000, feeds=feeds(C=0)), 2_500, "coverage"),
    ],
)
def test_a_movement_is_more_than_days_vary_by(now: Side, margin: float, diagnosis: str) -> None:
    assert difference(now, USUAL, margin).diagnosis == diagnosis


@pytest.mark.parametrize(
    ("c_today", "c_yesterday", "late", "diagnosis"),
    [
        (10_000, 0, 5_000, "coverage"),  # all of what it owed, on top of a usual day
        (9_000, 100, 4_000, "coverage"),
        (12_000, 0, 5_000, "both"),  # no more than it owed: the rest is the market
        (6_000, 0, 0, "market"),  # a good day after a bad one
        (10_000, 5_000, 0, "market"),  # nothing was missing yesterday
        (5_000, 0, 0, "unchanged"),
    ],
)
def test_a_feed_that_makes_up_for_yesterday_is_coverage(
    c_today: int, c_yesterday: int, late: int, diagnosis: str
) -> None:
    usual = feeds(C=5_000)
    more = c_today - 5_000
    now = side(partners=USUAL.partners + more, feeds={**usual, "C": c_today})
    found = difference(now, USUAL._replace(feeds=usual), 0, {**usual, "C": c_yesterday})
    assert (found.late, found.partners) == (late, more - late)
    assert found.late_feeds == (["C"] if late else [])
    assert found.diagnosis == diagnosis
    assert found.own + found.partners + found.coverage == pytest.approx(found.total)
