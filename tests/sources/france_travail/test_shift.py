from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobmarket.sources.france_travail.plan.shift import FilterShift


@pytest.mark.parametrize(
    ("answers", "seconds", "bounds"),
    [
        ([], 0, (0, 0)),
        ([((0, 100), [])], 0, (0, 0)),
        ([((0, 100), [0, 50, 100])], 0, (0, 0)),
        ([((0, 100), [-1, 101])], 0, (0, 0)),  # a second of tolerance
        ([((0, 100), [3_610, 3_690])], 3_600, (3_600, 3_600)),
        ([((0, 100), [-3_599, -3_501])], -3_600, (-3_600, -3_600)),
        ([((0, 100), [180, 190])], 90, (90, 180)),  # no quarter of an hour explains it
        # no single shift: the change to winter time inside the day
        ([((0, 100), [3_600, 3_700]), ((5_000, 5_100), [12_200, 12_300])], 3_600, (3_600, 7_200)),
        ([((0, 100), [-5_000, 5_000])], 0, (-5_000, 4_900)),
    ],
)
def test_shift(
    answers: list[tuple[tuple[int, int], list[int]]], seconds: int, bounds: tuple[int, int]
) -> None:
    shift = FilterShift()
    for asked, created in answers:
        shift.measure(asked, created)
    assert (shift.seconds, shift.bounds) == (seconds, bounds)


@given(
    quarters=st.integers(-56, 56),
    windows=st.lists(
        st.tuples(st.integers(0, 86_400), st.integers(2, 800), st.integers(0, 799)), min_size=1
    ),
)
def test_the_true_shift_of_a_clock_is_found(
    quarters: int, windows: list[tuple[int, int, int]]
) -> None:
    true = 900 * quarters
    shift = FilterShift()
    for start, length, offset in windows:
        created = start + offset % (length + 1) + true
        shift.measure((start, start + length), [created])
    # windows shorter than a quarter of an hour leave but one multiple of it, or show no need of one
    assert shift.seconds in (true, 0) if abs(quarters) <= 1 else shift.seconds == true
