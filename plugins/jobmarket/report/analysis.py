"""One analysis of the report: what it asks, which table it makes of the answer, and its words. Pure.

What does not live here: the analyses themselves (``analyses``), all of them in their order (``registry``).
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
    :param section: where its section stands on the page, the smallest first; tens leave room for others.
    :param text: its words.
    :param builder: what it asks, and the table it makes of the answer.
    :param part: where it stands within its section, the smallest first; 0: the section is named after it.
    :param is_on_quality: it says how good the data are, so that the section on quality leads to it.
    :param attribute: what it is about, if there are sources that never say it.
    :param least_rows: rows with a count below which there is nothing to compare, so nothing is shown.
    """

    key: str
    section: int
    text: AnalysisText
    builder: TableBuilder
    part: int = 0
    is_on_quality: bool = False
    attribute: Attribute | None = None
    least_rows: int = 1

    @property
    def is_part(self) -> bool:
        """Tell whether it belongs to the section of another one."""
        return self.part > 0

    def table(self, answers: Answers) -> Table:
        """Return what may be shown."""
        return self.builder.table(answers, self.text)
