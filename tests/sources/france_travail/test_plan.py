from __future__ import annotations

import math
import random
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jobmarket.sources.france_travail.client.answer import CAP, day_start

from tests.support.search_model import ROME, Fact, SearchModel, read_day

if TYPE_CHECKING:
    from jobmarket.sources.france_travail.plan.day_plan import DayPlan

DAY = date(2026, 11, 18)
START = day_start(DAY)
NOON = 12 * 3600


def facts_at(seconds: list[int], prefix: str, origin: str = "2", **fixed: Any) -> list[Fact]:
    """Facts at these seconds of the day, their other attributes spread."""
    spread = random.Random(len(seconds))
    return [
        Fact(
            offer_id=f"{prefix}{number:05d}",
            at_ms=1000 * (START + second) + (number * 37 % 1000 if origin == "1" else 0),
            origin=origin,
            **(
                {
                    "rome": spread.choice(ROME),
                    "contract": spread.choice(["CDI", "CDD", "MIS"]),
                    "experience": spread.choice("01234"),
                    "department": spread.choice(["01", "59", "75"]),
                }
                | fixed
            ),
        )
        for number, second in enumerate(seconds)
    ]


def spread_day(offers: int, prefix: str, origin: str = "2") -> list[Fact]:
    spread = random.Random(offers)
    hours = [1, 1, 1, 1, 1, 2, 4, 8, 14, 18, 16, 14, 6, 5, 10, 12, 10, 8, 4, 3, 2, 1, 1, 1]
    seconds = [
        3600 * spread.choices(range(24), hours)[0] + spread.randrange(3600) for _ in range(offers)
    ]
    return facts_at(seconds, prefix, origin)


# an API that has no offer of any day does not answer, rather than have none
OTHER_DAYS = facts_at([86_400 * day + 3_600 for day in (-2, 2)], "other")


def ids_of(facts: list[Fact]) -> set[str]:
    start = 1000 * START
    return {fact.offer_id for fact in facts if start <= fact.at_ms < start + 86_400_000}


def ids_read(plan: DayPlan) -> set[str]:
    return set(plan.offers())


def require_complete(plan: DayPlan, facts: list[Fact]) -> None:
    assert plan.doubts() == []
    assert len(plan.collection.in_day) == len(ids_of(facts))
    assert ids_read(plan) >= ids_of(facts)


def test_clean_day_of_forty_thousand_costs_few_requests() -> None:
    facts = (
        spread_day(10_000, "f", "1")
        + spread_day(25_800, "p")
        + facts_at([2 * 3600 + 1885] * 2_400, "x")
        + facts_at([11 * 3600 + 1800] * 1_800, "y")
        + facts_at([-3600 + n for n in range(200)], "before")
        + facts_at([86_400 + 3 * n for n in range(300)], "after")
    )
    model = SearchModel(facts)
    plan = read_day(model, DAY)
    require_complete(plan, facts)
    assert len(plan.collection.in_day) == 40_000
    assert plan.collection.outside_day == 500
    assert len(model.asked) <= 1.15 * math.ceil(40_000 / 150) + 25
    assert not plan.replicas_disagree


@pytest.mark.parametrize("offers", [0, 1, 149, 150, 151, 3_000, 3_001, 3_150, 3_151, 6_400])
def test_day_of_any_size_is_proved(offers: int) -> None:
    facts = spread_day(offers, "p") + OTHER_DAYS
    plan = read_day(SearchModel(facts), DAY)
    require_complete(plan, facts)


@pytest.mark.parametrize("burst", [3_149, 3_150, 3_151, 4_000, 9_000])
def test_burst_in_one_second_is_divided_and_reconciled(burst: int) -> None:
    facts = spread_day(4_000, "p") + facts_at([NOON] * burst, "b")
    model = SearchModel(facts)
    plan = read_day(model, DAY)
    require_complete(plan, facts)
    over = [c for c in plan.certificates() if c.is_division and "origineOffre=2" in c.query]
    assert len(over) == (1 if burst > CAP.reach else 0)


