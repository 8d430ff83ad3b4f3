"""The OAuth2 token of a client: fetched when first needed, renewed before it ends, never twice at once."""

from __future__ import annotations

import time
from threading import Lock
from typing import TYPE_CHECKING, Any

import msgspec

from jobmarket.errors import AccessDenied
from jobmarket.france_travail.answer import UnusableAnswerError

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobmarket.france_travail.transport import Reply

MARGIN_S = 60.0
"""Seconds before its end at which a token is renewed, but at most a tenth of its life."""


class _Token(msgspec.Struct):
    access_token: str
    expires_in: float


class AccessToken:
    """The current token of one client, for many threads.

    :param fetch: asks the token endpoint and returns its usable answer.
    """

    def __init__(self, fetch: Callable[[], _Token]) -> None:
        self._fetch = fetch
        self._lock = Lock()
        self._value = ""
        self._renew_at = 0.0

    def current(self) -> str:
        """Return a token that is good for a while."""
        with self._lock:
            if not self._value or time.monotonic() >= self._renew_at:
                asked_at = time.monotonic()
                token = self._fetch()
                life = token.expires_in
                self._value = token.access_token
                self._renew_at = asked_at + life - min(MARGIN_S, life / 10)
            return self._value

    def discard(self, value: str) -> None:
        """Forget a token that was refused, unless another thread has already renewed it."""
        with self._lock:
            if self._value == value:
                self._value = ""


def read_token(reply: Reply, conn_id: str) -> _Token:
    """Read the answer of the token endpoint.

    Raise :class:`AccessDenied` if it refuses the client, :class:`UnusableAnswerError` if it gave no
    usable answer.
    """
    if reply.status == 0 or reply.status == 429 or reply.status >= 500:
        raise UnusableAnswerError(reply.problem or f"status {reply.status}")
    if reply.status != 200:
        raise AccessDenied(
            f"France Travail gives no token to the client of the connection {conn_id} "
            f"({reply.status}, {_error_of(reply.body)}): check its login (client id), its password (client "
            f"secret), and that the application has subscribed to the API Offres d'emploi v2."
        )
    try:
        token = msgspec.json.decode(reply.body, type=_Token)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise UnusableAnswerError("the token endpoint's answer is not that of OAuth2") from None
    return token


def _error_of(body: bytes) -> str:
    try:
        answer: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return "no reason given"
    error = answer.get("error") if isinstance(answer, dict) else None
    return error if isinstance(error, str) and len(error) < 60 else "no reason given"
