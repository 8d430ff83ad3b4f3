"""Chance that depends on nothing but (seed, day, origin, purpose, index): the same in every process.

SplitMix64 over arrays; no generator state, so that any attribute of any offer can be had alone.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import NDArray  # the types of the columns are read at run time

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


def bits(
    seed: int, day: date, origin: int, purpose: str, index: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """Return 64 well-mixed bits for each index.

    :param seed: any integer.
    :param origin: 1 or 2.
    :param purpose: a name; two purposes give independent bits.
    :param index: the offers' positions in their day and origin.
    """
    key = zlib.crc32(f"{seed}/{day.isoformat()}/{origin}/{purpose}".encode())
    return _mix(_mix(index.astype(np.uint64) * _GOLDEN + np.uint64(key)) + np.uint64(key << 31))


def uniform(
    seed: int, day: date, origin: int, purpose: str, index: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return a number in [0, 1) for each index; parameters as in :func:`bits`."""
    drawn = bits(seed, day, origin, purpose, index) >> np.uint64(11)
    return drawn.astype(np.float64) * 2.0**-53


def pick(draws: NDArray[np.float64], weights: Sequence[float]) -> NDArray[np.int64]:
    """Return for each draw in [0, 1) the position of a weighted choice."""
    cumulated = np.cumsum(np.asarray(weights, dtype=np.float64))
    found = np.searchsorted(cumulated, draws * cumulated[-1], side="right")
    return np.minimum(found, len(weights) - 1).astype(np.int64)


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    values = (values ^ (values >> np.uint64(30))) * _MIX_1
    values = (values ^ (values >> np.uint64(27))) * _MIX_2
    return values ^ (values >> np.uint64(31))
