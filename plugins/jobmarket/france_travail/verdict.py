"""What the status of an answer means: usable, ask again, or fail now. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from jobmarket.errors import AccessDenied, SourceContractError
from jobmarket.france_travail.answer import UnusableAnswerError

if TYPE_CHECKING:
    from jobmarket.france_travail.transport import Reply


def retry_after(reply: Reply) -> float:
    """Return the seconds that a 429 asks to wait; 1 if it does not say."""
    try:
        return max(0.0, float(reply.headers.get("Retry-After", "1")))
    except ValueError:
        return 1.0


def require_success(reply: Reply) -> None:
    """Raise what an answer that is none of 200, 204, 206 deserves."""
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
        f"France Travail refuses the question with {reply.status} ({_message_of(reply.body)}): the API has "
        f"changed, or the question is wrong; report it."
    )


def _message_of(body: bytes) -> str:
    try:
        answer: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return "no message"
    message = answer.get("message") if isinstance(answer, dict) else None
    return message[:200] if isinstance(message, str) else "no message"
