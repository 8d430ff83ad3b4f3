from __future__ import annotations

import csv
import io
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobmarket.report.tables import (
    SMALL,
    SMALL_GROUP,
    Change,
    Euros,
    Excess,
    Rate,
    Small,
    Table,
    csv_bytes,
    masked,
    multiple,
    ordered,
    ranked,
    shown,
)


def frame(groups: dict[str | None, int]) -> pd.DataFrame:
    return pd.DataFrame(list(groups.items()), columns=["label", "offers"], dtype=object)


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
    assert rows(ranked(frame(groups), top=3, other="Rest", missing="None")) == expected


def test_ranked_leaves_out_offers_without_the_attribute_if_told_so() -> None:
    table = ranked(frame({"A": 9, None: 6}), other="Rest", missing=None)
    assert rows(table) == [("A", 9, "group")]
    assert table.series["share"] == [1.0]


def test_ranked_adds_up_equal_labels_and_takes_nan_for_null() -> None:
    table = pd.DataFrame({"label": ["A", float("nan"), "A"], "offers": [5, 6, 7]}, dtype=object)
    assert rows(ranked(table, missing="None")) == [("A", 12, "group"), ("None", 6, "missing")]


def test_shares_are_of_everything_shown() -> None:
    table = ranked(frame({"A": 60, "B": 30, None: 10}), missing="None", say=str.lower)
    assert table.labels == ["a", "b", "None"]
    assert table.series["share"] == [0.6, 0.3, 0.1]


_groups = st.dictionaries(st.none() | st.text(max_size=3), st.integers(0, 40), max_size=20)


@given(groups=_groups, top=st.integers(1, 12))
def test_no_small_group_is_shown_or_can_be_derived(groups: dict[str | None, int], top: int) -> None:
    table = ranked(frame(groups), top=top, other="Rest", missing="None")
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
    table = ordered(
        pd.DataFrame({"label": range(4), "offers": [3, 50, 0, 20]}, dtype=object), is_whole=True
    )
    assert table.series["offers"] == [SMALL, 50, 0, SMALL]


def test_groups_that_share_offers_have_a_part_of_all() -> None:
    table = multiple(frame({"a": 30, "b": 4, None: 50, "c": 40}), top=5, total=80)
    assert (table.labels, table.series) == (
        ["c", "a"],
        {"offers": [40, 30], "share": [0.5, 0.375]},
    )


def test_others_that_are_not_named_are_folded() -> None:
    assert rows(ranked(frame({"A": 9, "": 50}), other="Rest")) == [
        ("A", 9, "group"),
        ("Rest", 50, "other"),
    ]


@pytest.mark.parametrize(
    ("value", "cell"),
    [(0, 0), (1, SMALL), (4, SMALL), (5, 5), (40_000, 40_000), (None, None), (float("nan"), None)],
)
def test_ordered_masks_what_is_too_small(value: float | None, cell: object) -> None:
    table = ordered(
        pd.DataFrame({"label": [7], "offers": [value]}, dtype=object), say="{} h".format
    )
    assert (table.labels, table.series, table.kinds) == (["7 h"], {"offers": [cell]}, ["group"])


def test_a_figure_draws_nothing_for_what_is_masked_or_unknown() -> None:
    table = Table(["a"] * 3, {"one": [SMALL, None, 7], "two": [1, 2, 3]}, ["group"] * 3)
    assert [shown(cell) for cell in table.series["one"]] == [0, 0, 7]
    assert table.total("one", "two") == 13


def test_csv_opens_in_a_french_spreadsheet() -> None:
    table = Table(
        ["Île", "a;b", 'say "x"'],
        {"offers": [12345, SMALL, None], "share": [0.5, 1 / 3, 0.0]},
        ["group"] * 3,
    )
    assert csv_bytes(["Lieu", "Offres", "Part"], table).decode("utf-8-sig") == (
        'Lieu;Offres;Part\r\nÎle;12345;0,500000\r\n"a;b";<5;0,333333\r\n"say ""x""";;0,000000\r\n'
    )
    assert csv_bytes(["Lieu", "Offres", "Part"], table).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    ("label", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+33", "'+33"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\t1", "'\t1"),
        ("\r=1+1", "'\r=1+1"),
        ("\n=1+1", "'\n=1+1"),
        ("\r\n@SUM(A1)", "'\r\n@SUM(A1)"),
        (" =1+1", "' =1+1"),
        ("   +1", "'   +1"),
        ("\N{NO-BREAK SPACE}=1", "'\N{NO-BREAK SPACE}=1"),
        ("\N{ZERO WIDTH SPACE}=1", "'\N{ZERO WIDTH SPACE}=1"),
        ("\ufeff=1", "'\ufeff=1"),
        ('"=1+1', "'\"=1+1"),
        ("'=1+1", "''=1+1"),
        (" '\"-1", "' '\"-1"),
        ("«=1", "'«=1"),
        ("’=1", "'’=1"),
        ("＝1+1", "'＝1+1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠SUM(A1)", "'＠SUM(A1)"),
        ("−1", "'−1"),
        ("﹦1", "'﹦1"),
        ("|calc", "'|calc"),
        ("\x00=1", "'\x00=1"),
        ("Saint-Étienne", "Saint-Étienne"),
        ("C++", "C++"),
        ("'Le Port'", "'Le Port'"),
        (" Lyon", " Lyon"),
        ("75 - Paris", "75 - Paris"),
        ("", ""),
    ],
)
def test_csv_runs_no_formula_from_an_offer(label: str, written: str) -> None:
    text = csv_bytes(["Lieu", "Offres"], Table([label], {"offers": [9]}, ["group"])).decode(
        "utf-8-sig"
    )
    assert list(csv.reader(io.StringIO(text), delimiter=";"))[1] == [written, "9"]


def test_csv_knows_every_kind_of_number() -> None:
    table = Table(
        ["A"],
        {"a": [Change(-0.031)], "b": [Excess(85)], "c": [Euros(31_200)], "d": [Rate(12.34)]},
        ["group"],
    )
    text = csv_bytes(["L", "a", "b", "c", "d"], table).decode("utf-8-sig")
    assert text.splitlines()[1] == "A;-0,031000;85;31200;12,340000"
