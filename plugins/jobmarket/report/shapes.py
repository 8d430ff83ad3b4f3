"""The shapes that an analysis may have: each makes a table of a report's answers. Pure.

What lives here: which numbers stand in a table, and in which order. What does not: the rule of small
groups (``tables``), words (``words.fr``), drawing (``figures``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from jobmarket.report import tables
from jobmarket.report.baseline import window
from jobmarket.report.beside import beside, change, part, rate, usually
from jobmarket.report.beside import moved as moved_row
from jobmarket.report.comparison import movers
from jobmarket.report.picks import HIDDEN_NAMES
from jobmarket.report.reference import is_departement, populations
from jobmarket.report.tables import SMALL, SMALL_GROUP, Euros, Table

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from jobmarket.report.answers import Answers
    from jobmarket.report.tables import Cell
    from jobmarket.report.text import AnalysisText

Drawing = Literal["bars", "columns", "ranges", "map"]

# A quartile of fewer offers says more about them than about the trade.
LEAST_PAID = 20


class Shape(Protocol):
    """Makes the table of an analysis."""

    @property
    def sql(self) -> str:
        """The SQL file that it asks, without ``.sql``; empty if the counts are enough."""
        ...

    @property
    def drawing(self) -> Drawing | None:
        """How its figure is drawn; None leaves it a table."""
        ...

    @property
    def tick_every(self) -> tuple[int, int]:
        """Rows from one named column to the next, wide and narrow; negative: counted back from the last."""
        ...

    def is_known(self, answers: Answers) -> bool:
        """Tell whether there is anything to look at; if not, nothing is said of it."""
        ...

    def table(self, answers: Answers, text: AnalysisText) -> Table:
        """Return what may be shown."""
        ...


class _Always:
    """A shape that every report has."""

    def is_known(self, answers: Answers) -> bool:
        """Return true."""
        return True


@dataclass(frozen=True)
class Ranked(_Always):
    """``label, offers`` of a SQL file, largest first.

    :param top: groups shown at most.
    :param prepare: picks or renames rows of the frame first.
    """

    sql: str
    top: int = 10
    prepare: Callable[[pd.DataFrame], pd.DataFrame] | None = None
    drawing: Drawing | None = "bars"
    tick_every: tuple[int, int] = (1, 1)

    def table(self, answers: Answers, text: AnalysisText) -> Table:
        """Return the groups with their share."""
        frame = answers.frames[self.sql]
        if self.prepare is not None:
            frame = self.prepare(frame)
        hidden = frame.attrs.get(HIDDEN_NAMES, 0)
        other = text.hidden(text.other, hidden) if hidden and text.hidden else text.other
        return tables.ranked(frame, top=self.top, other=other, missing=text.missing, say=text.say)


@dataclass(frozen=True)
class Ordered(_Always):
    """``label`` and one column a series of a SQL file, in the order of the query; each adds up to all offers.

    :param tick_every: rows from one named column to the next, wide and narrow.
    """

    sql: str
    tick_every: tuple[int, int] = (1, 1)
    drawing: Drawing | None = "columns"

    def table(self, answers: Answers, text: AnalysisText) -> Table:
        """Return the rows as they are, small counts masked."""
        return tables.ordered(answers.frames[self.sql], say=text.say, is_whole=True)


@dataclass(frozen=True)
class Days(_Always):
    """The offers of each day of the period and of the 28 before it; of a day not loaded, nothing."""

    sql: str = ""
    tick_every: tuple[int, int] = (-7, -7)
    drawing: Drawing | None = "columns"

    def table(self, answers: Answers, text: AnalysisText) -> Table:
        """Return one row a day, certified days apart from the others."""
        import pandas as pd

        read = {day.day: day for day in answers.read}
        rows = []
        for day in window(answers.facts.period):
            known = read.get(day)
            is_certified = known is not None and known.standing == "certified"
            offers = known.offers if known else None
            rows.append((day, offers if is_certified else None, None if is_certified else offers))
        frame = pd.DataFrame(rows, columns=["label", "certified", "uncertified"], dtype=object)
        return tables.ordered(frame, say=text.say)


@dataclass(frozen=True)
class Compared(_Always):
    """The groups of a counted dimension beside what is usual, largest first.

    :param group: the group of a value, such as the domain of a trade.
    :param has_rate: adds the offers per 100,000 inhabitants of a département.
    :param is_multiple: an offer may be in several groups, so that they do not add up to the whole: a share is
        of all offers, and there is no rest.
    """

    dimension: str
    top: int = 10
    group: Callable[[str], str] = str
    has_rate: bool = False
    is_multiple: bool = False
    drawing: Drawing | None = "bars"
    sql: str = ""
    tick_every: tuple[int, int] = (1, 1)

    def table(self, answers: Answers, text: AnalysisText) -> Table:
        """Return the groups with share, and where something is usual, with that and the change.

        Where it is known of some of the days only, the offers of these stand beside it as ``compared``.
        """
        import pandas as pd

        groups = {g.code: g for g in answers.counts.groups(self.dimension, self.group)}
        rows = [(code or None, group.offers) for code, group in groups.items() if group.offers]
        frame = pd.DataFrame(rows, columns=["label", "offers"], dtype=object)
        if self.is_multiple:
            table = tables.multiple(frame, top=self.top, total=answers.facts.offers)
        else:
            missing = None if text.missing is None else ""
            table = tables.ranked(frame, top=self.top, other=text.other, missing=missing)
        series = dict(table.series)
        if self.has_rate:
            series["rate"] = [
                rate(*row) for row in zip(table.labels, series["offers"], strict=True)
            ]
        if answers.baseline.days("usual"):
            sums = beside(table, groups)
            if answers.baseline.is_partial:
                series["compared"] = [part(came, offers) for came, _, offers in sums]
            series["usual"] = [usually(usual) for _, usual, _ in sums]
            series["change"] = [change(*of_row) for of_row in sums]
        said = {"other": text.other, "missing": text.missing or ""}
        labels = [
            said[kind] if kind in said else text.say(code)
            for code, kind in zip(table.labels, table.kinds, strict=True)
        ]
        return Table(labels, series, table.kinds, table.codes)


@dataclass(frozen=True)
class Mapped(_Always):
    """Every département with its offers per 100,000 inhabitants, the highest first; drawn as a map."""

    drawing: Drawing | None = "map"
    sql: str = ""
    tick_every: tuple[int, int] = (1, 1)

    def table(self, answers: Answers, text: AnalysisText) -> Table:
        """Return one row for each of the 101 départements; what is too small is masked."""
        groups = answers.counts.groups("departement")
        # the offers without a place are shown elsewhere, so they hide nothing
        cells = tables.masked({group.code: group.offers for group in groups if group.code})
        rates = {
            code: rate(code, cells.get(code, 0)) for code in populations() if is_departement(code)
        }
        codes = sorted(rates, key=lambda code: (-float(str(rates[code] or 0)), code))
        return Table(
            [text.say(code) for code in codes],
            {
                "offers": [cells.get(code, 0) for code in codes],
                "rate": [rates[code] for code in codes],
            },
            ["group"] * len(codes),
            codes,
        )


@dataclass(frozen=True)
class Moved:
    """The groups of a counted dimension that really moved, one way."""

    dimension: str
    way: Literal["up", "down"]
    top: int = 6
    drawing: Drawing | None = None
    sql: str = ""
    tick_every: tuple[int, int] = (1, 1)

    def is_known(self, answers: Answers) -> bool:
        """Tell whether anything is usual, from which a group could have moved."""
        return bool(answers.baseline.days("usual"))

    def table(self, answers: Answers, text: AnalysisText) -> Table:
        """Return the groups with the offers compared, usual, change and excess, the largest excess first."""
        groups = movers(answers.counts.groups(self.dimension))
        sign = 1 if self.way == "up" else -1
        moved = [group for group in groups if sign * group.excess > 0][: self.top]
        rows = [moved_row(group) for group in moved]
        first = "compared" if answers.baseline.is_partial else "offers"
        names = (first, "usual", "change", "excess")
        return Table(
            [text.said(group.code, answers.trade_labels) for group in moved],
            {name: [row[number] for row in rows] for number, name in enumerate(names)},
            ["group"] * len(moved),
            [group.code for group in moved],
        )


@dataclass(frozen=True)
class Quartiles(_Always):
    """Quartiles of pay by domain (codes of one letter) or by trade (ROME codes), the best paid first.

    :param code_length: 1 for domains, 5 for trades.
    :param top: of the trades with most offers.
    """

    code_length: int
    top: int
    drawing: Drawing | None = None
    sql: str = "pay"
    tick_every: tuple[int, int] = (1, 1)

    def table(self, answers: Answers, text: AnalysisText) -> Table:
        """Return the groups of at least :data:`LEAST_PAID` offers, amounts rounded to a hundred euros.

        Beside the quartiles stands the share of the offers at the minimum wage.
        """
        frame = answers.frames[self.sql]
        rows = [
            row
            for row in frame.itertuples(index=False, name=None)
            if len(row[0]) == self.code_length and row[1] >= LEAST_PAID
        ]
        most = sorted(rows, key=lambda row: (-row[1], row[0]))[: self.top]
        best = sorted(most, key=lambda row: (-row[3], row[0]))
        series: dict[str, list[Cell]] = {"offers": [int(row[1]) for row in best]}
        for number, name in enumerate(("low", "middle", "high"), start=2):
            series[name] = [Euros(round(row[number], -2)) for row in best]
        series["minimum"] = [_share(row[5], row[1]) for row in best]
        codes = [row[0] for row in best]
        labels = [text.said(code, answers.trade_labels) for code in codes]
        return Table(labels, series, ["group"] * len(best), codes)


def _share(offers: int, total: int) -> Cell:
    return SMALL if 0 < offers < SMALL_GROUP else offers / total
