"""Frames and facts -> the files of a report. Pure: the same input gives the same bytes, and no clock is read.

What lives here: which figure and table each analysis gets, and the template's data. What does not:
words (``fr``), drawing (``figures``), questions to the warehouse (``query``).

``index.html`` needs nothing beside it: style, figures and tables are inside. The same figures and
tables also stand as files beside it, for slides and spreadsheets.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from struct import unpack
from typing import TYPE_CHECKING, Any

from jobmarket.report import figures
from jobmarket.report.fr import checks
from jobmarket.report.fr import page as fr
from jobmarket.report.fr.typography import typeset
from jobmarket.report.registry import ANALYSES
from jobmarket.report.tables import csv_bytes, shown
from jobmarket.report.themes import darkened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pandas as pd

    from jobmarket.report.facts import RunFacts
    from jobmarket.report.registry import Analysis
    from jobmarket.report.tables import Table

TEMPLATES = Path(__file__).parent / "templates"
_DARK, _PHONE = "(prefers-color-scheme: dark)", "(max-width: 640px)"


@dataclass(frozen=True)
class Picture:
    """One variant of a figure, as the page embeds it."""

    media: str
    png: bytes

    @property
    def uri(self) -> str:
        """Return the figure as a ``data:`` URI."""
        return _data_uri("image/png", self.png)

    @property
    def width(self) -> int:
        """Return its width in CSS pixels."""
        return self._size[0]

    @property
    def height(self) -> int:
        """Return its height in CSS pixels."""
        return self._size[1]

    @property
    def _size(self) -> tuple[int, int]:
        width, height = unpack(">II", self.png[16:24])  # the PNG's first chunk
        return width // figures.PIXEL_RATIO, height // figures.PIXEL_RATIO


def render_report(
    frames: Mapping[str, pd.DataFrame],
    facts: RunFacts,
    analyses: Iterable[Analysis] = ANALYSES,
) -> dict[str, bytes]:
    """Return the files of a report: path below the day's prefix -> content.

    :param frames: by SQL file, as ``query_report`` returns them.
    :param facts: of the run.
    :param analyses: the sections of the page, in their order.
    """
    files: dict[str, bytes] = {}
    sections = []
    for analysis in analyses:
        section, own_files = _section(analysis, analysis.table(frames[analysis.sql]), facts)
        sections.append(section)
        files |= own_files
    return {"index.html": _page(facts, sections).encode(), **files}


def _section(
    analysis: Analysis, table: Table, facts: RunFacts
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return what the template needs of an analysis, and the files that stand beside the page."""
    text = analysis.text
    section: dict[str, Any] = {"key": analysis.key, "text": text, "figure": None, "rows": []}
    if _rows_with_offers(table) < analysis.least_rows:
        return {**section, "finding": typeset(text.empty)}, {}
    header = [text.columns[name] for name in ("label", *table.series)]
    content = csv_bytes(header, table)
    finding = typeset(text.finding(table))
    section |= {
        "finding": finding,
        "alt": fr.alt(text.measure, finding),
        "header": header,
        "rows": list(_rows(table)),
        "csv_uri": _data_uri("text/csv;charset=utf-8", content),
        "file": f"{analysis.key}_{facts.day}.csv",
    }
    files = {f"tables/{analysis.key}.csv": content}
    if analysis.is_drawn:
        *variants, plain = _pictures(analysis, table, facts)
        section["figure"] = {
            "sources": variants,
            "uri": plain.uri,
            "width": plain.width,
            "height": plain.height,
        }
        files[f"figures/{analysis.key}.png"] = plain.png
    return section, files


def _rows_with_offers(table: Table) -> int:
    return sum(
        any(cells[number] for cells in table.series.values()) for number in range(len(table.labels))
    )


def _rows(table: Table) -> Iterator[dict[str, Any]]:
    for number, (label, kind) in enumerate(zip(table.labels, table.kinds, strict=True)):
        cells = [fr.cell(column[number]) for column in table.series.values()]
        yield {"label": label, "kind": kind, "cells": cells}


def _pictures(analysis: Analysis, table: Table, facts: RunFacts) -> list[Picture]:
    import matplotlib as mpl

    text, rows = analysis.text, range(len(table.labels))
    if analysis.shape == "ranked":
        draw, series = figures.bars, ["offers"]
    else:
        draw = figures.columns
        series = [name for name, cells in table.series.items() if any(map(shown, cells))]
    words = figures.Words(
        title=text.measure,
        source=fr.figure_source(facts),
        legend=[text.columns[name] for name in series],
        number=fr.cell,
        beside=lambda number: fr.beside_bar(*(cells[number] for cells in table.series.values())),
        tick=text.tick,
        ticks=(rows[:: analysis.tick_every[0]], rows[:: analysis.tick_every[1]]),
    )
    with mpl.rc_context():
        mpl.rcdefaults()  # a matplotlibrc of the machine must not change a pixel
        mpl.rcParams["text.parse_math"] = False  # a label with two $ is no formula
        narrow, wide = (
            draw(table, series, words, width) for width in (figures.NARROW, figures.WIDE)
        )
    # the first that fits is taken; the last is the file that also stands beside the page
    return [
        Picture(f"{_DARK} and {_PHONE}", darkened(narrow)),
        Picture(_PHONE, narrow),
        Picture(_DARK, darkened(wide)),
        Picture("", wide),
    ]


def _page(facts: RunFacts, sections: list[dict[str, Any]]) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    style = Markup((TEMPLATES / "report.css").read_text(encoding="utf-8"))  # noqa: S704  ours
    template = environment.get_template("report.html.jinja")
    return template.render(t=fr, c=checks, facts=facts, sections=sections, style=style) + "\n"


def _data_uri(media_type: str, content: bytes) -> str:
    return f"data:{media_type};base64,{b64encode(content).decode()}"
