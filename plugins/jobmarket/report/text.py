"""What an analysis needs said about it, in whatever language: filled in ``fr/analyses.py``. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

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
    :param other: the label of folded groups.
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
    say: Callable[[Any], str] = str
    other: str = ""
    missing: str | None = None
    note: str = ""
    tick: Callable[[str], str] = str
    name: Callable[[Any], str] | None = None
    code: Callable[[Any], str] = str
