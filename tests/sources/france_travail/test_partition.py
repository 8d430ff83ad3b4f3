from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobmarket.sources.france_travail.client.request import Request
from jobmarket.sources.france_travail.plan.partition import (
    Window,
    choose_cut,
    code_groups,
    halves,
    middle,
    page_starts,
    shards,
)

DAY = Window(0, 86_400, (("origineOffre", "2"),))


def test_a_window_asks_for_a_second_more_on_each_side() -> None:
    assert DAY.asked == (-1, 86_400)
    assert Window(86_400, 90_000, (("origineOffre", "1"),)).query == (
        "maxCreationDate=1970-01-02T01:00:00Z&minCreationDate=1970-01-01T23:59:59Z"
        "&origineOffre=1&sort=1"
    )


def test_a_request_has_its_parameters_sorted_and_its_commas_plain() -> None:
    query = DAY.narrowed("codeROME", "A1101,A1102").query
    assert Request(query, 150, 299).text == (
        "codeROME=A1101,A1102&maxCreationDate=1970-01-02T00:00:00Z"
        "&minCreationDate=1969-12-31T23:59:59Z&origineOffre=2&range=150-299&sort=1"
    )


def test_a_filter_takes_the_place_of_its_like() -> None:
    narrowed = DAY.narrowed("codeROME", "A1101,A1102").narrowed("codeROME", "A1101")
    assert narrowed.filters == (("origineOffre", "2"), ("codeROME", "A1101"))


@pytest.mark.parametrize(
    ("total", "starts"),
    [
        (0, [0]),
        (1, [0]),
        (150, [0]),
        (151, [0, 149]),
        (299, [0, 149]),
        (300, [0, 149, 298]),
        (3_130, [*range(0, 2_981, 149)]),
        (3_131, [*range(0, 2_981, 149), 3_000]),
        (3_150, [*range(0, 2_981, 149), 3_000]),
        (9_000, [*range(0, 2_981, 149), 3_000]),  # as far as a query reaches
    ],
)
def test_pages(total: int, starts: list[int]) -> None:
    assert list(page_starts(total)) == starts


@pytest.mark.parametrize(
    ("start", "end", "seconds", "cut"),
    [
        # one offer a second: as low as leaves room, 110 offers into the page
        (0, 86_400, list(range(50_000, 49_850, -1)), 49_892),
        # a burst at the end of the page stays whole in the part below
        (0, 86_400, [*range(50_100, 50_050, -1), *[40_000] * 100], 40_002),
        # all of the page in one second: that second goes below
        (0, 86_400, [40_000] * 150, 40_002),
        # nothing newer in the window: the burst gets a core of its own
        (0, 40_002, [40_000] * 150, 39_999),
        (39_999, 40_002, [40_000] * 150, None),
        # an order that helps not: the middle
        (0, 86_400, [], 43_200),
        (0, 86_400, [90_000, -5], 43_200),
        (0, 3, [1, 2], None),
    ],
)
def test_the_choice_of_a_cut(start: int, end: int, seconds: list[int], cut: int | None) -> None:
    assert choose_cut(Window(start, end, ()), seconds) == cut


@given(
    start=st.integers(-7_200, 1_000),
    length=st.integers(1, 5_000),
    seconds=st.lists(st.integers(-8_000, 7_000), max_size=150),
)
def test_a_cut_lies_inside_and_the_parts_tile(start: int, length: int, seconds: list[int]) -> None:
    window = Window(start, start + length, ())
    for at in (choose_cut(window, seconds), middle(window)):
        assert (at is None) == (length <= 3)
        if at is not None:
            above, below = window.cut(at)
            assert (below.start, below.end, above.start, above.end) == (
                start,
                at,
                at,
                start + length,
            )
            assert below.end > below.start
            assert above.end > above.start


@given(
    burst=st.integers(100, 5_000),
    size=st.integers(10, 140),
    others=st.lists(st.integers(0, 5_200), unique=True, min_size=10, max_size=40),
)
def test_a_burst_is_asked_for_by_one_part_only(burst: int, size: int, others: list[int]) -> None:
    window = Window(0, 5_300, ())
    seconds = sorted([burst] * size + others, reverse=True)
    at = choose_cut(window, seconds)
    assert at is not None
    above, below = window.cut(at)
    asked_by = [part for part in (above, below) if part.asked[0] <= burst <= part.asked[1]]
    # only a page whose every second is busy may have a burst in both
    if min(Counter(seconds).values()) == 1:
        assert len(asked_by) == 1


def test_a_cut_outside_the_core_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be at 86400"):
        DAY.cut(86_400)


def test_groups_of_codes() -> None:
    codes = [f"A{number:04d}" for number in range(401)]
    groups = code_groups(codes)
    assert [len(group.split(",")) for group in groups] == [200, 200, 1]
    assert ",".join(groups).split(",") == codes
    assert code_groups([]) == []
    assert halves("A,B,C") == ["A", "B,C"]
    assert halves("A") == halves("") == []


@pytest.mark.parametrize(
    ("end", "seconds", "starts"),
    [
        (100, [], [0]),
        (100, [10, 20, 30, 40, 50], [0, 30, 50]),  # two offers or fewer in each
        (100, [50] * 9, [0, 50]),  # one second is not cut
        (100, [1, 2, 3], [0]),  # too near to the start
        (6, [2, 4, 5], [0]),
    ],
)
def test_shards_hold_a_few_offers_each(end: int, seconds: list[int], starts: list[int]) -> None:
    window = Window(0, end, (("origineOffre", "2"),))
    found = shards(window, seconds, 2)
    assert [part.start for part in found] == starts
    assert [part.end for part in found] == [*starts[1:], end]
    assert {part.filters for part in found} == {window.filters}
