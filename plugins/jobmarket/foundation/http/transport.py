"""One HTTP request and its whole answer, within bounds of time and size; no opinion on what it means.

The exceptions of ``requests`` and ``urllib3`` end here: they hold the request, and with it the token.

The bounds are kept where bytes are read from the socket, so that they hold for all that may drip: status
line, ``100 Continue``, headers, a proxy's answer, chunks, trailers. A TLS handshake has its own bound, the
time to connect.
"""

from __future__ import annotations

import io
import time
from contextvars import ContextVar
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from requests.structures import CaseInsensitiveDict
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from jobmarket.foundation.http.decoding import (
    LARGEST_BODY_BYTES,
    Decoder,
    UnreadableBodyError,
)

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping

LARGEST_HEAD_BYTES = 64 * 1024
"""Status line and headers, those of all ``1xx`` before them included; the API sends under 2 kB."""

LARGEST_MESSAGE_BYTES = LARGEST_BODY_BYTES + LARGEST_HEAD_BYTES
"""All that is read for one answer."""

_CHUNK_BYTES = 256 * 1024

# when the request that runs in this thread must have ended, on time.monotonic()
_ends_at: ContextVar[float] = ContextVar("ends_at")


@dataclass(frozen=True)
class Reply:
    """What came back.

    :param status: HTTP status; 0 if no whole answer came.
    :param headers: names in any case.
    :param body: bytes after HTTP content decoding.
    :param problem: why there is no whole answer, without any secret.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=CaseInsensitiveDict)
    body: bytes = b""
    problem: str = ""


class Bearer(AuthBase):
    """Sends a token. As an auth object, so that no ``~/.netrc`` takes its place."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Set the header."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Anonymous(AuthBase):
    """Sends no credentials in headers, not even those of ``~/.netrc``."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Leave the request as it is."""
        return request


class Transport:
    """A pool of connections for several threads.

    :param connections: threads that use it at once.
    :param connect_timeout_s: to connect, and as long again for a TLS handshake.
    :param read_timeout_s: without any byte.
    :param deadline_s: for the whole request, from its start to the last byte of the answer.
    """

    def __init__(
        self,
        connections: int,
        *,
        connect_timeout_s: float,
        read_timeout_s: float,
        deadline_s: float,
    ) -> None:
        self._timeout = (connect_timeout_s, read_timeout_s)
        self._deadline_s = deadline_s
        self._session = requests.Session()
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        adapter = _BoundedAdapter(pool_connections=4, pool_maxsize=connections)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def get(self, url: str, auth: AuthBase) -> Reply:
        """Send a GET."""
        return self._send("GET", url, auth, None)

    def post(self, url: str, form: Mapping[str, str]) -> Reply:
        """Send a form."""
        return self._send("POST", url, Anonymous(), form)

    def close(self) -> None:
        """Close the connections that are not in use."""
        self._session.close()

    def _send(self, method: str, url: str, auth: AuthBase, form: Mapping[str, str] | None) -> Reply:
        ends_at = time.monotonic() + self._deadline_s
        outer = _ends_at.set(ends_at)
        try:
            with self._session.request(
                method,
                url,
                auth=auth,
                data=form,
                headers={"Accept": "application/json", "Accept-Encoding": "gzip"},
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                decoder = Decoder(response.headers.get("Content-Encoding", ""))
                # not iter_content: urllib3 would decode, as often as the server says, a chunk at once
                for chunk in response.raw.stream(_CHUNK_BYTES, decode_content=False):
                    decoder.feed(chunk)
                return Reply(response.status_code, response.headers, decoder.whole())
        except UnreadableBodyError as exc:
            return Reply(0, problem=str(exc))
        except requests.exceptions.SSLError:
            return Reply(0, problem="the server's certificate is not trusted")
        except (requests.RequestException, HTTPError, HTTPException, OSError, ValueError) as exc:
            # HTTPException, ValueError: a header that cannot be sent, an address that is none
            if time.monotonic() >= ends_at:
                return Reply(0, problem=f"no whole answer within {self._deadline_s:.0f} s")
            return Reply(0, problem=_problem(exc))
        finally:
            _ends_at.reset(outer)


def _problem(exc: BaseException) -> str:
    """Return the name of an error, or our own sentence where one of ours is its cause."""
    cause: BaseException | None = exc
    for _ in range(8):
        if isinstance(cause, TooLongError):
            return str(cause)
        if cause is None:
            break
        inner = next((arg for arg in cause.args if isinstance(arg, BaseException)), None)
        cause = inner or getattr(cause, "reason", None) or cause.__cause__ or cause.__context__
        if not isinstance(cause, BaseException):
            break
    return type(exc).__name__


class TooLongError(OSError):
    """An answer passes a bound of size; the message says which."""


class _BoundedReader(io.RawIOBase):
    """The bytes of one answer, as they come from the socket, until a moment and up to a number.

    :param raw: what ``makefile`` made of the socket.
    """

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self._raw = raw
        self._sock = sock
        self._ends_at = _ends_at.get(float("inf"))
        self._left = LARGEST_HEAD_BYTES
        self._bound = f"headers of more than {LARGEST_HEAD_BYTES} bytes"

    def begin_body(self) -> None:
        """Allow as much as a body may have: the headers have been read."""
        self._left = LARGEST_MESSAGE_BYTES
        self._bound = f"an answer of more than {LARGEST_MESSAGE_BYTES} bytes"

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what has come; raise :class:`TimeoutError` at the end of the request's time."""
        left_s = self._ends_at - time.monotonic()
        if left_s <= 0:
            raise TimeoutError("the request's time is over")
        if self._left < 0:
            raise TooLongError(self._bound)
        idle_s = self._sock.gettimeout()
        if idle_s is None or left_s < idle_s:
            self._sock.settimeout(left_s)
        try:
            count = self._raw.readinto(buffer) or 0
        finally:
            if idle_s is None or left_s < idle_s:
                self._sock.settimeout(idle_s)
        self._left -= count
        return count

    def close(self) -> None:
        """Close what it reads."""
        if not self.closed:
            self._raw.close()
        super().close()


class _BoundedResponse(HTTPResponse):
    """An answer that is read through :class:`_BoundedReader`, a proxy's to CONNECT, too."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self._bounded = _BoundedReader(self.fp.detach(), sock)
        self.fp = io.BufferedReader(self._bounded)

    def begin(self) -> None:
        """Read status and headers."""
        super().begin()
        self._bounded.begin_body()
        # urllib3 would log them as they are, with the address asked
        self.headers.defects.clear()
        self.headers.set_payload("")


class _BoundedConnection(HTTPConnection):
    response_class = _BoundedResponse


class _BoundedSecureConnection(HTTPSConnection):
    response_class = _BoundedResponse


class _BoundedPool(HTTPConnectionPool):
    ConnectionCls = _BoundedConnection


class _BoundedSecurePool(HTTPSConnectionPool):
    ConnectionCls = _BoundedSecureConnection


_POOLS = {"http": _BoundedPool, "https": _BoundedSecurePool}


class _BoundedAdapter(HTTPAdapter):
    """Makes connections, those through a proxy included, that keep the bounds."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        """Return the pools of a proxy."""
        manager = super().proxy_manager_for(*args, **kwargs)
        if not str(args[0] if args else kwargs["proxy"]).lower().startswith("socks"):
            manager.pool_classes_by_scheme = _POOLS
        return manager
