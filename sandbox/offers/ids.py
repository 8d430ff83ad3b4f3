"""Ids of both origins, unique across days: a number in a cycle, spelled as the real ones are.

France Travail: three digits that grow with time and four consonants, ``193KRPK``. Partner: seven digits
with leading zeros, ``0251200``. Every day owns a block of the cycle, so that an id gives its day back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

FRANCE_TRAVAIL_ID = re.compile(r"\d{3}[B-DF-HJ-NP-TV-Z]{4}")
PARTNER_ID = re.compile(r"\d{7}")

LIFE_DAYS = 366

_CONSONANTS = "BCDFGHJKLMNPQRSTVWXYZ"
_LETTERS = len(_CONSONANTS) ** 4
_FRANCE_TRAVAIL_CYCLE = 1000 * _LETTERS
_PARTNER_CYCLE = 10_000_000
# real ids began with 193 on this day
_ANCHOR = date(2025, 6, 4)
_ANCHOR_NUMBER = 193 * _LETTERS
# coprime with the cycle: scatters neighbours over all seven digits, and back
_SCATTER = 7_654_321
_GATHER = pow(_SCATTER, -1, _PARTNER_CYCLE)


@dataclass(frozen=True)
class Ids:
    """The ids of one origin.

    :param origin: 1 France Travail, 2 partner.
    :param block: the most offers of this origin that a day can have; a cycle of ids lasts
        ``cycle // block`` days, after which ids are used again, as the real ones are.
    """

    origin: int
    block: int

    @property
    def cycle(self) -> int:
        """How many ids there are."""
        return _FRANCE_TRAVAIL_CYCLE if self.origin == 1 else _PARTNER_CYCLE

    def of(self, day: date, index: int) -> str:
        """Return the id of the offer at this position of its day and origin."""
        number = self._start(day) + index
        if self.origin == 1:
            return _spell((_ANCHOR_NUMBER + number) % self.cycle)
        return f"{number * _SCATTER % self.cycle:07d}"

    def find(self, offer_id: str, newest: date) -> tuple[date, int] | None:
        """Return (day, index) of an id, on the last such day up to ``newest``.

        None if it is not one, or of a day more than a year before: such an offer is gone.
        """
        pattern = FRANCE_TRAVAIL_ID if self.origin == 1 else PARTNER_ID
        if not pattern.fullmatch(offer_id):
            return None
        is_own = self.origin == 1
        number = _number(offer_id) - _ANCHOR_NUMBER if is_own else int(offer_id) * _GATHER
        back = (self._start(newest) + self.block - 1 - number) % self.cycle
        days_back, from_end = divmod(back, self.block)
        if days_back > LIFE_DAYS:
            return None
        return newest - timedelta(days=days_back), self.block - 1 - from_end

    def _start(self, day: date) -> int:
        return (day - _ANCHOR).days * self.block


def _spell(number: int) -> str:
    prefix, rest = divmod(number, _LETTERS)
    letters = ""
    for _ in range(4):
        rest, digit = divmod(rest, len(_CONSONANTS))
        letters = _CONSONANTS[digit] + letters
    return f"{prefix:03d}{letters}"


def _number(offer_id: str) -> int:
    number = int(offer_id[:3])
    for letter in offer_id[3:]:
        number = number * len(_CONSONANTS) + _CONSONANTS.index(letter)
    return number
