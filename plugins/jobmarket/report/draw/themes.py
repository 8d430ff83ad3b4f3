"""The colours of figures on light and dark pages, and how a figure gets from the one to the other. Pure."""

from __future__ import annotations

import io
from dataclasses import dataclass
from operator import mul
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Theme:
    """The colours of a page; ``paper`` is its background, so that a figure has no frame.

    :param quiet: of the axis.
    :param series: of the first and the second series drawn.
    """

    paper: str
    ink: str
    soft: str
    grid: str
    quiet: str
    series: tuple[str, ...]

    @property
    def colours(self) -> tuple[str, ...]:
        """Return every colour that may lie on the paper."""
        return (self.ink, self.soft, self.grid, self.quiet, *self.series)


# The same values as in templates/report.css. Contrast on paper: text at least 4.5, bars at least 3.
LIGHT = Theme("#ffffff", "#16202b", "#54606d", "#dfe4ea", "#8d99a6", ("#1d5c92", "#d9791e"))
DARK = Theme("#12181f", "#e9edf2", "#a5b1be", "#2a343f", "#6c7987", ("#6db1ea", "#f0a95c"))


def darkened(png: bytes) -> bytes:
    """Return a figure for light pages in the colours of dark ones, much cheaper than drawn again.

    Every colour of its palette is paper, a colour of the theme, or a step between the two on a
    smoothed edge: the same step is taken between the two dark ones.
    """
    from PIL import Image

    image = Image.open(io.BytesIO(png))
    light = image.getpalette() or []
    dark = [_dark(light[start : start + 3]) for start in range(0, len(light), 3)]
    image.putpalette([part for colour in dark for part in colour])
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=6)
    return out.getvalue()


def _dark(colour: Sequence[int]) -> list[int]:
    """Return what a colour of a light figure is on a dark one."""
    paper, dark_paper = rgb(LIGHT.paper), rgb(DARK.paper)
    best, found = 1e9, dark_paper
    for name, dark_name in zip(LIGHT.colours, DARK.colours, strict=True):
        way = [full - empty for full, empty in zip(rgb(name), paper, strict=True)]
        gone = [part - empty for part, empty in zip(colour, paper, strict=True)]
        step = sum(map(mul, way, gone)) / sum(map(mul, way, way))
        step = min(max(step, 0), 1)
        error = sum((a - step * b) ** 2 for a, b in zip(gone, way, strict=True))
        if error < best:
            dark_way = zip(rgb(dark_name), dark_paper, strict=True)
            best = error
            found = [round(empty + step * (full - empty)) for full, empty in dark_way]
    return found


def rgb(colour: str) -> list[int]:
    """Return ``#ff0010`` as 255, 0, 16."""
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
