"""The client of Adzuna against its stand-in: answers, retries, the end of a run, what is told to nobody."""

from __future__ import annotations

import logging
import threading
import traceback
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import requests
from jobmarket.foundation.errors import (
    AccessDenied,
    ConfigurationError,
    JobMarketError,
    RateLimited,
    SourceContractError,
    SourceUnavailable,
)
from jobmarket.sources.adzuna import client as client_module
from jobmarket.sources.adzuna.answer import UnusableAnswerError, read_answer
from jobmarket.sources.adzuna.budget import BudgetSpent, Refusal
from jobmarket.sources.adzuna.client import ATTEMPTS, AdzunaClient
from jobmarket.sources.adzuna.question import Question
from jobmarket.sources.adzuna.settings import ClientSettings, client_settings

from sandbox.adzuna.settings import AdzunaSettings
from sandbox.server import running
from sandbox.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.server import Handle

NOW = datetime.fromisoformat("2026-11-19T00:15:00")
ID, KEY = AdzunaSettings().app_id, AdzunaSettings().app_key
SECRETS = (ID, KEY)


class Counter:
    """A budget that counts, and refuses after so many requests."""

    def __init__(self, allowed: int = 1_000, refusal: Refusal | None = None) -> None:
        self.made = 0
        self._allowed = allowed
        self._refusal = refusal

    def reserve(self) -> Refusal | None:
        if self.made >= self._allowed:
            return self._refusal
        self.made += 1
        return None


@pytest.fixture(scope="module")
def shared() -> Iterator[Handle]:
    with running(Settings(now=NOW, adzuna=AdzunaSettings(live=6_000))) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared: Handle, monkeypatch: pytest.MonkeyPatch) -> Handle:
    """Return a stand-in without faults and with an empty journal; waits are short."""
    monkeypatch.setattr(client_module, "BACKOFF_S", 0.001)
    fail(shared, every=0, echo=False, unknown_fields=False)
    shared.app.adzuna.journal.clear()
    return shared


def fail(sandbox: Handle, **faults: Any) -> None:
    answer = requests.put(f"{sandbox.url}/_sandbox/adzuna/faults", json=faults, timeout=30)
    assert answer.status_code == 200


def connection(**changes: Any) -> Any:
    fields: dict[str, Any] = {
        "host": "",
        "port": None,
        "schema": "",
        "login": ID,
        "password": KEY,
        "extra_dejson": {},
    }
    return SimpleNamespace(**(fields | changes))


def settings(url: str, **changes: Any) -> ClientSettings:
    return replace(client_settings(connection(host=url), "adzuna"), **changes)


def client(sandbox: Handle, budget: Counter | None = None, **changes: Any) -> AdzunaClient:
    return AdzunaClient(settings(sandbox.url, **changes), budget or Counter(), read_timeout_s=5)


def statuses(sandbox: Handle) -> list[int]:
    return [entry["status"] for entry in sandbox.app.adzuna.journal.entries()]


def test_an_answer_is_as_received_but_for_the_account(sandbox: Handle) -> None:
    question = Question(60, 3, "healthcare-nursing-jobs")
    answer = client(sandbox).ask(question)
    assert answer.count > 100
    assert len(answer.ads) == 50
    assert answer.statuses == (200,)
    assert answer.is_generated
    asked = sandbox.app.adzuna.journal.entries()[0]["query"]
    received = requests.get(f"{sandbox.url}/v1/api/jobs/fr/search/3?{asked}", timeout=30).content
    assert ID.encode() in received
    assert answer.body == received.replace(ID.encode(), b"masked")
    assert answer.ads[0].created is not None
    assert answer.ads[0].created >= (answer.ads[-1].created or answer.ads[0].created)


def test_what_is_asked_leaves_out_what_is_not_wanted(sandbox: Handle) -> None:
    assert Question(2).listing == "max_days_old=2&results_per_page=50&sort_by=date"
    both = Question(2, 4, "it-jobs", "Ile-de-France")
    assert both.text == (
        "category=it-jobs&max_days_old=2&results_per_page=50&sort_by=date&where=Ile-de-France&page=4"
    )
    client(sandbox).ask(both)
    entry = sandbox.app.adzuna.journal.entries()[0]
    assert entry["path"] == "/v1/api/jobs/fr/search/4"
    assert entry["query"] == f"{both.listing}&app_id={ID}&app_key={KEY}"


