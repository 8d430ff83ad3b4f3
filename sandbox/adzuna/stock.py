"""The ads that are live at an instant, one array an attribute: from (seed, instant) alone.

Each of the stock's slots always holds one ad; when its time is over, the next one takes the slot. So the
number of live ads is always the same, ads come and go all day, and any instant can be had alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from sandbox.adzuna.categories import OTHER, TAGS, UNKNOWN, by_job
from sandbox.offers import chance
from sandbox.reference import communes, departements, jobs

if TYPE_CHECKING:
    from numpy.typing import NDArray

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
FIRST_ID = 5_000_000_000
DAY_MS = 86_400_000
# days that an ad stays, and how many of a hundred slots hold such ads: some 2,140 of 40,000 are new each day
_LIVES = ((7, 20), (25, 50), (60, 30))
_DAY = date(2020, 1, 1)  # chance depends on the ad alone, not on a day

# how exactly an ad says where it is
COMMUNE, DEPARTEMENT, REGION, FRANCE = range(4)
NO_PAY, STATED, ESTIMATED = range(3)


@dataclass(frozen=True)
class Stock:
    """Live ads, the newest first.

    :param ids: ten digits.
    :param created_ms: since ``EPOCH``, UTC, whole seconds.
    :param job: position in ``reference.jobs``.
    :param category: position in ``categories.TAGS``.
    :param commune: position in ``reference.communes``.
    :param precision: ``COMMUNE``, ``DEPARTEMENT``, ``REGION`` or ``FRANCE``.
    :param pay: ``NO_PAY``, ``STATED`` or ``ESTIMATED``.
    """

    seed: int
    ids: NDArray[np.int64]
    created_ms: NDArray[np.int64]
    job: NDArray[np.int64]
    category: NDArray[np.int64]
    commune: NDArray[np.int64]
    precision: NDArray[np.int64]
    pay: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: NDArray[np.intp]) -> Stock:
        """Return some of the ads, in this order."""
        return Stock(
            self.seed,
            self.ids[rows],
            self.created_ms[rows],
            self.job[rows],
            self.category[rows],
            self.commune[rows],
            self.precision[rows],
            self.pay[rows],
        )

    def uniform(self, purpose: str) -> NDArray[np.float64]:
        """Return a number in [0, 1) for each ad, always the same for an ad and a purpose."""
        return chance.uniform(self.seed, _DAY, 0, f"adzuna {purpose}", self.ids)

    def bits(self, purpose: str) -> NDArray[np.uint64]:
        """Return 64 random bits for each ad, always the same for an ad and a purpose."""
        return chance.bits(self.seed, _DAY, 0, f"adzuna {purpose}", self.ids)


def stock_at(seed: int, live: int, now: datetime) -> Stock:
    """Return the ads that are live at an instant.

    :param live: how many.
    :param now: with its zone.
    """
    now_ms = int((now - EPOCH).total_seconds() * 1000)
    slot = np.arange(live)
    lives = np.array([days for days, _ in _LIVES])
    life_ms = lives[_pick(seed, "life", slot, [share for _, share in _LIVES])] * DAY_MS
    phase_ms = (chance.uniform(seed, _DAY, 0, "adzuna phase", slot) * life_ms).astype(np.int64)
    number = (now_ms + phase_ms) // life_ms
    created_ms = (number * life_ms - phase_ms) // 1000 * 1000
    ids = FIRST_ID + number * live + slot
    return newest_first(stock_of(seed, ids, created_ms))


def stock_of(seed: int, ids: NDArray[np.int64], created_ms: NDArray[np.int64]) -> Stock:
    """Return ads of these ids and instants, with all that their ids make of them."""
    job = _pick(seed, "job", ids, [job.weight for job in jobs()])
    category = by_job()[job]
    misfiled = chance.uniform(seed, _DAY, 0, "adzuna misfiled", ids)
    category[misfiled < 0.10] = TAGS.index(OTHER)
    category[misfiled < 0.02] = TAGS.index(UNKNOWN)
    return Stock(
        seed=seed,
        ids=ids,
        created_ms=created_ms,
        job=job,
        category=category,
        commune=_pick(seed, "commune", ids, _commune_weights()),
        precision=_pick(seed, "precision", ids, [86, 7, 5, 2]),
        pay=_pick(seed, "pay", ids, [45, 30, 25]),
    )


def newest_first(stock: Stock) -> Stock:
    """Return the ads in the order of ``sort_by=date``: newest first, of one second by id."""
    return stock.take(np.lexsort((-stock.ids, -stock.created_ms)))


def joined(first: Stock, second: Stock) -> Stock:
    """Return the ads of both, newest first."""
    ids = np.concatenate([first.ids, second.ids])
    created_ms = np.concatenate([first.created_ms, second.created_ms])
    return newest_first(stock_of(first.seed, ids, created_ms))


@cache
def _commune_weights() -> tuple[int, ...]:
    known = {departement.code for departement in departements()}
    return tuple(place.weight if place.departement in known else 0 for place in communes())


def _pick(
    seed: int, purpose: str, index: NDArray[np.int64], weights: tuple[int, ...] | list[int]
) -> NDArray[np.int64]:
    return chance.pick(chance.uniform(seed, _DAY, 0, f"adzuna {purpose}", index), weights)
