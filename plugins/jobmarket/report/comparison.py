"""The counts of a period beside what is usual, and which groups have really moved. Pure.

A group is compared with what would be expected had it moved as the whole did: its usual count, times the
level of the period, the two origins apart. So a day on which a partner delivers half of its offers does not
make news of every trade that this partner serves.

A group has moved when its excess is beyond chance: at least :data:`LEAST_SCORE` standard deviations of a
Poisson count, widened by how much more than Poisson the groups of its dimension scatter (the median of the
squared scores over the median of chi-square, as genomic control does: Devlin and Roeder 1999).
"""

from __future__ import annotations

from collections import defaultdict
from math import sqrt
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from jobmarket.report.baseline import UNIT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jobmarket.report.baseline import Series

ORIGINS = ("1", "2")
ACTIVITIES, _NAF_2025 = "naf_division", "2025-"  # as mart.offer_count writes them
LEAST_SCORE = 4.0  # of some 2,000 groups looked at, one in ten days passes by chance
LEAST_OFFERS = 20  # below, a doubling is a handful of offers
_MEDIAN_CHI_SQUARE = 0.4549


class Group(NamedTuple):
    """A group of a dimension, in offers.

    :param offers: of the period.
    :param compared: of the days that are compared; all, if every day is.
    :param usual: what is usual for these days; 0 also where nothing is compared.
    :param expected: the usual, had the group moved as the whole.
    :param excess_1: offers given to France Travail, beyond what is expected.
    :param excess_2: the same of partner sites.
    :param score: standard deviations of the excess, see the module.
    """

    dimension: str
    code: str
    offers: int
    compared: float
    usual: float
    expected: float
    excess_1: float
    excess_2: float
    score: float

    @property
    def excess(self) -> float:
        """Return the offers beyond what is expected."""
        return self.excess_1 + self.excess_2

    @property
    def change(self) -> float | None:
        """Return the change against the usual, as a part of it; None without one."""
        return self.compared / self.usual - 1 if self.usual else None

    @property
    def is_partner_driven(self) -> bool:
        """Return whether most of the excess came from partner sites."""
        return abs(self.excess_2) > abs(self.excess_1)


class Counts:
    """Counts by series, dimension, value and origin.

    :param rows: (series, dimension, value, origin, twelfths of offers), as ``counts.sql`` gives them.
    :param spread: variance of what is usual, where that of the period is 1; that of a mean of four days.
    """

    def __init__(
        self, rows: Iterable[tuple[str, str, str, str, int]] = (), spread: float = 0.25
    ) -> None:
        self._spread = spread
        self._cells: dict[tuple[str, str], dict[tuple[str, str], int]] = defaultdict(dict)
        for series, dimension, value, stated, twelfths in rows:
            cells = self._cells[series, dimension]
            # one of no known origin is no partner's for all that is known
            origin = stated if stated in ORIGINS else ORIGINS[0]
            cells[value, origin] = cells.get((value, origin), 0) + int(twelfths)

    def total(self, series: Series, origin: str | None = None) -> float:
        """Return the offers of a series, of both origins or of one."""
        cells = self._cells.get((series, "all"), {})
        return sum(n for (_, of), n in cells.items() if origin in (None, of)) / UNIT

    def by_value(
        self, series: Series, dimension: str, origin: str | None = None
    ) -> dict[str, float]:
        """Return the offers of a series by value of a dimension."""
        return _summed(self._cells.get((series, dimension), {}), str, origin)

    @property
    def is_naf_changed(self) -> bool:
        """Tell whether the activities of employers are of two nomenclatures, within a side or across."""
        met = [self._nomenclatures(series) for series in ("now", "compared", "usual")]
        return len(frozenset().union(*met)) > 1

    def _nomenclatures(self, series: Series) -> frozenset[str]:
        """Return the nomenclatures of the activities of a series; under a part in twenty one is noise."""
        offers: dict[str, float] = defaultdict(float)
        for value, number in self.by_value(series, ACTIVITIES).items():
            if value:
                offers[_NAF_2025 if value.startswith(_NAF_2025) else ""] += number
        least = 0.05 * sum(offers.values())
        return frozenset(name for name, number in offers.items() if number > least)

    def groups(self, dimension: str, say: Callable[[str], str] = str) -> list[Group]:
        """Return the groups of a dimension, scored, the most offers first.

        :param say: the group of a value, such as the domain of a trade; a group of its own by default.

        Nothing is usual for activities of two nomenclatures: the same number is not the same activity.
        """
        now = _summed(self._cells.get(("now", dimension), {}), say)
        levels = [self._level(origin) for origin in ORIGINS]
        by_series: dict[str, list[dict[str, float]]] = {}
        is_compared = dimension != ACTIVITIES or not self.is_naf_changed
        for series in ("compared", "usual"):
            cells = self._cells.get((series, dimension), {}) if is_compared else {}
            by_series[series] = [_summed(cells, say, origin) for origin in ORIGINS]
        names = sorted(now.keys() | {n for part in by_series["usual"] for n in part})
        found = []
        for name in names:
            usual = [part.get(name, 0.0) for part in by_series["usual"]]
            came = [part.get(name, 0.0) for part in by_series["compared"]]
            expected = [level * part for level, part in zip(levels, usual, strict=True)]
            own, partner = (a - b for a, b in zip(came, expected, strict=True))
            found.append(
                Group(
                    dimension,
                    name,
                    round(now.get(name, 0)),
                    sum(came),
                    sum(usual),
                    sum(expected),
                    own,
                    partner,
                    _score(sum(came), sum(expected), self._spread),
                )
            )
        return sorted(_rescaled(found), key=lambda group: (-group.offers, group.code))

    def _level(self, origin: str) -> float:
        usual = self.total("usual", origin)
        return self.total("compared", origin) / usual if usual else 0.0


def movers(groups: Iterable[Group]) -> list[Group]:
    """Return the groups that have really moved, the largest excess first; see the module."""
    moved = [
        group
        for group in groups
        if group.code
        and abs(group.score) >= LEAST_SCORE
        and max(group.compared, group.expected) >= LEAST_OFFERS
    ]
    return sorted(moved, key=lambda group: (-abs(group.excess), group.dimension, group.code))


def _summed(
    cells: dict[tuple[str, str], int], say: Callable[[str], str], origin: str | None = None
) -> dict[str, float]:
    twelfths: dict[str, int] = defaultdict(int)
    for (value, of), number in cells.items():
        if origin in (None, of):
            twelfths[say(value) if value else ""] += number
    return {value: number / UNIT for value, number in twelfths.items()}


def _score(came: float, expected: float, spread: float) -> float:
    """Return the excess in standard deviations: of the count itself and of what is usual."""
    # a half keeps a group that was never there from an endless score
    return (came - expected) / sqrt(max(expected, 0.5) * (1 + spread))


def _rescaled(groups: list[Group]) -> list[Group]:
    """Return the groups, their scores divided by how much more than Poisson they scatter."""
    squares = [group.score**2 for group in groups if group.code and group.expected >= 5]
    if len(squares) < 8:  # too few to say how groups scatter
        return groups
    widening = sqrt(max(1.0, median(squares) / _MEDIAN_CHI_SQUARE))
    return [group._replace(score=group.score / widening) for group in groups]
