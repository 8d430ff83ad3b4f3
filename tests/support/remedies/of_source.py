"""Sentences about France Travail: its connection, and what it answers."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import requests
from jobmarket.airflow.source_hook import SourceHook
from jobmarket.sources.france_travail.client.request import Request

from local.process import free_port
from sandbox.server import running
from sandbox.settings import Faults, Settings
from tests.support.remedies.parts import CASES, Parts, obeys

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.support.remedies.parts import Case

FIRST_PAGE = Request(
    "maxCreationDate=2026-11-18T23:00:00Z&minCreationDate=2026-11-18T00:00:00Z&origineOffre=2&sort=1",
    0,
    149,
)
ONE_OFFER = b'{"resultats":[{"id":"0123456","dateCreation":"2026-11-18T08:00:00.000Z"}]}'


def search() -> None:
    hook = SourceHook("france_travail").get_conn(connect_timeout_s=2, read_timeout_s=2)
    try:
        hook.search(FIRST_PAGE)
    finally:
        hook.close()


def api_case(**changes: Any) -> Case:
    """Return a case in which the connection to the API is wrong, and corrected."""

    def case(parts: Parts) -> Any:
        with running(Settings(offers_per_day=200, rate=400)) as api:
            wrong = {
                name: value.format(url=api.url, address=api.url.partition("://")[2])
                if isinstance(value, str)
                else value
                for name, value in changes.items()
            }
            parts.connect_api(api.url, **wrong)
            yield search
            parts.connect_api(api.url)
            yield search

    return case


CASES |= {
    "check its login (client id), its password": api_case(password="wrong"),
    "The connection {} has no {}: set it to": api_case(login=""),
    'is no JSON object: write it as {"requests_per_second": 10}': api_case(extra="[1]"),
    "holds a query: leave only scheme": api_case(host="{url}?key=1"),
    "is not an address like {}: correct it": api_case(host="ftp://api"),
    "holds a user or a password: move them": api_case(host="http://sandbox:sandbox@{address}"),
    "but is {}: correct its extra, or leave it out for": api_case(extra={"requests_per_second": 0}),
    "look at https://francetravail.io/etat-sante-api and at host and token_url": api_case(
        host=f"http://127.0.0.1:{free_port()}"
    ),
}


@obeys("cannot be read ({}): create it with")
def no_api_connection(parts: Parts) -> Any:
    with running(Settings(offers_per_day=200, rate=400)) as api:
        parts.monkeypatch.delenv("AIRFLOW_CONN_FRANCE_TRAVAIL", raising=False)
        yield search
        parts.connect_api(api.url)
        yield search


def fault_case(*kinds: str) -> Case:
    """Return a case in which each search misbehaves until it is over."""

    def case(parts: Parts) -> Any:
        settings = Settings(offers_per_day=200, rate=400, faults=Faults(every=1, kinds=kinds))
        with running(settings) as api:
            parts.connect_api(api.url)
            yield search
            requests.put(f"{api.url}/_sandbox/faults", json={"every": 0}, timeout=10)
            yield search

    return case


CASES |= {
    "if it lasts, look at https://francetravail.io/etat-sante-api and at the connection": fault_case(
        "502"
    ),
    "stop the other client that": fault_case("429"),
    "check its scope and its subscription": fault_case("401"),
}


class Canned(NamedTuple):
    """An answer whatever is asked."""

    status: int
    headers: Mapping[str, str] = MappingProxyType({})
    body: bytes = b""


AN_OFFER = Canned(206, {"Content-Range": "offres 0-0/1"}, ONE_OFFER)


@contextmanager
def canned(first: Canned, then: Canned = AN_OFFER) -> Iterator[str]:
    """Serve one answer once, then another for ever, and a token to whoever asks for one."""
    left = [first]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(left.pop() if left else then)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            token = b'{"access_token": "abcdefgh", "expires_in": 1499}'
            self._send(Canned(200, body=token))

        def _send(self, answer: Canned) -> None:
            self.send_response(answer.status)
            length = {"Content-Length": str(len(answer.body))}
            for name, value in {**length, **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@obeys("the run goes on after that")
def told_to_wait_long(parts: Parts) -> Any:
    with canned(Canned(429, {"Retry-After": "3600"})) as url:
        parts.connect_api(url)
        yield search
        yield search  # Airflow waits that long, then does it again


@obeys("subscribe to it on francetravail.io")
def no_subscription(parts: Parts) -> Any:
    with canned(Canned(403)) as url:
        parts.connect_api(url)
        yield search
        yield search
