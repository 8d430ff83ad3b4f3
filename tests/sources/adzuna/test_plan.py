"""The plan of a day of Adzuna against a small market: what is asked when, what the certificate says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jobmarket.foundation.day import PARIS
from jobmarket.sources.adzuna.answer import Answer, Sighting
from jobmarket.sources.adzuna.plan import Plan
from jobmarket.sources.adzuna.question import (
    CATEGORIES,
    PAGE_SIZE,
    PLACES,
    Question,
    Window,
    window_of,
)

if TYPE_CHECKING:
    from jobmarket.foundation.lake.manifest import Certificate

DAY = date(2026, 11, 18)
NOW = datetime(2026, 11, 19, 0, 15, tzinfo=PARIS)
IT, SALES = "it-jobs", "sales-jobs"


class Ad(NamedTuple):
    ad_id: str
    created: datetime
    category: str = IT
    place: str | None = "Bretagne"


class Market:
    """Ads that are live, as the API gives them: newest first, by ages of 24 hours."""

    def __init__(self, ads: list[Ad], now: datetime = NOW) -> None:
        self.ads = ads
        self.now = now
        self.asked: list[Question] = []

    def ask(self, question: Question) -> Answer:
        self.asked.append(question)
        since = self.now - timedelta(days=question.days)
        found = [
            ad
            for ad in sorted(self.ads, key=lambda ad: (ad.created, ad.ad_id), reverse=True)
            if ad.created >= since
            and question.category in (None, ad.category)
            and question.place in (None, ad.place)
        ]
        return self.answer(question, found)

    def answer(self, question: Question, found: list[Ad]) -> Answer:
        first = (question.page - 1) * PAGE_SIZE
        return Answer(
            question=question,
            count=len(found),
            ads=tuple(Sighting(ad.ad_id, ad.created) for ad in found[first : first + PAGE_SIZE]),
            body=b"{}",
            received_at="2026-11-18T23:15:00Z",
        )


def spread(count: int, start: datetime, end: datetime, prefix: str, category: str = IT) -> list[Ad]:
    """Return ads at equal distances in time."""
    step = (end - start) / max(1, count)
    places = (*PLACES, "Bretagne")
    return [
        Ad(f"{prefix}{n}", start + step * n, category, places[n % len(places)])
        for n in range(count)
    ]


def paris(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=PARIS)


def read(
    market: Market, day: date = DAY, *, deepest_page: int = 20, budget: int = 10_000
) -> tuple[Certificate, set[str], Plan]:
    """Read a day; return its certificate, the ids of its listings, and the plan."""
    plan = Plan(day, market.now, deepest_page=deepest_page)
    while question := plan.next():
        if len(market.asked) == budget:
            plan.stop("The budget is used up.")
            break
        plan.take(market.ask(question))
    found: set[str] = set()
    for listing in plan._all():
        found |= listing.ids
    return plan.certificate(seconds=1.0), found, plan


def of_day(market: Market, day: date = DAY) -> set[str]:
    window = window_of(day, market.now)
    return {ad.ad_id for ad in market.ads if window.start <= ad.created < window.end}


# --- the ages that are asked for


@pytest.mark.parametrize(
    ("day", "now", "days", "newer"),
    [
        ("2026-11-18", "2026-11-19T00:15", 2, 0),
        ("2026-11-18", "2026-11-18T23:59", 1, 0),
        ("2026-11-18", "2026-11-20T12:00", 3, 0),
        ("2026-11-18", "2026-11-21T12:00", 4, 1),
        ("2026-11-18", "2026-11-28T00:00", 11, 8),
        ("2026-10-25", "2026-10-26T00:15", 2, 0),  # 25 hours
        ("2026-03-29", "2026-03-30T00:15", 2, 0),  # 23 hours
    ],
)
def test_ages_that_surely_hold_the_day_and_ages_that_surely_do_not(
    day: str, now: str, days: int, newer: int
) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=PARIS)
    window = window_of(date.fromisoformat(day), at)
    assert (window.days, window.newer) == (days, newer)


@settings(max_examples=200, deadline=None)
@given(
    day=st.dates(date(2025, 1, 1), date(2030, 1, 1)),
    after=st.timedeltas(timedelta(0), timedelta(days=40)),
)
def test_whatever_a_day_of_the_filter_is(day: date, after: timedelta) -> None:
    start = datetime.combine(day, datetime.min.time(), PARIS).astimezone(UTC)
    now = start + after
    window = window_of(day, now)
    for zone in (None, PARIS, UTC):
        for days, is_within in ((window.days, True), (window.newer, False)):
            if not days:
                continue
            since = now - timedelta(days=days)
            if zone:
                local = now.astimezone(zone).date() - timedelta(days=days)
                since = datetime.combine(local, datetime.min.time(), zone)
            if is_within:
                assert since <= window.start
            else:
                assert since >= window.end


def test_a_window_has_the_day_of_paris() -> None:
    assert window_of(date(2026, 10, 25), NOW) == Window(
        datetime(2026, 10, 25, 0, 0, tzinfo=PARIS),
        datetime(2026, 10, 26, 0, 0, tzinfo=PARIS),
        26,
        23,
    )


# --- a day that is read whole


def test_a_small_day_is_one_listing_read_to_its_end() -> None:
    ads = spread(120, paris(18), paris(19), "d") + spread(40, paris(17), paris(18), "b")
    market = Market(ads + spread(9, paris(19), paris(19, 0, 15), "n"))
    certificate, found, _ = read(market)
    assert found == of_day(market)
    assert [question.page for question in market.asked] == [1, 2, 3]
    assert certificate.is_share
    assert certificate.doubts == [
        (
            "The day is a share: all 120 ads were read that Adzuna announced; what it does not have, or adds "
            "later, nobody can tell."
        )
    ]
    assert (certificate.announced, certificate.collected, certificate.gap) == (120, 120, 0)
    assert certificate.outside_day == 9 + 150 - 129
    assert [part.query for part in certificate.slices] == [
        "max_days_old=2&results_per_page=50&sort_by=date"
    ]


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 99, 100, 101])
def test_the_ends_of_pages(count: int) -> None:
    market = Market(spread(count, paris(18), paris(19), "d"))
    certificate, found, _ = read(market)
    assert found == of_day(market)
    assert len(market.asked) == max(1, -(-count // PAGE_SIZE))
    assert (certificate.collected, certificate.gap, certificate.certified) == (count, 0, False)


def test_the_day_ends_within_a_page_and_nothing_older_is_asked() -> None:
    market = Market(spread(70, paris(18), paris(19), "d") + spread(900, paris(17), paris(18), "b"))
    certificate, found, _ = read(market)
    assert found == of_day(market)
    assert len(market.asked) == 2
    assert certificate.gap == 0


def test_a_listing_that_is_too_long_is_cut_by_category() -> None:
    ads = [
        ad
        for number, category in enumerate(CATEGORIES)
        for ad in spread(20 + number, paris(18), paris(19), f"{category}-", category)
    ]
    market = Market(ads)
    certificate, found, _ = read(market, deepest_page=10)
    assert found == of_day(market)
    assert {question.category for question in market.asked} == {None, *CATEGORIES}
    assert {question.place for question in market.asked} == {None}
    assert certificate.gap == 0
    division, *leaves = certificate.slices
    assert division.is_division
    assert division.announced == certificate.collected == sum(leaf.collected for leaf in leaves)
    assert division.gap == 0


def test_a_category_that_is_too_long_is_cut_by_place_and_what_has_none_is_a_gap() -> None:
    ads = spread(900, paris(18), paris(19), "i") + spread(60, paris(18), paris(19), "s", SALES)
    nowhere = [Ad(f"x{n}", paris(18, 3, n), IT, None) for n in range(25)]
    market = Market(ads + nowhere)
    certificate, found, _ = read(market, deepest_page=10)
    places = {question.place for question in market.asked if question.category == IT}
    assert places == {None, *PLACES}
    assert found == of_day(market) - {ad.ad_id for ad in nowhere}
    assert (certificate.announced, certificate.gap) == (985, 25)
    assert not certificate.certified
    assert certificate.doubts[-1].startswith(
        "The day is a share: 960 ads were read, at least 97.5 %"
    )


def test_a_part_that_is_too_long_even_so_is_read_as_far_as_its_pages_go() -> None:
    market = Market([Ad(f"i{n}", paris(18, 12) + timedelta(seconds=n)) for n in range(700)])
    certificate, found, _ = read(market, deepest_page=5)
    assert len(found) == 250
    assert max(question.page for question in market.asked) == 5
    assert (certificate.announced, certificate.gap) == (700, 450)


def test_an_older_day_is_found_behind_the_newer_ones() -> None:
    now = paris(25, 9)
    ads = spread(2_000, paris(18), paris(25), "a")
    market = Market(ads, now)
    certificate, found, _ = read(market, deepest_page=100)
    assert found == of_day(market)
    assert Question(window_of(DAY, now).newer) in market.asked
    # 7 pages of the day, and what it takes to find them
    assert len(market.asked) < 14
    assert certificate.gap == 0


# --- a budget that does not reach


def test_with_a_small_budget_the_fullest_pages_come_first() -> None:
    ads = spread(900, paris(18), paris(19), "i") + spread(30, paris(18), paris(19), "s", SALES)
    market = Market(ads)
    certificate, found, _ = read(market, deepest_page=10, budget=30)
    assert len(market.asked) == 30
    # the pages of categories whose like may still hold many; then those of the largest, region by region
    assert {question.category for question in market.asked[:15]} == {None, *CATEGORIES[:14]}
    assert IT in {question.category for question in market.asked if question.place}
    assert certificate.doubts[0] == "The budget is used up."
    assert certificate.collected == len(found)
    assert certificate.announced == certificate.collected + certificate.gap
    assert not certificate.certified


@pytest.mark.parametrize("budget", [1, 2, 5, 20, 40])
def test_of_a_listing_that_is_not_read_to_its_end_all_the_rest_counts_as_missing(
    budget: int,
) -> None:
    market = Market(spread(4_000, paris(17), paris(19), "a"))
    certificate, found, _ = read(market, deepest_page=1_000, budget=budget)
    assert len(market.asked) == budget
    assert len(found) == budget * PAGE_SIZE - certificate.outside_day
    if found != of_day(market):
        assert certificate.announced >= len(of_day(market))
        assert certificate.gap
    assert certificate.announced == certificate.collected + certificate.gap


def test_no_budget_at_all_is_no_certificate() -> None:
    plan = Plan(DAY, NOW, deepest_page=20)
    assert plan.next() == Question(2)
    plan.stop("The budget is used up.")
    assert plan.next() is None
    certificate = plan.certificate(seconds=0)
    assert (certificate.announced, certificate.certified) == (0, False)


# --- what changes while it is read


class Moving(Market):
    """A market from which the newest ads go, or to which newer ones come, between two answers."""

    def __init__(self, ads: list[Ad], *, gone: int = 0, come: int = 0, until: int = 10_000) -> None:
        super().__init__(ads)
        self._gone, self._come, self._until = gone, come, until

    def ask(self, question: Question) -> Answer:
        answer = super().ask(question)
        if len(self.asked) < self._until:
            newest = sorted(self.ads, key=lambda ad: ad.created, reverse=True)
            self.ads = newest[self._gone :]
            at = paris(19) + timedelta(seconds=len(self.asked))
            self.ads += [Ad(f"n{len(self.asked)}-{n}", at) for n in range(self._come)]
        return answer


def test_ads_that_go_while_they_are_read_pull_others_to_pages_that_were_read() -> None:
    ads = spread(300, paris(18), paris(19), "d")
    certificate, found, _ = read(Moving(ads, gone=5, until=3))
    assert found == {ad.ad_id for ad in ads}  # those that went had been read
    assert (certificate.re_reads, certificate.gap) == (2, 0)
    # more falls than pages that are read again: what may be lost is told
    certificate, found, _ = read(Moving(ads, gone=5))
    assert certificate.re_reads == 2
    assert certificate.gap >= len(ads) - len(found) > 0


def test_ads_that_come_while_they_are_read_are_met_twice_and_counted_once() -> None:
    ads = spread(300, paris(18), paris(19), "d")
    certificate, found, _ = read(Moving(ads, come=5))
    assert found == {ad.ad_id for ad in ads}
    assert (certificate.collected, certificate.gap) == (300, 0)
    assert certificate.duplicates > 0


def test_a_count_that_drifts_is_not_taken_for_losses() -> None:
    class Drifting(Market):
        def answer(self, question: Question, found: list[Ad]) -> Answer:
            answer = super().answer(question, found)
            count = answer.count + (3 if len(self.asked) % 2 else 0)
            return Answer(**{**vars(answer), "count": count})

    market = Drifting(
        spread(400, paris(18), paris(19), "d") + spread(80, paris(17), paris(18), "b")
    )
    certificate, found, _ = read(market)
    assert found == of_day(market)
    assert certificate.gap == 0
    assert certificate.re_reads <= 2


def test_pages_that_are_withheld_are_a_gap() -> None:
    class Shy(Market):
        def answer(self, question: Question, found: list[Ad]) -> Answer:
            answer = super().answer(question, found)
            return answer if question.page <= 3 else Answer(**{**vars(answer), "ads": ()})

    market = Shy(spread(400, paris(18), paris(19), "d"))
    certificate, found, _ = read(market)
    assert len(found) == 150
    assert (certificate.announced, certificate.gap) == (400, 250)
    assert [question.page for question in market.asked] == [1, 2, 3, 4]


def test_a_page_that_is_short_of_ads_is_a_gap() -> None:
    class Short(Market):
        def answer(self, question: Question, found: list[Ad]) -> Answer:
            answer = super().answer(question, found)
            return Answer(**{**vars(answer), "ads": answer.ads[:-2]})

    certificate, found, _ = read(Short(spread(120, paris(18), paris(19), "d")))
    assert len(found) == 114
    assert (certificate.announced, certificate.gap) == (120, 6)


def test_ads_that_are_not_in_order_are_all_read_and_said_to_be() -> None:
    class Loose(Market):
        def answer(self, question: Question, found: list[Ad]) -> Answer:
            return super().answer(question, sorted(found, key=lambda ad: ad.ad_id))

    market = Loose(spread(120, paris(18), paris(19), "d") + spread(130, paris(17), paris(18), "b"))
    certificate, found, _ = read(market)
    assert found == of_day(market)
    assert len(market.asked) == 5
    assert (certificate.gap, certificate.certified) == (0, False)
    assert "newest ads first" in certificate.doubts[-1]


def test_ads_without_a_date_are_a_doubt() -> None:
    class Undated(Market):
        def answer(self, question: Question, found: list[Ad]) -> Answer:
            answer = super().answer(question, found)
            ads = tuple(ad._replace(created=None) if ad.ad_id == "d3" else ad for ad in answer.ads)
            return Answer(**{**vars(answer), "ads": ads})

    certificate, _, _ = read(Undated(spread(20, paris(18), paris(19), "d")))
    assert (certificate.undated, certificate.certified) == (1, False)
    assert certificate.doubts[-1] == "1 ads have no date that can be read."


# --- whatever the market


markets = st.lists(
    st.builds(
        lambda number, minutes, category, place: Ad(
            str(number), NOW - timedelta(minutes=minutes), category, place
        ),
        st.integers(0, 10_000),
        st.integers(0, 4_400),
        st.sampled_from([IT, SALES, "unknown"]),
        st.sampled_from(PLACES[:4]),
    ),
    max_size=400,
    unique_by=lambda ad: ad.ad_id,
)


@settings(max_examples=60, deadline=None)
@given(ads=markets, deepest_page=st.integers(2, 6), budget=st.integers(1, 120))
def test_whatever_the_market_and_the_budget(ads: list[Ad], deepest_page: int, budget: int) -> None:
    market = Market(ads)
    certificate, found, _ = read(market, deepest_page=deepest_page, budget=budget)
    truth = of_day(market)
    assert found <= truth
    assert len(market.asked) <= budget
    assert certificate.collected == len(found)
    assert certificate.announced == certificate.collected + certificate.gap
    assert certificate.requests == len(market.asked)
    if not certificate.gap:
        assert found == truth
    assert certificate.announced >= len(truth)  # what is missing is never left out of the account


@settings(max_examples=60, deadline=None)
@given(ads=markets, back=st.integers(0, 2))
def test_a_market_that_stands_still_is_read_whole(ads: list[Ad], back: int) -> None:
    market = Market(ads)
    day = DAY - timedelta(days=back)
    certificate, found, _ = read(market, day, deepest_page=20)
    assert found == of_day(market, day)
    assert certificate.gap == 0


@settings(max_examples=25, deadline=None)
@given(ads=markets, at=st.integers(0, 40))
def test_a_run_that_was_killed_asks_what_the_whole_run_asks(ads: list[Ad], at: int) -> None:
    whole = Market(ads)
    _, _found, _ = read(whole, deepest_page=2)
    landed = {question.text: Market(ads).ask(question) for question in whole.asked[:at]}
    plan = Plan(DAY, NOW, deepest_page=2)
    asked, market = [], Market(ads)
    while question := plan.next():
        plan.take(landed.get(question.text) or market.ask(question))
        asked.append(question)
    assert asked == whole.asked
    assert market.asked == whole.asked[at:]
