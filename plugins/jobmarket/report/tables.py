"""Groups made ready to be shown: ranked or in their own order, none too small to be shown. Pure.

What lives here: the rule of small groups. What does not: which table an analysis gets (``table_builders``),
how it is drawn (``draw``), said (``words.fr``) or written to a file (``table_files``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

# No figure and no table shows a group of fewer offers: it would point at one employer or one workplace.
SMALL_GROUP = 5


class Small(Enum):
    """The count of a group that is not shown: at least one, fewer than :data:`SMALL_GROUP`."""

    SMALL = "<5"


SMALL = Small.SMALL


class Change(float):
    """A change, as a part of what was before: written with its sign."""


class Excess(int):
    """Offers more or fewer than expected: written with its sign."""


class Euros(int):
    """An amount of money."""


class Rate(float):
    """Offers per 100,000 inhabitants."""


Cell = int | float | Small | None  # None: nothing is known (no run for that day)
RowKind = Literal["group", "other", "missing"]


@dataclass(frozen=True)
class Table:
    """What is shown of one analysis.

    :param labels: one a row, as the reader sees it.
    :param series: the columns of numbers, as long as ``labels``.
    :param kinds: whether a row is a group, the fold of smaller ones, or offers without the attribute.
    :param codes: what the warehouse calls each row, as long as ``labels``; of a fold nothing counts.
    """

    labels: list[str]
    series: dict[str, list[Cell]]
    kinds: list[RowKind]
    codes: list[Any] = field(default_factory=list)

    def total(self, *names: str) -> int:
        """Return the sum of what is shown in these series."""
        return sum(shown(cell) for name in names for cell in self.series[name])

    def groups(self) -> list[tuple[str, int, float]]:
        """Return label, offers and share of each row that is a group."""
        rows = zip(
            self.labels, self.series["offers"], self.series["share"], self.kinds, strict=True
        )
        return [
            (label, shown(offers), float(str(share)))
            for label, offers, share, kind in rows
            if kind == "group"
        ]


def shown(cell: Cell) -> int:
    """Return the count that a figure may draw: nothing for what is unknown or too small."""
    return int(cell) if isinstance(cell, int | float) else 0


def ranked(
    groups: Iterable[tuple[str | None, int]],
    *,
    top: int = 10,
    other: str = "",
    missing: str | None = None,
    say: Callable[[str], str] = str,
) -> Table:
    """Rank groups by their offers, fold what is small or beyond the top, add the share of each.

    :param groups: label (None: the offers lack the attribute; empty: others that are not named) and offers
        of each. Groups of equal label are added up.
    :param top: groups shown at most.
    :param other: the label of the folded rest.
    :param missing: the label of the offers whose label is None; None leaves them out of the table altogether.
    :param say: turns a label of the warehouse into one for the reader.
    """
    counts: dict[str, int] = {}
    without = 0
    for name, offers in groups:
        if name is None:
            without += offers
        else:
            counts[name] = counts.get(name, 0) + offers
    rows = sorted(
        ((name, n) for name, n in counts.items() if name), key=lambda row: (-row[1], row[0])
    )
    kept = [row for row in rows[:top] if row[1] >= SMALL_GROUP]
    rest = sum(counts.values()) - sum(offers for _, offers in kept)
    if missing is None:
        without = 0
    elif 0 < without < SMALL_GROUP:
        rest, without = rest + without, 0
    # a small rest could be read off the total: it takes the smallest groups with it
    while 0 < rest < SMALL_GROUP and kept:
        rest += kept.pop()[1]
    if 0 < rest < SMALL_GROUP:
        rest, without = rest + without, 0
    shown_rows: list[tuple[str, int, RowKind]] = [(say(name), n, "group") for name, n in kept]
    codes = [name for name, _ in kept]
    if rest >= SMALL_GROUP:
        shown_rows.append((other, rest, "other"))
        codes.append("")
    if without >= SMALL_GROUP:
        shown_rows.append((str(missing), without, "missing"))
        codes.append("")
    total = sum(offers for _, offers, _ in shown_rows)
    return Table(
        labels=[row[0] for row in shown_rows],
        series={
            "offers": [row[1] for row in shown_rows],
            "share": [row[1] / total for row in shown_rows],
        },
        kinds=[row[2] for row in shown_rows],
        codes=codes,
    )


def multiple(groups: Iterable[tuple[str | None, int]], *, top: int, total: int) -> Table:
    """Rank groups that share offers, with the part of all offers of each; what is small is left out.

    :param groups: label and offers of each; one without a label is no group.
    :param total: all offers.
    """
    large = [(name, offers) for name, offers in groups if name and offers >= SMALL_GROUP]
    rows = sorted(large, key=lambda row: (-row[1], row[0]))[:top]
    return Table(
        labels=[name for name, _ in rows],
        series={
            "offers": [offers for _, offers in rows],
            "share": [offers / max(total, offers) for _, offers in rows],
        },
        kinds=["group"] * len(rows),
        codes=[name for name, _ in rows],
    )


def masked(counts: dict[str, int]) -> dict[str, Cell]:
    """Return counts that make up a known total, those that are too small masked.

    What is masked together must not be small either, or it could be read off the total: then the smallest of
    the others are masked, too.
    """
    hidden = {name for name, offers in counts.items() if 0 < offers < SMALL_GROUP}
    rest = sorted((n, name) for name, n in counts.items() if n >= SMALL_GROUP)
    while hidden and sum(counts[name] for name in hidden) < SMALL_GROUP and rest:
        hidden.add(rest.pop(0)[1])
    return {name: SMALL if name in hidden else offers for name, offers in counts.items()}


def ordered(
    rows: Sequence[Any],
    series: Mapping[str, Sequence[int | None]],
    *,
    say: Callable[[Any], str] = str,
    is_whole: bool = False,
) -> Table:
    """Keep the order of the rows (hours, days) and mask every count that is too small.

    :param rows: what each row is of, such as a day.
    :param series: counts, as many as ``rows``; None where nothing is known.
    :param is_whole: the rows make up a known total, so a single masked one could be read off it.
    """
    mask = _masked_whole if is_whole else _masked_each
    return Table(
        labels=[say(row) for row in rows],
        series={name: mask(counts) for name, counts in series.items()},
        kinds=["group"] * len(rows),
        codes=list(rows),
    )


def _masked_each(counts: Sequence[int | None]) -> list[Cell]:
    return [SMALL if count is not None and 0 < count < SMALL_GROUP else count for count in counts]


def _masked_whole(counts: Sequence[int | None]) -> list[Cell]:
    cells = masked({str(number): count or 0 for number, count in enumerate(counts)})
    return [cells[str(number)] for number in range(len(counts))]
