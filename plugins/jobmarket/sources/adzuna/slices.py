"""What is known of one listing of ads, newest first: where the day begins and ends in it, what is left. Pure.

Places in a listing are counted from 0, from its newest ad. What lives here: one listing. What does not: which
listings a day is cut into, and which page is asked next (``plan``).
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

from jobmarket.sources.adzuna.question import PAGE_SIZE, Question, Window

if TYPE_CHECKING:
    from datetime import datetime

    from jobmarket.sources.adzuna.answer import Answer, Sighting

MOST_RE_READS = 2
"""Pages of a listing read once more because its count fell while it was read."""

_PART_OF_THE_WAY = 0.8
"""How far to jump towards the day: what was jumped over must be read page by page."""


class Step(NamedTuple):
    """A page that may be asked next.

    :param ads: of the day that it may add, at a guess: what a request is worth.
    """

    page: int
    ads: float
    is_re_read: bool = False


class Listing:
    """One listing at work.

    :param category: that it is cut by; ``None`` for all.
    :param place: that it is cut by; ``None`` for all of France.
    :param deepest_page: that is asked for.
    """

    def __init__(
        self,
        window: Window,
        deepest_page: int,
        category: str | None = None,
        place: str | None = None,
    ) -> None:
        self.window = window
        self.category = category
        self.place = place
        self.counts: list[int] = []
        self.requests = 0
        self.retries = 0
        self.re_reads = 0
        self.ids: set[str] = set()
        self.outside: set[str] = set()
        self.undated = 0
        self.is_in_order = True
        self._deepest_page = deepest_page
        self._pages: dict[int, tuple[Sighting, ...]] = {}
        self._count_of: dict[int, int] = {}
        # page that may have lost ads to the one before it -> by how much the count fell
        self._fallen: dict[int, int] = {}
        self._is_drifting = False

    def question(self, page: int) -> Question:
        """Return the question for a page."""
        return Question(self.window.days, page, self.category, self.place)

    @property
    def is_seen(self) -> bool:
        """Any page of it was read."""
        return bool(self._pages)

    @property
    def count(self) -> int:
        """Ads in it, as announced last."""
        return self.counts[-1] if self.counts else 0

    @property
    def is_too_deep(self) -> bool:
        """It has more ads than can be reached by its pages."""
        return self.count > self._deepest_page * PAGE_SIZE

    def take(self, answer: Answer, *, is_re_read: bool = False) -> None:
        """Add a page."""
        page = answer.question.page
        new = {ad.ad_id for ad in answer.ads if self._is_of_day(ad)} - self.ids
        if is_re_read:
            self.re_reads += 1
            self._fallen.pop(page, None)
            # nothing was lost: the count is not exact, and tells no losses
            self._is_drifting = self._is_drifting or not new
        elif self.counts and answer.count < self.counts[-1] and page - 1 in self._pages:
            self._fallen[page - 1] = self.counts[-1] - answer.count
        self.counts.append(answer.count)
        self.requests += len(answer.statuses)
        self.retries += len(answer.statuses) - 1
        self._pages[page] = answer.ads
        self._count_of[page] = answer.count
        for ad in answer.ads:
            if self._is_of_day(ad):
                self.ids.add(ad.ad_id)
            elif ad.created is None:
                self.undated += 1
            else:
                self.outside.add(ad.ad_id)
        dates = [ad.created for ad in answer.ads if ad.created]
        self.is_in_order &= all(newer >= older for newer, older in itertools.pairwise(dates))

    def steps(self, newer_share: float) -> list[Step]:
        """Return the pages that may be asked next, none if all of the day was read.

        :param newer_share: of the ads of a listing that are surely newer than the day, where that was asked.
        """
        if not self.is_seen:
            return []
        found = [self._forward(newer_share), self._backward()]
        if self.re_reads < MOST_RE_READS and not self._is_drifting:
            found += [Step(page, fall, is_re_read=True) for page, fall in self._fallen.items()]
        return [step for step in found if step]

    @property
    def is_complete(self) -> bool:
        """Its ads of the day were read from the first to the last."""
        if not self.is_seen or not self._begins_in_sight():
            return False
        return self._ends_in_sight() and (self.is_in_order or min(self._run()) == 1)

    @property
    def lost(self) -> int:
        """Ads that were announced on the pages read and not given, or moved from one page to a read one."""
        moved = 0 if self._is_drifting else sum(self._fallen.values())
        return moved + sum(map(self._missing_on, self._run()))

    @property
    def announced(self) -> int:
        """Ads of the day that it announces: those read and lost, or else every one that was not read.

        The API counts by ages, not by days: of what was not read none is known to be of another day.
        """
        if self.is_complete:
            return len(self.ids) + self.lost
        return max(len(self.ids), max(self.counts, default=0) - len(self.outside))

    def _is_of_day(self, ad: Sighting) -> bool:
        return ad.created is not None and self.window.start <= ad.created < self.window.end

    def _forward(self, newer_share: float) -> Step | None:
        """Return the next page towards older ads, as long as the day may go on there."""
        last = max(self._run())
        if self._ends_in_sight() or not self._pages[last]:
            return None  # an empty page before the end: what follows is withheld
        page = max(last + 1, self._page_of_end(last, newer_share))
        page = min(page, max(last + 1, self._last_page()))
        if page > self._deepest_page:
            return None
        return Step(page, self._left_behind(last))

    def _backward(self) -> Step | None:
        """Return the page before the run that was read, if ads of the day may stand there."""
        if self._begins_in_sight():
            return None
        return Step(min(self._run()) - 1, PAGE_SIZE / 2)

    def _page_of_end(self, last: int, newer_share: float) -> int:
        """Return the page on which the day may begin to be met, rather before it; 0 if it was met."""
        oldest, newest = self._oldest(last), self._newest()
        if oldest is None or newest is None or oldest < self.window.end:
            return 0
        read_s = (newest - oldest).total_seconds()
        ahead_s = (oldest - self.window.end).total_seconds()
        ahead = int(_PART_OF_THE_WAY * last * ahead_s / read_s) if last > 1 and read_s else 0
        return max(last + ahead, int(self.count * newer_share) // PAGE_SIZE + 1)

    def _left_behind(self, page: int) -> float:
        """Return how many ads of the day the next page may hold, from how close in time they stood so far."""
        oldest = self._oldest(page)
        room = min(PAGE_SIZE, max(1, self.count - page * PAGE_SIZE))
        if oldest is None or not self.is_in_order:
            return room
        if oldest >= self.window.end:
            return room / 2
        read_s = (self.window.end - oldest).total_seconds()
        left_s = (oldest - self.window.start).total_seconds()
        return max(1.0, min(room, len(self.ids) * left_s / max(1.0, read_s)))

    def _run(self) -> list[int]:
        """Return the pages read without a hole that reach furthest."""
        pages = sorted(self._pages, reverse=True)
        run = [pages[0]]
        for page in pages[1:]:
            if page != run[-1] - 1:
                break
            run.append(page)
        return run[::-1]

    def _begins_in_sight(self) -> bool:
        """Return whether nothing of the day can stand before the run."""
        first = min(self._run())
        if first == 1:
            return True
        ads = self._pages[first]
        created = ads[0].created if ads else None
        return self.is_in_order and created is not None and created >= self.window.end

    def _ends_in_sight(self) -> bool:
        """Return whether nothing of the day can stand behind the run."""
        last = max(self._run())
        if last * PAGE_SIZE >= min(self._count_of[last], self.count):
            return True
        oldest = self._oldest(last)
        return self.is_in_order and oldest is not None and oldest < self.window.start

    def _missing_on(self, page: int) -> int:
        """Return how many ads a page should hold, by the count of its answer, and does not.

        Those behind the day's end are of no concern.
        """
        oldest = self._oldest(page)
        if self.is_in_order and oldest is not None and oldest < self.window.start:
            return 0
        due = min(PAGE_SIZE, max(0, self._count_of[page] - (page - 1) * PAGE_SIZE))
        return max(0, due - len(self._pages[page]))

    def _last_page(self) -> int:
        return max(1, -(-self.count // PAGE_SIZE))

    def _newest(self) -> datetime | None:
        dates = [ad.created for ad in self._pages.get(1, ()) if ad.created]
        return dates[0] if dates else None

    def _oldest(self, page: int) -> datetime | None:
        dates = [ad.created for ad in self._pages[page] if ad.created]
        return dates[-1] if dates else None
