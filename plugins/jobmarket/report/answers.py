"""What the warehouse answered, all of the same instant: everything that a report is made of. Pure.

What does not live here: asking (``query``), what the answers mean (``analyses``), how they look (``page``).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobmarket.report.baseline import Baseline, DayRead
    from jobmarket.report.comparison import Counts
    from jobmarket.report.facts import PeriodFacts
    from jobmarket.report.queries import Rows


class Answers(NamedTuple):
    """Everything a report is made of.

    :param rows: of each SQL file, by its stem.
    :param read: the days that were loaded, of the period and before.
    :param trade_labels: the label that most offers of the period carry, by ROME code.
    """

    facts: PeriodFacts
    rows: dict[str, Rows]
    read: list[DayRead]
    baseline: Baseline
    counts: Counts
    trade_labels: Mapping[str, str] = MappingProxyType({})
