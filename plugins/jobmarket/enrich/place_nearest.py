"""The commune at a point. Pure.

What lives here: a grid of the centres of communes and the search in it. The reference has the centre
of 14,600 of 34,968 communes, nine in ten inhabitants; so the answer is a neighbour now and then, and
``docs/places.md`` says how often.
"""

from __future__ import annotations

from functools import cache, lru_cache
from math import cos, floor, hypot, radians, sqrt
from typing import NamedTuple

from jobmarket.enrich.place_reference import communes, departement_of

_CELL = 0.1  # degrees of a grid cell, 11 km from south to north
_RINGS = 3  # cells looked at around the point's own: every centre within 22 km
KM_PER_DEGREE = 111.2

# A town reaches further from its centre than a village: kilometres for the square root of its
# inhabitants, the value that found most départements of 4,414 real offers (0.003 and 0.005 found fewer).
_REACH = 0.004
FARTHEST_KM = 20.0  # beyond that a point is in no commune we know

# Where geocoders put "France": the point says no more than the label.
_MIDDLES = ((46.2276, 2.2137), (46.6034, 1.8883), (46.7111, 1.7191), (47.0, 2.0), (46.0, 2.0))


class Near(NamedTuple):
    """The commune at a point.

    :param code: of the commune, never of an arrondissement.
    :param distance_km: from the point to its centre.
    :param margin_km: how much nearer it is than the next one of another département, its reach considered.
    """

    code: str
    distance_km: float
    margin_km: float


@lru_cache(maxsize=4096)
def nearest(latitude: float, longitude: float, departements: frozenset[str]) -> Near | None:
    """Return the commune at a point, ``None`` if there is none within 20 km.

    :param latitude: degrees north.
    :param departements: where it must be; empty: anywhere in France.
    """
    row, column = floor(latitude / _CELL), floor(longitude / _CELL)
    wide = cos(radians(latitude))
    best: tuple[float, float, str] | None = None
    others: dict[str, float] = {}
    for cell in _cells(row, column):
        for north, east, code, reach in _grid().get(cell, ()):
            distance = KM_PER_DEGREE * hypot(north - latitude, (east - longitude) * wide)
            departement = departement_of(code)
            score = distance - reach
            others[departement] = min(score, others.get(departement, FARTHEST_KM))
            if departements and departement not in departements:
                continue
            if distance <= FARTHEST_KM and (best is None or (score, code) < (best[0], best[2])):
                best = (score, distance, code)
    if best is None:
        return None
    own = departement_of(best[2])
    rival = min(
        [score for departement, score in others.items() if departement != own], default=FARTHEST_KM
    )
    return Near(best[2], best[1], rival - best[0])


def is_middle_of_france(latitude: float, longitude: float) -> bool:
    """Return whether a point is where geocoders put the country as a whole."""
    return any(hypot(latitude - a, longitude - b) < 0.01 for a, b in _MIDDLES)


def _cells(row: int, column: int) -> list[tuple[int, int]]:
    span = range(-_RINGS, _RINGS + 1)
    return [(row + down, column + right) for down in span[1:-1] for right in span]


@cache
def _grid() -> dict[tuple[int, int], list[tuple[float, float, str, float]]]:
    grid: dict[tuple[int, int], list[tuple[float, float, str, float]]] = {}
    for code, commune in communes().items():
        if commune.latitude is not None and commune.longitude is not None:
            cell = (floor(commune.latitude / _CELL), floor(commune.longitude / _CELL))
            reach = _REACH * sqrt(commune.population)
            grid.setdefault(cell, []).append((commune.latitude, commune.longitude, code, reach))
    return grid
