"""Read a day of Adzuna as far as its budget goes: each answer landed as it comes, the manifest last.

What lives here: asking, landing, going on with what has landed, the manifest. What does not: which questions
(``plan``), HTTP and the budget (``client``, ``budget``), S3 (``foundation.lake``).

A run without a manifest is open: started again, it takes the pages that landed as read, so that no request
is made twice. A day that the budget cut short is ended, with its share in the certificate: more of it is
never read for the budget of another day.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict, deque
from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING, Protocol

from jobmarket.foundation.errors import PermanentError
from jobmarket.foundation.lake.manifest import Manifest, Page
from jobmarket.foundation.lake.run_pages import RunPages
from jobmarket.sources.adzuna.answer import Answer, UnusableAnswerError, read_answer
from jobmarket.sources.adzuna.budget import BudgetSpent
from jobmarket.sources.adzuna.plan import Plan
from jobmarket.sources.adzuna.question import Question, question_of, window_of

if TYPE_CHECKING:
    from jobmarket.foundation.lake.layout import Scope
    from jobmarket.foundation.lake.store import Lake

log = logging.getLogger(__name__)


class Client(Protocol):
    """What answers questions."""

    def ask(self, question: Question) -> Answer:
        """Return a usable answer."""

    def close(self) -> None:
        """Ask for nothing more."""


def collect_day(
    client: Client,
    lake: Lake,
    scope: Scope,
    run_id: str,
    *,
    deepest_page: int,
    max_pages: int | None = None,
    now: datetime | None = None,
) -> Manifest:
    """Land the ads that were created on a day, as many as the budget allows, and return the manifest.

    :param scope: the day.
    :param run_id: of the run to start, or of an open one to go on with.
    :param deepest_page: of one listing that is asked for.
    :param max_pages: stop after this many answers: a sample.
    :param now: with its zone; read from the clock unless told.

    Raise what the client and the lake raise; what has landed then stays. :class:`BudgetSpent` if not one
    answer was within the budget.
    """
    began = time.monotonic()
    day = date.fromisoformat(scope.day)
    started_at = _utc(now or datetime.now(UTC))
    landing = _Landing(lake, scope, run_id, started_at, is_sample=max_pages is not None)
    plan = Plan(day, _began_at(day, landing.started_at, started_at), deepest_page=deepest_page)
    asked = 0
    try:
        while question := plan.next():
            answer = landing.take(question)
            if answer is None:
                if asked == max_pages:
                    plan.stop(f"The run was told to stop after {max_pages} answers.")
                    break
                answer = _asked(client, question, plan)
                if answer is None:
                    break
                asked += 1
                landing.land(answer)
            plan.take(answer)
    finally:
        client.close()
    for answer in landing.leftovers():
        plan.add(answer)
    certificate = plan.certificate(seconds=time.monotonic() - began)
    pages = landing.pages.sorted()
    manifest = Manifest(
        source=scope.source,
        day=scope.day,
        run_id=run_id,
        started_at=landing.started_at,
        finished_at=_utc(datetime.now(UTC)),
        is_sample=max_pages is not None,
        is_generated=any(page.is_generated for page in pages),
        certificate=certificate,
        pages=pages,
    )
    for doubt in certificate.doubts:
        log.warning("Day %s: %s", day, doubt)
    log.info("Manifest written: %s", lake.uri(lake.write_manifest(manifest)))
    return manifest


def _asked(client: Client, question: Question, plan: Plan) -> Answer | None:
    """Return an answer; ``None`` if the budget ended the day, of which something was read."""
    try:
        return client.ask(question)
    except BudgetSpent as exc:
        if not plan.has_read:
            raise
        plan.stop(str(exc))
        return None


def _began_at(day: date, first: str, this: str) -> datetime:
    """Return the instant from which ages are counted: that of the first attempt while it gives the same."""
    begun, now = datetime.fromisoformat(first), datetime.fromisoformat(this)
    return begun if window_of(day, begun) == window_of(day, now) else now


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class _Landing:
    """The pages of one run, each an answer to a question until it is taken."""

    def __init__(
        self, lake: Lake, scope: Scope, run_id: str, attempt_at: str, *, is_sample: bool
    ) -> None:
        self._lake = lake
        self.pages = RunPages(lake, scope, run_id, attempt_at, is_sample=is_sample)
        self.started_at = self.pages.started_at()
        self._left: defaultdict[str, deque[Page]] = defaultdict(deque)
        for page in self.pages.landed_before:
            self._left[page.query].append(page)

    def take(self, question: Question) -> Answer | None:
        """Return a landed answer to a question that was not taken yet."""
        while left := self._left.get(question.text):
            if answer := self._read(left.popleft()):
                return answer
        return None

    def leftovers(self) -> list[Answer]:
        """Return the landed answers that nobody has taken."""
        pages = [page for left in self._left.values() for page in left]
        return [answer for page in pages if (answer := self._read(page))]

    def land(self, answer: Answer) -> None:
        """Write an answer to the lake under the next free number."""
        page_of = partial(
            Page,
            query=answer.question.text,
            status=200,
            announced=answer.count,
            offers=len(answer.ads),
            received_at=answer.received_at,
            statuses=list(answer.statuses),
            is_generated=answer.is_generated,
        )
        self.pages.land(page_of, answer.body)

    def _read(self, page: Page) -> Answer | None:
        """Read a landed answer again; ``None`` if it is damaged: then it is no page of the run any more."""
        try:
            return read_answer(
                question_of(page.query),
                self._lake.read_page(page),
                received_at=page.received_at,
                statuses=tuple(page.statuses),
                is_generated=page.is_generated,
            )
        except (PermanentError, UnusableAnswerError, ValueError) as exc:
            log.warning("Passed over: %s", exc)
            self.pages.drop(page)
            return None
