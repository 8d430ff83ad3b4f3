"""How long each offer stays, whether it comes back, when it is changed; only (seed, day, row) decides.

What lives here: the instants of an offer's life and what a change looks like. What does not: which offers a
replica shows now (``sandbox.world``), how the days differ from each other (``life``).

==========  ==============================================================================================
life        exponential around the mean, an hour at least, six means at most
return      one in so many closes in the middle of its life, and is back after one to twelve days
change      one in so many is changed once: half of them only in ``dateActualisation``, the others for good
==========  ==============================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from sandbox.offers import chance
from sandbox.offers.body import spell_time
from sandbox.offers.columns import DAY_MS

if TYPE_CHECKING:
    from numpy.typing import NDArray  # the types of the columns are read at run time

    from sandbox.offers.columns import Day
    from sandbox.settings import Settings

LONGEST_MEANS = 6
SHORTEST_MS = 3_600_000
LONGEST_GAP_DAYS = 12
NEVER_MS = 2**62
_CHANGED_FOR_GOOD = 0.5
_CHANGED_TEXT = "\n\nAnnonce modifiée."


@dataclass(frozen=True)
class Lifetimes:
    """One array an instant, naive Paris milliseconds, in the order of the day's rows.

    :param leaves_ms: when it is gone for good.
    :param gap_from_ms: when it is gone for some days; ``NEVER_MS`` if it is not.
    :param gap_to_ms: when it is back.
    :param changed_ms: when it is changed; ``NEVER_MS`` if it is not.
    :param is_for_good: the change is more than a new ``dateActualisation``.
    """

    leaves_ms: NDArray[np.int64]
    gap_from_ms: NDArray[np.int64]
    gap_to_ms: NDArray[np.int64]
    changed_ms: NDArray[np.int64]
    is_for_good: NDArray[np.bool_]

    def are_live(self, now_ms: int) -> NDArray[np.bool_]:
        """Return which offers, if created, are to be seen at an instant."""
        in_gap = (self.gap_from_ms <= now_ms) & (now_ms < self.gap_to_ms)
        return (now_ms < self.leaves_ms) & ~in_gap


def lifetimes(settings: Settings, offers: Day) -> Lifetimes:
    """Return the lives of the offers of a day; ``settings.mean_life_days`` is set."""
    created = offers.columns.created_ms
    index = np.arange(len(created))

    def draw(purpose: str) -> NDArray[np.float64]:
        return chance.uniform(settings.seed, offers.day, 0, purpose, index)

    mean_ms = (settings.mean_life_days or 0) * DAY_MS
    drawn = -np.log1p(-draw("life")) * mean_ms
    life = np.clip(drawn, SHORTEST_MS, LONGEST_MEANS * mean_ms + SHORTEST_MS).astype(np.int64)
    returns = draw("return") < settings.return_share
    gap = np.where(returns, DAY_MS * (1 + draw("gap") * (LONGEST_GAP_DAYS - 1)), 0).astype(np.int64)
    gap_from = np.where(returns, created + life // 2, NEVER_MS)
    changes = draw("change") < settings.change_share
    changed = np.where(changes, created + (life * draw("changed")).astype(np.int64), NEVER_MS)
    return Lifetimes(
        leaves_ms=created + life + gap,
        gap_from_ms=gap_from,
        gap_to_ms=np.where(returns, gap_from + gap, NEVER_MS),
        changed_ms=changed // 1000 * 1000,
        is_for_good=draw("for good") < _CHANGED_FOR_GOOD,
    )


def longest_days(settings: Settings) -> int:
    """Return how many days before now an offer that is live may have been created."""
    return int((settings.mean_life_days or 0) * LONGEST_MEANS) + LONGEST_GAP_DAYS + 2


class LivingDay:
    """The offers of a day as they are at an instant: those that were changed read so.

    Search and facets go by what they were at first: no change is to their attributes.
    """

    def __init__(self, offers: Day, lives: Lifetimes, now_ms: int) -> None:
        self.day = offers.day
        self.columns = offers.columns
        self._offers = offers
        self._lives = lives
        self._now_ms = now_ms

    def id(self, row: int) -> str:
        """Return the offer's id."""
        return self._offers.id(row)

    def body(self, row: int) -> bytes:
        """Return the offer as compact JSON, as it is now."""
        body = self._offers.body(row)
        changed = self._lives.changed_ms.item(row)
        if changed > self._now_ms:
            return body
        offer = msgspec.json.decode(body)
        offer["dateActualisation"] = spell_time(changed)
        if self._lives.is_for_good.item(row):
            offer["nombrePostes"] = int(offer.get("nombrePostes", 1)) + 1
            offer["description"] = f"{offer.get('description', '')}{_CHANGED_TEXT}"
        return msgspec.json.encode(offer)

    def mentions(self, word: str) -> NDArray[np.bool_]:
        """Return which offers have this word in what they are searched by."""
        return self._offers.mentions(word)
