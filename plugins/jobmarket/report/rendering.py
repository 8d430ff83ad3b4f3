"""One analysis rendered for the page: its finding, its figure in four variants, its table, its files. Pure.

What does not live here: the page around it (``page``), drawing (``figures``), words (``words.fr``).
"""

from __future__ import annotations

from base64 import b64encode
from contextlib import contextmanager
from dataclasses import dataclass
from struct import unpack
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from jobmarket.report.draw import figures
from jobmarket.report.draw.choropleth import choropleth
from jobmarket.report.draw.themes import darkened
from jobmarket.report.table_files import Words, csv_bytes, parquet_bytes
from jobmarket.report.tables import shown
from jobmarket.report.words.fr import page as fr
from jobmarket.report.words.fr.attribution import attribution
from jobmarket.report.words.fr.typography import typeset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jobmarket.report.analysis import Analysis
    from jobmarket.report.answers import Answers
    from jobmarket.report.facts import PeriodFacts
    from jobmarket.report.table_builders import Drawing
    from jobmarket.report.tables import Table

_DARK, _PHONE = "(prefers-color-scheme: dark)", "(max-width: 640px)"


@dataclass(frozen=True)
class Picture:
    """One variant of a figure, as the page embeds it."""

    media: str
    png: bytes

    @property
    def uri(self) -> str:
        """Return the figure as a ``data:`` URI."""
        return data_uri("image/png", self.png)

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


