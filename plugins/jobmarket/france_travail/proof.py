"""The proof that one slice was read whole, though the API's replicas disagree and offers come and go.

Pure. *A slice is proved when one total T was announced by a read of each of its pages, and those reads
hold exactly T distinct ids*: then they are a consistent picture of the slice, whoever gave them.

* Which T: the largest of the totals met in the last ``FORGET_AFTER`` reads. A replica that lags behind
  announces less; it must not win only because it was asked last. A total that was not met again for
  that long has gone (offers vanished) and is given up.
* A page that was not read under T is asked again, up to ``3 x pages + 40`` questions for the slice.
* Not proved by then: the slice has a gap, ``T - distinct ids of all its reads``, and at least 1, because
  nothing shows that every announced offer was read.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from jobmarket.france_travail.answer import REACH
from jobmarket.france_travail.partition import page_starts

if TYPE_CHECKING:
    from jobmarket.france_travail.answer import Answer

FORGET_AFTER = 20
"""Reads. With two replicas in turn, all of them miss the larger total once in a million."""


class SliceProof:
    """The reads of one query, and whether they prove it.

    Questions asked are registered with :meth:`asked`, answers with :meth:`receive`; :meth:`wanted` says
    what to ask next. The order in which answers come does not matter for what is believed.
    """

    def __init__(self, query: str) -> None:
        self.query = query
        self.ids: set[str] = set()
        self.announced_first: int | None = None
        self.announced_last = 0
        self.totals: set[int] = set()
        self.requests = 0
        self.retries = 0
        self.re_reads = 0
        self._reads = 0
        self._fresh = 0
        self._in_flight: Counter[int] = Counter()
        self._asked_once: set[int] = set()
        self._last_met: dict[int, int] = {}  # total -> number of the last read that announced it
        self._pages: dict[int, dict[int, frozenset[str]]] = {}  # total -> first index -> latest ids
        self._held: dict[int, set[str]] = {}  # total -> ids of all its reads

    def asked(self, first: int) -> None:
        """Register a question for the page that starts at this index."""
        self._in_flight[first] += 1
        if first in self._asked_once:
            self.re_reads += 1
        self._asked_once.add(first)

    def receive(self, answer: Answer, *, is_page: bool, is_fresh: bool) -> None:
        """Register an answer.

        :param is_page: a whole page was asked for; else the answer counts for its total only.
        :param is_fresh: asked by this attempt, not replayed from what an earlier one landed.
        """
        self._reads += 1
        self._fresh += is_fresh
        self.requests += len(answer.statuses)
        self.retries += len(answer.statuses) - 1
        if is_page:
            self._in_flight[answer.first] -= 1
        total = answer.announced
        if total is None:
            return
        if self.announced_first is None:
            self.announced_first = total
        self.announced_last = total
        self.totals.add(total)
        self._last_met[total] = self._reads
        if is_page and answer.offers:
            ids = frozenset(sighting.offer_id for sighting in answer.offers)
            self.ids |= ids
            self._pages.setdefault(total, {})[answer.first] = ids
            self._held.setdefault(total, set()).update(ids)

    @property
    def target(self) -> int:
        """The total to prove."""
        recent = [
            total for total, met in self._last_met.items() if self._reads - met < FORGET_AFTER
        ]
        return max(recent or self._last_met, default=0)

    @property
    def is_waiting(self) -> bool:
        """Questions are still without answer."""
        return any(self._in_flight.values())

    @property
    def is_over_reach(self) -> bool:
        """The slice holds more offers than one query gives."""
        return self.target > REACH

    @property
    def has_given_up(self) -> bool:
        """The questions that a slice may cost are spent."""
        return self._fresh >= 3 * len(page_starts(self.target)) + 40

    def snapshot(self) -> frozenset[str] | None:
        """Return the ids of the slice if they are proved, else ``None``."""
        total = self.target
        pages = self._pages.get(total, {})
        if not self._last_met or any(first not in pages for first in page_starts(total)):
            return None
        held = self._held.get(total, set())
        if len(held) == total:
            return frozenset(held)
        latest = frozenset[str]().union(*pages.values())
        return latest if len(latest) == total else None

    def wanted(self) -> list[int]:
        """Return the first indexes of the pages to ask for now.

        Those not read under the target; if all were and still do not hold its ids (offers came and went
        between two reads of the same total), all of them once more.
        """
        if self.is_over_reach or self.has_given_up:
            return []
        pages = self._pages.get(self.target, {})
        starts = page_starts(self.target)
        missing = [first for first in starts if first not in pages]
        if missing or self.is_waiting or self.snapshot() is not None:
            return [first for first in missing if not self._in_flight[first]]
        return list(starts)

    def gap(self) -> int:
        """Return how many announced offers cannot be shown to have been read."""
        return 0 if self.snapshot() is not None else max(1, self.target - len(self.ids))

    def forget_reads(self) -> None:
        """Drop what was read of a slice that is done; what is read from now on is a new proof."""
        self._last_met.clear()
        self._pages.clear()
        self._held.clear()
        self.ids = set()
