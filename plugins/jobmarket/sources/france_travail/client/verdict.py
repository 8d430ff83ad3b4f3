"""What the status of an answer means: usable, ask again, or fail now. Pure."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import msgspec

from jobmarket.foundation.errors import LONGEST_WAIT_S, AccessDenied, SourceContractError
from jobmarket.foundation.foreign_text import clean
from jobmarket.sources.france_travail.client.answer import UnusableAnswerError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from jobmarket.foundation.http.transport import Reply

USUAL_WAIT_S = 1.0
"""How long to wait where a 429 does not say it, or says what is no time."""

# RFC 9110 allows whole seconds only; several headers arrive joined by commas
_SECONDS = re.compile(r"\d{1,400}(?:\.\d{1,20})?", re.ASCII)


def retry_after(reply: Reply, now: datetime) -> float:
    """Return the seconds that a 429 asks to wait: 0 to ``LONGEST_WAIT_S``, of several the longest.

    Seconds or a date of HTTP (RFC 9110, 10.2.3).

    :param now: the instant of the answer, with its zone.
    """
    said = reply.headers.get("Retry-After", "")
    try:
        asked = (parsedate_to_datetime(said[:64]) - now).total_seconds()
    except (ValueError, TypeError, OverflowError, IndexError):
        numbers = [part.strip() for part in said[:1000].split(",")]
        if not all(_SECONDS.fullmatch(number) for number in numbers):
            return USUAL_WAIT_S
        asked = max(float(number) for number in numbers)
    return max(0.0, min(LONGEST_WAIT_S, asked))


def require_success(reply: Reply, redact: Callable[[str], str] = clean) -> None:
    """Raise what an answer that is none of 200, 204, 206 deserves.

    :param redact: makes a foreign text fit for a message.
    """
    if reply.status in (200, 204, 206):
        return
    if reply.status == 0 or reply.status == 408 or reply.status >= 500:
        raise UnusableAnswerError(reply.problem or f"status {reply.status}")
    if reply.status == 403:
        raise AccessDenied(
            "France Travail answers 403: the application of this client id has no right to the API Offres "
            "d'emploi v2; subscribe to it on francetravail.io."
        )
    raise SourceContractError(
        f"France Travail refuses the question with {reply.status} ({_message_of(reply.body, redact)}): the "
        f"API has changed, or the question is wrong; report it."
    )


def _message_of(body: bytes, redact: Callable[[str], str]) -> str:
    try:
        answer: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "no message"
    message = answer.get("message") if isinstance(answer, dict) else None
    return (redact(message) if isinstance(message, str) else "") or "no message"
