"""The France Travail API over HTTP: token, pace, retries, one usable answer. Nothing about days.

Thread-safe. An answer is either usable or asked for again, at most ``ATTEMPTS`` times; what is returned
can be landed as it is. Messages and logs never hold the secret, the token or a header.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime
from threading import Event, Lock
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

import msgspec

from jobmarket.foundation.errors import (
    AccessDenied,
    RateLimited,
    SourceUnavailable,
)
from jobmarket.foundation.foreign_text import address_of, repeats
from jobmarket.foundation.http.transport import Bearer, Reply, Transport
from jobmarket.foundation.known_secrets import SHORTEST_GENERATED, redacted, remember
from jobmarket.sources.france_travail.client.access_token import AccessToken, Token, read_token
from jobmarket.sources.france_travail.client.answer import (
    Answer,
    BrokenAnswerError,
    UnusableAnswerError,
    read_answer,
)
from jobmarket.sources.france_travail.client.pace import Pace, require_open
from jobmarket.sources.france_travail.client.verdict import require_success, retry_after

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobmarket.sources.france_travail.client.request import Request
    from jobmarket.sources.france_travail.client.settings import ClientSettings

T = TypeVar("T")

API_PATH = "/partenaire/offresdemploi/v2"
GENERATED_HEADER = "X-Generated-Data"
"""What the sandbox says in each of its answers; France Travail sends no such header."""

ATTEMPTS = 6
"""Requests for one answer before giving up; with one fault in twenty that is once in 64 million."""

MAX_REFUSED_TOKENS = 3
"""Of one question, while no other question is answered either: then it is the client that is refused."""

BACKOFF_S = 0.5
LONGEST_BACKOFF_S = 30.0
LONGEST_PAUSE_S = 120.0
"""A longer ``Retry-After`` is left to Airflow's own retry."""


