from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobmarket.report.tables import (
    SMALL,
    SMALL_GROUP,
    Small,
    Table,
    masked,
    multiple,
    ordered,
    ranked,
    shown,
)


def rows(table: Table) -> list[tuple[str, Any, str]]:
    return list(zip(table.labels, table.series["offers"], table.kinds, strict=True))


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ({}, []),
        ({"A": 4}, []),  # the whole is too small
        ({"A": 5}, [("A", 5, "group")]),
        ({"A": 5, "B": 9}, [("B", 9, "group"), ("A", 5, "group")]),
        # equal groups stand in the order of their names, whatever the query's order
        ({"B": 7, "A": 7}, [("A", 7, "group"), ("B", 7, "group")]),
        # beyond the top three
        (
            {"A": 9, "B": 8, "C": 7, "D": 6, "E": 5},
            [("A", 9, "group"), ("B", 8, "group"), ("C", 7, "group"), ("Rest", 11, "other")],
        ),
        # small groups fold together
        ({"A": 9, "B": 4, "C": 3}, [("A", 9, "group"), ("Rest", 7, "other")]),
        # a single small group would be read off the total: it takes the next one with it
        ({"A": 9, "B": 6, "C": 1}, [("A", 9, "group"), ("Rest", 7, "other")]),
        ({"A": 9, "B": 1}, [("Rest", 10, "other")]),
        # offers without the attribute
        ({"A": 9, None: 6}, [("A", 9, "group"), ("None", 6, "missing")]),
        ({"A": 9, "B": 4, None: 4}, [("A", 9, "group"), ("Rest", 8, "other")]),
        ({"A": 9, None: 1}, [("Rest", 10, "other")]),
        ({None: 7}, [("None", 7, "missing")]),
        ({"A": 1, None: 7}, [("Rest", 8, "other")]),
        ({None: 4}, []),
    ],
)
def test_ranked(groups: dict[str | None, int], expected: list[tuple[str, int, str]]) -> None:
    assert rows(ranked(groups.items(), top=3, other="Rest", missing="None")) == expected


def test_ranked_leaves_out_offers_without_the_attribute_if_told_so() -> None:
    table = ranked({"A": 9, None: 6}.items(), other="Rest", missing=None)
    assert rows(table) == [("A", 9, "group")]
    assert table.series["share"] == [1.0]


def test_ranked_adds_up_equal_labels() -> None:
    assert rows(ranked([("A", 5), (None, 6), ("A", 7)], missing="None")) == [
        ("A", 12, "group"),
        ("None", 6, "missing"),
    ]


def test_shares_are_of_everything_shown() -> None:
    table = ranked({"A": 60, "B": 30, None: 10}.items(), missing="None", say=str.lower)
    assert table.labels == ["a", "b", "None"]
    assert table.series["share"] == [0.6, 0.3, 0.1]


_groups = st.dictionaries(st.none() | st.text(max_size=3), st.integers(0, 40), max_size=20)


@given(groups=_groups, top=st.integers(1, 12))
def test_no_small_group_is_shown_or_can_be_derived(groups: dict[str | None, int], top: int) -> None:
    table = ranked(groups.items(), top=top, other="Rest", missing="None")
    counts = [shown(cell) for cell in table.series["offers"]]
    assert all(count >= SMALL_GROUP for count in counts)
    assert table.kinds.count("group") <= top
    # everything is in the table, or the whole is too small for one
    hidden = sum(groups.values()) - sum(counts)
    assert hidden == 0 or (not counts and hidden < SMALL_GROUP)


@given(counts=st.dictionaries(st.text(max_size=3), st.integers(0, 40), max_size=12))
def test_what_is_masked_cannot_be_read_off_the_total(counts: dict[str, int]) -> None:
    cells = masked(counts)
    assert set(cells) == set(counts)
    hidden = [counts[name] for name, cell in cells.items() if isinstance(cell, Small)]
    assert all(
        cell == counts[name] and not 0 < counts[name] < SMALL_GROUP
        for name, cell in cells.items()
        if not isinstance(cell, Small)
    )
    is_all = len(hidden) == sum(offers > 0 for offers in counts.values())
    assert not hidden or sum(hidden) >= SMALL_GROUP or is_all


def test_a_single_small_hour_takes_the_next_one_with_it() -> None:
    table = ordered(range(4), {"offers": [3, 50, 0, 20]}, is_whole=True)
    assert table.series["offers"] == [SMALL, 50, 0, SMALL]


def test_groups_that_share_offers_have_a_part_of_all() -> None:
    table = multiple({"a": 30, "b": 4, None: 50, "c": 40}.items(), top=5, total=80)
    assert (table.labels, table.series) == (
        ["c", "a"],
        {"offers": [40, 30], "share": [0.5, 0.375]},
    )


def test_others_that_are_not_named_are_folded() -> None:
    assert rows(ranked({"A": 9, "": 50}.items(), other="Rest")) == [
        ("A", 9, "group"),
        ("Rest", 50, "other"),
    ]


@pytest.mark.parametrize(
    ("value", "cell"),
    [(0, 0), (1, SMALL), (4, SMALL), (5, 5), (40_000, 40_000), (None, None)],
)
def test_ordered_masks_what_is_too_small(value: int | None, cell: object) -> None:
    table = ordered([7], {"offers": [value]}, say="{} h".format)
    assert (table.labels, table.series, table.kinds) == (["7 h"], {"offers": [cell]}, ["group"])


def test_a_figure_draws_nothing_for_what_is_masked_or_unknown() -> None:
    table = Table(["a"] * 3, {"one": [SMALL, None, 7], "two": [1, 2, 3]}, ["group"] * 3)
    assert [shown(cell) for cell in table.series["one"]] == [0, 0, 7]
    assert table.total("one", "two") == 13