@pytest.mark.parametrize(
    "kind", ["503", "429", "500", "html-200", "exception-200", "cut", "closed"]
)
def test_what_is_no_answer_is_asked_again(sandbox: Handle, kind: str) -> None:
    fail(sandbox, every=2, kinds=[kind])
    budget = Counter()
    asks = client(sandbox, budget)
    first, second = asks.ask(Question(2)), asks.ask(Question(2, 2))
    assert first.statuses == (200,)
    assert len(second.statuses) == 2
    assert second.statuses[1] == 200
    assert budget.made == len(statuses(sandbox)) == 3
    assert asks.statuses[200] >= 2


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("503", SourceUnavailable),
        ("429", RateLimited),
        ("html-200", SourceUnavailable),
        ("exception-200", SourceUnavailable),
        ("closed", SourceUnavailable),
    ],
)
def test_after_a_few_requests_it_gives_up(
    sandbox: Handle, kind: str, error: type[JobMarketError]
) -> None:
    fail(sandbox, every=1, kinds=[kind])
    budget = Counter()
    with pytest.raises(error) as met:
        client(sandbox, budget).ask(Question(2))
    assert budget.made == len(statuses(sandbox)) == ATTEMPTS
    assert "goes on where it stopped" in str(met.value)


def test_each_request_is_reserved_before_it_is_made_retries_included(sandbox: Handle) -> None:
    fail(sandbox, every=1, kinds=["503"])
    soon = datetime.now(UTC) + timedelta(hours=3)
    budget = Counter(2, Refusal("day", 2, 10_800.0, soon))
    with pytest.raises(BudgetSpent, match=r"The 2 requests to Adzuna .* in a day are made"):
        client(sandbox, budget).ask(Question(2))
    assert len(statuses(sandbox)) == 2


def test_the_budget_of_a_minute_is_waited_for(sandbox: Handle) -> None:
    class Minute(Counter):
        def reserve(self) -> Refusal | None:
            refused = super().reserve()
            self._allowed += 1
            return refused

    budget = Minute(0, Refusal("minute", 25, 0.001, datetime.now(UTC)))
    assert client(sandbox, budget).ask(Question(2)).count > 0
    assert budget.made == 1


@pytest.mark.parametrize(
    ("account", "error", "told"),
    [
        ({"app_key": "0000111122223333"}, AccessDenied, "AUTH_FAIL: Authorisation failed"),
        ({"app_id": "99999999"}, AccessDenied, "AUTH_FAIL: Authorisation failed"),
    ],
)
def test_a_wrong_account_fails_at_once(
    sandbox: Handle, account: dict[str, Any], error: type[JobMarketError], told: str
) -> None:
    with pytest.raises(error, match=told):
        client(sandbox, **account).ask(Question(2))
    assert statuses(sandbox) == [401]


def test_a_wrong_question_fails_at_once(sandbox: Handle) -> None:
    with pytest.raises(SourceContractError, match=r"400 .UNSUPPORTED: unknown category"):
        client(sandbox).ask(Question(2, category="no-jobs"))
    assert statuses(sandbox) == [400]


