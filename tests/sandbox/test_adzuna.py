"""The stand-in of Adzuna over HTTP: its shapes, its limits, what it refuses, how it goes wrong."""

from __future__ import annotations

import threading
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
import requests

from sandbox.adzuna.settings import KINDS, AdzunaFaults, AdzunaSettings
from sandbox.server import running
from sandbox.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime.fromisoformat("2026-11-19T00:15:00")
ACCOUNT = {"app_id": AdzunaSettings().app_id, "app_key": AdzunaSettings().app_key}
SOUND: dict[str, Any] = {
    "every": 0,
    "kinds": list(KINDS),
    "arrive": 0,
    "vanish": 0,
    "drift": 0.0,
    "deepest_page": 0,
    "unknown_fields": False,
    "echo": False,
}


class Client:
    """Asks the stand-in as a client of the real API would."""

    def __init__(self, url: str) -> None:
        self.url = url

    def search(self, page: int | str = 1, **asked: Any) -> requests.Response:
        parameters = {**ACCOUNT, "results_per_page": 50, **asked}
        wanted = {name: value for name, value in parameters.items() if value is not None}
        return requests.get(f"{self.url}/v1/api/jobs/fr/search/{page}", wanted, timeout=30)

    def count(self, **asked: Any) -> int:
        return int(self.search(**asked).json()["count"])

    def fail(self, **faults: Any) -> requests.Response:
        return requests.put(f"{self.url}/_sandbox/adzuna/faults", json=faults, timeout=30)

    def control(self, path: str) -> Any:
        return requests.get(f"{self.url}/_sandbox/adzuna/{path}", timeout=30).json()


@pytest.fixture(scope="module")
def shared() -> Iterator[Client]:
    with running(Settings(now=NOW, adzuna=AdzunaSettings(live=6_000))) as sandbox:
        yield Client(sandbox.url)


@pytest.fixture
def client(shared: Client) -> Client:
    """Return a client of a stand-in without faults and with an empty journal."""
    assert shared.fail(**SOUND).status_code == 200
    requests.delete(f"{shared.url}/_sandbox/adzuna/requests", timeout=30)
    return shared


def test_an_answer_has_the_shape_of_the_real_one(client: Client) -> None:
    answer = client.search(sort_by="date").json()
    assert list(answer)[:2] == ["__CLASS__", "count"]
    assert answer["count"] == 6_000
    assert len(answer["results"]) == 50
    ad = answer["results"][0]
    assert {"id", "title", "description", "created", "location", "category", "adref"} <= ad.keys()
    assert ad["id"].isdigit()
    assert len(ad["id"]) == 10
    assert ad["created"].endswith("Z")
    assert ad["location"]["area"][0] == "France"
    assert f"utm_source={ACCOUNT['app_id']}" in ad["redirect_url"]
    assert ad["salary_is_predicted"] in ("0", "1")


def test_texts_are_cut_and_much_is_missing_at_times(client: Client) -> None:
    ads = [ad for page in range(1, 9) for ad in client.search(page).json()["results"]]
    assert all(len(ad["description"]) <= 500 and ad["description"][-1] == "…" for ad in ads)
    for name in ("company", "latitude", "salary_min", "contract_type", "contract_time"):
        having = sum(name in ad for ad in ads)
        assert 0 < having < len(ads), name
    paid = [ad for ad in ads if "salary_min" in ad]
    assert {ad["salary_is_predicted"] for ad in paid} == {"0", "1"}
    assert {len(ad["location"]["area"]) for ad in ads} >= {1, 2, 3, 4, 5}


def test_the_newest_come_first_and_every_page_goes_on(client: Client) -> None:
    pages = [client.search(page, sort_by="date", max_days_old=3).json() for page in range(1, 21)]
    ads = [ad for page in pages for ad in page["results"]]
    assert [ad["created"] for ad in ads] == sorted((ad["created"] for ad in ads), reverse=True)
    assert len({ad["id"] for ad in ads}) == len(ads) == pages[0]["count"]
    assert pages[-1]["results"] == []
    oldest = client.search(sort_by="date", sort_dir="up", max_days_old=3).json()["results"][0]
    assert oldest["id"] == ads[-1]["id"]


def test_ages_are_counted_back_from_now(client: Client) -> None:
    day = client.control("ids?day=2026-11-18")
    assert client.count(max_days_old=1) < len(day) + 10 < client.count(max_days_old=2)
    assert client.count(max_days_old=0) == 0


def test_categories_are_a_cut_of_all(client: Client) -> None:
    from jobmarket.sources.adzuna.question import CATEGORIES

    assert sum(client.count(category=name) for name in CATEGORIES) == 6_000


def test_regions_hold_all_ads_that_say_where_they_are(client: Client) -> None:
    from jobmarket.sources.adzuna.question import PLACES

    held = sum(client.count(where=name) for name in PLACES)
    assert 0.97 * 6_000 < held < 6_000


@pytest.mark.parametrize(
    ("asked", "matches"),
    [
        ({"where": "France"}, False),
        ({"where": "Atlantide"}, False),
        ({"where": "ile de france"}, False),
        ({"where": "Rhône"}, True),
        ({"where": "rhone"}, True),
        ({"where": "Lyon"}, True),
        ({"what": ""}, False),
        ({"full_time": "0"}, False),
        ({"what": "responsable"}, True),
        ({"what": "responsable introuvable"}, False),  # every word, not any
    ],
)
def test_what_matches(client: Client, asked: dict[str, str], matches: bool) -> None:
    assert bool(client.count(**asked)) == matches


