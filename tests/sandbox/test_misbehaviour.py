"""Every way in which the sandbox misbehaves, met over HTTP."""

from __future__ import annotations

import re
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
import requests

from sandbox.server import running
from sandbox.settings import FAULT_KINDS, Faults, Settings
from tests.support.sandbox_client import Client, day, total

if TYPE_CHECKING:
    from collections.abc import Iterator

WEDNESDAY = "2026-11-18"
NOW = datetime.fromisoformat("2026-11-20")


def settings(offers_per_day: int = 1_200, **changes: Any) -> Settings:
    return Settings(offers_per_day=offers_per_day, now=NOW, rate=100_000, faults=Faults(**changes))


@pytest.fixture(scope="module")
def shared() -> Iterator[Client]:
    with running(settings()) as sandbox:
        yield Client(sandbox.url)


@pytest.fixture
def client(shared: Client) -> Client:
    """Return a client of a sandbox without faults and with an empty journal."""
    put(
        shared,
        every=0,
        kinds=list(FAULT_KINDS),
        replicas=False,
        vanish=0,
        vanish_pace=3,
        filter_shift_s=0,
    )
    put(shared, exclusive_bounds=False, unknown_fields=False, slow_ms=5_000)
    shared.session.delete(f"{shared.url}/_sandbox/requests", timeout=30)
    return shared.login()


def put(client: Client, **changes: Any) -> requests.Response:
    return client.session.put(f"{client.url}/_sandbox/faults", json=changes, timeout=30)


def _fail(client: Client, kind: str, **changes: Any) -> requests.Response:
    put(client, every=1, kinds=[kind], **changes)
    return client.search(**day(WEDNESDAY))


# --- one answer that goes wrong


@pytest.mark.parametrize(
    ("kind", "status", "content_type", "begins"),
    [
        ("500", 500, "application/json", b'{"codeErreur":"'),
        ("502", 502, "text/plain", b"Bad Gateway"),
        ("503", 503, None, b""),
        ("html-502", 502, "text/html;charset=UTF-8", b"<html>"),
        ("html-200", 200, "text/html;charset=UTF-8", b"<html>"),
        ("429", 429, "text/plain", b""),
        ("401", 401, None, b""),
    ],
)
def test_answers_that_are_none(
    client: Client, kind: str, status: int, content_type: str | None, begins: bytes
) -> None:
    answer = _fail(client, kind)
    assert (answer.status_code, answer.headers.get("Content-Type")) == (status, content_type)
    assert answer.content.startswith(begins)
    assert bool(answer.content) == bool(begins)
    assert "Content-Range" not in answer.headers
    put(client, every=0)
    assert client.login().search(**day(WEDNESDAY)).status_code == 206


def test_500_has_the_text_of_the_api(client: Client) -> None:
    body = _fail(client, "500").json()
    text = "Erreur technique. Veuillez contacter le support de francetravail.io."
    assert (body["codeHttp"], body["message"]) == (500, text)


def test_429_says_when_to_come_back_and_is_not_counted_as_ours(client: Client) -> None:
    assert _fail(client, "429").headers["Retry-After"] == "1"
    stats = client.control("stats")
    assert (stats["by_status"], stats["rate_limited"]) == ({"429": 1}, 0)


def test_401_ends_the_token(client: Client) -> None:
    assert _fail(client, "401").headers["WWW-Authenticate"] == "Bearer"
    put(client, every=0)
    assert client.search(range="0-0").status_code == 401
    assert client.login().search(range="0-0").status_code == 206


def test_a_cut_body_is_shorter_than_announced(client: Client) -> None:
    put(client, every=1, kinds=["cut"])
    with client.session.get(
        f"{client.url}/partenaire/offresdemploi/v2/offres/search", stream=True, timeout=30
    ) as answer:
        assert answer.status_code == 206
        announced = int(answer.headers["Content-Length"])
        with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead") as cut:
            _ = answer.content
    # some versions of the library say it twice
    (received,) = {int(found) for found in re.findall(r"\((\d+) bytes read", str(cut.value))}
    assert received == pytest.approx(announced * 0.6, abs=1)


def test_a_connection_closed_without_a_word(client: Client) -> None:
    with pytest.raises(requests.exceptions.ConnectionError, match="without response"):
        _fail(client, "closed")
    assert client.control("requests")[-1]["status"] == 0
    put(client, every=0)
    assert client.search(range="0-0").status_code == 206


