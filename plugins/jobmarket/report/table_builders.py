"""Answers -> the table of an analysis: which numbers stand in it, and in which order. Pure.

What lives here: the tables that several analyses have. What does not: one that a single analysis has (its
module in ``analyses``), the rule of small groups (``tables``), words, drawing (``draw``).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from jobmarket.report import tables
from jobmarket.report.comparison import movers
from jobmarket.report.comparison_cells import (
    cells_of_mover,
    change,
    compared,
    rate,
    sums_by_row,
    usual,
)
from jobmarket.report.tables import Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobmarket.report.answers import Answers
    from jobmarket.report.queries import Dimension, Rows, SqlFile
    from jobmarket.report.text import AnalysisText

Drawing = Literal["bars", "columns", "ranges", "map"]


@dataclass(frozen=True)
class TableBuilder(ABC):
    """Makes the table of an analysis.

    :param query: what it asks; None if the facts of the runs are enough.
    :param drawing: how its figure is drawn; None leaves it a table.
    :param tick_every: rows from one named column to the next, wide and narrow; negative: counted back from
        the last.
    """

    query: SqlFile | Dimension | None = None
    drawing: Drawing | None = None
    tick_every: tuple[int, int] = (1, 1)

    def is_known(self, answers: Answers) -> bool:
        """Tell whether there is anything to look at; if not, nothing is said of it."""
        return True

    @abstractmethod
    def table(self, answers: Answers, text: AnalysisText) -> Table:
        """Return what may be shown."""


class Groups(NamedTuple):
    """The groups of a ranking.

    :param offers: each group with its offers; None: they lack the attribute, empty: it is not named.
    :param hidden_names: groups that are not named because their name may not be printed.
    """

    offers: list[tuple[str | None, int]]
    hidden_names: int = 0


def groups_of_rows(rows: Rows) -> Groups:
    """Return the groups of rows with ``label`` and ``offers``."""
    return Groups([(row.label, row.offers) for row in rows])


@dataclass(frozen=True)
class RankedTable(TableBuilder):
    """The groups of a SQL file, largest first.

    :param groups: makes the groups of its rows.
    :param top: groups shown at most.
    """

    query: SqlFile
    drawing: Drawing | None = "bars"
    groups: Callable[[Rows], Groups] = groups_of_rows
    top: int = 10

    def table(self, answers: Answers, text: AnalysisText) -> Table:
        """Return the groups with their share."""
        offers, hidden = self.groups(answers.rows[self.query.stem])
        other = text.hidden(text.other, hidden) if hidden and text.hidden else text.other
        return tables.ranked(offers, top=self.top, other=other, missing=text.missing, say=text.say)


@dataclass(frozen=True)
class OrderedTable(TableBuilder):
    """``label`` and one column a series of a SQL file, in its order; each adds up to all offers."""

    query: SqlFile
    drawing: Drawing | None = "columns"

    def table(self, answers: Answers, text: AnalysisText) -> Table:
        """Return the rows as they are, small counts masked."""
        rows = answers.rows[self.query.stem]
        names = [name for name in self.query.columns.split() if name != "label"]
        series = {name: [getattr(row, name) for row in rows] for name in names}
        return tables.ordered([row.label for row in rows], series, say=text.say, is_whole=True)


@dataclass(frozen=True)
class ComparedTable(TableBuilder):
    """The groups of a counted dimension beside what is usual, largest first.

    :param group: the group of a value, such as the domain of a trade.
    :param has_rate: adds the offers per 100,000 inhabitants of a département.
    :param is_multiple: an offer may be in several groups, so that they do not add up to the whole: a share is
        of all offers, and there is no rest.
    """

    query: Dimension
    drawing: Drawing | None = "bars"
    top: int = 10
    group: Callable[[str], str] = str
    has_rate: bool = False
    is_multiple: bool = False

    def table(self, answers: Answers, text: AnalysisText) -> Table:
        """Return the groups with share, and where something is usual, with that and the change.

        Where it is known of some of the days only, the offers of these stand beside it as ``compared``.
        """
        groups = {g.code: g for g in answers.counts.groups(self.query.name, self.group)}
        rows = [(code or None, group.offers) for code, group in groups.items() if group.offers]
        if self.is_multiple:
            table = tables.multiple(rows, top=self.top, total=answers.facts.offers)
        else:
            missing = None if text.missing is None else ""
            table = tables.ranked(rows, top=self.top, other=text.other, missing=missing)
        series = dict(table.series)
        if self.has_rate:
            series["rate"] = [
                rate(*row) for row in zip(table.labels, series["offers"], strict=True)
            ]
        if answers.baseline.days("usual"):
            sums = sums_by_row(table, groups)
            if answers.baseline.is_partial:
                series["compared"] = [compared(came, offers) for came, _, offers in sums]
            series["usual"] = [usual(number) for _, number, _ in sums]
            series["change"] = [change(*of_row) for of_row in sums]
        named = {"other": text.other, "missing": text.missing or ""}
        labels = [
            named[kind] if kind in named else text.say(code)
            for code, kind in zip(table.labels, table.kinds, strict=True)
        ]
        return Table(labels, series, table.kinds, table.codes)


@dataclass(frozen=True)
class MoversTable(TableBuilder):
    """The groups of a counted dimension that really moved, one way.

    :param top: groups shown at most.
    """

    query: Dimension
    way: Literal["up", "down"] = "up"
    top: int = 6

    def is_known(self, answers: Answers) -> bool:
        """Tell whether anything is usual, from which a group could have moved."""
        return bool(answers.baseline.days("usual"))

    def table(self, answers: Answers, text: AnalysisText) -> Table:
        """Return the groups with the offers compared, usual, change and excess, the largest excess first."""
        groups = movers(answers.counts.groups(self.query.name))
        sign = 1 if self.way == "up" else -1
        moved = [group for group in groups if sign * group.excess > 0][: self.top]
        rows = [cells_of_mover(group) for group in moved]
        first = "compared" if answers.baseline.is_partial else "offers"
        names = (first, "usual", "change", "excess")
        return Table(
            [text.label(group.code, answers.trade_labels) for group in moved],
            {name: [row[number] for row in rows] for number, name in enumerate(names)},
            ["group"] * len(moved),
            [group.code for group in moved],
        )
