"""The analyses of the report, in the order in which they are read.

An analysis is one SQL file of ``include/sql/report``, one line here, and its words in ``fr/analyses.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from jobmarket.report.fr import analyses as fr
from jobmarket.report.tables import ordered, ranked

if TYPE_CHECKING:
    import pandas as pd

    from jobmarket.report.tables import Table
    from jobmarket.report.text import AnalysisText

DIRECTORY = Path(__file__).parents[3] / "include" / "sql" / "report"


@dataclass(frozen=True)
class Analysis:
    """One analysis.

    :param key: its anchor in the page, and the stem of its figure and table.
    :param text: its words.
    :param shape: ``ranked``: ``label, offers``, largest first, drawn as bars; ``ordered``: ``label``
        and one column a series, in the order of the query, drawn as columns.
    :param frame: the SQL file, without ``.sql``; by default that of the key.
    :param label: the column that names the rows.
    :param top: groups shown at most, of a ranked one.
    :param is_drawn: False leaves it a table.
    :param tick_every: rows from one named column to the next, wide and narrow; negative: counted back
        from the last.
    :param least_rows: rows with a count below which there is nothing to compare, so nothing is shown.
    """

    key: str
    text: AnalysisText
    shape: Literal["ranked", "ordered"]
    frame: str = ""
    label: str = "label"
    top: int = 10
    is_drawn: bool = True
    tick_every: tuple[int, int] = (1, 1)
    least_rows: int = 1

    @property
    def sql(self) -> str:
        """Return the stem of its SQL file, which also names its frame."""
        return self.frame or self.key

    def table(self, frame: pd.DataFrame) -> Table:
        """Return what may be shown of the frame."""
        text = self.text
        if self.shape == "ordered":
            return ordered(frame, label=self.label, say=text.say)
        return ranked(
            frame,
            label=self.label,
            top=self.top,
            other=text.other,
            missing=text.missing,
            say=text.say,
        )


ANALYSES = (
    Analysis("contracts", fr.CONTRACTS, "ranked"),
    Analysis("hours", fr.HOURS, "ordered", tick_every=(2, 4)),
    Analysis("days", fr.DAYS, "ordered", tick_every=(-7, -7), least_rows=2),
    Analysis("places", fr.PLACES, "ranked"),
    Analysis("wider_places", fr.WIDER_PLACES, "ranked", "places", "place_label", is_drawn=False),
)
