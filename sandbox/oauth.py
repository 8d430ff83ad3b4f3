"""Client credentials: tokens, their life, and the rate of a client.

What lives here: the token endpoint with the errors of the real one, the check of a bearer token, the
token bucket of a client. What does not: HTTP (``server``). Times are monotonic seconds, passed in.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sandbox.answers import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.settings import Settings

SCOPES = ("api_offresdemploiv2", "o2dsoffre")
MAX_TOKENS = 1_000
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class TokenDesk:
    """Gives tokens to the one client it knows, and says whether a token is good."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._ends_at: dict[str, float] = {}

    def answer(self, realm: str, form: Mapping[str, str], uses_basic: bool, now: float) -> Answer:
        """Answer a request for a token.

        :param realm: the query parameter.
        :param form: query and form parameters together.
        :param uses_basic: the client sent an ``Authorization: Basic`` header.
        :param now: monotonic seconds.
        """
        if uses_basic:
            page = "<html><head><title>Conflict</title></head><body><h1>409 Conflict</h1></body></html>"
            return Answer(409, page.encode(), {"Content-Type": "text/html;charset=UTF-8"})
        if realm.removeprefix("/") != "partenaire":
            return _error("invalid_request", "Invalid realm")
        grant = form.get("grant_type", "")
        if grant != "client_credentials":
            return _error("unsupported_grant_type", f"Grant type is not supported: {grant}")
        if not self._knows(form):
            return _error("invalid_client", "Client authentication failed")
        scopes = form.get("scope", "").split()
        known = {*SCOPES, f"application_{self._settings.client_id}"}
        unknown = [scope for scope in scopes if scope not in known]
        if unknown or not scopes:
            return _error("invalid_scope", f"Unknown/invalid scope(s): [{', '.join(unknown)}]")
        return self._issue(scopes, now)

    def knows_token(self, authorization: str, now: float) -> bool:
        """Tell whether an Authorization header carries a token that is still good."""
        kind, _, token = authorization.partition(" ")
        return kind.lower() == "bearer" and self._ends_at.get(token, 0.0) > now

    def expire(self, authorization: str) -> None:
        """End the life of the token in an Authorization header."""
        self._ends_at.pop(authorization.partition(" ")[2], None)

    def _knows(self, form: Mapping[str, str]) -> bool:
        pairs = (
            (form.get("client_id", ""), self._settings.client_id),
            (form.get("client_secret", ""), self._settings.client_secret),
        )
        return all(secrets.compare_digest(given.encode(), ours.encode()) for given, ours in pairs)

    def _issue(self, scopes: list[str], now: float) -> Answer:
        self._ends_at = {token: end for token, end in self._ends_at.items() if end > now}
        if len(self._ends_at) >= MAX_TOKENS:
            self._ends_at.pop(next(iter(self._ends_at)))
        token = secrets.token_urlsafe(20)
        self._ends_at[token] = now + self._settings.token_life_s
        body = {
            "scope": " ".join(scopes),
            "expires_in": int(self._settings.token_life_s),
            "token_type": "Bearer",
            "access_token": token,
        }
        return Answer.json(200, body, _NO_STORE)


class TokenBucket:
    """The rate of one client: as many requests at once as a second allows, then a steady refill."""

    def __init__(self, rate: int, now: float) -> None:
        self.rate = rate
        self._tokens = float(rate)
        self._at = now

    def take(self, now: float) -> bool:
        """Take one token; return whether there was one."""
        self._tokens = min(float(self.rate), self._tokens + (now - self._at) * self.rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def headers(self) -> dict[str, str]:
        """Return the rate headers that go with every answer of the API."""
        suffix = "Clientidlimiter"
        return {
            f"X-Ratelimit-Burst-Capacity-{suffix}": str(self.rate),
            f"X-Ratelimit-Remaining-{suffix}": str(int(self._tokens)),
            f"X-Ratelimit-Replenish-Rate-{suffix}": str(self.rate),
            f"X-Ratelimit-Requested-Tokens-{suffix}": "1",
        }


def _error(error: str, description: str) -> Answer:
    return Answer.json(400, {"error": error, "error_description": description}, _NO_STORE)
