"""What each kind of misbehaviour looks like on the wire.

What lives here: the answers of a server that fails. What does not: when it fails (``server``), and the
faults of the offers themselves (``world``).
"""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.answers import JSON, Answer, ApiError

_HTML = {"Content-Type": "text/html;charset=UTF-8"}
_PAGE = (
    b"<html><head><title>Service indisponible</title></head>"
    b"<body><h1>Le service est momentan\xc3\xa9ment indisponible</h1></body></html>"
)


@dataclass(frozen=True)
class Misbehaviour:
    """How one answer goes wrong.

    :param answer: what is sent instead of the good answer; None if the good one is.
    :param sent_share: how much of the body is sent before the connection closes; 1 is all of it, and 0
        closes it without a word.
    :param is_slow: the answer waits ``slow_ms``.
    :param expires_token: the client's token ends now.
    """

    answer: Answer | None = None
    sent_share: float = 1.0
    is_slow: bool = False
    expires_token: bool = False


def misbehaviour(kind: str) -> Misbehaviour:
    """Return what a kind of ``settings.DETAIL_FAULT_KINDS`` does."""
    return {
        "500": Misbehaviour(_technical_error()),
        "502": Misbehaviour(Answer(502, b"Bad Gateway", {"Content-Type": "text/plain"})),
        "503": Misbehaviour(Answer(503)),
        "html-502": Misbehaviour(Answer(502, _PAGE, _HTML)),
        "html-200": Misbehaviour(Answer(200, _PAGE, _HTML)),
        "cut": Misbehaviour(sent_share=0.6),
        "closed": Misbehaviour(sent_share=0.0),
        "slow": Misbehaviour(is_slow=True),
        "401": Misbehaviour(unauthorized(), expires_token=True),
        "429": Misbehaviour(too_many_requests()),
        "gone": Misbehaviour(Answer(204)),
        "not-found": Misbehaviour(ApiError("Ressource inexistante.", status=404).answer()),
        "empty": Misbehaviour(Answer(200, b"", {"Content-Type": JSON})),
        "other-id": Misbehaviour(Answer(200, b'{"id":"0000000"}', {"Content-Type": JSON})),
    }[kind]


def unauthorized() -> Answer:
    """Return the answer to a missing, unknown or expired token."""
    return Answer(401, headers={"WWW-Authenticate": "Bearer"})


def too_many_requests() -> Answer:
    """Return the answer to a client that is too fast."""
    headers = {"Content-Type": "text/plain", "Retry-After": "1", "Cache-Control": "no-store"}
    return Answer(429, headers=headers)


def _technical_error() -> Answer:
    text = "Erreur technique. Veuillez contacter le support de francetravail.io."
    return ApiError(text, status=500).answer()
