"""One analysis of the report: what it asks, which table it makes of the answer, and its words. Pure.

What does not live here: the analyses themselves (``analyses``), their order (``registry``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobmarket.report.answers import Answers
    from jobmarket.report.table_builders import TableBuilder
    from jobmarket.report.tables import Table
    from jobmarket.report.text import AnalysisText
    from jobmarket.sources.contract import Attribute


@dataclass(frozen=True)
class Analysis:
    """One analysis.

    :param key: its anchor in the page, and the stem of its figure and table.
    :param text: its words.
    :param builder: what it asks, and the table it makes of the answer.
    :param is_part: it belongs to the section of the analysis before it.
    :param is_on_quality: it says how good the data are, so that the section on quality leads to it.
    :param attribute: what it is about, if there are sources that never say it.
    :param least_rows: rows with a count below which there is nothing to compare, so nothing is shown.
    """

    key: str
    text: AnalysisText
    builder: TableBuilder
    is_part: bool = False
    is_on_quality: bool = False
    attribute: Attribute | None = None
    least_rows: int = 1

    def table(self, answers: Answers) -> Table:
        """Return what may be shown."""
        return self.builder.table(answers, self.text)
