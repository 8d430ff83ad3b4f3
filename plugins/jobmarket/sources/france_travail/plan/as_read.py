"""How a slice looked when it was read, and whether an answer still shows that. Pure."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jobmarket.sources.france_travail.client.request import Request
from jobmarket.sources.france_travail.plan.partition import page_starts

if TYPE_CHECKING:
    from jobmarket.sources.france_travail.client.answer import Answer, Cap
    from jobmarket.sources.france_travail.plan.states import State

SAMPLE_SIZE = 10
"""Offers asked for to see whether a slice that was read still looks so: few bytes, and any place will do."""


@dataclass(frozen=True)
class AsRead:
    """What was read of a slice.

    :param query: without ``range``.
    :param offers: in their order, id -> creation second.
    :param known: the states that these are of, and the smaller ones that were met beside them.
    :param unseen: first indexes of pages that were not seen in each of the known states.
    :param answers: how many answers it took.
    """

    query: str
    offers: dict[str, int | None]
    known: frozenset[State]
    unseen: tuple[int, ...]
    answers: int

    @property
    def totals(self) -> set[int]:
        """What the whole slice was announced to hold, by all its states."""
        return {state.total for state in self.known}

    def sample(self, time: int, cap: Cap) -> Request:
        """Return a question for ten offers of some place, another one each time."""
        # any place will do, but it should not be a page that was asked for as such
        spread = zlib.crc32(f"{self.query}#{time}".encode())
        first = spread % max(1, min(len(self.offers), cap.reach) - SAMPLE_SIZE)
        first = min(first, cap.last_start)
        last = first + min(SAMPLE_SIZE, cap.page_size - 1) - 1
        return Request(self.query, first, last, is_urgent=True, is_fresh=True)

    def stretches(self, cap: Cap) -> int:
        """Return how many stretches there are."""
        return -(-len(self.offers) // (cap.page_size - 1))

    def stretch(self, number: int, cap: Cap) -> Request:
        """Return a question for one of the stretches that hold all offers, numbered from 0.

        One shorter than a page: it verifies, and is no page of the slice.
        """
        size = cap.page_size - 1
        first = min(number * size, cap.last_start)
        return Request(self.query, first, first + size - 1, is_urgent=True, is_fresh=True)

    def page(self, time: int, cap: Cap) -> Request:
        """Return a question for a whole page, another one each time: first those that were not seen."""
        starts = self.unseen or page_starts(len(self.offers), cap)
        first = starts[time % len(starts)]
        last = first + cap.page_size - 1
        return Request(self.query, first, last, is_urgent=True, is_fresh=True)

    def shows_more(self, answer: Answer) -> bool:
        """Tell whether an answer shows an offer, or a state as large, that was not read."""
        if any(sighting.offer_id not in self.offers for sighting in answer.offers):
            return True
        return answer.announced == max(self.totals, default=0) and not self.knows(answer)

    def hides(self, answer: Answer) -> bool:
        """Tell whether a state that was taken to add nothing shows an offer that is not held."""
        is_smaller = answer.announced in self.totals - {max(self.totals, default=0)}
        return is_smaller and self.knows(answer) and self.shows_more(answer)

    def has_shrunk(self, answer: Answer) -> bool:
        """Tell whether an answer announces fewer offers than were read, and shows none but these."""
        return (answer.announced or 0) < len(self.offers) and all(
            sighting.offer_id in self.offers for sighting in answer.offers
        )

    def knows(self, answer: Answer) -> bool:
        """Tell whether the state that an answer tells of was met when the slice was read."""
        facets = {state.facets for state in self.known if state.total == answer.announced}
        # facets that are left out, or are noise, contradict none
        return bool(facets) and (not answer.facets or answer.facets in facets or "" in facets)

    def differs(self, answer: Answer) -> bool:
        """Tell whether an answer shows something else than was read."""
        if len(self.known) > 1 and answer.announced != len(self.offers):
            return (
                answer.announced not in self.totals
            )  # which of its offers are where, is not known
        if answer.announced != len(self.offers) or not self.knows(answer):
            return True
        expected = list(self.offers)[answer.first : answer.first + len(answer.offers)]
        met = [sighting.offer_id for sighting in answer.offers]
        # offers of one second need no fixed order
        return set(met) != set(expected) and not self._are_ties(answer, expected)

    def _are_ties(self, answer: Answer, expected: list[str]) -> bool:
        """Tell whether the offers met differ from the expected ones only among those of one second."""
        is_known = all(sighting.offer_id in self.offers for sighting in answer.offers)
        when = [sighting.created for sighting in answer.offers]
        return is_known and when == [self.offers[offer_id] for offer_id in expected]
