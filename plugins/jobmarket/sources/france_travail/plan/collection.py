"""All offers that a run has met: which of them are of the day. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobmarket.sources.france_travail.client.answer import Answer


class Collection:
    """Distinct offers, by id, whatever became of them since.

    :param start: first wall-clock second of the day.
    :param end: the second after the day.
    """

    def __init__(self, start: int, end: int) -> None:
        self._day = (start, end)
        self.in_day: set[str] = set()
        self._outside: set[str] = set()
        self.undated = 0
        self.offers_read = 0

    @property
    def outside_day(self) -> int:
        """Offers that were created on another day."""
        return len(self._outside)

    def add(self, answer: Answer) -> None:
        """Count the offers of an answer."""
        start, end = self._day
        self.offers_read += len(answer.offers)
        for offer_id, created in answer.offers:
            if offer_id in self.in_day or offer_id in self._outside:
                continue
            # an offer whose date cannot be read is nobody else's: it is kept with the day
            self.undated += created is None
            is_in_day = created is None or start <= created < end
            (self.in_day if is_in_day else self._outside).add(offer_id)
