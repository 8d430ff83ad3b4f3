"""Read a day or the live stock whole: questions asked at the full rate, each answer landed as it comes.

What lives here: who asks when, resuming, progress, the manifest. What does not: which questions
(``plan``), HTTP (``client``), S3 (``lake``).

A run without a manifest is open: started again, it takes the pages that landed lately as read, asks for the
rest, and verifies all of it anew. The manifest of a day that is not certified is written only if the gap is
accepted; else the next attempt goes on with the same run, and reads again what could not be proved: those
pages stay and are loaded, but they are no evidence.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from jobmarket.foundation.day import PARIS
from jobmarket.foundation.lake.layout import Scope
from jobmarket.foundation.lake.manifest import Certificate, Manifest, SliceCertificate
from jobmarket.sources.france_travail.client.answer import WALL_EPOCH
from jobmarket.sources.france_travail.plan.day_plan import DayPlan
from jobmarket.sources.france_travail.plan.landing import Landing
from jobmarket.sources.france_travail.plan.stock_plan import StockPlan
from jobmarket.sources.france_travail.plan.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from jobmarket.foundation.lake.store import Lake
    from jobmarket.sources.france_travail.client.answer import Answer
    from jobmarket.sources.france_travail.client.client import FranceTravailClient
    from jobmarket.sources.france_travail.client.request import Request
    from jobmarket.sources.france_travail.plan.collection import Collection
    from jobmarket.sources.france_travail.plan.plan import Plan

log = logging.getLogger(__name__)

SOURCE_NAME = "france_travail"
PROGRESS_EVERY_S = 5.0


@dataclass(frozen=True)
class _Told:
    answer: Answer
    is_fresh: bool


def extract_day(
    client: FranceTravailClient,
    lake: Lake,
    day: date,
    run_id: str,
    *,
    max_pages: int | None = None,
    allow_gap: bool = False,
) -> Manifest:
    """Land every offer created on a day, prove it, and return the manifest.

    :param run_id: of the run to start, or of an open one to go on with.
    :param max_pages: stop after this many answers: a sample, which proves nothing.
    :param allow_gap: write the manifest of a day that is not certified too.
    :return: the manifest. It was written to the lake if the day is certified, the run is a sample, or the
        gap is allowed; if not, the run stays open.

    Raise what :class:`FranceTravailClient` and :class:`Lake` raise; what has landed then stays.
    """

    def plan(_: Landing, met: Collection | None) -> Plan:
        return DayPlan(day, client.referential, collection=met)

    scope = Scope(SOURCE_NAME, str(day))
    return _extract(client, lake, scope, run_id, plan, max_pages=max_pages, allow_gap=allow_gap)


def extract_stock(
    client: FranceTravailClient,
    lake: Lake,
    day: date,
    run_id: str,
    *,
    max_pages: int | None = None,
    allow_gap: bool = False,
) -> Manifest:
    """Land every offer that is live and was created before the run began, prove it, return the manifest.

    :param day: of Europe/Paris, on which the run looks: only a name.

    The rest is as with :func:`extract_day`.
    """

    def plan(landing: Landing, met: Collection | None) -> Plan:
        began = datetime.fromisoformat(landing.pages.started_at()).astimezone(PARIS)
        end = round((began.replace(tzinfo=None, microsecond=0) - WALL_EPOCH).total_seconds())
        return StockPlan(end, client.referential, collection=met)

    scope = Scope(SOURCE_NAME, str(day), "stock")
    return _extract(client, lake, scope, run_id, plan, max_pages=max_pages, allow_gap=allow_gap)


def _extract(
    client: FranceTravailClient,
    lake: Lake,
    scope: Scope,
    run_id: str,
    new_plan: Callable[[Landing, Collection | None], Plan],
    *,
    max_pages: int | None,
    allow_gap: bool,
) -> Manifest:
    """Land what a plan asks for, and return the manifest.

    :param new_plan: makes the plan of the run, with the offers that an earlier plan of it met.
    """
    started = time.monotonic()
    attempt_at = utc_now()
    landing = Landing(lake, scope, run_id, attempt_at, is_sample=max_pages is not None)
    plan = new_plan(landing, None)
    try:
        _Reading(client, landing, plan, max_pages, started).run()
        if plan.is_spent and landing.has_replayed:
            log.warning("What has landed of %s led astray: it is read without it", scope.prefix)
            landing.replay_no_more()
            plan = new_plan(landing, plan.collection)
            _Reading(client, landing, plan, max_pages, started).run()
    finally:
        client.close()
    for page in landing.leftovers():
        answer = landing.replay(page)
        if answer:
            plan.collection.add(answer)
    certificate = _certificate(plan, landing, started, is_sample=max_pages is not None)
    pages = landing.pages.sorted()
    manifest = Manifest(
        source=scope.source,
        day=scope.day,
        scope=scope.kind,
        run_id=run_id,
        started_at=landing.pages.started_at(),
        finished_at=utc_now(),
        is_sample=max_pages is not None,
        gap_allowed=allow_gap and not certificate.certified,
        is_generated=any(page.is_generated for page in pages),
        certificate=certificate,
        pages=pages,
    )
    for doubt in certificate.doubts:
        log.warning("%s %s: %s", plan.terms.name.capitalize(), scope.day, doubt)
    if certificate.certified or manifest.is_sample or allow_gap:
        log.info("Manifest written: %s", lake.uri(lake.write_manifest(manifest)))
    else:
        key = lake.write_unproved(manifest, attempt_at)
        log.info("Why the day is not certified: %s", lake.uri(key))
    return manifest


def utc_now() -> str:
    """Return the present instant, ISO 8601 with ``Z``."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class _Reading:
    """One attempt: questions out, answers in."""

    def __init__(
        self,
        client: FranceTravailClient,
        landing: Landing,
        plan: Plan,
        max_pages: int | None,
        started: float,
    ) -> None:
        self._client = client
        self._landing = landing
        self._plan = plan
        self._max_pages = max_pages
        self._started = started
        self._asked = 0
        self._told = 0
        self._fresh = 0
        self._progress_at = started + PROGRESS_EVERY_S

    def run(self) -> None:
        """Ask until the plan is finished or the sample is large enough."""
        workers = Workers(self._client.threads, self._answer)
        try:
            self._put(workers, self._plan.start())
            while not self._plan.is_finished and not self._is_enough():
                self._report()
                done = workers.take(timeout_s=1.0)
                if done:
                    request, told = done
                    self._told += 1
                    self._fresh += told.is_fresh
                    more = self._plan.receive(request, told.answer, is_fresh=told.is_fresh)
                    self._put(workers, more)
        finally:
            workers.stop()

    def _put(self, workers: Workers[Request, _Told], requests: list[Request]) -> None:
        for request in requests:
            if self._asked == self._max_pages:
                return  # a sample ends with nothing in flight
            self._asked += 1
            workers.put(request, is_urgent=request.is_urgent)

    def _is_enough(self) -> bool:
        return self._told == self._max_pages

    def _answer(self, request: Request) -> _Told:
        landed = self._landing.take(request)
        if landed:
            return _told(landed, is_fresh=False)
        answer = self._client.search(request)
        is_page = request.last - request.first + 1 == self._plan.cap.page_size
        self._landing.land(answer, is_verifying=not is_page)
        return _told(answer, is_fresh=True)

    def _report(self) -> None:
        if time.monotonic() < self._progress_at:
            return
        self._progress_at += PROGRESS_EVERY_S
        seconds = time.monotonic() - self._started
        log.info(
            "%d offers of the %s so far, %d answers (%d new, %.1f requests/s)",
            len(self._plan.collection.in_day),
            self._plan.terms.name,
            self._told,
            self._fresh,
            sum(self._client.statuses.values()) / seconds,
        )


