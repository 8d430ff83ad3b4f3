"""A table drawn as PNG, for wide and narrow screens: the same bytes each time.

What lives here: bars (ranked groups), ranges (quartiles) and columns (hours, days). What does not: what
they mean, since every word comes in with the table, and the colours of dark pages (``themes``). Lengths
are CSS pixels of the page; the PNG has two device pixels for each.

Figures are drawn without pyplot (no global state) in DejaVu, which comes with matplotlib, so that no
font of the machine can change a pixel.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jobmarket.report.draw.themes import LIGHT, rgb
from jobmarket.report.tables import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from jobmarket.report.tables import Table

PIXEL_RATIO = 2
WIDE, NARROW = 760, 350
_LEGEND_LINE = 20
_SQUARES = [("■", colour) for colour in LIGHT.series]
_COLOURS = 64  # of the PNG's palette: enough for a few flat colours and their smoothed edges


@dataclass(frozen=True)
class Words:
    """Every word of a figure.

    :param title: what is measured.
    :param source: where it comes from, below the figure.
    :param legend: one name a series drawn; of one series none is shown.
    :param number: how a count is written.
    :param beside: what stands at the end of a bar, from the row number.
    :param tick: how a row's label is written below the axis.
    :param ticks: row numbers of the columns that are named below the axis, on a wide and on a narrow figure.
    """

    title: str
    source: str
    legend: Sequence[str]
    number: Callable[[int], str]
    beside: Callable[[int], str]
    tick: Callable[[str], str]
    ticks: tuple[Sequence[int], Sequence[int]]


def bars(table: Table, series: Sequence[str], words: Words, width: int) -> bytes:
    """Draw horizontal bars of the first series, the largest on top; return a PNG for light pages.

    A second series is marked by a line across each bar. On a narrow figure the label stands above its
    bar, on a wide one before it.
    """
    values = [shown(cell) for cell in table.series[series[0]]]
    marks = [shown(cell) for cell in table.series[series[1]]] if len(series) > 1 else []
    # what is folded away is no group: a bar of it would dwarf the ones that can be compared
    is_group = [kind == "group" for kind in table.kinds]
    drawn = [*zip(values, is_group, strict=True), *zip(marks, is_group, strict=False)]
    most = max([value for value, is_drawn in drawn if is_drawn], default=1)
    signs = (("■", LIGHT.series[0]), ("▎", LIGHT.ink))
    legend = [(*sign, name) for sign, name in zip(signs, words.legend, strict=False)]
    rows = _Rows(table, is_group, words, width, bottom=34, legend=legend if marks else ())
    # the text at the end of the longest bar needs its room
    room = width - rows.left - (140 if rows.narrow else 136)
    lengths = [
        max(room * value / most, 1) if drawn else 0
        for value, drawn in zip(values, is_group, strict=True)
    ]
    rows.axes.barh(rows.middles, lengths, height=rows.thick, left=rows.left, color=LIGHT.series[0])
    ends = list(lengths)
    for number, mark in enumerate(marks):
        if mark and is_group[number]:
            across = room * mark / most
            half = rows.thick / 2 + 3
            middle = rows.middles[number]
            rows.axes.vlines(
                rows.left + across, middle - half, middle + half, color=LIGHT.ink, linewidth=1.6
            )
            ends[number] = max(ends[number], across)
    for number, end in enumerate(ends):
        rows.write(number, rows.left + end + (8 if is_group[number] else 0))
    return png_of(rows.figure)


def ranges(table: Table, series: Sequence[str], words: Words, width: int) -> bytes:
    """Draw a band from the first series to the third and a point at the second; return a PNG for light pages.

    The axis starts at a round number below the lowest band, not at nothing: what is compared is where
    bands lie.
    """
    from matplotlib.ticker import MaxNLocator

    low, middle, high = ([shown(cell) for cell in table.series[name]] for name in series)
    first, mid, last = words.legend
    legend = [("■", LIGHT.series[0], f"{first} – {last}"), ("●", LIGHT.series[1], mid)]
    rows = _Rows(table, [True] * len(low), words, width, bottom=58, legend=legend)
    room = width - rows.left - (128 if rows.narrow else 156)
    locator = MaxNLocator(3 if rows.narrow else 5, integer=True)
    lines = [int(line) for line in locator.tick_values(min(low), max(high))]
    named = lines[:: 2 if rows.narrow and len(lines) > 3 else 1]
    scale = room / (lines[-1] - lines[0])
    base = rows.height
    for line in lines:
        across = rows.left + (line - lines[0]) * scale
        rows.axes.vlines(across, 0, base, color=LIGHT.grid, linewidth=0.7, zorder=0)
        style: dict[str, Any] = {"size": in_points(11.5), "color": LIGHT.soft, "clip_on": False}
        ha = "left" if rows.narrow and line == lines[0] else "center"
        if line in named:
            rows.axes.text(across, base + 6, words.number(line), ha=ha, va="top", **style)
    starts = [rows.left + (value - lines[0]) * scale for value in low]
    widths = [(end - start) * scale for start, end in zip(low, high, strict=True)]
    rows.axes.barh(
        rows.middles, widths, height=rows.thick * 0.5, left=starts, color=LIGHT.series[0]
    )
    points = [rows.left + (value - lines[0]) * scale for value in middle]
    rows.axes.scatter(
        points, rows.middles, s=46, color=LIGHT.series[1], edgecolor=LIGHT.paper, zorder=3
    )
    for number, start in enumerate(starts):
        rows.write(number, start + widths[number] + 10)
    return png_of(rows.figure)


class _Rows:
    """A figure with a row for each label of a table, and the places of its rows, in pixels."""

    def __init__(
        self,
        table: Table,
        is_group: Sequence[bool],
        words: Words,
        width: int,
        *,
        bottom: int,
        legend: Sequence[tuple[str, str, str]] = (),
    ) -> None:
        self.narrow = width < WIDE
        row, self.thick = (46, 16) if self.narrow else (34, 20)
        count = len(table.labels)
        self.height = row * count
        top = 44 + (_LEGEND_LINE + 6 if legend else 0)
        self.figure, self.axes = canvas_of(
            width, top + self.height + bottom, words.title, words.source, top=top, bottom=bottom
        )
        signs = [(sign, colour) for sign, colour, _ in legend]
        above = top + self.height + bottom - 44
        _legend(self.figure, [name for _, _, name in legend], width, above, signs)
        self.left = 0 if self.narrow else 258
        self.axes.set_xlim(0, width)
        self.axes.set_ylim(self.height, 0)
        self.axes.axis("off")
        self.middles = [row * number + (32 if self.narrow else row / 2) for number in range(count)]
        self._table, self._is_group, self._words, self._row = table, is_group, words, row

    def write(self, number: int, end: float) -> None:
        """Write the label of a row, and at ``end`` what stands beside it."""
        style: dict[str, Any] = {"size": in_points(14), "va": "center_baseline"}
        style["color"] = LIGHT.ink if self._is_group[number] else LIGHT.soft
        label = self._table.labels[number]
        self.axes.text(end, self.middles[number], self._words.beside(number), **style)
        if self.narrow:
            self.axes.text(0, self._row * number + 12, _cut(label, 40), **style)
        else:
            style["ha"] = "right"
            self.axes.text(self.left - 12, self.middles[number], _cut(label, 32), **style)


def columns(table: Table, series: Sequence[str], words: Words, width: int) -> bytes:
    """Draw the series as columns upon each other, in the order of the table; return a PNG for light pages."""
    narrow = width < WIDE
    height, top = (270, 44) if narrow else (330, 44)
    # a single series needs no legend; on a narrow figure each name has a line of its own
    stacked = _is_stacked(words.legend, width)
    legend = 0 if len(series) < 2 else _LEGEND_LINE * (len(series) if stacked else 1) + 6
    figure, axes = canvas_of(
        width, height + legend, words.title, words.source, top=top + legend, bottom=62, left=48
    )
    floor = [0] * len(table.labels)
    for number, name in enumerate(series):
        values = [shown(cell) for cell in table.series[name]]
        axes.bar(range(len(values)), values, bottom=floor, width=0.78, color=LIGHT.series[number])
        floor = [low + value for low, value in zip(floor, values, strict=True)]
    if legend:
        _legend(figure, words.legend, width, height + legend - top)
    _axis(axes, max(floor, default=0), words)
    ticks = words.ticks[1 if narrow else 0]
    axes.set_xticks(list(ticks), [words.tick(table.labels[tick]) for tick in ticks])
    axes.set_xlim(-0.6, len(table.labels) - 0.4)
    return png_of(figure)


def canvas_of(
    width: int, height: int, title: str, source: str, *, top: int, bottom: int, left: int = 0
) -> tuple[Figure, Axes]:
    """Return a figure with its title and source, and axes in the place between."""
    from matplotlib.figure import Figure

    figure = Figure(
        figsize=(width / 100, height / 100), dpi=100 * PIXEL_RATIO, facecolor=LIGHT.paper
    )
    style: dict[str, Any] = {"weight": "bold", "size": in_points(15 if width >= WIDE else 13.5)}
    figure.text(0, 1 - 8 / height, title, va="top", color=LIGHT.ink, **style)
    figure.text(0, 7 / height, source, va="bottom", color=LIGHT.soft, size=in_points(11))
    right = 14 if left else 0  # half of the last name below the axis
    box = (left / width, bottom / height, 1 - (left + right) / width, 1 - (top + bottom) / height)
    axes: Axes = figure.add_axes(box)
    axes.set_facecolor(LIGHT.paper)
    return figure, axes


def _axis(axes: Axes, most: int, words: Words) -> None:
    """Draw a quiet axis: four lines at round numbers, no frame."""
    from matplotlib.ticker import MaxNLocator

    lines = [int(line) for line in MaxNLocator(4, integer=True).tick_values(0, max(most, 1))]
    axes.set_yticks(lines, [words.number(line) for line in lines])
    axes.set_ylim(0, max(most * 1.04, lines[1]))
    axes.grid(axis="y", color=LIGHT.grid, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelcolor=LIGHT.soft, labelsize=in_points(12), pad=5)
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(LIGHT.quiet)


def _legend(
    figure: Figure,
    names: Sequence[str],
    width: int,
    above: int,
    signs: Sequence[tuple[str, str]] = _SQUARES,
) -> None:
    """Write names, each after its sign: in a line, or one below the other where that is too narrow.

    :param above: pixels from the bottom of the figure to the first line.
    :param signs: a letter and its colour, one a name.
    """
    height = figure.get_figheight() * 100
    style: dict[str, Any] = {"va": "center", "size": in_points(12)}
    across, down = 0.0, float(above)
    stacked = _is_stacked(names, width)
    for name, (sign, colour) in zip(names, signs, strict=False):
        figure.text(across / width, down / height, sign, color=colour, **style)
        figure.text((across + 16) / width, down / height, name, color=LIGHT.soft, **style)
        if stacked:
            down -= _LEGEND_LINE
        else:
            across += _legend_width(name)


def _legend_width(name: str) -> float:
    return 16 + 7.6 * len(name) + 22  # 7.6: an average letter of 12 pixels, with room to spare


def _is_stacked(names: Sequence[str], width: int) -> bool:
    return sum(map(_legend_width, names)) > width


def png_of(figure: Figure) -> bytes:
    """Return the figure as a PNG with a palette, a third of the size, and without date or software name."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    image = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba())
    # octree and level 6 take a seventh of the time of median cut and level 9, for the same size
    flat = image.convert("RGB").quantize(
        _COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
    )
    _restore_paper(flat)
    out = io.BytesIO()
    flat.save(out, "PNG", compress_level=6)
    return out.getvalue()


def _restore_paper(image: Any) -> None:
    """Give the background its exact colour again: averaged with its neighbours, it would show on the page."""
    palette = image.getpalette()
    start = 3 * image.getpixel((0, 0))
    palette[start : start + 3] = rgb(LIGHT.paper)
    image.putpalette(palette)


def in_points(pixels: float) -> float:
    """Return a length of CSS pixels in the points of a figure of 100 pixels an inch."""
    return pixels * 0.72


def _cut(label: str, length: int) -> str:
    return label if len(label) <= length else f"{label[: length - 1].rstrip()}…"
