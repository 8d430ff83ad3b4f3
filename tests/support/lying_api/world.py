"""Offers around one day, as columns: what exists, and from which search to which it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from jobmarket.sources.france_travail.client.answer import day_start

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray  # the types of the columns are read at run time

DAY = date(2026, 11, 18)
DAY_MS = 86_400_000
START_MS = day_start(DAY) * 1000
NEVER = 2**62
CONTRACTS = ("CDI", "CDD", "MIS", "SAI", "LIB", "DDT")
EXPERIENCES = ("0", "4", "1", "2", "3")
EXPERIENCE_OF = {"0": "D", "4": "D", "1": "E", "2": "E", "3": "E"}
ROMES = tuple(f"{letter}{number}" for letter in "ADFGHIJKMN" for number in range(1101, 1141))
DEPARTEMENTS = ("01", "2A", "33", "59", "69", "75", "971")
REFERENTIALS = {
    "metiers": ROMES,
    "typesContrats": tuple(code for code in CONTRACTS if code != "DDT"),
    "departements": DEPARTEMENTS,
}
NONE = -1  # of a column: the offer lacks the attribute


@dataclass
class World:
    """Offers, newest first; a column is an array with a value an offer.

    :param created: wall-clock milliseconds since 1970.
    :param origin: 1, 2, or another number; 0 is an offer without ``origineOffre``.
    :param arrives: number of the first search that shows it.
    :param leaves: number of the first search that does not any more.
    """

    created: NDArray[np.int64]
    origin: NDArray[np.int8]
    contract: NDArray[np.int8]
    experience: NDArray[np.int8]
    rome: NDArray[np.int16]
    departement: NDArray[np.int8]
    arrives: NDArray[np.int64]
    leaves: NDArray[np.int64]
    ids: list[str]
    bodies: list[bytes]
    rng: Generator

    def __len__(self) -> int:
        return len(self.created)

    @property
    def in_day(self) -> NDArray[np.bool_]:
        """Which offers are created on the day."""
        return (self.created >= START_MS) & (self.created < START_MS + DAY_MS)

    def visible(self, number: int) -> NDArray[np.bool_]:
        """Which offers a search of this number shows."""
        return (self.arrives <= number) & (self.leaves > number)

    def throughout(self, first: int, last: int) -> set[str]:
        """Ids of the day that each search from one number to another shows, if the API is honest."""
        shown = self.in_day & (self.arrives <= first) & (self.leaves > last)
        return {self.ids[at] for at in np.flatnonzero(shown)}

    def some(self, count: int, *, of: NDArray[np.bool_] | None = None) -> NDArray[np.intp]:
        """Draw offers of the day, or of those given; fewer if there are not as many."""
        pool = np.flatnonzero(self.in_day if of is None else of)
        return np.sort(self.rng.choice(pool, min(count, len(pool)), replace=False))

    def rewrite(self, at: int, **fields: Any) -> None:
        """Write fields of an offer's body anew; None takes one out."""
        offer = msgspec.json.decode(self.bodies[at]) | fields
        self.bodies[at] = msgspec.json.encode({k: v for k, v in offer.items() if v is not None})


def make_world(size: int, seed: int, *, burst: int = 0) -> World:
    """Return a world of its own, the same for the same arguments: see :func:`_world`."""
    world = _world(size, seed, burst)
    copies: dict[str, Any] = {
        name: value.copy() if isinstance(value, np.ndarray | list) else value
        for name, value in vars(world).items()
    }
    return World(**copies | {"rng": np.random.default_rng(seed)})


@lru_cache(maxsize=6)
def _world(size: int, seed: int, burst: int) -> World:
    """Return a day of ``size`` offers with half as many, and some, on each neighbouring day.

    :param burst: of them, so many partner offers in one second.
    """
    rng = np.random.default_rng(seed)
    beside = max(size // 2, 300)
    at_second = rng.integers(9, 20) * 3600_000 + rng.integers(0, 3_600) * 1000
    spread = max(0, size - burst)
    created = np.concatenate(
        [
            _times(rng, beside) - DAY_MS,
            _times(rng, spread),
            np.full(size - spread, at_second),
            _times(rng, beside) + DAY_MS,
        ]
    )
    created = np.sort(START_MS + created)[::-1].astype(np.int64)
    count = len(created)
    is_partner = rng.random(count) < 0.75
    is_burst = (created == START_MS + at_second) if burst else np.zeros(count, np.bool_)
    origin = np.where(is_partner | is_burst, 2, 1).astype(np.int8)
    created = np.where(origin == 2, created // 1000 * 1000, created)
    world = World(
        created=created,
        origin=origin,
        contract=_drawn(rng, count, (0.5, 0.2, 0.2, 0.05, 0.0495, 0.0005)),
        experience=_drawn(rng, count, (0.1, 0.4, 0.05, 0.4, 0.05)),
        rome=rng.integers(0, len(ROMES), count).astype(np.int16),
        departement=_drawn(rng, count, (0.1, 0.05, 0.2, 0.2, 0.2, 0.2, 0.05)),
        arrives=np.zeros(count, np.int64),
        leaves=np.full(count, NEVER),
        # in no order: 7,919 has no factor in common with nine million
        ids=[str(1_000_000 + (seed * 104_729 + at * 7_919) % 9_000_000) for at in range(count)],
        bodies=[],
        rng=rng,
    )
    world.departement[rng.random(count) < 0.03] = NONE
    world.bodies = [_body(world, at) for at in range(count)]
    return world


def wall(ms: int) -> str:
    """Write wall-clock milliseconds as the API does."""
    day, rest = divmod(ms, DAY_MS)
    hour, rest = divmod(rest, 3_600_000)
    minute, rest = divmod(rest, 60_000)
    return f"{_day_text(day)}T{hour:02d}:{minute:02d}:{rest // 1000:02d}.{rest % 1000:03d}Z"


@lru_cache(maxsize=64)
def _day_text(day: int) -> str:
    return str(date.fromordinal(date(1970, 1, 1).toordinal() + day))


def _times(rng: Generator, count: int) -> NDArray[np.int64]:
    """Return times of a day in milliseconds: a night feed, working hours, and some at any time."""
    kind = rng.choice(3, count, p=(0.15, 0.65, 0.2))
    night = rng.normal(2.5 * 3600_000, 600_000, count)
    work = rng.normal(13 * 3600_000, 3 * 3600_000, count)
    flat = rng.random(count) * DAY_MS
    times = np.where(kind == 0, night, np.where(kind == 1, work, flat))
    return np.clip(times, 0, DAY_MS - 1).astype(np.int64)


def _drawn(rng: Generator, count: int, shares: tuple[float, ...]) -> NDArray[np.int8]:
    return rng.choice(len(shares), count, p=shares).astype(np.int8)


def _body(world: World, at: int) -> bytes:
    experience = EXPERIENCES[world.experience[at]]
    place = {"libelle": "France"}
    if world.departement[at] >= 0:
        place = {"libelle": f"{DEPARTEMENTS[world.departement[at]]} - VILLE"}
    created = wall(int(world.created[at]))
    return msgspec.json.encode(
        {
            "id": world.ids[at],
            "intitule": "Boulanger (H/F)",
            "dateCreation": created,
            "dateActualisation": created,
            "lieuTravail": place,
            "romeCode": ROMES[world.rome[at]],
            "typeContrat": CONTRACTS[world.contract[at]],
            "experienceExige": EXPERIENCE_OF[experience],
            "origineOffre": {"origine": str(world.origin[at])},
        }
    )
