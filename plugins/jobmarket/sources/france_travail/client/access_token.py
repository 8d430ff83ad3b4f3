"""The OAuth2 token of a client: fetched when first needed, renewed before it ends, never twice at once."""

from __future__ import annotations

import re
import time
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from jobmarket.foundation.errors import AccessDenied
from jobmarket.foundation.foreign_text import clean
from jobmarket.sources.france_travail.client.answer import UnusableAnswerError

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobmarket.foundation.http.transport import Reply

MARGIN_S = 60.0
"""Seconds before its end at which a token is renewed, but at most a tenth of its life."""

SHORTEST_LIFE_S = 60.0
"""A token is kept this long whatever ``expires_in`` says: else a 0 would ask for one before each search."""

LONGEST_LIFE_S = 86_400.0
USUAL_LIFE_S = 1499.0
"""What the API gives; stands for an ``expires_in`` that is missing or no number."""

LONGEST_TOKEN = 8192
"""Characters: a header of more is refused by servers."""

# RFC 6750: what may stand behind `Bearer`; a line end in it would be a header of its own
_TOKEN = re.compile(r"[!-~]+")


class Token(NamedTuple):
    """A token of the client.

    :param value: fit for a header.
    :param life_s: seconds from when it was asked for, ``SHORTEST_LIFE_S`` to ``LONGEST_LIFE_S``.
    """

    value: str
    life_s: float


class _TokenAnswer(msgspec.Struct):
    access_token: str
    expires_in: Any = None


class AccessToken:
    """The current token of one client, for many threads.

    :param fetch: asks the token endpoint and returns its usable answer.
    """

    def __init__(self, fetch: Callable[[], Token]) -> None:
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
                self._value = token.value
                self._renew_at = asked_at + token.life_s - min(MARGIN_S, token.life_s / 10)
            return self._value

    def discard(self, value: str) -> None:
        """Forget a token that was refused, unless another thread has already renewed it."""
        with self._lock:
            if self._value == value:
                self._value = ""


def read_token(reply: Reply, conn_id: str, redact: Callable[[str], str] = clean) -> Token:
    """Read the answer of the token endpoint.

    :param redact: makes a foreign text fit for a message.

    Raise :class:`AccessDenied` if it refuses the client, :class:`UnusableAnswerError` if it gave no
    usable answer.
    """
    if reply.status == 0 or reply.status == 429 or reply.status >= 500:
        raise UnusableAnswerError(reply.problem or f"status {reply.status}")
    if reply.status != 200:
        raise AccessDenied(
            f"France Travail gives no token to the client of the connection {conn_id} "
            f"({reply.status}, {_error_of(reply.body, redact)}): check its login (client id), its password "
            f"(client secret), the scope in its extra if there is one, and that the application has "
            f"subscribed to the API Offres d'emploi v2."
        )
    try:
        answer = msgspec.json.decode(reply.body, type=_TokenAnswer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise UnusableAnswerError("the token endpoint's answer is not that of OAuth2") from None
    value = answer.access_token
    if len(value) > LONGEST_TOKEN or not _TOKEN.fullmatch(value):
        raise UnusableAnswerError(
            f"the token endpoint gave {len(value)} characters that no header can carry as a token"
        )
    return Token(value, _life_s(answer.expires_in))


def _life_s(expires_in: Any) -> float:
    try:
        seconds = float(expires_in)
    except (TypeError, ValueError, OverflowError):
        return USUAL_LIFE_S
    if seconds != seconds:
        return USUAL_LIFE_S
    return max(SHORTEST_LIFE_S, min(LONGEST_LIFE_S, seconds))


def _error_of(body: bytes, redact: Callable[[str], str]) -> str:
    try:
        answer: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "no reason given"
    error = answer.get("error") if isinstance(answer, dict) else None
    return (redact(error) if isinstance(error, str) else "") or "no reason given"
