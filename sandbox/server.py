"""HTTP: requests in, answers out, with latency, rate and faults on the way.

What lives here: the ASGI application and the uvicorn server around it. What does not: what an answer says
(``api``, ``control``). ``running(settings)`` serves from a thread of this process, for tests::

    with running(Settings(offers_per_day=3_000)) as sandbox:
        requests.get(f"{sandbox.url}/_sandbox/health")
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sandbox import api, control
from sandbox.adzuna import desk as adzuna
from sandbox.answers import GENERATED, Answer
from sandbox.api import Request
from sandbox.faults import Misbehaviour, misbehaviour, too_many_requests, unauthorized
from sandbox.journal import Journal
from sandbox.oauth import TokenBucket, TokenDesk
from sandbox.world import World

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, MutableMapping

    from sandbox.settings import Settings

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]

MAX_BODY_BYTES = 1_000_000
START_TIMEOUT_S = 60
BACKLOG = 2_048
_TRANSPORT = "sandbox.transport"


class Protocol(HttpToolsProtocol):
    """uvicorn's HTTP, with the transport in the scope: faults close the connection halfway."""

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        cast("dict[str, Any]", self.scope)[_TRANSPORT] = self.transport


class App:
    """The ASGI application of one sandbox."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.world = World(settings)
        self.journal = Journal()
        self._desk = TokenDesk(settings)
        self._bucket = TokenBucket(settings.rate, time.monotonic())
        self.adzuna = adzuna.Desk(settings)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = await _read(scope, receive)
        if request.path.startswith(adzuna.CONTROL):
            await _send(send, self.adzuna.control(request))
        elif request.path.startswith(adzuna.ROOT):
            await self._adzuna(request, scope, receive, send)
        elif request.path.startswith(control.PREFIX):
            await _send(send, control.answer(self.world, self.journal, request))
        elif request.path == api.TOKEN_PATH:
            await self._latency()
            await _send(send, api.token(self._desk, request, time.monotonic()))
        elif request.path.startswith(api.ROOT):
            await self._api(request, scope, receive, send)
        else:
            await _send(send, Answer(404))

    async def _api(self, request: Request, scope: Message, receive: Receive, send: Send) -> None:
        now = time.monotonic()
        entry = self.journal.note(request.path, request.query, now)
        if not self._desk.knows_token(request.authorization, now):
            self.journal.answered(entry, 401)
            await self._latency()
            await _send(send, unauthorized())
            return
        if not self._bucket.take(now):
            self.journal.answered(entry, 429, is_over_rate=True)
            await _send(send, self._with_rate(too_many_requests()))
            return
        found = api.answer(self.world, request)
        fault = self._fault(found)
        if fault.expires_token:
            self._desk.expire(request.authorization)
        answer = self._with_rate(fault.answer or found.answer)
        self.journal.answered(entry, answer.status if fault.sent_share else 0)
        await self._latency(self.world.faults.slow_ms if fault.is_slow else 0)
        await _send_as_far(scope, receive, send, answer, fault.sent_share)

    async def _adzuna(self, request: Request, scope: Message, receive: Receive, send: Send) -> None:
        desk = self.adzuna
        entry = desk.journal.note(request.path, request.query, time.monotonic())
        desk.at_once += 1
        try:
            answer, fault = desk.answer(request)
            desk.journal.answered(entry, answer.status if fault.sent_share else 0)
            await self._latency(desk.faults.slow_ms if fault.is_slow else 0)
            await _send_as_far(scope, receive, send, answer, fault.sent_share)
        finally:
            desk.at_once -= 1

    def _fault(self, found: api.Found) -> Misbehaviour:
        faults, search, detail = self.world.faults, found.search_number, found.detail_number
        if search and faults.every and search % faults.every == 0:
            return misbehaviour(faults.kinds[(search // faults.every - 1) % len(faults.kinds)])
        if detail and faults.detail_every and detail % faults.detail_every == 0:
            return misbehaviour(faults.detail_kind)
        return Misbehaviour()

    def _with_rate(self, answer: Answer) -> Answer:
        return replace(answer, headers=answer.headers | self._bucket.headers())

    async def _latency(self, more_ms: int = 0) -> None:
        wait_ms = self.settings.latency_ms + more_ms
        if wait_ms:
            await asyncio.sleep(wait_ms / 1000)


async def _read(scope: Message, receive: Receive) -> Request:
    """Read a request whole; what is beyond 1 MB of a body is dropped."""
    body = b""
    more = scope["method"] in ("POST", "PUT")
    while more:
        message = await receive()
        body = (body + message.get("body", b""))[:MAX_BODY_BYTES]
        more = message.get("more_body", False)
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    return Request(
        scope["method"], scope["path"], scope["query_string"].decode("latin-1"), headers, body
    )


async def _send(send: Send, answer: Answer) -> None:
    await send(_start(answer))
    await send({"type": "http.response.body", "body": answer.body})


async def _send_as_far(
    scope: Message, receive: Receive, send: Send, answer: Answer, share: float
) -> None:
    """Send an answer, or a share of it below 1 before the connection closes."""
    if share < 1:
        await _send_part(scope, receive, send, answer, share)
    else:
        await _send(send, answer)


async def _send_part(
    scope: Message, receive: Receive, send: Send, answer: Answer, share: float
) -> None:
    """Send a part of an answer, whose Content-Length says more, and close; nothing at all if share is 0."""
    if share:
        await send(_start(answer))
        part = answer.body[: int(len(answer.body) * share)]
        await send({"type": "http.response.body", "body": part, "more_body": True})
    scope[_TRANSPORT].close()
    while (await receive())["type"] != "http.disconnect":
        pass


def _start(answer: Answer) -> Message:
    said = answer.headers | GENERATED
    headers = [(name.lower().encode(), value.encode()) for name, value in said.items()]
    if answer.status != 204:
        headers.append((b"content-length", str(len(answer.body)).encode()))
    return {"type": "http.response.start", "status": answer.status, "headers": headers}


@dataclass(frozen=True)
class Handle:
    """A sandbox that is being served: where, and its inside for tests that want it."""

    url: str
    app: App


@contextmanager
def running(settings: Settings) -> Iterator[Handle]:
    """Serve a sandbox from a thread with its own event loop; stop it at the end.

    :param settings: port 0 takes a free one.

    Raise :class:`OSError` if the port is taken, :class:`TimeoutError` if it does not start.
    """
    app = App(settings)
    listener = listen(settings)
    server = server_of(app)
    thread = threading.Thread(target=server.run, args=([listener],), name="sandbox", daemon=True)
    thread.start()
    try:
        deadline = time.monotonic() + START_TIMEOUT_S
        while not server.started:
            if time.monotonic() > deadline or not thread.is_alive():
                raise TimeoutError(f"the sandbox did not start within {START_TIMEOUT_S} s")
            time.sleep(0.005)
        yield Handle(url_of(listener), app)
    finally:
        server.should_exit = True
        thread.join(START_TIMEOUT_S)
        listener.close()


def listen(settings: Settings) -> socket.socket:
    """Return a socket that listens at the address of the settings; raise :class:`OSError` if it cannot."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(BACKLOG)  # from here on a client may connect, and waits until we serve
    except OSError:
        listener.close()
        raise
    return listener


def url_of(listener: socket.socket) -> str:
    """Return the address of a bound socket as ``http://HOST:PORT``."""
    host, port = listener.getsockname()
    return f"http://{host}:{port}"


def server_of(app: App) -> uvicorn.Server:
    """Return the uvicorn server of an application, quiet but for errors."""
    config = uvicorn.Config(
        app,
        http=Protocol,
        loop="uvloop",
        lifespan="off",
        ws="none",
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
        backlog=BACKLOG,
    )
    return uvicorn.Server(config)
