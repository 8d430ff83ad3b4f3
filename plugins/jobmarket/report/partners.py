"""The counts of partner sites without the names that may not be printed. Pure.

What lives here: which names are replaced. What does not: the rule (``persons``), how widely a name is carried
(``partner_reach.sql``). It happens where counts enter a report, so that no table, figure or sentence can meet
such a name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.report.persons import may_be_printed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Row = tuple[str, str, str, str, int]

REACH_DAYS = 8
"""Days that are looked at, the newest: of the period, and those before it for a feed that is absent."""


def without_hidden_names(
    rows: Iterable[Row], reach: Iterable[tuple[str | None, int, int]], say: Callable[[int], str]
) -> list[Row]:
    """Return counts in which each name of a partner that may not be printed is a numbered word.

    A site stays one group, so that a feed that is absent or new is seen all the same.

    :param rows: (series, dimension, value, origin, twelfths of offers), as ``counts.sql`` gives them.
    :param reach: (name, offers, départements), as ``partner_reach.sql`` gives them.
    :param say: the word for a name, by its number from 1.
    """
    carried = {name: (offers, departements) for name, offers, departements in reach}
    rows = list(rows)
    names = sorted(
        {value for _, dimension, value, _, _ in rows if dimension == "partner" and value}
    )
    hidden: dict[str, str] = {}
    for name in names:
        offers, departements = carried.get(name, (0, 0))
        if not may_be_printed(name, offers=offers, departements=departements):
            hidden[name] = say(len(hidden) + 1)
    return [
        (
            series,
            dimension,
            hidden.get(value, value) if dimension == "partner" else value,
            origin,
            n,
        )
        for series, dimension, value, origin, n in rows
    ]
