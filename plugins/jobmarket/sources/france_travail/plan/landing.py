"""The pages of one run in the lake: what an earlier attempt landed is given back, what is new is landed.

Thread-safe. A request for a page is answered from the lake as often as its answers have landed; only then is
it asked. So a run that was killed goes on where it stopped. What has landed is evidence of what was said
then: no question that verifies is answered from it, and no question by a page older than ``REPLAY_FOR_S``,
by one that another page contradicts, or by one that an attempt read in vain: it ended without a proof of it.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict, deque
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from jobmarket.foundation.errors import PermanentError
from jobmarket.foundation.known_secrets import redacted
from jobmarket.foundation.lake.manifest import Page
from jobmarket.foundation.lake.run_pages import RunPages
from jobmarket.sources.france_travail.client.answer import (
    Answer,
    BrokenAnswerError,
    UnusableAnswerError,
    read_answer,
)
from jobmarket.sources.france_travail.client.request import without_range

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jobmarket.foundation.lake.layout import Scope
    from jobmarket.foundation.lake.manifest import Certificate
    from jobmarket.foundation.lake.store import Lake
    from jobmarket.sources.france_travail.client.request import Request

log = logging.getLogger(__name__)

REPLAY_FOR_S = 1_800
"""Seconds: the retries of a task come within. Older pages are kept and loaded, but read again to prove."""

_READERS = 8
_FIRST_INDEX = "range="


class Landing:
    """The pages of one run.

    :param attempt_at: UTC instant at which this attempt started, ISO 8601 with ``Z``.
    :param is_sample: the run is told to stop early.
    """

    def __init__(
        self, lake: Lake, scope: Scope, run_id: str, attempt_at: str, *, is_sample: bool
    ) -> None:
        self._lake = lake
        self._lock = Lock()
        self.pages = RunPages(lake, scope, run_id, attempt_at, is_sample=is_sample)
        landed = self.pages.landed_before
        self._left: defaultdict[str, deque[Page]] = defaultdict(deque)
        self._older: list[Page] = []
        self.has_replayed = False
        evidence: list[Page] = []
        for page in landed:
            # silence is no evidence either: an empty answer is asked for again
            is_evidence = page.offers and not page.is_verifying and not page.is_broken
            is_late = _age_s(page, attempt_at) <= REPLAY_FOR_S
            (evidence if is_evidence and is_late else self._older).append(page)
        unproved = lake.read_unproved(scope, run_id) if evidence else []
        contradicted = self._contradicted(evidence)
        for page in evidence:
            if page.key in contradicted or any(_is_in_vain(page, *attempt) for attempt in unproved):
                self._older.append(page)
            else:
                self._left[page.query].append(page)

    def _contradicted(self, pages: list[Page]) -> set[str]:
        """Return the keys of pages with an offer that another one dates otherwise: both cannot be right."""
        dated: dict[str, int | None] = {}
        odd = {
            offer_id
            for _, offers in self._offers_of(pages)
            for offer_id, created in offers
            if dated.setdefault(offer_id, created) != created
        }
        if not odd:
            return set()
        return {
            page.key
            for page, offers in self._offers_of(pages)
            if any(offer_id in odd for offer_id, _ in offers)
        }

    def _offers_of(
        self, pages: list[Page]
    ) -> Iterator[tuple[Page, Sequence[tuple[str, int | None]]]]:
        with ThreadPoolExecutor(_READERS) as pool:
            for first in range(0, len(pages), _READERS):
                some = pages[first : first + _READERS]
                yield from zip(some, pool.map(self._offers_on, some), strict=True)

    def _offers_on(self, page: Page) -> Sequence[tuple[str, int | None]]:
        try:
            return self._read(page).offers
        except PermanentError:
            return ()  # it is damaged: whoever takes it says so

    def take(self, request: Request) -> Answer | None:
        """Return a landed answer to a question that was not taken yet, if the question allows it."""
        while not request.is_fresh:
            with self._lock:
                left = self._left.get(request.text)
                page = left.popleft() if left else None
            if page is None:
                break
            answer = self.replay(page)
            if answer:
                self.has_replayed = True
                return answer
        return None

    def replay_no_more(self) -> None:
        """Answer no further question from what has landed."""
        with self._lock:
            self._older += [page for pages in self._left.values() for page in pages]
            self._left.clear()

    def leftovers(self) -> list[Page]:
        """Return the landed answers that nobody has taken."""
        return [*self._older, *(page for pages in self._left.values() for page in pages)]

    def replay(self, page: Page) -> Answer | None:
        """Read a landed answer again; ``None`` if it is damaged: then it is no page of the run any more."""
        try:
            return self._read(page)
        except PermanentError as exc:
            log.warning("Passed over: %s", exc)
            self.pages.drop(page)
            return None

    def _read(self, page: Page) -> Answer:
        try:
            return read_answer(
                page.query,
                int(page.query.partition(_FIRST_INDEX)[2].partition("-")[0]),
                status=page.status,
                content_range=page.content_range,
                body=self._lake.read_page(page),
                received_at=page.received_at,
                statuses=tuple(page.statuses),
                is_generated=page.is_generated,
            )
        except BrokenAnswerError as exc:
            return exc.answer
        except UnusableAnswerError as exc:
            raise PermanentError(
                f"The landed page {self._lake.uri(page.key)} is no answer to its query ({redacted(exc)}): "
                f"run the day again with force."
            ) from None

    def land(self, answer: Answer, *, is_verifying: bool = False) -> None:
        """Write an answer to the lake under the next free number.

        :param is_verifying: its question only verifies.
        """
        page_of = partial(
            Page,
            query=answer.query,
            status=answer.status,
            content_range=answer.content_range,
            announced=answer.announced or 0,
            offers=len(answer.offers),
            received_at=answer.received_at,
            statuses=list(answer.statuses),
            is_verifying=is_verifying,
            is_broken=answer.is_broken,
            is_generated=answer.is_generated,
        )
        self.pages.land(page_of, answer.body)

    def statuses(self) -> Counter[int]:
        """Return how often each HTTP status was met for the pages of the run."""
        return Counter(status for page in self.pages.sorted() for status in page.statuses)

    def seconds_before(self) -> float:
        """Return the wall time of the earlier attempts, each up to the last page that it landed."""
        ends: dict[str, str] = {}
        for page in self.pages.sorted():
            if page.attempt_at != self.pages.attempt_at:
                ends[page.attempt_at] = max(page.received_at, ends.get(page.attempt_at, ""))
        return sum(
            (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()
            for start, end in ends.items()
        )


def _is_in_vain(page: Page, attempt_at: str, certificate: Certificate | None) -> bool:
    """Tell whether an attempt that ended without a proof had a page to prove it with.

    What it could not read whole is named by its slices; if all were read, it is the whole that is in doubt.
    """
    if page.attempt_at > attempt_at:
        return False
    gaps = [part.query for part in certificate.slices if part.gap] if certificate else []
    return not gaps or without_range(page.query) in gaps


def _age_s(page: Page, at: str) -> float:
    """Return the seconds from the answer to an instant, ISO 8601."""
    return (datetime.fromisoformat(at) - datetime.fromisoformat(page.received_at)).total_seconds()