def test_a_slow_answer_is_the_right_one_but_late(client: Client) -> None:
    good = client.search(**day(WEDNESDAY)).content
    before = time.monotonic()
    answer = _fail(client, "slow", slow_ms=300)
    assert time.monotonic() - before >= 0.3
    assert answer.content == good


def test_every_third_search_fails_through_the_cycle(client: Client) -> None:
    with running(settings(every=3, kinds=("500", "503"))) as sandbox:
        fresh = Client(sandbox.url).login()
        statuses = [fresh.search(range="0-0").status_code for _ in range(12)]
        fresh.search(range="broken")  # is no search that was carried out
        statuses += [fresh.search(range="0-0").status_code for _ in range(3)]
    assert statuses == [206, 206, 500, 206, 206, 503, 206, 206, 500, 206, 206, 503, 206, 206, 500]


# --- offers that are not what they were


def test_replicas_lose_and_repeat_offers_while_totals_alternate() -> None:
    with running(settings(offers_per_day=12_000, replicas=True)) as sandbox:
        client = Client(sandbox.url).login()
        asked = day(WEDNESDAY) | {"origineOffre": "1"}
        answers = [
            client.search(range=f"{start}-{start + 149}", **asked) for start in range(0, 3_000, 150)
        ]
        families = [total(answer) for answer in answers]
        leading, lagging = families[0], families[1]
        assert families == [leading, lagging] * 10
        assert leading == 3_000 > lagging > 2_900
        found = [offer["id"] for answer in answers for offer in answer.json()["resultats"]]
        truth = client.control(f"ids?day={WEDNESDAY}")
        assert len(set(found)) < len(found)  # some twice
        lost = {i for i in truth if not i.isdigit()} - set(found)
        assert 0 < len(lost) <= leading - lagging + len(found) - len(set(found))
        # one replica alone repeats nothing
        for family in (0, 1):
            ids = [o["id"] for answer in answers[family::2] for o in answer.json()["resultats"]]
            assert len(ids) == len(set(ids))


def test_the_lagging_replica_misses_the_newest() -> None:
    with running(settings(replicas=True)) as sandbox:
        client = Client(sandbox.url).login()
        leading, lagging = (
            client.search(sort=1, origineOffre=1).json()["resultats"] for _ in range(2)
        )
        assert [o["id"] for o in leading[80:]][:10] == [o["id"] for o in lagging[:10]]


def test_offers_vanish_while_a_day_is_read(client: Client) -> None:
    before = client.control(f"ids?day={WEDNESDAY}")
    put(client, vanish=4, vanish_pace=2)
    totals = [total(client.search(**day(WEDNESDAY))) for _ in range(12)]
    assert totals == [
        1_200,
        1_199,
        1_199,
        1_198,
        1_198,
        1_197,
        1_197,
        1_196,
        1_196,
        1_196,
        1_196,
        1_196,
    ]
    after = client.control(f"ids?day={WEDNESDAY}")
    vanished = client.control(f"ids?day={WEDNESDAY}&vanished=1")
    assert len(vanished) == 4
    assert sorted(after + vanished) == sorted(before)
    assert client.get(f"/offres/{vanished[0]}").status_code == 204
    assert client.get(f"/offres/{after[0]}").status_code == 200


def test_every_third_question_for_one_offer_fails_in_its_way() -> None:
    with running(settings(detail_every=3)) as sandbox:
        fresh = Client(sandbox.url).login()
        (offer_id,) = fresh.control(f"ids?day={WEDNESDAY}")[:1]
        told = []
        for kind in ("gone", "not-found", "empty", "other-id", "503"):
            put(fresh, detail_kind=kind)
            fresh.search(range="0-0")  # is no question for one offer
            answers = [fresh.get(f"/offres/{offer_id}") for _ in range(3)]
            assert [one.json()["id"] for one in answers[:2]] == [offer_id] * 2
            told.append((answers[2].status_code, answers[2].content[:16]))
    assert told == [
        (204, b""),
        (404, told[1][1]),
        (200, b""),
        (200, b'{"id":"0000000"}'),
        (503, b""),
    ]