def test_bursts_in_neighbouring_seconds_are_read_whole() -> None:
    facts = facts_at([NOON + n % 3 for n in range(12_000)], "b") + spread_day(500, "p")
    require_complete(read_day(SearchModel(facts), DAY), facts)


def test_offers_without_the_attribute_are_found_beside_the_division() -> None:
    facts = facts_at([NOON] * 4_000, "b") + facts_at([NOON] * 60, "n", rome=None)
    plan = read_day(SearchModel(facts), DAY)
    require_complete(plan, facts)


def test_single_code_over_the_cap_is_divided_further() -> None:
    facts = facts_at([NOON] * 7_000, "b", rome="K1104")
    require_complete(read_day(SearchModel(facts), DAY), facts)


def test_what_no_filter_reaches_is_a_named_gap() -> None:
    same = {"rome": "K1104", "contract": "CDI", "experience": "1", "department": "75"}
    facts = facts_at([NOON] * 6_500, "b", **same)
    plan = read_day(SearchModel(facts), DAY)
    gap = sum(c.gap for c in plan.certificates())
    assert len(plan.collection.in_day) + gap == 6_500
    assert gap == 6_500 - len(plan.collection.in_day) > 0
    assert any("2026-11-18T11:59" in doubt for doubt in plan.doubts())


@pytest.mark.parametrize("seed", range(6))
def test_replicas_out_of_step_lose_nothing(seed: int) -> None:
    facts = spread_day(2_500, "f", "1") + spread_day(6_000, "p") + facts_at([NOON] * 3_500, "b")
    lagging = frozenset(fact.offer_id for fact in random.Random(seed).sample(facts, 60))
    model = SearchModel(facts, lagging=lagging)
    plan = read_day(model, DAY, seed)
    assert plan.replicas_disagree
    require_complete(plan, facts)


@pytest.mark.parametrize("seed", range(3))
def test_offers_that_vanish_while_paging_leave_the_rest_proved(seed: int) -> None:
    facts = spread_day(5_000, "p") + spread_day(800, "f", "1")
    gone = frozenset(fact.offer_id for fact in facts[::250])
    model = SearchModel(facts, vanish=(12, gone))
    plan = read_day(model, DAY, seed)
    assert plan.doubts() == []
    assert ids_of(facts) - gone <= ids_read(plan) <= ids_of(facts)


def test_offers_that_appear_late_are_fetched() -> None:
    facts = spread_day(5_000, "p")
    late = facts_at([NOON + n for n in range(7)], "late")
    calm = SearchModel(facts)
    read_day(calm, DAY, at_once=1)
    # after the last page, before the totals of the whole are asked again
    model = SearchModel(facts, late=(len(calm.asked) - 14, late))
    plan = read_day(model, DAY, at_once=1)
    require_complete(plan, facts + late)


@pytest.mark.parametrize("shift_s", [3600, 7200, -3600, -7200])
def test_shifted_filter_is_measured_and_covered(shift_s: int) -> None:
    facts = (
        spread_day(3_000, "f", "1")
        + spread_day(9_000, "p")
        + facts_at([NOON] * 3_000, "b")
        + facts_at([-10_800 + 30 * n for n in range(600)], "around")
        + facts_at([86_400 + 30 * n for n in range(600)], "after")
    )
    model = SearchModel(facts, shift_ms=1000 * shift_s)
    plan = read_day(model, DAY)
    require_complete(plan, facts)
    assert plan.shift.seconds == shift_s


@pytest.mark.parametrize("offers", [60, 1_200, 9_000])
@pytest.mark.parametrize("shift_h", [3, 10, 24, -5, -24])
def test_shift_beyond_the_overlap_is_followed(shift_h: int, offers: int) -> None:
    facts = spread_day(offers, "p") + facts_at([86_400 + 60 * n for n in range(20)], "after")
    plan = read_day(SearchModel(facts, shift_ms=3_600_000 * shift_h), DAY)
    require_complete(plan, facts)
    assert plan.shift.seconds == 3_600 * shift_h


def test_exclusive_bounds_lose_nothing() -> None:
    facts = facts_at([n * 9 % 86_400 for n in range(9_600)], "p") + facts_at([0, 86_399], "edge")
    require_complete(read_day(SearchModel(facts, is_exclusive=True), DAY), facts)


