"""A frame made ready to be shown: ranked or in its own order, with no group too small to be shown. Pure.

What lives here: the rule of small groups. What does not: which table an analysis gets (``shapes``), how it
is drawn (``figures``), said (``words.fr``) or written to a file (``table_files``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

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


def shown(cell: Cell) -> int:
    """Return the count that a figure may draw: nothing for what is unknown or too small."""
    return int(cell) if isinstance(cell, int | float) else 0


def ranked(
    frame: pd.DataFrame,
    *,
    label: str = "label",
    top: int = 10,
    other: str = "",
    missing: str | None = None,
    say: Callable[[str], str] = str,
) -> Table:
    """Rank groups by their offers, fold what is small or beyond the top, add the share of each.

    :param frame: one row a group, with its ``label`` (null: the offers lack the attribute; empty: others that
        are not named) and ``offers``. Rows of equal label are added up.
    :param top: groups shown at most.
    :param other: the label of the folded rest.
    :param missing: the label of the offers whose label is null; None leaves them out of the table altogether.
    :param say: turns a label of the warehouse into one for the reader.
    """
    counts: dict[str, int] = {}
    without = 0
    for name, offers in zip(frame[label], frame["offers"], strict=True):
        if name is None or name != name:  # null arrives as None or NaN
            without += int(offers)
        else:
            counts[str(name)] = counts.get(str(name), 0) + int(offers)
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


def multiple(frame: pd.DataFrame, *, top: int, total: int) -> Table:
    """Rank groups that share offers, with the part of all offers of each; what is small is left out.

    :param frame: ``label`` and ``offers``, one row a group; a null label is no group.
    :param total: all offers.
    """
    rows = [
        (str(name), int(offers))
        for name, offers in zip(frame["label"], frame["offers"], strict=True)
        if name and int(offers) >= SMALL_GROUP
    ]
    rows = sorted(rows, key=lambda row: (-row[1], row[0]))[:top]
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
    frame: pd.DataFrame,
    *,
    label: str = "label",
    say: Callable[[Any], str] = str,
    is_whole: bool = False,
) -> Table:
    """Keep the order of the rows (hours, days) and mask every count that is too small.

    :param is_whole: the rows make up a known total, so a single masked one could be read off it.

    :param frame: ``label``, then one column a series of counts; null where nothing is known.
    """
    names = [str(name) for name in frame.columns if name != label]
    mask = _masked_whole if is_whole else _masked_each
    return Table(
        labels=[say(value) for value in frame[label]],
        series={name: mask(frame[name].tolist()) for name in names},
        kinds=["group"] * len(frame),
        codes=frame[label].tolist(),
    )


def _masked_each(values: list[Any]) -> list[Cell]:
    return [_masked(value) for value in values]


def _masked_whole(values: list[Any]) -> list[Cell]:
    cells = masked({str(number): int(value) for number, value in enumerate(values)})
    return [cells[str(number)] for number in range(len(values))]


def _masked(value: Any) -> Cell:
    if value is None or value != value:
        return None
    return SMALL if 0 < int(value) < SMALL_GROUP else int(value)
