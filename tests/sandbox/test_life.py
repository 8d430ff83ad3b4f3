from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest
from jobmarket.report.baseline import is_public_holiday

from sandbox.offers.attributes import PARTNERS
from sandbox.offers.generated import GeneratedSource
from sandbox.offers.life import (
    LARGE_FEEDS,
    RISE_DAYS,
    RISE_FACTOR,
    failed_feed,
    is_holiday,
    life,
    rising_trade,
)
from sandbox.offers.plan import PARTNER_WEIGHTS, largest, plan_of
from sandbox.reference import vocabulary
from sandbox.settings import Settings

LIVELY = Settings(is_lively=True, offers_per_day=4_000)
YEAR = [date(2026, 1, 5) + timedelta(days=number) for number in range(364)]


def total(settings: Settings, day: date) -> int:
    counts = plan_of(settings, day)
    return counts.france_travail + counts.partner


def test_an_even_sandbox_has_exactly_its_volume() -> None:
    even = Settings(offers_per_day=40_000)
    assert {total(even, day) for day in YEAR} == {40_000, 18_000}


def test_a_lively_one_has_weeks_seasons_and_chance() -> None:
    ordinary = [day for day in YEAR if not is_holiday(day) and not life(1, day).feeds]
    by_weekday = [
        np.mean([total(LIVELY, day) for day in ordinary if day.weekday() == number])
        for number in range(7)
    ]
    assert by_weekday.index(max(by_weekday)) == 1
    assert by_weekday.index(min(by_weekday)) == 6
    tuesdays = [total(LIVELY, day) for day in ordinary if day.weekday() == 1]
    assert len(set(tuesdays)) > 25
    assert 1.08 < max(tuesdays) / min(tuesdays) < 1.18


def test_a_holiday_is_a_third_of_its_weekday() -> None:
    for day in YEAR:
        assert is_holiday(day) == is_public_holiday(day)
    assert total(LIVELY, date(2026, 5, 14)) < 0.45 * total(LIVELY, date(2026, 5, 21))


def test_a_feed_fails_for_a_day_and_comes_back_doubled() -> None:
    failures = [day for day in YEAR if failed_feed(1, day)]
    assert 10 <= len(failures) <= 25
    assert all(1 <= day.weekday() <= 3 for day in failures)
    assert len({day.isocalendar()[1] for day in failures}) == len(failures)
    day = date(2026, 10, 29)
    place = failed_feed(1, day) - 1
    assert place < LARGE_FEEDS
    source = GeneratedSource(LIVELY)
    share = PARTNER_WEIGHTS[place] / sum(PARTNER_WEIGHTS)
    delivered = []
    for number in (-1, 0, 1, 2):
        partner = source.day(day + timedelta(days=number)).columns.partner
        delivered.append(int((partner == place).sum()))
    usual = 0.75 * 4_000 * share
    assert delivered == pytest.approx([usual, 0, 2 * usual * 0.92, usual * 0.5], rel=0.12)
    assert len(PARTNERS) == len(PARTNER_WEIGHTS)


def test_a_trade_rises_in_four_weeks_and_is_over() -> None:
    first = date.fromordinal(YEAR[0].toordinal() // RISE_DAYS * RISE_DAYS)
    days = [first + timedelta(days=number) for number in range(RISE_DAYS)]
    assert len({rising_trade(1, day)[0] for day in days}) == 1
    factors = [rising_trade(1, day)[1] for day in days]
    assert (factors[0], factors[-1]) == (1, RISE_FACTOR)
    assert factors == sorted(factors)
    code = rising_trade(1, days[-1])[0]
    source, even = GeneratedSource(LIVELY), GeneratedSource(Settings(offers_per_day=4_000))
    position = vocabulary("rome").position(code)

    def share(made: GeneratedSource) -> float:
        rome = np.concatenate([made.day(day).columns.rome for day in days[-4:]])
        return float((rome == position).mean())

    assert share(source) == pytest.approx(2.8 * share(even), rel=0.25)
    assert len({rising_trade(1, day)[0] for day in YEAR}) > 6


def test_ids_stay_apart_however_full_a_day_is() -> None:
    most = largest(LIVELY)
    for day in YEAR:
        counts = plan_of(LIVELY, day)
        assert counts.france_travail <= most.france_travail
        assert counts.partner <= most.partner
    source = GeneratedSource(LIVELY)
    met: Counter[str] = Counter()
    for number in range(4):
        made = source.day(date(2026, 10, 28) + timedelta(days=number))
        met.update(made.id(row) for row in range(len(made.columns)))
        assert source.find(made.id(0), date(2026, 11, 20)) == (made, 0)
    assert set(met.values()) == {1}


def test_a_burst_that_was_asked_for_is_there() -> None:
    settings = Settings(is_lively=True, offers_per_day=100, bursts=((3600, 500),))
    for day in (date(2026, 11, 11), date(2026, 11, 18)):
        created = GeneratedSource(settings).day(day).columns.created_ms
        assert int(np.unique(created, return_counts=True)[1].max()) >= 500


def test_the_same_days_in_every_process_and_others_with_another_seed() -> None:
    assert [total(LIVELY, date(2026, 10, 26) + timedelta(days=n)) for n in range(3)] == [
        total(
            Settings(is_lively=True, offers_per_day=4_000), date(2026, 10, 26) + timedelta(days=n)
        )
        for n in range(3)
    ]
    assert [life(1, day) for day in YEAR] != [life(2, day) for day in YEAR]
