"""The analyses of the report, in the order in which they are read.

An analysis is one SQL file of ``include/sql/report`` (or a dimension of ``mart.offer_count``), one line here,
and its words in ``fr/analyses.py``, ``fr/market.py`` or ``fr/pay.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jobmarket.foundation.paths import SQL
from jobmarket.report.picks import agencies, employers, pay_kinds, place_methods
from jobmarket.report.shapes import Compared, Days, Mapped, Moved, Ordered, Quartiles, Ranked
from jobmarket.report.words.fr import analyses as fr
from jobmarket.report.words.fr import market, pay

if TYPE_CHECKING:
    from jobmarket.report.answers import Answers
    from jobmarket.report.shapes import Shape
    from jobmarket.report.tables import Table
    from jobmarket.report.text import AnalysisText

DIRECTORY = SQL / "report"


@dataclass(frozen=True)
class Analysis:
    """One analysis.

    :param key: its anchor in the page, and the stem of its figure and table.
    :param text: its words.
    :param shape: what it shows, and how.
    :param is_part: it belongs to the section of the analysis before it.
    :param least_rows: rows with a count below which there is nothing to compare, so nothing is shown.
    """

    key: str
    text: AnalysisText
    shape: Shape
    is_part: bool = False
    least_rows: int = 1

    @property
    def sql(self) -> str:
        """Return the stem of its SQL file; empty if it needs none of its own."""
        return self.shape.sql

    def table(self, answers: Answers) -> Table:
        """Return what may be shown."""
        return self.shape.table(answers, self.text)


def _domain(rome_code: str) -> str:
    return rome_code[:1]


ANALYSES = (
    Analysis("contracts", fr.CONTRACTS, Compared("contract_type")),
    Analysis("hours", fr.HOURS, Ordered("hours", tick_every=(2, 4))),
    Analysis("days", fr.DAYS, Days(), least_rows=2),
    Analysis("places", fr.PLACES, Mapped()),
    Analysis(
        "top_places", fr.TOP_PLACES, Compared("departement", has_rate=True, drawing=None), True
    ),
    Analysis("wider_places", fr.WIDER_PLACES, Ranked("wider_places", drawing=None), True),
    Analysis(
        "place_readings", market.PLACE_READINGS, Ranked("readings", 10, place_methods, None), True
    ),
    Analysis("trades", market.TRADES, Compared("rome", top=14, group=_domain)),
    Analysis("trades_up", market.TRADES_UP, Moved("rome", "up"), True),
    Analysis("trades_down", market.TRADES_DOWN, Moved("rome", "down"), True),
    Analysis("pay", pay.PAY, Quartiles(1, top=14, drawing="ranges")),
    Analysis("pay_trades", pay.PAY_TRADES, Quartiles(5, top=15), True),
    Analysis("pay_readings", pay.PAY_READINGS, Ranked("readings", 10, pay_kinds, None), True),
    Analysis("technologies", market.TECHNOLOGIES, Compared("technology", 15, is_multiple=True)),
    Analysis("technologies_up", market.TECHNOLOGIES_UP, Moved("technology", "up"), True),
    Analysis("technologies_down", market.TECHNOLOGIES_DOWN, Moved("technology", "down"), True),
    Analysis("employers", market.EMPLOYERS, Ranked("employers", 10, employers)),
    Analysis("agencies", market.AGENCIES, Ranked("employers", 10, agencies, None), True),
    Analysis("partners", market.PARTNERS, Compared("partner", 15, is_multiple=True, drawing=None)),
)