@pytest.mark.parametrize(
    ("asked", "status", "exception"),
    [
        ({"app_key": "wrong"}, 401, "AUTH_FAIL"),
        ({"app_id": "wrong"}, 401, "AUTH_FAIL"),
        ({"app_key": None}, 401, "AUTH_FAIL"),
        ({"app_id": None}, 400, "UNSUPPORTED"),
        ({"results_per_page": 100}, 400, "UNSUPPORTED"),
        ({"results_per_page": 0}, 400, "UNSUPPORTED"),
        ({"page": 0}, 400, "UNSUPPORTED"),
        ({"page": "x"}, 400, "UNSUPPORTED"),
        ({"category": "no-jobs"}, 400, "UNSUPPORTED"),
        ({"max_days_old": "-1"}, 400, "UNSUPPORTED"),
        ({"nonsense": "1"}, 400, "UNSUPPORTED"),
    ],
)
def test_what_is_refused(
    client: Client, asked: dict[str, Any], status: int, exception: str
) -> None:
    answer = client.search(**asked)
    assert answer.status_code == status
    assert answer.json()["exception"] == exception
    if status == 401:
        assert answer.json()["display"] == "Authorisation failed"


def test_other_paths_and_methods_are_not_there(client: Client) -> None:
    assert requests.get(f"{client.url}/v1/api/jobs/gb/search/1", timeout=30).status_code == 404
    assert requests.post(f"{client.url}/v1/api/jobs/fr/search/1", timeout=30).status_code == 405


def test_more_than_three_at_once_are_refused() -> None:
    settings = Settings(now=NOW, latency_ms=300, adzuna=AdzunaSettings(live=500))
    with running(settings) as sandbox:
        client = Client(sandbox.url)
        client.search()
        found: list[int] = []
        threads = [
            threading.Thread(target=lambda: found.append(client.search().status_code))
            for _ in range(5)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(found) == [200, 200, 200, 429, 429]
        assert client.search().status_code == 200


@pytest.mark.parametrize(
    ("kind", "status", "begins"),
    [
        ("503", 503, b""),
        ("429", 429, b""),
        ("500", 500, b'{"__CLASS__":"Adzuna::API::Response::Exception"'),
        ("exception-200", 200, b'{"__CLASS__":"Adzuna::API::Response::Exception"'),
        ("html-200", 200, b"<html>"),
    ],
)
def test_answers_that_are_none(client: Client, kind: str, status: int, begins: bytes) -> None:
    client.fail(every=1, kinds=[kind])
    answer = client.search()
    assert answer.status_code == status
    assert answer.content.startswith(begins)


@pytest.mark.parametrize("kind", ["cut", "closed"])
def test_answers_that_end_before_they_end(client: Client, kind: str) -> None:
    client.fail(every=1, kinds=[kind])
    with pytest.raises(requests.RequestException):
        _ = client.search().content


def test_every_other_search_goes_wrong_in_turn(client: Client) -> None:
    client.fail(every=2, kinds=["503", "429"])
    assert [client.search().status_code for _ in range(6)] == [200, 503, 200, 429, 200, 503]


def test_ads_come_and_go_while_they_are_read(client: Client) -> None:
    client.fail(arrive=4)
    assert [client.count() for _ in range(3)] == [6_004, 6_008, 6_012]
    client.fail(arrive=0, vanish=7)
    assert [client.count() for _ in range(3)] == [5_993, 5_986, 5_979]


def test_the_count_drifts(client: Client) -> None:
    client.fail(drift=0.01)
    counts = {client.count() for _ in range(11)}
    assert min(counts) == 5_940
    assert max(counts) == 6_060


def test_pages_beyond_the_deepest_hold_nothing(client: Client) -> None:
    client.fail(deepest_page=2)
    sizes = [len(client.search(page).json()["results"]) for page in (1, 2, 3)]
    assert sizes == [50, 50, 0]
    assert client.count() == 6_000


def test_unknown_fields_and_an_echo_of_the_account(client: Client) -> None:
    client.fail(unknown_fields=True, echo=True)
    answer = client.search().json()
    assert any("is_sponsored" in ad for ad in answer["results"])
    assert answer["request"]["app_key"] == ACCOUNT["app_key"]


@pytest.mark.parametrize(
    "faults",
    [{"every": -1}, {"kinds": ["no"]}, {"kinds": []}, {"drift": 2}, {"nothing": 1}, {"every": "x"}],
)
def test_faults_that_are_none_are_refused(client: Client, faults: dict[str, Any]) -> None:
    assert client.fail(**faults).status_code == 400


def test_the_same_seed_and_clock_give_the_same_ads() -> None:
    from sandbox.adzuna.desk import Desk

    day = date(2026, 11, 18)
    one, two = (Desk(Settings(now=NOW, adzuna=AdzunaSettings(live=2_000))) for _ in range(2))
    other = Desk(Settings(now=NOW, seed=2, adzuna=AdzunaSettings(live=2_000)))
    assert one.ids(day) == two.ids(day) != other.ids(day)


def test_forty_thousand_are_live_at_any_moment_and_some_two_thousand_new_each_day() -> None:
    from sandbox.adzuna.desk import Desk

    desk = Desk(Settings(now=NOW))
    sizes = [len(desk.ids(date(2026, 11, day))) for day in (16, 17, 18)]
    assert all(1_900 < size < 2_400 for size in sizes)
    with pytest.raises(ValueError, match="live is in"):
        AdzunaSettings(live=0)
    with pytest.raises(ValueError, match="vanish is in"):
        AdzunaFaults(vanish=-1)
