"""What is assumed of tokens and of who is refused one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.foundation.known_secrets import redacted
from jobmarket.sources.france_travail.client.access_token import USUAL_LIFE_S
from jobmarket.sources.france_travail.client.client import GENERATED_HEADER
from jobmarket.sources.france_travail.evidence.finding import NOTHING, REPORT, found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobmarket.sources.france_travail.evidence.finding import Finding
    from jobmarket.sources.france_travail.evidence.inquiry import Inquiry


def ask(api: Inquiry) -> Iterator[Finding]:
    """Ask for tokens, with the right form and with wrong ones."""
    body = api.first_token.json or {}
    life, kind = body.get("expires_in"), body.get("token_type")
    yield found(
        "token life",
        f"a token lives {USUAL_LIFE_S:.0f} s",
        f"expires_in {redacted(life, 20)}",
        life == USUAL_LIFE_S,
        "nothing: each token is kept as long as its own answer says",
    )
    yield found("token type", "Bearer", redacted(kind, 40), kind == "Bearer")
    first = api.first_token.json["access_token"]
    second = api.token()
    still = api.once("/offres/search?range=0-0", first)
    yield found(
        "several tokens",
        "a second token leaves the first one good",
        f"{second.status} for the second, then {still.status} with the first",
        second.status == 200 and still.status in (200, 206),
        "run one worker that extracts: slots of the pool france_travail_api",
    )
    refused = api.token(**dict.fromkeys(("client_id", "client_secret"), "unknown"))
    yield found(
        "unknown client",
        "400 invalid_client",
        refused.told(),
        (refused.status, refused.message) == (400, "invalid_client"),
        "read_token in client/access_token.py",
    )
    refused = api.token(scope="api_unknown")
    yield found(
        "unknown scope",
        "400 invalid_scope",
        refused.told(),
        (refused.status, refused.message) == (400, "invalid_scope"),
        "read_token in client/access_token.py",
    )
    refused = api.once("/offres/search?range=0-0", "unknown")
    challenge = redacted(refused.reply.headers.get("WWW-Authenticate", ""), 40)
    yield found(
        "unknown token",
        "401 without a body, WWW-Authenticate: Bearer",
        f"{refused.told()} {len(refused.reply.body)} bytes, {challenge or 'no WWW-Authenticate'}",
        refused.status == 401 and not refused.reply.body and challenge.startswith("Bearer"),
        f"{REPORT}; only the status 401 is relied on",
    )
    rate = api.settings.requests_per_second
    answer = api.search(range="0-0")
    said = {
        part: redacted(answer.reply.headers.get(f"X-Ratelimit-{part}-Clientidlimiter", "none"), 10)
        for part in ("Burst-Capacity", "Replenish-Rate")
    }
    yield found(
        "rate",
        f"{rate:g} requests a second and at once, as the headers X-Ratelimit-… say",
        ", ".join(f"{part} {value}" for part, value in said.items()),
        all(_is_number(value, rate) for value in said.values()),
        f"requests_per_second in the extra of the connection {api.settings.conn_id}",
    )
    met = "generated: it is the sandbox" if GENERATED_HEADER in answer.reply.headers else "real"
    yield found("offers", "real or generated, as each answer says", met, True, NOTHING)


def _is_number(value: str, number: float) -> bool:
    try:
        return float(value) == number
    except ValueError:
        return False
