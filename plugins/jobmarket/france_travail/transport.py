"""One HTTP request and its whole answer, within bounds of time and size; no opinion on what it means.

The exceptions of ``requests`` end here: they hold the request, and with it the token.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from requests.structures import CaseInsensitiveDict

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST_BODY_BYTES = 32 * 1024 * 1024
"""A page of 150 offers is about 0.7 MB."""

_CHUNK_BYTES = 256 * 1024


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
    :param connect_timeout_s: to connect.
    :param read_timeout_s: without any byte.
    :param deadline_s: for the whole body.
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
        adapter = HTTPAdapter(pool_connections=4, pool_maxsize=connections)
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
        deadline = time.monotonic() + self._deadline_s
        try:
            with self._session.request(
                method,
                url,
                auth=auth,
                data=form,
                headers={"Accept": "application/json"},
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                body = bytearray()
                for chunk in response.iter_content(_CHUNK_BYTES):
                    body += chunk
                    if len(body) > LARGEST_BODY_BYTES:
                        return Reply(0, problem=f"a body of more than {LARGEST_BODY_BYTES} bytes")
                    if time.monotonic() > deadline:
                        return Reply(0, problem=f"no whole body within {self._deadline_s:.0f} s")
                return Reply(response.status_code, response.headers, bytes(body))
        except requests.exceptions.SSLError:
            return Reply(0, problem="the server's certificate is not trusted")
        except requests.RequestException as exc:
            return Reply(0, problem=type(exc).__name__)
