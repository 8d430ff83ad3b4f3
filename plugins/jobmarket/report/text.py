"""What an analysis needs said about it, in whatever language: filled in ``analyses``. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jobmarket.report.tables import Table


@dataclass(frozen=True)
class AnalysisText:
    """Every word of one analysis.

    :param title: of the section.
    :param measure: what the figure counts; its title.
    :param columns: header of the label's column and of each series, by name.
    :param finding: the sentence above the figure, from what is shown; of an empty table it is not asked.
    :param empty: said when there is nothing to show.
    :param say: a label of the warehouse for the reader.
    :param is_of_trades: ``say`` also takes the labels of trades that the offers of the period carry.
    :param other: the label of folded groups.
    :param hidden: that label with how many names are in the rest because they may not be printed.
    :param missing: the label of offers without the attribute; None leaves them out.
    :param tick: a row's label, as it is written below the axis of a figure.
    :param note: what the reader must know to read it right.
    :param name: a label of the warehouse without its code, for a column that has the code beside it.
    :param code: the code of a label of the warehouse, where ``columns`` has a header for it.
    """

    title: str
    measure: str
    columns: dict[str, str]
    finding: Callable[[Table], str]
    empty: str
    say: Callable[..., str] = str
    other: str = ""
    hidden: Callable[[str, int], str] | None = None
    missing: str | None = None
    note: str = ""
    tick: Callable[[str], str] = str
    is_of_trades: bool = False
    name: Callable[[Any], str] | None = None
    code: Callable[[Any], str] = str

    def label(self, code: str, trade_labels: Mapping[str, str]) -> str:
        """Return a code for the reader, that of a trade as the offers of the period call it."""
        return str(self.say(code, trade_labels) if self.is_of_trades else self.say(code))
