"""The pictures of a report drawn once for the same table: half of the time of a run goes into them.

What lives here: drawing that remembers. That the same table gives the same bytes is tested in
``tests/report``, which draws each time.
"""

from __future__ import annotations

import pickle
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from jobmarket.report import rendering
from jobmarket.report.draw.choropleth import choropleth
from jobmarket.report.words.fr import page as fr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobmarket.report.analysis import Analysis
    from jobmarket.report.facts import PeriodFacts
    from jobmarket.report.tables import Table

_draw = rendering._pictures
_drawn: dict[bytes, Any] = {}


def _pictures(analysis: Analysis, table: Table, facts: PeriodFacts) -> list[rendering.Picture]:
    # of the facts only the source is written on a picture
    key = pickle.dumps((analysis.key, table, fr.figure_source(facts)))
    if key not in _drawn:
        _drawn[key] = _draw(analysis, table, facts)
    return list(_drawn[key])


def _choropleth(*asked: Any) -> tuple[str, bytes]:
    key = pickle.dumps(asked)
    if key not in _drawn:
        _drawn[key] = choropleth(*asked)
    drawn: tuple[str, bytes] = _drawn[key]
    return drawn


@contextmanager
def drawn_once() -> Iterator[None]:
    """Draw what this process has not drawn yet."""
    with patch.multiple(rendering, _pictures=_pictures, choropleth=_choropleth):
        yield
