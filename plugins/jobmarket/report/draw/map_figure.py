"""The map of the départements as PNG, for slides: what the page's SVG shows on light paper. Pure.

What does not live here: the SVG and the classes (``map``), fonts and compression (``figures``).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from jobmarket.report.draw.figures import WIDE, canvas_of, in_points, png_of
from jobmarket.report.draw.map import LIGHT_SCALE, outline, step_of
from jobmarket.report.draw.themes import LIGHT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.path import Path

    from jobmarket.report.draw.map import MapWords

_COMMAND = re.compile(r"([Mlz])([^Mlz]*)")
_NUMBER = re.compile(r"-?[0-9.]+")
_TOP, _BOTTOM, _LEGEND = 44, 34, 110  # CSS pixels
_COLUMNS, _ROW = 3, 30  # of the legend


def draw_map_png(
    values: Mapping[str, float | None], bounds: Sequence[float], words: MapWords, source: str
) -> bytes:
    """Return the map as PNG.

    :param values: by code of département; what is missing or ``None`` is hatched.
    :param bounds: where the next colour begins, rising (``map.class_bounds``).
    :param source: where the figures come from, below the map.
    """
    drawing = outline()
    width, height = drawing["view"]
    scale = WIDE / width
    tall = round(height * scale) + _LEGEND + _TOP + _BOTTOM
    figure, axes = canvas_of(WIDE, tall, words.title, source, top=_TOP, bottom=_BOTTOM)
    axes.set_xlim(0, WIDE)
    axes.set_ylim(height * scale + _LEGEND, 0)
    axes.axis("off")
    for shape in drawing["shapes"]:
        _draw(axes, _path(shape["path"], scale), values.get(shape["code"]), bounds)
    for name, (x, y, wide, high) in drawing["frames"].items():
        box: dict[str, Any] = {"fill": False, "edgecolor": LIGHT.quiet, "linewidth": 0.6}
        _rectangle(axes, x * scale, y * scale, wide * scale, high * scale, box)
        style: dict[str, Any] = {"size": in_points(13), "color": LIGHT.ink, "va": "center"}
        axes.text((x + 8) * scale, (y + 17) * scale, words.insets[name], **style)
    _legend(axes, height * scale, len(bounds) + 1, words)
    return png_of(figure)


def _draw(axes: Axes, path: Path, value: float | None, bounds: Sequence[float]) -> None:
    from matplotlib.patches import PathPatch

    classes = len(bounds) + 1
    look = _blank() if value is None else _filled(bisect_right(bounds, value), classes)
    # not add_patch: it would measure every line of the country for limits that are set
    axes.add_artist(PathPatch(path, **{"edgecolor": LIGHT.paper, **look}))


def _filled(number: int, classes: int) -> dict[str, Any]:
    return {"facecolor": LIGHT_SCALE[step_of(number, classes)], "linewidth": 0.6}


def _blank() -> dict[str, Any]:
    return {
        "facecolor": LIGHT.paper,
        "edgecolor": LIGHT.quiet,
        "hatch": "//////",
        "linewidth": 0.6,
    }


def _legend(axes: Axes, top: float, classes: int, words: MapWords) -> None:
    """Draw the colours with their texts beside them, the hatching last."""
    style: dict[str, Any] = {"size": in_points(13), "color": LIGHT.ink, "va": "center"}
    axes.text(2, top + 24, words.legend, weight="bold", **style)
    looks = [*(_filled(number, classes) for number in range(classes)), _blank()]
    for number, (look, text) in enumerate(zip(looks, (*words.classes, words.no_data), strict=True)):
        row, column = divmod(number, _COLUMNS)
        x, y = 2 + column * WIDE / _COLUMNS, top + 42 + row * _ROW
        _rectangle(axes, x, y, 40, 18, {**look, "edgecolor": LIGHT.quiet})
        axes.text(x + 50, y + 9, text, **style)


def _rectangle(
    axes: Axes, x: float, y: float, width: float, height: float, look: Mapping[str, Any]
) -> None:
    from matplotlib.patches import Rectangle

    axes.add_artist(Rectangle((x, y), width, height, **look))


def _path(text: str, scale: float) -> Path:
    """Return an SVG path of ``M``, ``l`` and ``z`` in pixels."""
    from matplotlib.path import Path

    vertices: list[tuple[float, float]] = []
    codes: list[int] = []
    x = y = 0.0
    for command, arguments in _COMMAND.findall(text):
        numbers = [float(number) * scale for number in _NUMBER.findall(arguments)]
        if command == "z":
            vertices.append((x, y))
            codes.append(int(Path.CLOSEPOLY))
            continue
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = (dx, dy) if command == "M" else (x + dx, y + dy)
            vertices.append((x, y))
            codes.append(int(Path.MOVETO if command == "M" else Path.LINETO))
    return Path(vertices, codes)
