"""The table of départements drawn as a map: rates, classes and words. Pure.

What does not live here: the drawings (``map``, ``map_figure``), the table (``shapes``), the words
themselves (``fr/map.py``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.report.draw.map import MapWords, class_bounds, draw_map
from jobmarket.report.draw.map_figure import draw_map_png
from jobmarket.report.reference import populations
from jobmarket.report.words.fr import map as fr
from jobmarket.report.words.fr.analyses import departement

if TYPE_CHECKING:
    from jobmarket.report.tables import Table


def choropleth(key: str, table: Table, finding: str, source: str) -> tuple[str, bytes]:
    """Return the map of a table of départements as SVG and as PNG.

    :param table: the labels of ``fr.analyses.departement``, with a ``rate`` (None: no data, or too small).
    :param finding: what there is to see.
    :param source: where the figures come from.
    """
    rates = dict(zip(table.labels, table.series["rate"], strict=True))
    values = {
        code: float(str(rate)) if (rate := rates.get(departement(code))) is not None else None
        for code in populations()
    }
    known = [value for value in values.values() if value is not None]
    bounds = class_bounds(known)
    words = MapWords(
        title=fr.TITLE,
        description=fr.description(finding),
        legend=fr.LEGEND,
        classes=fr.classes(bounds),
        no_data=fr.NO_DATA,
        insets=fr.INSETS,
        tooltip=fr.tooltip,
    )
    return draw_map(values, bounds, words, key), draw_map_png(values, bounds, words, source)
