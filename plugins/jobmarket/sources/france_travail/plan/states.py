"""What one state of the API gave of a slice: the pages read under it, and whether they are all of it. Pure.

What an answer says of its whole query, its total and its facets, is a *state*. What lives here: the pages of
one state. What does not: which states must be read, and what is asked next (``proof``).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from jobmarket.sources.france_travail.plan.partition import page_starts

if TYPE_CHECKING:
    from collections.abc import Container

    from jobmarket.sources.france_travail.client.answer import Answer, Cap, Sighting

FORGET_AFTER = 20
"""Reads. With two replicas in turn, all of them miss the larger total once in a million."""

FEWEST_ANSWERS = 8
"""Answers that a slice costs at least once replicas disagree: two in turn both spoke, but once in 128."""


def answers_due(patience: float, pages: int) -> int:
    """Return how many answers a slice costs once replicas disagree.

    :param patience: answers for each of its pages.
    """
    return max(FEWEST_ANSWERS, round(patience * pages))


class State(NamedTuple):
    """What an answer says of its whole query.

    :param total: offers announced.
    :param facets: fingerprint of the facets, ``""`` if there are none or they are noise.
    """

    total: int
    facets: str


@dataclass
class Reads:
    """The pages read under one state.

    :param total: offers announced.
    :param cap: what one query gives.
    """

    total: int
    cap: Cap
    last_met: int = 0
    failed: int = 0
    """Whole reads that did not prove it."""
    pages: dict[int, tuple[Sighting, ...]] = field(default_factory=dict)  # first index -> offers
    seen: set[int] = field(default_factory=set)
    """First indexes of the pages that were ever read whole under it."""
    met: set[str] = field(default_factory=set)
    """All offers that were ever met under it."""
    recent: deque[tuple[int, int, tuple[Sighting, ...]]] = field(
        default_factory=lambda: deque(maxlen=FORGET_AFTER)
    )
    """The last reads: number, first index, offers."""
    complete: dict[str, int | None] | None = None
    """The last whole read, in order: id -> creation second."""
    proved: dict[str, int | None] | None = None
    """The same, if it was proved to be one."""

    def add(self, number: int, answer: Answer, *, needs_agreement: bool) -> None:
        """Take a page; the last one that was missing proves the state, or all are due again.

        :param number: of the read.
        :param needs_agreement: only two whole reads that agree prove it.
        """
        self.met.update(sighting.offer_id for sighting in answer.offers)
        self.recent.append((number, answer.first, answer.offers))
        starts = page_starts(self.total, self.cap)
        due = min(self.cap.page_size, max(0, self.total - answer.first))
        if len(answer.offers) != due or answer.first not in starts:
            return
        self.seen.add(answer.first)
        self.pages[answer.first] = answer.offers
        if len(self.pages) == len(starts):
            self._judge(needs_agreement=needs_agreement)

    def missing(self) -> set[int]:
        """Return the first indexes of the pages that were not read."""
        return set(page_starts(self.total, self.cap)) - self.pages.keys()

    def unseen(self) -> set[int]:
        """Return the first indexes of the pages that were never read under it."""
        return set(page_starts(self.total, self.cap)) - self.seen

    def unsettled(self, now: int, found: Container[str]) -> set[int]:
        """Return the pages on which offers were met lately that are not among these.

        :param now: number of the last read.
        """
        return {
            first
            for read, first, offers in self.recent
            if now - read < FORGET_AFTER
            and any(sighting.offer_id not in found for sighting in offers)
        }

    def _judge(self, *, needs_agreement: bool) -> None:
        order, is_chained = self._joined()
        offers = dict(order)
        if len(order) != self.total or len(offers) != self.total:
            self.complete, self.proved = None, None
        else:
            before = self.complete
            is_agreed = before is not None and offers.keys() == before.keys()
            is_all = len(self.met) == len(offers)  # nothing else was ever met in this state
            is_proved = is_agreed or (is_chained and is_all and not needs_agreement)
            self.complete = offers
            self.proved = offers if is_proved else None
        if self.proved is None:
            self.failed += 1
            self.pages = {}

    def _joined(self) -> tuple[list[Sighting], bool]:
        """Return the offers of all pages in order, and whether the pages agree where they overlap."""
        order: list[Sighting] = []
        is_chained = True
        for first in sorted(self.pages):
            page = self.pages[first]
            shared = len(order) - first
            if order[first:] != list(page[:shared]):
                is_chained = False
            order.extend(page[shared:])
        return order, is_chained
