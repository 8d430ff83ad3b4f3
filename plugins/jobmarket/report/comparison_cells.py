"""The cells beside the offers of a group: the days compared, what is usual, the change, the rate. Pure.

What lives here: which of them may be shown. What does not: the table that they are part of
(``table_builders``), what is compared (``baseline``, ``comparison``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.report.reference import populations
from jobmarket.report.tables import SMALL, SMALL_GROUP, Change, Excess, Rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobmarket.report.comparison import Group
    from jobmarket.report.tables import Cell, Table


def sums_by_row(table: Table, groups: dict[str, Group]) -> list[tuple[float, float, int]]:
    """Return of each row, folded as it is, what came on the days compared, what is usual, and all offers."""
    shown = {code for code, kind in zip(table.labels, table.kinds, strict=True) if kind == "group"}
    if "missing" in table.kinds:
        shown.add("")
    rest = [group for code, group in groups.items() if code not in shown]
    sums = []
    for code, kind in zip(table.labels, table.kinds, strict=True):
        members: Sequence[Group] = rest if kind == "other" else [groups[code]]
        came, expected = (sum(g.compared for g in members), sum(g.usual for g in members))
        sums.append((came, expected, sum(g.offers for g in members)))
    return sums


def usual(number: float) -> Cell:
    """Return what is usual."""
    return SMALL if 0 < number < SMALL_GROUP else round(number)


def compared(came: float, offers: int) -> Cell:
    """Return the offers of the days compared; nothing if those of the other days could be read off."""
    if 0 < offers - came < SMALL_GROUP:
        return None
    return SMALL if 0 < came < SMALL_GROUP else round(came)


def change(came: float, expected: float, offers: int) -> Cell:
    """Return the change, unless a masked count could be read from it."""
    is_shown = isinstance(compared(came, offers), int)
    return Change(came / expected - 1) if is_shown and min(expected, came) >= SMALL_GROUP else None


def cells_of_mover(group: Group) -> tuple[Cell, Cell, Cell, Cell]:
    """Return the offers compared, usual, change and excess of a group."""
    came = compared(group.compared, group.offers)
    excess = Excess(round(group.excess)) if isinstance(came, int) else None
    return came, usual(group.usual), change(group.compared, group.usual, group.offers), excess


def rate(code: str, offers: Cell) -> Cell:
    """Return the offers of a département per 100,000 inhabitants; nothing of other codes."""
    population = populations().get(code)
    if not population or not isinstance(offers, int):
        return None
    return Rate(offers / population * 100_000)
