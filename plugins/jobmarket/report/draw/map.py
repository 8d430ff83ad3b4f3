"""A map of the départements as SVG, for light and dark pages, wide and narrow: the same text each time. Pure.

What lives here: the drawing and the classes. What does not: what is measured and every word, which
come in, and the outlines (``include/reference/departement_outline.json``).

The SVG stands alone as a file and inside a page. The 101 départements are drawn: the overseas ones, and
Paris with its neighbours a second time, in insets of their own scale.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING, Any

from jobmarket.foundation.reference import read_text
from jobmarket.report.draw.themes import DARK, LIGHT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

CLASSES = 5
# From little to much: on light paper darker, on dark paper brighter. The last stands out most from its
# paper; every step differs from its neighbours in lightness, so that it also does without colour.
LIGHT_SCALE = ("#d9e8f5", "#a8cae6", "#6fa7d3", "#367fb8", "#124672")
_DARK_SCALE = ("#1e3a53", "#2a5b84", "#3d82b6", "#74b5eb", "#c3e1fb")

_MARGIN, _LEGEND = 14, 142  # units of the map
_COLUMNS, _COLUMN, _ROW = 3, 332, 48  # of the legend: two rows, which have room on a telephone too
_SWATCH = (58, 28)


@dataclass(frozen=True)
class MapWords:
    """Every word of a map.

    :param title: what is shown, in a few words.
    :param description: what there is to see, for who does not see it.
    :param legend: what the colours measure, above them; some 55 characters have room on a telephone.
    :param classes: one text for each colour drawn, from little to much: ``2 à 3``; some 14 characters.
    :param no_data: beside the hatching.
    :param insets: name of each inset: ``petite_couronne`` and the five codes from 971 to 976.
    :param tooltip: what is said of a département, from its code and value.
    """

    title: str
    description: str
    legend: str
    classes: Sequence[str]
    no_data: str
    insets: Mapping[str, str]
    tooltip: Callable[[str, float | None], str]


def class_bounds(values: Iterable[float | None], classes: int = CLASSES) -> tuple[float, ...]:
    """Return the values at which the next class begins, so that classes hold about as many départements.

    They are rounded to two digits, and fewer than ``classes - 1`` where values are alike.

    :param values: one a département; ``None`` and what is not finite is no data.
    """
    sorted_values = sorted(value for value in values if value is not None and isfinite(value))
    if not sorted_values:
        return ()
    last = len(sorted_values) - 1
    cuts = (sorted_values[round(last * number / classes)] for number in range(1, classes))
    bounds = sorted({_two_digits(cut) for cut in cuts})
    # nothing lies below a bound at or under the smallest value, nor above one over the largest
    return tuple(bound for bound in bounds if sorted_values[0] < bound <= sorted_values[-1])


def draw_map(
    values: Mapping[str, float | None], bounds: Sequence[float], words: MapWords, key: str
) -> str:
    """Return the map as an SVG element.

    :param values: by code of département; one that is missing, ``None`` or not finite is hatched.
    :param bounds: where the next colour begins, rising, four at the most (:func:`class_bounds`).
    :param key: prefix of the ids, which must be unique in a page: letters, digits, ``-`` and ``_``.

    Raise :class:`ValueError` if the bounds do not rise, are too many, or the words have not a text for
    each class.
    """
    _require(bounds, words, key)
    drawing = outline()
    width, height = drawing["view"]
    view = f"0 0 {width} {height + _MARGIN + _LEGEND}"
    return "".join(
        [
            f'<svg class="choropleth" xmlns="http://www.w3.org/2000/svg" viewBox="{view}" role="img"',
            f' aria-labelledby="{key}-title {key}-desc">',
            f'<title id="{key}-title">{escape(words.title)}</title>',
            f'<desc id="{key}-desc">{escape(words.description)}</desc>',
            f"<style>{_STYLE}</style>",
            f'<defs><pattern id="{key}-none" width="8" height="8" patternUnits="userSpaceOnUse"',
            ' patternTransform="rotate(45)"><rect class="blank" width="8" height="8"/>',
            '<path class="hatch" d="M0,0v8"/></pattern></defs>',
            *_frames(drawing["frames"], words),
            *_departements(drawing["shapes"], values, bounds, words, key),
            *_legend(height + _MARGIN, len(bounds) + 1, words, key),
            "</svg>",
        ]
    )


def _require(bounds: Sequence[float], words: MapWords, key: str) -> None:
    if len(bounds) >= CLASSES or any(a >= b for a, b in pairwise(bounds)):
        raise ValueError(f"A map needs at most {CLASSES - 1} rising bounds, got {list(bounds)}.")
    if len(words.classes) != len(bounds) + 1:
        raise ValueError(
            f"{len(bounds) + 1} classes need as many texts, got {list(words.classes)}."
        )
    if not key.replace("-", "").replace("_", "").isalnum() or not key.isascii():
        raise ValueError(f"An id is made of letters, digits, - and _, got {key!r}.")


def _departements(
    shapes: Sequence[Mapping[str, str]],
    values: Mapping[str, float | None],
    bounds: Sequence[float],
    words: MapWords,
    key: str,
) -> Iterator[str]:
    for shape in shapes:
        value = values.get(shape["code"])
        if value is not None and not isfinite(value):
            value = None
        fill = (
            _none(key) if value is None else _colour(bisect_right(bounds, value), len(bounds) + 1)
        )
        text = escape(words.tooltip(shape["code"], value))
        yield f'<path class="area" {fill} d="{shape["path"]}"><title>{text}</title></path>'


def _frames(frames: Mapping[str, Sequence[int]], words: MapWords) -> Iterator[str]:
    for name, (x, y, width, height) in frames.items():
        yield f'<rect class="frame" x="{x}" y="{y}" width="{width}" height="{height}" rx="4"/>'
        yield f'<text x="{x + 8}" y="{y + 24}">{escape(words.insets[name])}</text>'


def _legend(top: int, classes: int, words: MapWords, key: str) -> Iterator[str]:
    """Draw the colours with their texts beside them, the hatching last."""
    width, height = _SWATCH
    yield f'<text class="strong" x="2" y="{top + 30}">{escape(words.legend)}</text>'
    fills = [*(_colour(number, classes) for number in range(classes)), _none(key)]
    for number, (fill, text) in enumerate(zip(fills, (*words.classes, words.no_data), strict=True)):
        row, column = divmod(number, _COLUMNS)
        x, y = 2 + _COLUMN * column, top + 50 + _ROW * row
        yield f'<rect class="swatch" {fill} x="{x}" y="{y}" width="{width}" height="{height}"/>'
        yield f'<text x="{x + width + 12}" y="{y + height - 6}">{escape(text)}</text>'


def step_of(number: int, classes: int) -> int:
    """Return the step of the scale, from 0, of a class: fewer classes are spread over the whole scale."""
    return CLASSES - 1 if classes == 1 else round(number * (CLASSES - 1) / (classes - 1))


def _colour(number: int, classes: int) -> str:
    return f'style="fill:var(--map-{step_of(number, classes) + 1})"'


def _none(key: str) -> str:
    return f'style="fill:url(#{key}-none)"'


def _two_digits(value: float) -> float:
    return float(f"{value:.2g}")


def _variables(scale: Sequence[str], paper: str, ink: str, quiet: str) -> str:
    colours = "".join(f"--map-{number}:{colour};" for number, colour in enumerate(scale, start=1))
    return f".choropleth{{{colours}--map-paper:{paper};--map-ink:{ink};--map-quiet:{quiet}}}"


# a telephone shows the map at a third of its units: words are larger there
_STYLE = (
    _variables(LIGHT_SCALE, LIGHT.paper, LIGHT.ink, LIGHT.quiet)
    + "@media (prefers-color-scheme:dark){"
    + _variables(_DARK_SCALE, DARK.paper, DARK.ink, DARK.quiet)
    + "}"
    ".choropleth{display:block;width:100%;height:auto}"
    ".choropleth text{fill:var(--map-ink);font:19px system-ui,-apple-system,'Segoe UI',Roboto,"
    "'Noto Sans','DejaVu Sans',sans-serif}"
    ".choropleth .strong{font-weight:650;font-size:21px}"
    ".choropleth .area{stroke:var(--map-paper);stroke-width:1;stroke-linejoin:round}"
    ".choropleth .frame{fill:none;stroke:var(--map-quiet);stroke-width:1}"
    ".choropleth .swatch{stroke:var(--map-quiet);stroke-width:1}"
    ".choropleth .blank{fill:var(--map-paper)}"
    ".choropleth .hatch{stroke:var(--map-quiet);stroke-width:3}"
    "@media (max-width:640px){.choropleth text{font-size:25px}.choropleth .strong{font-size:31px}}"
)


@cache
def outline() -> dict[str, Any]:
    """Return the outlines: ``view`` (width, height), ``frames`` of insets, ``shapes`` (code, path)."""
    content: dict[str, Any] = json.loads(read_text("departement_outline.json"))
    return content
