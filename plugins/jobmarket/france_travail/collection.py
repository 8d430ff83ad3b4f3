"""All offers that a run has met: which of them are of the day. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobmarket.france_travail.answer import Answer


class Collection:
    """Distinct offers, by id, whatever became of them since.

    :param start: first wall-clock second of the day.
    :param end: the second after the day.
    """

    def __init__(self, start: int, end: int) -> None:
        self._day = (start, end)
        self._ids: set[str] = set()
        self.in_day: set[str] = set()
        self.outside_day = 0
        self.undated = 0
        self.offers_read = 0

    def add(self, answer: Answer) -> None:
        """Count the offers of an answer."""
        start, end = self._day
        self.offers_read += len(answer.offers)
        for offer_id, created in answer.offers:
            if offer_id in self._ids:
                continue
            self._ids.add(offer_id)
            # an offer whose date cannot be read is nobody else's: it is kept with the day
            self.undated += created is None
            if created is None or start <= created < end:
                self.in_day.add(offer_id)
            else:
                self.outside_day += 1
