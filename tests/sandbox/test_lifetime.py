"""A stock whose offers open, change, close and come back, as the sandbox shows it and as it logs it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import requests

from sandbox.offers.columns import EPOCH
from sandbox.offers.lifetime import longest_days
from sandbox.server import running
from sandbox.settings import Settings
from tests.support.sandbox_client import Client, total

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 11, 19, 3)  # noqa: DTZ001  the Paris wall clock
SETTINGS = Settings(offers_per_day=60, mean_life_days=4, return_share=0.1, now=NOW, rate=10_000)


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with running(SETTINGS) as served:
        yield Client(served.url).login()


def lives(client: Client) -> dict[str, list[int]]:
    found = {}
    for back in range(longest_days(SETTINGS) + 1):
        for offer_id, *instants in client.control(f"lives?day={NOW.date() - timedelta(days=back)}"):
            found[offer_id] = instants
    return found


def milliseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(milliseconds=1)


def is_live(instants: list[int], now_ms: int) -> bool:
    created, _, gap_from, gap_to, leaves, _ = instants
    return created < now_ms < leaves and not gap_from <= now_ms < gap_to


def ids(client: Client, **parameters: str) -> set[str]:
    return {offer["id"] for page in client.pages(**parameters) for offer in page}


def test_a_query_gives_what_is_live_with_dates_or_without(client: Client) -> None:
    due = {one for one, life in lives(client).items() if is_live(life, milliseconds(NOW))}
    assert 120 < len(due) < 400
    assert set(client.control("live")) == due
    assert ids(client) == due
    every = {"minCreationDate": "2015-01-01T00:00:00Z", "maxCreationDate": "2026-11-19T03:00:00Z"}
    assert ids(client, **every) == due
    assert sum(total(client.search(**every, origineOffre=o, range="0-0")) for o in "12") == len(due)


def test_one_offer_is_given_while_it_is_live(client: Client) -> None:
    path = "/offres/"
    known = list(lives(client).items())[:300]
    now = milliseconds(NOW)
    statuses = {one: client.get(f"{path}{one}").status_code for one, _ in known}
    assert statuses == {one: 200 if is_live(life, now) else 204 for one, life in known}
    assert set(statuses.values()) == {200, 204}


def test_time_passes_when_it_is_told_and_offers_close_change_and_come_back() -> None:
    with running(SETTINGS) as served:
        client = Client(served.url).login()
        truth = lives(client)
        before = {o["id"]: o for page in client.pages() for o in page}
        later = NOW + timedelta(days=2)
        answer = requests.put(f"{served.url}/_sandbox/clock", json={"now": str(later)}, timeout=10)
        assert answer.status_code == 200
        after = {o["id"]: o for page in client.pages() for o in page}
        ended = milliseconds(later)
        stayed = {one for one, life in truth.items() if is_live(life, ended)}
        assert {one for one in after if one in truth} == stayed
        assert before.keys() - after.keys()
        changed = {one for one in before.keys() & after.keys() if before[one] != after[one]}
        due = {
            one
            for one in before.keys() & after.keys()
            if milliseconds(NOW) < truth[one][1] <= ended
        }
        assert changed == due != set()
        assert {bool(truth[one][5]) for one in changed} == {
            before[one]["nombrePostes"] != after[one]["nombrePostes"] for one in changed
        }
        assert all(
            before[o]["dateActualisation"] < after[o]["dateActualisation"]
            for o in changed
            if "dateActualisation" in before[o]
        )
        back = {one for one, life in truth.items() if milliseconds(NOW) < life[3] <= ended}
        assert back - before.keys()
        assert back & stayed <= after.keys()


def test_a_search_that_hides_offers_is_told_of_by_their_ids() -> None:
    with running(SETTINGS) as served:
        client = Client(served.url).login()
        now = milliseconds(NOW)
        closed = [
            one for one, life in lives(client).items() if life[0] < now and not is_live(life, now)
        ]
        requests.put(f"{served.url}/_sandbox/faults", json={"hidden_share": 0.3}, timeout=10)
        path = "/offres/"
        alive = [one for one in closed[:400] if client.get(f"{path}{one}").status_code == 200]
        assert 0.2 < len(alive) / len(closed[:400]) < 0.4
        assert not set(alive) & ids(client)


@pytest.mark.parametrize("mean", [0, -1, 51])
def test_a_mean_life_out_of_bounds_is_refused(mean: float) -> None:
    with pytest.raises(ValueError, match="mean_life_days is above 0"):
        Settings(mean_life_days=mean)


def test_nothing_closes_unless_told() -> None:
    with running(Settings(offers_per_day=20, now=NOW)) as served:
        answer = requests.get(f"{served.url}/_sandbox/lives?day={date(2026, 11, 18)}", timeout=10)
        assert answer.status_code == 400
