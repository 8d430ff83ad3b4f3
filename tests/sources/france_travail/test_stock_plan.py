"""A sweep of the live stock: whole though offers come and go, at few more questions than it has pages."""

from __future__ import annotations

import math

import pytest
from jobmarket.sources.france_travail.client.answer import CAP, Cap
from jobmarket.sources.france_travail.plan.reach import OCTAVES_DAYS

from tests.support.stock_model import DAY_S, END, StockModel, read_stock, stock_of

SMALL = Cap(page_size=15, last_start=300)


def test_a_calm_stock_costs_few_questions_more_than_its_pages() -> None:
    # a tenth of each page and reach: the shape of 600,000 offers
    model = StockModel(stock_of(60_000), cap=SMALL)
    plan = read_stock(model)
    assert plan.doubts() == []
    assert plan.collection.in_day == model.ids()
    # a page of 15 shares one offer with the next, one of 150 as well: 1/14 here, 1/149 there
    chained = 1.08 + 1 / 14 - 1 / 149
    assert model.asked <= chained * math.ceil(60_000 / SMALL.page_size)


def test_a_stock_of_real_pages_keeps_the_bound() -> None:
    model = StockModel(stock_of(120_000))
    plan = read_stock(model)
    assert (plan.doubts(), plan.collection.in_day) == ([], model.ids())
    assert model.asked <= 1.10 * math.ceil(120_000 / CAP.page_size)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("pace", [0.002, 0.01, 0.03])
def test_what_was_live_throughout_is_read_while_offers_come_and_go(pace: float, seed: int) -> None:
    model = StockModel(
        stock_of(8_000, seed=seed),
        cap=SMALL,
        withdrawn_per_question=pace,
        late_per_question=pace / 10,
        new_per_question=2 * pace,
    )
    before = model.ids()
    plan = read_stock(model, seed)
    assert before - model.gone - plan.collection.in_day == set()
    assert plan.doubts() == []
    # what arrives as created now is none of this sweep
    assert all(len(offer_id) == 7 or offer_id in model.came for offer_id in plan.collection.in_day)


@pytest.mark.parametrize("is_exclusive", [False, True])
@pytest.mark.parametrize(
    "ages_days", [[0], [40], [1, 1_000], [3] * 300, [*range(0, 600, 3)], [2, 8, 32, 128, 512]]
)
def test_offers_of_any_age_are_found(ages_days: list[int], is_exclusive: bool) -> None:
    offers = {
        "1": [],
        "2": [(END - 3_600 - age * DAY_S, f"{n:05d}") for n, age in enumerate(ages_days)],
    }
    offers["2"].sort()
    model = StockModel(offers, cap=SMALL, is_exclusive=is_exclusive)
    plan = read_stock(model)
    assert (plan.doubts(), plan.collection.in_day) == ([], model.ids())


def test_a_stock_of_no_offers_is_silence_and_not_an_empty_market() -> None:
    plan = read_stock(StockModel({"1": [], "2": []}, cap=SMALL))
    assert plan.doubts() == [
        "France Travail gives no offer at all: it does not answer, rather than have none."
    ]


def test_an_offer_older_than_all_that_is_asked_for_leaves_a_doubt() -> None:
    oldest = END - (OCTAVES_DAYS[-1] + 9) * DAY_S
    model = StockModel({"1": [(oldest, "old")], "2": [(END - 60, "new")]}, cap=SMALL)
    plan = read_stock(model)
    assert plan.collection.in_day == {"new"}
    assert plan.doubts()[0].startswith(
        "2 offers are live when asked for without dates, and 1 when asked"
    )


def test_offers_that_no_origin_holds_are_read_without_the_filter() -> None:
    offers = stock_of(4_000)
    offers["3"] = [(END - 5 * DAY_S - 37 * n, f"x{n}") for n in range(40)][::-1]
    model = StockModel(offers, cap=SMALL, origins=("1", "2", "3"))
    plan = read_stock(model)
    assert (plan.doubts(), plan.collection.in_day) == ([], model.ids())


def test_what_arrives_after_the_sweep_began_is_counted_outside() -> None:
    offers = {"1": [(END - 60, "before"), (END, "after")], "2": []}
    plan = read_stock(StockModel(offers, cap=SMALL))
    assert (plan.collection.in_day, plan.doubts()) == ({"before"}, [])
    assert plan.collection.outside_day == 1
