"""The client against the sandbox where it can misbehave so, else against a few canned HTTP answers."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from jobmarket.airflow.source_hook import SourceHook
from jobmarket.foundation.errors import (
    AccessDenied,
    ConfigurationError,
    RateLimited,
    SourceContractError,
    SourceUnavailable,
)
from jobmarket.sources.france_travail.client import client as client_module
from jobmarket.sources.france_travail.client.client import FranceTravailClient
from jobmarket.sources.france_travail.client.pace import CREDIT
from jobmarket.sources.france_travail.client.request import Request

from local.process import free_port
from sandbox.server import running
from sandbox.settings import Faults, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

QUERY = "maxCreationDate=2026-11-18T23:00:00Z&minCreationDate=2026-11-18T00:00:00Z&origineOffre=2&sort=1"
FIRST_PAGE = Request(QUERY, 0, 149)
SECRET = "s3cr3t-of-the-client"
TOKEN = "t0k3n-of-the-client"
Canned = tuple[int, dict[str, str], bytes]
TOKEN_ANSWER: Canned = (200, {}, json.dumps({"access_token": TOKEN, "expires_in": 1499}).encode())
ONE_OFFER = b'{"resultats":[{"id":"0123456","dateCreation":"2026-11-18T08:00:00.000Z"}]}'
GOOD = (206, {"Content-Range": "offres 0-0/1"}, ONE_OFFER)


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Callable[..., FranceTravailClient]:
    # a retry waits a random share of this; what it waits for is not what is tested here
    monkeypatch.setattr(client_module, "BACKOFF_S", 0.01)

    def connected(url: str, *, secret: str = "sandbox", **extra: Any) -> FranceTravailClient:  # noqa: S107
        connection = {
            "conn_type": "http",
            "host": url,
            "login": "sandbox",
            "password": secret,
            "extra": {"requests_per_second": 500} | extra,
        }
        monkeypatch.setenv("AIRFLOW_CONN_FRANCE_TRAVAIL", json.dumps(connection))
        return SourceHook("france_travail").get_conn(connect_timeout_s=2, read_timeout_s=1)

    return connected


@contextmanager
def canned(answers: list[Canned], token: Canned = TOKEN_ANSWER) -> Iterator[tuple[str, list[str]]]:
    """Serve these answers, the last one for ever; yield the address and the log of what was asked."""
    log: list[str] = []
    left = list(answers)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            log.append(f"{self.headers['Authorization']} {self.path}")
            self._send(left.pop(0) if len(left) > 1 else left[0])

        def do_POST(self) -> None:
            log.append(f"POST {self.path}")
            self.rfile.read(int(self.headers["Content-Length"]))
            self._send(token)

        def _send(self, answer: Canned) -> None:
            status, headers, body = answer
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", log
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


Connect = Callable[..., FranceTravailClient]


def test_an_answer_is_exact_and_accounted_for(connect: Connect) -> None:
    with running(Settings(offers_per_day=2_000, rate=500)) as sandbox:
        hook = connect(sandbox.url)
        answer = hook.search(FIRST_PAGE)
        hook.close()
    assert answer.status == 206
    assert answer.query == (
        "maxCreationDate=2026-11-18T23:00:00Z&minCreationDate=2026-11-18T00:00:00Z&origineOffre=2"
        "&range=0-149&sort=1"
    )
    assert answer.content_range == f"offres 0-149/{answer.announced}"
    assert [s.offer_id for s in answer.offers] == [
        offer["id"] for offer in json.loads(answer.body)["resultats"]
    ]
    assert answer.statuses == (206,)
    assert answer.is_generated  # the sandbox says so itself
    assert hook.statuses == {206: 1}


@pytest.mark.parametrize(
    "kind", ["500", "502", "503", "html-502", "html-200", "cut", "closed", "slow", "401", "429"]
)
def test_every_misbehaviour_is_asked_again(connect: Connect, kind: str) -> None:
    # every second search misbehaves: the first is good, the second is asked twice
    faults = Faults(every=2, kinds=(kind,), slow_ms=2_000)
    with running(Settings(offers_per_day=500, rate=500, faults=faults)) as sandbox:
        hook = connect(sandbox.url)
        good, repeated = hook.search(FIRST_PAGE), hook.search(FIRST_PAGE)
        hook.close()
    assert repeated.body == good.body
    assert good.statuses == (206,)
    first_status = {"html-502": 502, "html-200": 200, "cut": 0, "closed": 0, "slow": 0}
    assert repeated.statuses == (first_status.get(kind) or int(kind if kind.isdigit() else 0), 206)


def test_codes_of_a_referential(connect: Connect) -> None:
    with running(Settings(rate=500)) as sandbox:
        hook = connect(sandbox.url)
        assert "CDI" in hook.referential("typesContrats")
        assert len(hook.referential("departements")) > 90
        with pytest.raises(SourceContractError, match="refuses the question with 404"):
            hook.referential("niveauxExperience")
        hook.close()


def test_a_refused_question_carries_the_message_of_the_api(connect: Connect) -> None:
    with running(Settings(rate=500)) as sandbox:
        hook = connect(sandbox.url)
        with pytest.raises(SourceContractError, match="La position de début doit être inférieure"):
            hook.search(Request(QUERY, 3_150, 3_299))
        hook.close()


def test_a_wrong_secret_says_what_to_check_and_nothing_secret(connect: Connect) -> None:
    with running(Settings(rate=500)) as sandbox:
        hook = connect(sandbox.url, secret=SECRET)
        with pytest.raises(AccessDenied, match=r"400, invalid_client.*check its login") as caught:
            hook.search(FIRST_PAGE)
        hook.close()
    assert SECRET not in repr(caught.value)


def test_a_missing_connection_is_named() -> None:
    hook = SourceHook("france_travail", "no_such_connection")
    with pytest.raises(
        ConfigurationError, match=r"no_such_connection cannot be read.*client secret"
    ):
        hook.get_conn()


def test_an_unreachable_host_is_worth_a_retry(connect: Connect) -> None:
    hook = connect(f"http://127.0.0.1:{free_port()}")
    with pytest.raises(SourceUnavailable, match=r"no token in 6 requests.*ConnectionError"):
        hook.search(FIRST_PAGE)
    hook.close()


def test_a_token_is_fetched_once_by_many_threads(connect: Connect) -> None:
    with canned([GOOD]) as (url, log):
        hook = connect(url)
        threads = [threading.Thread(target=hook.search, args=(FIRST_PAGE,)) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sum(line.startswith("POST") for line in log) == 1
        hook.close()


def test_tokens_are_asked_for_within_the_pace(connect: Connect) -> None:
    with canned([(401, {}, b"")]) as (url, log):
        hook = connect(url, requests_per_second=20)
        began = time.monotonic()
        with pytest.raises(AccessDenied):
            hook.search(FIRST_PAGE)
        seconds = time.monotonic() - began
        hook.close()
    assert len(log) == 6
    assert seconds >= (len(log) - 1 - CREDIT) / 20


@pytest.mark.parametrize(
    "spell",
    [str, quote, lambda text: json.dumps(text)[1:-1], lambda text: text.encode().hex()],
    ids=["plain", "percent", "json", "hex"],
)
def test_an_echo_of_secrets_is_not_told(connect: Connect, spell: Callable[[str], str]) -> None:
    secret = 's3cr3t"of/the client'
    echo = {
        "message": f"bad \x1b[31m\n {spell(secret)} Bearer {spell(TOKEN)}",
        "error": spell(secret),
    }
    body = json.dumps(echo).encode()
    with canned([(400, {}, body)]) as (url, _):
        hook = connect(url, secret=secret)
        with pytest.raises(SourceContractError, match=r"400 \(bad \[31m \*\*\* Bearer \*\*\*\)"):
            hook.search(FIRST_PAGE)
        hook.close()
    with canned([GOOD], token=(400, {}, body)) as (url, _):
        hook = connect(url, secret=secret)
        with pytest.raises(AccessDenied, match=r"400, \*\*\*\): check its login"):
            hook.search(FIRST_PAGE)
        hook.close()


def test_an_address_is_told_without_its_query(connect: Connect) -> None:
    closed = f"http://127.0.0.1:{free_port()}"
    hook = connect(closed, token_url=f"{closed}/token?key=pl4nted-in-query")
    with pytest.raises(
        SourceUnavailable, match=rf"requests to {closed}/token \(the last"
    ) as caught:
        hook.search(FIRST_PAGE)
    hook.close()
    assert "pl4nted" not in str(caught.value)


def test_a_question_refused_while_others_are_answered_is_asked_again(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: Canned = (401, {}, b"")
    with canned([refused, refused, refused, refused, GOOD]) as (url, _):
        hook = connect(url)
        wait = hook._pace.wait

        def wait_while_another_is_answered(closed: threading.Event) -> None:
            hook.statuses[206] += 1
            wait(closed)

        monkeypatch.setattr(hook._pace, "wait", wait_while_another_is_answered)
        assert hook.search(FIRST_PAGE).statuses == (401, 401, 401, 401, 206)
        hook.close()


def test_tokens_refused_again_and_again_are_access_denied(connect: Connect) -> None:
    with canned([(401, {}, b"")]) as (url, log):
        hook = connect(url)
        with pytest.raises(AccessDenied, match="refuses tokens that it has just given") as caught:
            hook.search(FIRST_PAGE)
        hook.close()
    assert sum(line.startswith("POST") for line in log) == 3
    assert TOKEN not in repr(caught.value)


@pytest.mark.parametrize(
    "bad",
    [
        (206, {"Content-Range": "offres 0-1/2"}, ONE_OFFER),
        (206, {"Content-Range": "offres 150-150/151"}, ONE_OFFER),
        (206, {}, ONE_OFFER),
        (206, {"Content-Range": "offres 0-0/1"}, ONE_OFFER[:-3]),
        (206, {"Content-Range": "offres 0-0/1"}, b"\xff\xfe"),
        (206, {"Content-Range": "offres 0-0/1"}, b'{"results":[]}'),
        (200, {"Content-Type": "text/html"}, b"<html>maintenance</html>"),
        (204, {"Content-Range": "offres */12"}, b""),
        (500, {}, b'{"message":"Erreur technique."}'),
        (408, {}, b""),
    ],
)
def test_an_unusable_answer_is_asked_again_and_never_returned(
    connect: Connect, bad: Canned
) -> None:
    with canned([bad, bad, GOOD]) as (url, _):
        hook = connect(url)
        answer = hook.search(FIRST_PAGE)
        hook.close()
    assert answer.body == ONE_OFFER
    assert answer.statuses == (bad[0], bad[0], 206)
    assert not answer.is_generated


def test_it_gives_up_after_six_requests_and_says_why(connect: Connect) -> None:
    with canned([(200, {}, b"<html>")]) as (url, log):
        hook = connect(url)
        with pytest.raises(SourceUnavailable, match="no usable answer in 6 requests") as caught:
            hook.search(FIRST_PAGE)
        hook.close()
    assert len(log) == 1 + 6
    assert "Bearer" not in str(caught.value)
    assert hook.statuses == {200: 6}


def test_a_redirect_is_not_followed_with_the_token(connect: Connect) -> None:
    with canned([(302, {"Location": "http://127.0.0.1:9/"}, b"")]) as (url, log):
        hook = connect(url)
        with pytest.raises(SourceContractError, match="refuses the question with 302"):
            hook.search(FIRST_PAGE)
        hook.close()
    assert len(log) == 2


def test_a_forbidden_application_is_access_denied(connect: Connect) -> None:
    with canned([(403, {}, b"")]) as (url, _):
        hook = connect(url)
        with pytest.raises(AccessDenied, match="has no right to the API"):
            hook.search(FIRST_PAGE)
        hook.close()


@pytest.mark.parametrize(("seconds", "carried"), [("0", None), ("600", 600.0)])
def test_a_lasting_429_is_handed_on(connect: Connect, seconds: str, carried: float | None) -> None:
    with canned([(429, {"Retry-After": seconds}, b"")]) as (url, _):
        hook = connect(url)
        with pytest.raises(RateLimited) as caught:
            hook.search(FIRST_PAGE)
        hook.close()
    assert caught.value.retry_after_s == carried


def test_a_closed_client_asks_for_nothing(connect: Connect) -> None:
    with canned([GOOD]) as (url, log):
        hook = connect(url)
        hook.search(FIRST_PAGE)
        hook.close()
        with pytest.raises(SourceUnavailable, match="was closed"):
            hook.search(FIRST_PAGE)
    assert len(log) == 2


def test_a_netrc_does_not_take_the_place_of_the_token(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with canned([GOOD]) as (url, log):
        hook = connect(url)
        hook.search(FIRST_PAGE)
        hook.close()
    assert log[1].startswith(f"Bearer {TOKEN} ")


OFFER = b'{"id":"0123456","intitule":"Boulanger (H/F)"}'
NOT_FOUND = b'{"message":"Ressource inexistante."}'


@pytest.mark.parametrize(
    ("answers", "is_live"),
    [
        ([(200, {}, OFFER)], True),
        ([(204, {}, b"")], False),
        ([(503, {}, b""), (204, {}, b"")], False),
        ([(429, {"Retry-After": "0"}, b""), (200, {}, OFFER)], True),
        ([(401, {}, b""), (200, {}, OFFER)], True),
        # an answer about another offer, about none, or cut off is asked for again
        ([(200, {}, b'{"id":"0123457"}'), (200, {}, OFFER)], True),
        ([(200, {}, b'{"id":123456}'), (204, {}, b"")], False),
        ([(200, {}, b""), (200, {}, OFFER)], True),
        ([(200, {}, b"null"), (200, {}, OFFER)], True),
        ([(200, {}, b"{}"), (200, {}, OFFER)], True),
        ([(200, {}, b"[" + OFFER + b"]"), (200, {}, OFFER)], True),
        ([(200, {}, b'{"resultats":[' + OFFER + b"]}"), (200, {}, OFFER)], True),
        ([(200, {}, OFFER[:-5]), (200, {}, OFFER)], True),
        ([(200, {}, b"<html>Service indisponible</html>"), (204, {}, b"")], False),
        ([(206, {}, OFFER), (200, {}, OFFER)], True),
        ([(200, {}, b'{"id":"\xff"}'), (200, {}, OFFER)], True),
    ],
)
def test_an_offer_asked_for_by_its_id_is_live_or_gone(
    connect: Callable[..., FranceTravailClient], answers: list[Canned], is_live: bool
) -> None:
    with canned(answers) as (url, log):
        assert connect(url).is_live("0123456") is is_live
    assert log[-1].endswith("/offres/0123456")
    assert len([line for line in log if "POST" not in line]) == len(answers)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((200, {}, b""), SourceUnavailable),
        ((200, {}, b'{"id":"0123457"}'), SourceUnavailable),
        ((502, {}, b"Bad Gateway"), SourceUnavailable),
        ((404, {}, NOT_FOUND), SourceContractError),
        ((400, {}, NOT_FOUND), SourceContractError),
        ((410, {}, b""), SourceContractError),
        ((301, {"Location": "/ailleurs"}, b""), SourceContractError),
        ((403, {}, b""), AccessDenied),
        ((429, {"Retry-After": "0"}, b""), RateLimited),
    ],
)
def test_an_offer_of_which_nothing_usable_is_said_is_neither(
    connect: Callable[..., FranceTravailClient], answer: Canned, error: type[Exception]
) -> None:
    with canned([answer]) as (url, _), pytest.raises(error):
        connect(url).is_live("0123456")
