"""One answer to one question of Adzuna: within its budget, one request at a time, asked again within bounds.

The account stands in the address of each request, so no address enters a message, a log or an exception: what
fails is told by its path. What comes back has the account taken out before anybody sees it.

What lives here: sending, waiting, what a status means. What does not: which question (``plan``), how a body
is read (``answer``), how requests are counted (``budget``).
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime
from threading import Event, Lock
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from jobmarket.foundation.errors import (
    AccessDenied,
    RateLimited,
    SourceContractError,
    SourceUnavailable,
)
from jobmarket.foundation.http.transport import Anonymous, Reply, Transport
from jobmarket.foundation.known_secrets import hush_clients, redacted, remember
from jobmarket.sources.adzuna.account import without_account
from jobmarket.sources.adzuna.answer import Answer, UnusableAnswerError, read_answer
from jobmarket.sources.adzuna.budget import BudgetSpent

if TYPE_CHECKING:
    from jobmarket.sources.adzuna.budget import Budget
    from jobmarket.sources.adzuna.question import Question
    from jobmarket.sources.adzuna.settings import ClientSettings

GENERATED_HEADER = "X-Generated-Data"
"""What the sandbox says in each of its answers; Adzuna sends no such header."""

ATTEMPTS = 4
"""Requests for one answer before giving up: each costs a part of the day's budget."""

BACKOFF_S = 2.0
LONGEST_BACKOFF_S = 30.0
LONGEST_PAUSE_S = 90.0
"""The budget of a minute is waited for; that of a day or more is not."""


class AdzunaClient:
    """Asks the search of Adzuna, France.

    :param settings: of the connection.
    :param budget: says whether one more request may be made.
    :param connect_timeout_s: seconds to connect.
    :param read_timeout_s: seconds without a byte; an answer takes about three.
    """

    def __init__(
        self,
        settings: ClientSettings,
        budget: Budget,
        *,
        connect_timeout_s: float = 10,
        read_timeout_s: float = 60,
    ) -> None:
        hush_clients()
        remember(settings.secrets)
        self.statuses: Counter[int] = Counter()
        self._settings = settings
        self._budget = budget
        self._closed = Event()
        self._one_at_a_time = Lock()  # Adzuna refuses what is asked side by side
        self._transport = Transport(
            1,
            connect_timeout_s=connect_timeout_s,
            read_timeout_s=read_timeout_s,
            deadline_s=2 * read_timeout_s,
        )

    def ask(self, question: Question) -> Answer:
        """Return a usable answer, asked for at most ``ATTEMPTS`` times.

        Raise :class:`BudgetSpent` before the request that would be one too many, :class:`AccessDenied` if the
        account is refused, :class:`SourceUnavailable` or :class:`RateLimited` when none came,
        :class:`SourceContractError` if the question is called wrong.
        """
        with self._one_at_a_time:
            return self._ask(question)

    def close(self) -> None:
        """Ask for nothing more: who waits gives up at once."""
        self._closed.set()
        self._transport.close()

    def _ask(self, question: Question) -> Answer:
        statuses: list[int] = []
        problem = ""
        while len(statuses) < ATTEMPTS:
            self._take_from_budget()
            reply = self._transport.get(self._address_of(question), Anonymous())
            statuses.append(reply.status)
            self.statuses[reply.status] += 1
            try:
                self._require_success(reply)
                return self._read(question, reply, tuple(statuses))
            except UnusableAnswerError as exc:
                problem = redacted(exc)
                self._back_off(len(statuses))
        if statuses[-1] == 429:
            raise RateLimited(
                f"Adzuna still answers 429 after {ATTEMPTS} requests made one after the other: another "
                f"program asks with the same account; it goes on where it stopped."
            )
        raise SourceUnavailable(
            f"Adzuna gave no usable answer in {ATTEMPTS} requests for page {question.page} of "
            f"{redacted(question.listing)} (the last: {problem}): it goes on where it stopped."
        )

    def _address_of(self, question: Question) -> str:
        account = urlencode({"app_id": self._settings.app_id, "app_key": self._settings.app_key})
        return f"{self._settings.base_url}{question.target}&{account}"

    def _take_from_budget(self) -> None:
        """Wait until a request may be made, count it; raise :class:`BudgetSpent` if that is too far off."""
        while refusal := self._budget.reserve():
            if refusal.wait_s is None or refusal.wait_s > LONGEST_PAUSE_S:
                raise BudgetSpent(refusal.sentence("Adzuna"))
            self._wait(refusal.wait_s)

    def _require_success(self, reply: Reply) -> None:
        if reply.status == 200:
            return
        if reply.status in (0, 408, 429) or reply.status >= 500:
            raise UnusableAnswerError(reply.problem or f"status {reply.status}")
        said = _words_of(reply.body)
        if reply.status == 401:
            raise AccessDenied(
                f"Adzuna refuses the account ({said}): check login (app id) and password (app key) of its "
                f"connection; a budget that is used up looks otherwise."
            )
        if reply.status == 403:
            raise BudgetSpent(
                f"Adzuna answers 403 ({said}) though the requests counted here are within its limits: "
                f"another program uses the account, or its limits are lower; set them in the connection."
            )
        raise SourceContractError(
            f"Adzuna refuses the question with {reply.status} ({said}): the API has changed, or the question "
            f"is wrong; report it."
        )

    def _read(self, question: Question, reply: Reply, statuses: tuple[int, ...]) -> Answer:
        try:
            body = without_account(reply.body, self._settings.secrets)
        except ValueError as exc:
            raise UnusableAnswerError(str(exc)) from None
        if b"AUTH_FAIL" in body[:1000] and _words_of(body).startswith("AUTH_FAIL"):
            raise AccessDenied(
                "Adzuna refuses the account (AUTH_FAIL): check login (app id) and password (app key) of its "
                "connection."
            )
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        return read_answer(
            question,
            body,
            received_at=now.replace("+00:00", "Z"),
            statuses=statuses,
            is_generated=GENERATED_HEADER in reply.headers,
        )

    def _back_off(self, attempt: int) -> None:
        if attempt < ATTEMPTS:
            longest = min(LONGEST_BACKOFF_S, BACKOFF_S * 2 ** (attempt - 1))
            self._wait(random.uniform(longest / 2, longest))  # noqa: S311  jitter, not a secret

    def _wait(self, seconds: float) -> None:
        if self._closed.wait(seconds):
            raise SourceUnavailable("The run was stopped while it waited to ask Adzuna.")


def _words_of(body: bytes) -> str:
    """Return what a refusal says of itself, fit for a message."""
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "no words"
    if not isinstance(found, dict):
        return "no words"
    parts = [found.get("exception"), found.get("display")]
    return redacted(": ".join(part for part in parts if isinstance(part, str))) or "no words"
