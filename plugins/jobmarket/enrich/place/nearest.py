"""The commune at a point. Pure.

What lives here: a grid of the centres of communes and the search in it. The reference has the centre
of 14,600 of 34,968 communes, nine in ten inhabitants; so the answer is a neighbour now and then, and
``docs/places.md`` says how often.
"""

from __future__ import annotations

from functools import cache, lru_cache
from math import cos, floor, hypot, radians, sqrt
from typing import TYPE_CHECKING, NamedTuple

from jobmarket.enrich.place.reference import communes, departement_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_CELL = 0.1  # degrees of a grid cell, 11 km from south to north
_ROWS, _COLUMNS = 2, 3  # cells looked at on each side of the point's own: all within 20 km
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
def nearest(latitude: float, longitude: float, inside: frozenset[str]) -> Near | None:
    """Return the commune at a point, ``None`` if there is none within 20 km.

    :param latitude: degrees north; what is no place on Earth is near nothing.
    :param inside: the départements it must be in; empty: anywhere in France.
    """
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):  # not a number included
        return None
    # kilometres to the border of what a commune reaches, to its centre, code: by département
    best: dict[str, tuple[float, float, str]] = {}
    wide = cos(radians(latitude))
    for north, east, code, reach in _around(latitude, longitude):
        distance = KM_PER_DEGREE * hypot(north - latitude, (east - longitude) * wide)
        if distance <= FARTHEST_KM:
            departement = departement_of(code)
            found = (distance - reach, distance, code)
            best[departement] = min(found, best.get(departement, found))
    allowed = [found for departement, found in best.items() if not inside or departement in inside]
    if not allowed:
        return None
    score, distance, code = min(allowed)
    rivals = [
        other[0] for departement, other in best.items() if departement != departement_of(code)
    ]
    return Near(code, distance, min(rivals, default=FARTHEST_KM) - score)


def _around(latitude: float, longitude: float) -> Iterator[tuple[float, float, str, float]]:
    row, column = floor(latitude / _CELL), floor(longitude / _CELL)
    for down in range(-_ROWS, _ROWS + 1):
        for right in range(-_COLUMNS, _COLUMNS + 1):
            yield from _grid().get((row + down, column + right), ())


def is_middle_of_france(latitude: float, longitude: float) -> bool:
    """Return whether a point is where geocoders put the country as a whole."""
    return any(hypot(latitude - a, longitude - b) < 0.01 for a, b in _MIDDLES)


@cache
def _grid() -> dict[tuple[int, int], list[tuple[float, float, str, float]]]:
    grid: dict[tuple[int, int], list[tuple[float, float, str, float]]] = {}
    for code, commune in communes().items():
        if commune.latitude is not None and commune.longitude is not None:
            cell = (floor(commune.latitude / _CELL), floor(commune.longitude / _CELL))
            reach = _REACH * sqrt(commune.population)
            grid.setdefault(cell, []).append((commune.latitude, commune.longitude, code, reach))
    return grid