def test_order_is_only_a_hint() -> None:
    facts = spread_day(8_000, "p") + facts_at([NOON] * 3_300, "b")
    model = SearchModel(facts, is_shuffled=True)
    require_complete(read_day(model, DAY), facts)


def test_an_offer_is_read_once_but_at_the_cuts() -> None:
    facts = spread_day(12_000, "p") + facts_at([NOON] * 2_900, "b")
    model = SearchModel(facts)
    plan = read_day(model, DAY)
    pages = Counter(text for text in model.asked if "range=0-0" not in text)
    assert max(pages.values()) == 1
    # one page a cut to see where it falls
    assert plan.collection.offers_read - len(facts) < 8 * 160


@pytest.mark.parametrize("is_exclusive", [False, True])
@pytest.mark.parametrize("has_replicas", [False, True])
@pytest.mark.parametrize(
    "seconds",
    [[-1], [86_400], [-1, 86_400], [-1] * 400, [86_400] * 4_000, [-2, -1, 86_400, 86_401]],
    ids=["before", "after", "both", "a-page-before", "more-than-a-query-after", "four"],
)
def test_empty_day_beside_offers_of_its_neighbours(
    seconds: list[int], has_replicas: bool, is_exclusive: bool
) -> None:
    """A query asks a second too far on each side: what it gives there are no offers of the day."""
    facts = facts_at(seconds, "p")
    lagging = frozenset(fact.offer_id for fact in facts[::197]) if has_replicas else None
    facts += OTHER_DAYS
    model = SearchModel(facts, is_exclusive=is_exclusive, lagging=lagging)
    require_complete(read_day(model, DAY), facts)


@settings(max_examples=60, deadline=None)
@given(
    bursts=st.lists(
        st.tuples(
            st.sampled_from([-7_200, -2, -1, 0, 1, 86_398, 86_399, 86_400, 86_401, 93_599]),
            st.sampled_from([1, 2, 149, 150, 151, 400]),
        ),
        max_size=3,
    ),
    is_exclusive=st.booleans(),
    lagging_step=st.sampled_from([None, 3, 50]),
    seed=st.integers(0, 1_000),
)
def test_offers_at_the_ends_of_a_day_are_counted_to_the_right_one(
    bursts: list[tuple[int, int]], is_exclusive: bool, lagging_step: int | None, seed: int
) -> None:
    facts = facts_at([second for second, count in bursts for _ in range(count)], "p")
    lagging = frozenset(fact.offer_id for fact in facts[::lagging_step]) if lagging_step else None
    facts += OTHER_DAYS
    model = SearchModel(facts, is_exclusive=is_exclusive, lagging=lagging)
    plan = read_day(model, DAY, seed)
    of_day = ids_of(facts)
    if plan.doubts() and of_day and of_day <= (lagging or set()):
        return  # a day whose every offer a replica lacks may look empty, and is not certified then
    require_complete(plan, facts)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    bursts=st.lists(
        st.tuples(st.integers(-7_200, 93_599), st.integers(1, 4_000)), min_size=0, max_size=4
    ),
    spans=st.lists(
        st.tuples(st.integers(-7_200, 93_599), st.integers(1, 5_000), st.integers(1, 2_000)),
        max_size=4,
    ),
    is_exclusive=st.booleans(),
    has_replicas=st.booleans(),
    seed=st.integers(0, 1_000),
)
def test_any_distribution_is_collected_whole(
    bursts: list[tuple[int, int]],
    spans: list[tuple[int, int, int]],
    is_exclusive: bool,
    has_replicas: bool,
    seed: int,
) -> None:
    seconds = [second for second, count in bursts for _ in range(count)]
    for start, length, count in spans:
        seconds += [min(93_599, start + length * n // count) for n in range(count)]
    facts = facts_at(seconds, "p")
    lagging = frozenset(fact.offer_id for fact in facts[seed % 97 :: 197]) if has_replicas else None
    facts += OTHER_DAYS
    model = SearchModel(facts, is_exclusive=is_exclusive, lagging=lagging)
    plan = read_day(model, DAY, seed)
    require_complete(plan, facts)