def test_one_request_at_a_time_whatever_the_threads(shared: Handle) -> None:
    with running(
        Settings(now=NOW, latency_ms=20, adzuna=AdzunaSettings(live=500, most_at_once=1))
    ) as own:
        asks = client(own)
        threads = [threading.Thread(target=asks.ask, args=(Question(9, n),)) for n in range(1, 7)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert statuses(own) == [200] * 6


def test_a_closed_client_waits_no_more(sandbox: Handle) -> None:
    asks = client(sandbox, Counter(0, Refusal("minute", 25, 60.0, datetime.now(UTC))))
    asks.close()
    with pytest.raises(SourceUnavailable, match="stopped"):
        asks.ask(Question(2))


# --- the account is told to nobody


@pytest.mark.parametrize("kind", ["503", "429", "exception-200", "closed", "cut", "html-200"])
def test_no_error_and_no_log_holds_the_account(
    sandbox: Handle, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    fail(sandbox, every=1, kinds=[kind])
    asks = client(sandbox)
    with (
        caplog.at_level(logging.DEBUG),
        caplog.at_level(logging.DEBUG, "urllib3.connectionpool"),
        pytest.raises(JobMarketError) as met,
    ):
        asks.ask(Question(2))
    _require_none_of_it(met.value, caplog.text)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://[::1]:9"])
def test_an_address_that_does_not_answer_is_told_without_the_account(
    url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(client_module, "BACKOFF_S", 0.001)
    with caplog.at_level(logging.DEBUG), pytest.raises(SourceUnavailable) as met:
        AdzunaClient(settings(url), Counter()).ask(Question(2))
    _require_none_of_it(met.value, caplog.text)


def test_an_answer_that_repeats_the_question_is_kept_without_the_account(sandbox: Handle) -> None:
    fail(sandbox, echo=True)
    body = client(sandbox).ask(Question(2)).body
    assert b'"app_id":"masked"' in body
    assert b'"app_key":"masked"' in body
    assert not any(secret.encode() in body for secret in SECRETS)


def test_settings_do_not_show_the_account() -> None:
    assert not any(secret in repr(settings("http://127.0.0.1:9")) for secret in SECRETS)


def _require_none_of_it(error: BaseException, logged: str) -> None:
    told = "".join(traceback.format_exception(error)) + logged
    for secret in SECRETS:
        assert secret not in told


# --- what the connection may say


def test_the_connection_of_a_real_account() -> None:
    found = client_settings(connection(), "adzuna")
    assert found.base_url == "https://api.adzuna.com"
    assert not found.is_exposed
    assert (found.limits.requests_per_day, found.limits.requests_per_run) == (250, 80)
    own = connection(extra_dejson={"requests_per_day": 10, "deepest_page": 5})
    found = client_settings(own, "adzuna")
    assert (found.limits.requests_per_day, found.deepest_page) == (10, 5)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"login": ""}, "no login"),
        ({"login": None}, "no login"),
        ({"login": "abc"}, "no login"),
        ({"login": "ab cd"}, "no login"),
        ({"password": ""}, "no password"),
        ({"extra_dejson": []}, "no JSON object"),
        ({"extra_dejson": {"requests_per_minute": 0}}, "requests_per_minute"),
        ({"extra_dejson": {"requests_per_day": "250"}}, "requests_per_day"),
        ({"extra_dejson": {"requests_per_month": True}}, "requests_per_month"),
        ({"extra_dejson": {"requests_per_week": 2.5}}, "requests_per_week"),
        ({"extra_dejson": {"deepest_page": -1}}, "deepest_page"),
        ({"host": "ftp://x"}, "host"),
        ({"host": "https://u:p@x.fr"}, "host"),
        ({"host": "https://x.fr?app_key=1"}, "host"),
        ({"host": "https://x.fr:99999"}, "host"),
    ],
)
def test_a_connection_that_cannot_be_used(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as met:
        client_settings(connection(**changes), "adzuna")
    _require_none_of_it(met.value, "")


@pytest.mark.parametrize(
    ("host", "is_exposed"),
    [
        ("api.adzuna.com", False),
        ("http://127.0.0.1:8000", False),
        ("http://localhost:8000/", False),
        ("http://10.0.0.8", True),
    ],
)
def test_a_key_that_would_leave_in_plain_text_is_known(host: str, is_exposed: bool) -> None:
    assert client_settings(connection(host=host), "adzuna").is_exposed == is_exposed


# --- what an answer may say


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"count":1}',
        b'{"results":[]}',
        b'{"count":-1,"results":[]}',
        b'{"count":"1","results":[]}',
        b'{"count":51,"results":[' + b",".join([b'{"id":"1"}'] * 51) + b"]}",
        b'{"count":1,"results":{}}',
        b'{"exception":"INTERNAL","display":"later"}',
        b'{"count":1,"results":[],"exception":"INTERNAL"}',
    ],
)
def test_what_is_no_usable_answer(body: bytes) -> None:
    with pytest.raises(UnusableAnswerError):
        read_answer(Question(1), body, received_at="")


def test_ads_without_id_or_date_are_seen_all_the_same() -> None:
    first = b'{"id":7,"created":"2026-11-18T06:12:44Z"},{"id":"8","created":"soon"}'
    body = b'{"count":4,"results":[' + first + b',{"id":null},3]}'
    ads = read_answer(Question(1), body, received_at="").ads
    assert [(ad.ad_id[:11], ad.created) for ad in ads] == [
        ("7", datetime(2026, 11, 18, 6, 12, 44, tzinfo=UTC)),
        ("8", None),
        ("without-id:", None),
        ("without-id:", None),
    ]