class FranceTravailClient:
    """Talks to the API « Offres d'emploi v2 ».

    :param settings: of the connection, checked.
    :param threads: threads that will use the client at once.
    :param connect_timeout_s: seconds to connect.
    :param read_timeout_s: seconds without a byte.
    """

    def __init__(
        self,
        settings: ClientSettings,
        *,
        threads: int = 32,
        connect_timeout_s: float = 10,
        read_timeout_s: float = 60,
    ) -> None:
        self.threads = threads
        self.statuses: Counter[int] = Counter()
        self._settings = settings
        self._transport = Transport(
            threads,
            connect_timeout_s=connect_timeout_s,
            read_timeout_s=read_timeout_s,
            deadline_s=2 * read_timeout_s,
        )
        self._pace = Pace(settings.requests_per_second)
        self._token = AccessToken(self._fetch_token)
        self._closed = Event()
        self._lock = Lock()

    def search(self, request: Request) -> Answer:
        """Ask the search endpoint.

        An answer whose body stays broken in all ``ATTEMPTS`` requests is returned as it is. Raise
        :class:`SourceUnavailable` or :class:`RateLimited` when none came, :class:`AccessDenied` if the
        client is refused, :class:`SourceContractError` if the API calls the question wrong.
        """
        query = request.text
        broken: list[Answer] = []

        def read(reply: Reply, statuses: tuple[int, ...]) -> Answer:
            try:
                return read_answer(
                    query,
                    request.first,
                    status=reply.status,
                    content_range=reply.headers.get("Content-Range", ""),
                    body=reply.body,
                    received_at=datetime.now(UTC)
                    .isoformat(timespec="milliseconds")
                    .replace("+00:00", "Z"),
                    statuses=statuses,
                    is_generated=GENERATED_HEADER in reply.headers,
                )
            except BrokenAnswerError as exc:
                broken.append(exc.answer)
                raise

        try:
            return self._ask(f"/offres/search?{query}", read)
        except SourceUnavailable:
            if broken and not self._closed.is_set():
                return broken[-1]
            raise

    def is_live(self, offer_id: str) -> bool:
        """Tell whether an offer is still given when it is asked for by its id.

        Raise what :meth:`search` raises.
        """

        def read(reply: Reply, _: tuple[int, ...]) -> bool:
            if reply.status == 204 and not reply.body:
                return False
            try:
                offer: Any = msgspec.json.decode(reply.body)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                offer = None
            if reply.status != 200 or not isinstance(offer, dict) or offer.get("id") != offer_id:
                raise UnusableAnswerError(f"status {reply.status} without the offer asked for")
            return True

        return self._ask(f"/offres/{quote(offer_id, safe='')}", read)

    def referential(self, name: str) -> list[str]:
        """Return the codes of a référentiel: ``metiers``, ``departements``, ``typesContrats`` and the like.

        Raise what :meth:`search` raises.
        """

        def read(reply: Reply, _: tuple[int, ...]) -> list[str]:
            try:
                entries: Any = msgspec.json.decode(reply.body)
                return [str(entry["code"]) for entry in entries]
            except (msgspec.DecodeError, UnicodeDecodeError, TypeError, KeyError):
                raise UnusableAnswerError("the body is not a list of codes") from None

        return self._ask(f"/referentiel/{quote(name)}", read)

    def close(self) -> None:
        """Ask for nothing more: threads that wait give up at once."""
        self._closed.set()
        self._transport.close()

    def _ask(self, path: str, read: Callable[[Reply, tuple[int, ...]], T]) -> T:
        statuses: list[int] = []
        problem = ""
        answered_before = self._answered()
        while len(statuses) < ATTEMPTS:
            self._pace.wait(self._closed)
            token = self._token.current()  # after the wait: it may have been renewed meanwhile
            reply = self._transport.get(f"{self._settings.base_url}{API_PATH}{path}", Bearer(token))
            statuses.append(reply.status)
            with self._lock:
                self.statuses[reply.status] += 1
            if reply.status == 401:
                self._refused(token, statuses, is_alone=self._answered() == answered_before)
            elif reply.status == 429:
                self._slow_down(reply)
            else:
                try:
                    require_success(reply, redacted)
                    self._require_no_echo(reply, token)
                    return read(reply, tuple(statuses))
                except UnusableAnswerError as exc:
                    problem = redacted(exc)
                    self._back_off(len(statuses))
        if statuses[-1] == 429:
            raise RateLimited(
                f"France Travail still answers 429 after {ATTEMPTS} requests: stop the other client that "
                f"uses the same credentials, or lower requests_per_second of {self._settings.conn_id}."
            )
        raise SourceUnavailable(
            f"France Travail gave no usable answer in {ATTEMPTS} requests to {self._settings.base_url}"
            f"{path.split('?')[0]} (the last: {problem or statuses[-1]}): if it lasts, look at "
            f"https://francetravail.io/etat-sante-api and at the connection {self._settings.conn_id}."
        )

    def _fetch_token(self) -> Token:
        settings = self._settings
        form = {
            "grant_type": "client_credentials",
            "client_id": settings.client_id,
            "client_secret": settings.client_secret,
            "scope": settings.scope,
        }
        problem = ""
        for attempt in range(1, ATTEMPTS + 1):
            self._pace.wait(self._closed)  # a token that is refused at once asks for the next one
            reply = self._transport.post(settings.token_url, form)
            try:
                token = read_token(reply, self._settings.conn_id, redacted)
            except UnusableAnswerError as exc:
                problem = redacted(exc)
            else:
                remember([token.value])
                return token
            self._back_off(attempt)
        raise SourceUnavailable(
            f"France Travail gave no token in {ATTEMPTS} requests to {address_of(settings.token_url)} (the "
            f"last: {problem}): if it lasts, look at https://francetravail.io/etat-sante-api and at host and "
            f"token_url of the connection {self._settings.conn_id}."
        )

    def _answered(self) -> int:
        """Return how many requests of all threads were answered with success."""
        with self._lock:
            return sum(count for status, count in self.statuses.items() if 200 <= status < 300)

    def _refused(self, token: str, statuses: list[int], *, is_alone: bool) -> None:
        """Forget a token that was refused.

        :param is_alone: no other question was answered since this one was first asked; else its tokens
            are good, but end soon or are refused now and then.
        """
        self._token.discard(token)
        if statuses.count(401) >= MAX_REFUSED_TOKENS and is_alone:
            raise AccessDenied(
                f"France Travail refuses tokens that it has just given to the client of the connection "
                f"{self._settings.conn_id}: check its scope and its subscription."
            )

    def _require_no_echo(self, reply: Reply, token: str) -> None:
        settings = self._settings
        secrets = [settings.client_secret, token]
        if len(settings.client_id) >= SHORTEST_GENERATED:
            secrets.append(settings.client_id)
        if repeats(reply.body, secrets):  # a body is landed as received
            raise UnusableAnswerError("the body repeats a secret that it was asked with")

    def _slow_down(self, reply: Reply) -> None:
        seconds = retry_after(reply, datetime.now(UTC))
        if seconds > LONGEST_PAUSE_S:
            raise RateLimited(
                f"France Travail asks to wait {seconds:.0f} s or more: the run goes on after that.",
                retry_after_s=seconds,
            )
        self._pace.pause(seconds)

    def _back_off(self, attempt: int) -> None:
        if attempt < ATTEMPTS:
            longest = min(LONGEST_BACKOFF_S, BACKOFF_S * 2 ** (attempt - 1))
            self._closed.wait(random.uniform(0, longest))  # noqa: S311  jitter, not a secret
        require_open(self._closed)