def _told(answer: Answer, *, is_fresh: bool) -> _Told:
    # its bytes lie in the lake: to count what it says, nobody needs them
    return _Told(replace(answer, body=b""), is_fresh)


def _certificate(plan: Plan, landing: Landing, started: float, *, is_sample: bool) -> Certificate:
    slices: list[SliceCertificate] = plan.certificates()
    doubts = ["It is a sample: it was stopped early."] if is_sample else plan.doubts()
    gap = sum(part.gap for part in slices)
    statuses = landing.statuses()
    pages = landing.pages.sorted()
    broken = [page.key for page in pages if page.is_broken]
    if doubts and broken:
        doubts.append(
            f"{len(broken)} answers came broken, such as {broken[0]}: their offers cannot all be told apart."
        )
    collected = plan.collection
    in_day = len(collected.in_day)
    return Certificate(
        certified=not doubts,
        doubts=doubts,
        announced=in_day + gap,
        collected=in_day,
        duplicates=collected.offers_read - in_day - collected.outside_day,
        outside_day=collected.outside_day,
        gap=gap,
        requests=statuses.total(),
        retries=statuses.total() - len(pages),
        re_reads=sum(part.re_reads for part in slices),
        bytes=sum(page.body_bytes for page in pages),
        seconds=round(landing.seconds_before() + time.monotonic() - started, 1),
        statuses={str(status): count for status, count in sorted(statuses.items())},
        filter_shift_s=plan.shift.seconds,
        withdrawn=0 if doubts else len(collected.in_day - plan.offers().keys()),
        undated=collected.undated,
        misdated=plan.shift.misdated,
        broken_pages=broken,
        witnesses=plan.witnesses(),
        slices=slices,
    )