def render_analysis(
    analysis: Analysis, table: Table, answers: Answers
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return what the template needs of an analysis, and the files that stand beside the page.

    To be called within :func:`plain_figures`.
    """
    text, facts = analysis.text, answers.facts
    shown_here: dict[str, Any] = {
        "key": analysis.key,
        "text": text,
        "is_on_quality": analysis.is_on_quality,
        "figure": None,
        "rows": [],
    }
    if _rows_with_offers(table) < analysis.least_rows:
        return {**shown_here, "finding": typeset(text.empty)}, {}
    header = [text.columns[name] for name in ("label", *table.series)]
    words = table_words(analysis, table, answers)
    content = csv_bytes(words, table)
    binary = parquet_bytes(words, table, _about(analysis, facts))
    finding = typeset(text.finding(table))
    shown_here |= {
        "finding": finding,
        "alt": fr.alt(text.measure, finding),
        "header": header,
        "rows": list(_rows(table)),
        "has_change": "change" in table.series,
        "csv_uri": data_uri("text/csv;charset=utf-8", content),
        "parquet_uri": data_uri("application/vnd.apache.parquet", binary),
        "file": f"{analysis.key}_{facts.period.key}{_mark(facts)}",
    }
    stem = f"{analysis.key}{_mark(facts)}"
    files = {f"tables/{stem}.csv": content, f"tables/{stem}.parquet": binary}
    if analysis.builder.drawing == "map":
        svg, png = choropleth(f"{analysis.key}-map", table, finding, fr.figure_source(facts))
        shown_here["figure"] = {"svg": Markup(svg)}  # noqa: S704  drawn here, every word escaped
        files |= {f"figures/{stem}.svg": svg.encode(), f"figures/{stem}.png": png}
    elif analysis.builder.drawing is not None:
        *variants, plain = _pictures(analysis, table, facts)
        shown_here["figure"] = {
            "svg": None,
            "sources": variants,
            "uri": plain.uri,
            "width": plain.width,
            "height": plain.height,
        }
        files[f"figures/{stem}.png"] = plain.png
    return shown_here, files


def table_words(analysis: Analysis, table: Table, answers: Answers) -> Words:
    """Return what the files of a table call its columns and rows."""
    text = analysis.text
    names, codes = list(table.labels), [""] * len(table.labels)
    for row, (code, kind) in enumerate(zip(table.codes, table.kinds, strict=True)):
        if kind == "group":
            # the label is the name, and what may not be named has none: never made anew from the code
            if text.name:
                names[row] = text.name(code)
            codes[row] = text.code(code)
    compared = answers.baseline.days("compared") if "usual" in table.series else None
    return Words(
        headers=fr.FILE_HEADERS | text.columns,
        names=names,
        codes=codes,
        kinds=fr.ROW_KINDS,
        data=fr.data(answers.facts),
        compared_days=None if compared is None else len(compared),
    )


def _about(analysis: Analysis, facts: PeriodFacts) -> dict[str, str]:
    """Return what a file says of itself, in its metadata."""
    return {
        "table": analysis.key,
        "title": analysis.text.measure,
        "source": facts.source,
        "data": fr.data(facts),
        "period": facts.period.key,
        "standing": facts.standing,
        "read_at": facts.read_at.isoformat(),
        "attribution": attribution(facts).text,
    }


def _mark(facts: PeriodFacts) -> str:
    return fr.GENERATED_STEM if facts.is_generated else ""


def _rows_with_offers(table: Table) -> int:
    return sum(
        any(cells[number] for cells in table.series.values()) for number in range(len(table.labels))
    )


def _rows(table: Table) -> Iterator[dict[str, Any]]:
    for number, (label, kind) in enumerate(zip(table.labels, table.kinds, strict=True)):
        cells = [fr.cell(column[number]) for column in table.series.values()]
        yield {"label": label, "kind": kind, "cells": cells}


def _pictures(analysis: Analysis, table: Table, facts: PeriodFacts) -> list[Picture]:
    text = analysis.text
    draw, series, beside = _DRAWINGS[analysis.builder.drawing or "bars"](table)
    wide, narrow = analysis.builder.tick_every
    count = len(table.labels)
    words = figures.Words(
        title=text.measure,
        source=fr.figure_source(facts),
        legend=[text.columns[name] for name in series],
        number=fr.tick_number(analysis.builder.drawing),
        beside=beside,
        tick=text.tick,
        ticks=(_ticks(count, wide, 14), _ticks(count, narrow, 6)),
    )
    small, large = (draw(table, series, words, width) for width in (figures.NARROW, figures.WIDE))
    # the first that fits is taken; the last is the file that also stands beside the page
    return [
        Picture(f"{_DARK} and {_PHONE}", darkened(small)),
        Picture(_PHONE, small),
        Picture(_DARK, darkened(large)),
        Picture("", large),
    ]


@contextmanager
def plain_figures() -> Iterator[None]:
    """Draw as the project says, whatever the machine is set up to; once a report, since it takes long."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()  # a matplotlibrc of the machine must not change a pixel
        mpl.rcParams["text.parse_math"] = False  # a label with two $ is no formula
        yield


def _ticks(count: int, step: int, most: int) -> range:
    """Return the rows that are named below the axis: every so many, more seldom if they were too many."""
    while len(range(count)[::step]) > most:
        step *= 2
    return range(count)[::step]


def _bars(table: Table) -> _Drawn:
    cells = table.series
    # what is usual for some of the days stands beside no bar of all of them
    series = ["offers", "usual"] if "usual" in cells and "compared" not in cells else ["offers"]
    return (
        figures.bars,
        series,
        lambda row: fr.beside_bar(cells["offers"][row], cells["share"][row]),
    )


def _columns(table: Table) -> _Drawn:
    series = [name for name, cells in table.series.items() if any(map(shown, cells))]
    return figures.columns, series, str


def _ranges(table: Table) -> _Drawn:
    cells = table.series
    return (
        figures.ranges,
        ["low", "middle", "high"],
        lambda row: fr.beside_range(cells["offers"][row], cells["middle"][row]),
    )


_Drawn = tuple["Callable[..., bytes]", "Sequence[str]", "Callable[[int], str]"]
_DRAWINGS: dict[Drawing, Callable[[Table], _Drawn]] = {
    "bars": _bars,
    "columns": _columns,
    "ranges": _ranges,
}


def data_uri(media_type: str, content: bytes) -> str:
    """Return bytes as an address that a page can hold."""
    return f"data:{media_type};base64,{b64encode(content).decode()}"
