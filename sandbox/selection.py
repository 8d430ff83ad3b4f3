"""Which rows of a day a query keeps, and in which order rows come. Pure functions over columns."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from sandbox.offers.columns import DAY_MS
from sandbox.reference import communes, vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray  # the types of the columns are read at run time

    from sandbox.offers.columns import Columns, Day
    from sandbox.query import Query

KM_PER_DEGREE = 111.2
# the API lets offers in up to 30 % beyond the distance asked
DISTANCE_TOLERANCE = 1.3
# one creation time in so many is ranked a little too early in an unsorted answer
_INVERSION_ONE_IN = 450
_INVERSION_MS = 20_000


def matching(day: Day, query: Query, partner_names: Sequence[str]) -> NDArray[np.bool_]:
    """Return which offers of a day a query keeps; the creation dates are not looked at."""
    columns = day.columns
    keep = np.ones(len(columns), np.bool_)
    for name, codes in query.codes:
        keep &= vocabulary(name).table(codes)[getattr(columns, name)]
    for name, values in query.numbers:
        keep &= np.isin(getattr(columns, name), list(values))
    for name, low, high in query.ranges:
        column = getattr(columns, name)
        keep &= (column >= (low or 0)) & (column <= (np.inf if high is None else high))
    if query.flags:
        keep &= (columns.flags & query.flags) == query.flags
    if query.contracts or query.natures:
        keep &= (
            vocabulary("contract").table(query.contracts)[columns.contract]
            | vocabulary("nature").table(query.natures)[columns.nature]
        )
    for word in query.keywords:
        keep &= day.mentions(word)
    if query.partners:
        keep &= _of_partners(columns, query, partner_names)
    if query.communes:
        keep &= _near(columns, query)
    return keep


def ranked(columns: Columns, query: Query) -> NDArray[np.intp]:
    """Return the positions of these rows in the order in which the API gives them.

    Relevance puts France Travail before partners; date is by calendar day, then the same.
    """
    newest_first = -columns.created_ms
    distance = (
        _distance_km(columns, query) if query.communes else np.zeros(len(columns), np.float32)
    )
    if query.sort == 1:
        return np.lexsort((newest_first, columns.origin, -(columns.created_ms // DAY_MS)))
    if query.sort == 2:
        return np.lexsort((newest_first, columns.origin, distance))
    return np.lexsort((newest_first - _inversions(columns.created_ms), distance, columns.origin))


def _inversions(created_ms: NDArray[np.int64]) -> NDArray[np.int64]:
    chosen = (created_ms // 7 * 2_654_435_761) % 2**32 < 2**32 // _INVERSION_ONE_IN
    return np.where(chosen, _INVERSION_MS, 0)


def _of_partners(columns: Columns, query: Query, names: Sequence[str]) -> NDArray[np.bool_]:
    asked = [i for i, name in enumerate(names) if name in query.partners]
    is_asked = np.isin(columns.partner, asked)
    return (columns.origin == 1) | (is_asked if query.are_partners_kept else ~is_asked)


def _near(columns: Columns, query: Query) -> NDArray[np.bool_]:
    in_commune = vocabulary("commune").table(query.communes)[columns.commune]
    if query.distance_km == 0:
        return in_commune
    within: NDArray[np.bool_] = (
        _distance_km(columns, query) <= query.distance_km * DISTANCE_TOLERANCE
    )
    return in_commune | within


def _distance_km(columns: Columns, query: Query) -> NDArray[np.float32]:
    """Return the distance to the nearest commune asked; offers without a point are farthest."""
    nearest = np.full(len(columns), np.inf, np.float32)
    for code in query.communes:
        latitude, longitude = _points()[code]
        north = (columns.latitude - latitude) * KM_PER_DEGREE
        east = (columns.longitude - longitude) * KM_PER_DEGREE * np.cos(np.radians(latitude))
        nearest = np.fmin(nearest, np.hypot(north, east))
    return nearest


@cache
def _points() -> dict[str, tuple[float, float]]:
    return {commune.code: (commune.latitude, commune.longitude) for commune in communes()}