@pytest.mark.parametrize("shift_s", [3_600, 7_200, -3_600])
def test_a_shifted_filter_gives_the_neighbouring_window(client: Client, shift_s: int) -> None:
    low, high = "2026-11-18T12:00:00Z", "2026-11-18T13:00:00Z"
    start = 12 * 3_600 + shift_s
    expected = [f"2026-11-18T{(start + s) // 3600:02d}:00:00" for s in (0, 3_600)]
    put(client, filter_shift_s=shift_s)
    pages = client.pages(minCreationDate=low, maxCreationDate=high)
    dates = [offer["dateCreation"] for page in pages for offer in page]
    assert dates
    assert min(dates) >= expected[0]
    assert max(dates) <= f"{expected[1]}.000Z"


def test_exclusive_bounds(client: Client) -> None:
    burst = {"minCreationDate": "2026-11-18T11:30:00Z", "maxCreationDate": "2026-11-18T11:30:00Z"}
    assert total(client.search(**burst)) == round(1_200 * 0.045)
    put(client, exclusive_bounds=True)
    assert client.search(**burst).status_code == 204
    around = {"minCreationDate": "2026-11-18T11:29:59Z", "maxCreationDate": "2026-11-18T11:30:01Z"}
    assert total(client.search(**around)) == round(1_200 * 0.045)


def test_unknown_fields_come_in_three_offers_of_ten(client: Client) -> None:
    known = client.search(**day(WEDNESDAY)).json()["resultats"]
    put(client, unknown_fields=True)
    offers = client.search(**day(WEDNESDAY)).json()["resultats"]
    strange = [offer for offer in offers if "teletravail" in offer]
    assert 15 < len(strange) < 75
    for offer in offers:
        for name in ("teletravail", "indiceTension", "etiquettes"):
            offer.pop(name, None)
    assert offers == known


# --- the control endpoints


def test_health(client: Client) -> None:
    assert client.control("health") == {"status": "ok"}


def test_the_journal_holds_what_was_asked(client: Client) -> None:
    client.search(range="0-0", departement="33,69")
    client.get("/referentiel/regions")
    searched, listed = client.control("requests")
    assert searched["path"] == "/partenaire/offresdemploi/v2/offres/search"
    assert searched["query"] == "range=0-0&departement=33%2C69"
    assert (searched["status"], listed["status"]) == (206, 200)
    assert 0 <= listed["at_monotonic_s"] - searched["at_monotonic_s"] < 30
    stats = client.control("stats")
    assert stats == {
        "requests": 2,
        "by_status": {"200": 1, "206": 1},
        "rate_limited": 0,
        "max_requests_in_one_second": 2,
    }


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"nothing": 1}, "nothing is not a fault setting"),
        ({"kinds": ["418"]}, "met 418"),
        ({"detail_kind": "teapot"}, "met teapot"),
        ({"detail_every": -1}, "detail_every is 0 or more"),
        ({"kinds": "500"}, "kinds is a list of names"),
        ({"every": "2"}, "every cannot be '2'"),
        ({"every": True}, "every cannot be True"),
        ({"vanish": -1}, "vanish is 0 or more; met -1"),
        ({"replicas": 1}, "replicas cannot be 1"),
        ({"filter_shift_s": 100_000}, "filter_shift_s is at most a day"),
    ],
)
def test_faults_that_cannot_be(client: Client, changes: dict[str, Any], says: str) -> None:
    answer = put(client, **changes)
    assert answer.status_code == 400
    assert says in answer.json()["error"]
    assert client.control("faults") == {
        "replicas": False,
        "replica_gap": 0.005,
        "every": 0,
        "kinds": list(FAULT_KINDS),
        "detail_every": 0,
        "detail_kind": "gone",
        "vanish": 0,
        "vanish_pace": 3,
        "filter_shift_s": 0,
        "exclusive_bounds": False,
        "unknown_fields": False,
        "slow_ms": 5_000,
        "hidden_share": 0.0,
    }


def test_ids_need_a_day(client: Client) -> None:
    answer = client.session.get(f"{client.url}/_sandbox/ids?day=yesterday", timeout=30)
    assert answer.status_code == 400


def test_latency_is_added_to_every_answer_of_the_api() -> None:
    slow = Settings(offers_per_day=100, now=NOW, latency_ms=60)
    with running(slow) as sandbox:
        client = Client(sandbox.url)
        before = time.monotonic()
        client.login().get("/referentiel/regions")
        assert time.monotonic() - before >= 0.12
        before = time.monotonic()
        client.control("health")
        assert time.monotonic() - before < 0.06
