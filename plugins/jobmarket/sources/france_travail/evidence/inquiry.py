"""Asks the API one question after the other, within a number and a rate, and gives each answer as it came.

What does not live here: what is asked (``access`` to ``steadiness``), the client of the extraction, which
gives only answers that it can use (``client``).
"""

from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec

from jobmarket.foundation.errors import AccessDenied, RateLimited, SourceUnavailable
from jobmarket.foundation.http.transport import Bearer, Reply, Transport
from jobmarket.foundation.known_secrets import redacted, remember
from jobmarket.sources.france_travail.client.access_token import read_token
from jobmarket.sources.france_travail.client.answer import UnusableAnswerError
from jobmarket.sources.france_travail.client.client import API_PATH
from jobmarket.sources.france_travail.client.pace import Pace
from jobmarket.sources.france_travail.client.request import query_text
from jobmarket.sources.france_travail.client.verdict import retry_after

if TYPE_CHECKING:
    from jobmarket.sources.france_travail.client.settings import ClientSettings

MOST_REQUESTS = 60
"""Of one inquiry, tokens and repeated questions included."""

SHARE_OF_RATE = 0.5
"""Of the rate that the connection allows: an extraction may run beside it."""

TRIES = 3
LONGEST_WAIT_S = 5.0
SLOW_S = 5.0
SLOW = "slow"
_RANGE = re.compile(r"(?:offres )?(-?\d+--?\d+|\*)/(\d+)")


class NoMoreQuestions(Exception):
    """The number of requests of one inquiry is spent."""


@dataclass(frozen=True)
class Exchange:
    """One answer, as it came.

    :param status: HTTP status, 0 for none.
    :param seconds: until its last byte.
    """

    reply: Reply
    seconds: float

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.reply.status

    @property
    def json(self) -> Any:
        """The body, decoded; None if it is no JSON."""
        try:
            return msgspec.json.decode(self.reply.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None

    @property
    def offers(self) -> list[dict[str, Any]]:
        """The offers of a page."""
        body = self.json
        rows = body.get("resultats") if isinstance(body, dict) else None
        return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []

    @property
    def range(self) -> str:
        """``Content-Range`` as it came, cut."""
        return redacted(self.reply.headers.get("Content-Range", ""), 60)

    @property
    def total(self) -> int | None:
        """What ``Content-Range`` announces."""
        met = _RANGE.match(self.reply.headers.get("Content-Range", ""))
        return int(met[2]) if met else None

    @property
    def message(self) -> str:
        """The text of an error."""
        body = self.json
        said = body.get("message") or body.get("error") if isinstance(body, dict) else ""
        return redacted(said or "")

    def told(self) -> str:
        """Return status, range and message in short."""
        return " ".join(filter(None, (str(self.status), self.range, self.message)))


@dataclass
class Inquiry:
    """Asks.

    :param settings: of the connection, checked.
    :param now: instant at which it begins.
    """

    settings: ClientSettings
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    requests: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        remember([self.settings.client_secret])
        self._transport = Transport(1, connect_timeout_s=5, read_timeout_s=20, deadline_s=30)
        self._pace = Pace(self.settings.requests_per_second * SHARE_OF_RATE)
        self._open = Event()
        self.first_token = self.token()
        self._token = self._value_of(self.first_token)

    @property
    def day(self) -> str:
        """The last whole day in Paris, which the questions are about."""
        return str(self.paris_now.date() - timedelta(days=1))

    @property
    def paris_now(self) -> datetime:
        """The wall clock of Paris, naive, at the begin."""
        return self.now.astimezone(ZoneInfo("Europe/Paris")).replace(tzinfo=None)

    def of_day(self, **more: str) -> dict[str, str]:
        """Return the parameters that ask for the offers of the day."""
        return {
            "minCreationDate": f"{self.day}T00:00:00Z",
            "maxCreationDate": f"{self.day}T23:59:59Z",
            **more,
        }

    def search(self, **parameters: str) -> Exchange:
        """Ask the search endpoint."""
        return self.get(f"/offres/search?{query_text(list(parameters.items()))}")

    def get(self, path: str) -> Exchange:
        """Ask any path of the API; what fails in passing is asked again, and counted."""
        for attempt in range(1, TRIES + 1):
            exchange = self.once(path, self._token)
            failure = _failure_of(exchange)
            if not failure:
                break
            self.failures[failure] += 1
            if failure == SLOW:
                break
            if exchange.status == 401:
                self._token = self._value_of(self.token())
            elif exchange.status == 429:
                wait_s = retry_after(exchange.reply, datetime.now(UTC))
                if wait_s > LONGEST_WAIT_S:
                    raise RateLimited(
                        f"France Travail asks to wait {wait_s:.0f} s or more: ask for the evidence "
                        "again after that.",
                        retry_after_s=wait_s,
                    )
                self._pace.pause(wait_s)
            if attempt == TRIES and exchange.status in (0, 401, 429):
                raise SourceUnavailable(
                    f"France Travail gave no answer in {TRIES} requests (the last: "
                    f"{exchange.reply.problem or exchange.status}): look at "
                    "https://francetravail.io/etat-sante-api and ask for the evidence again."
                )
        return exchange

    def once(self, path: str, token: str) -> Exchange:
        """Ask once, whatever comes."""
        url = f"{self.settings.base_url}{API_PATH}{path}"
        exchange = self._timed(lambda: self._transport.get(url, Bearer(token)))
        self.seconds.append(exchange.seconds)
        return exchange

    def token(self, **changes: str) -> Exchange:
        """Ask the token endpoint, with some fields of the form changed."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.settings.client_id,
            "client_secret": self.settings.client_secret,
            "scope": self.settings.scope,
        } | changes
        return self._timed(lambda: self._transport.post(self.settings.token_url, form))

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def _timed(self, ask: Any) -> Exchange:
        if self.requests >= MOST_REQUESTS:
            raise NoMoreQuestions
        self._pace.wait(self._open)
        self.requests += 1
        started = time.monotonic()
        reply = ask()
        return Exchange(reply, time.monotonic() - started)

    def _value_of(self, exchange: Exchange) -> str:
        try:
            value = read_token(exchange.reply, self.settings.conn_id, redacted).value
        except UnusableAnswerError as error:
            raise SourceUnavailable(
                f"France Travail gave no token ({redacted(error)}): look at "
                "https://francetravail.io/etat-sante-api and ask for the evidence again."
            ) from None
        remember([value])
        return value


def _failure_of(exchange: Exchange) -> str:
    """Return what kind of failure an answer is, empty for an answer of the API itself."""
    status = exchange.status
    if status == 403:
        raise AccessDenied(
            "France Travail answers 403 to the evidence: the application of this client id has no right to "
            "the API Offres d'emploi v2; add that API to it on francetravail.io."
        )
    if status == 0:
        return "no whole answer"
    if status in (401, 429) or status >= 500:
        return str(status)
    if status in (200, 206) and exchange.json is None:
        return f"{status} without JSON"
    return SLOW if exchange.seconds > SLOW_S else ""
