"""The map of the départements: what is drawn for which value, by whom it can be read, the same each time."""

from __future__ import annotations

import io
import json
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jobmarket.foundation.paths import REFERENCE
from jobmarket.report.draw import map as chart
from jobmarket.report.draw.map import CLASSES, MapWords, class_bounds, draw_map
from jobmarket.report.draw.map_figure import draw_map_png
from jobmarket.report.draw.themes import DARK, LIGHT, rgb
from PIL import Image

SVG = "{http://www.w3.org/2000/svg}"
METROPOLE = [f"{number:02}" for number in range(1, 96) if number != 20] + ["2A", "2B"]
OVERSEAS = ["971", "972", "973", "974", "976"]
INSETS = {
    "petite_couronne": "Paris et petite couronne",
    "971": "Guadeloupe",
    "972": "Martinique",
    "973": "Guyane",
    "974": "La Réunion",
    "976": "Mayotte",
}


def words(classes: int = CLASSES) -> MapWords:
    return MapWords(
        title="Offres <par> département",
        description="Le Nord & l’Ain",
        legend="Offres pour 100 000 habitants",
        classes=[f"classe {number}" for number in range(classes)],
        no_data="trop peu d’offres",
        insets=INSETS,
        tooltip=lambda code, value: f"{code} : {value}",
    )


def drawn(values: dict[str, float | None], bounds: tuple[float, ...]) -> ElementTree.Element:
    text = draw_map(values, bounds, words(len(bounds) + 1), "offers")
    return ElementTree.fromstring(text)  # noqa: S314  ours


def fills(svg: ElementTree.Element) -> dict[str, set[str]]:
    """Return the fills of each département by its tooltip's code: one, unless two shapes differ."""
    found: dict[str, set[str]] = {}
    for area in svg.iter(f"{SVG}path"):
        if area.get("class") == "area":
            code = area.findtext(f"{SVG}title", "").split(" ")[0]
            found.setdefault(code, set()).add(area.get("style", ""))
    return found


def test_every_département_is_drawn_and_the_inner_ones_of_paris_twice() -> None:
    svg = drawn({}, ())
    codes = [
        area.findtext(f"{SVG}title", "").split(" ")[0]
        for area in svg.iter(f"{SVG}path")
        if area.get("class") == "area"
    ]
    assert sorted(codes) == sorted([*METROPOLE, *OVERSEAS, "75", "92", "93", "94"])


@pytest.mark.parametrize(
    ("value", "fill"),
    [
        (-1.0, "fill:var(--map-1)"),
        (1.9, "fill:var(--map-1)"),
        (2.0, "fill:var(--map-2)"),  # a bound belongs to the class it opens
        (7.9, "fill:var(--map-4)"),
        (8.0, "fill:var(--map-5)"),
        (1e9, "fill:var(--map-5)"),
        (None, "fill:url(#offers-none)"),
        (float("nan"), "fill:url(#offers-none)"),
        (float("inf"), "fill:url(#offers-none)"),
    ],
)
def test_a_value_has_the_colour_of_its_class(value: float | None, fill: str) -> None:
    found = fills(drawn({"92": value}, (2, 4, 6, 8)))
    assert found["92"] == {fill}
    assert found["59"] == {"fill:url(#offers-none)"}


@pytest.mark.parametrize(
    ("bounds", "colours"),
    [
        ((), [5]),
        ((1,), [1, 5]),
        ((1, 2), [1, 3, 5]),
        ((1, 2, 3), [1, 2, 4, 5]),
        ((1, 2, 3, 4), [1, 2, 3, 4, 5]),
    ],
)
def test_fewer_classes_spread_over_the_scale(bounds: tuple[float, ...], colours: list[int]) -> None:
    legend = [
        swatch.get("style")
        for swatch in drawn({}, bounds).iter(f"{SVG}rect")
        if swatch.get("class") == "swatch"
    ]
    assert legend == [
        *(f"fill:var(--map-{colour})" for colour in colours),
        "fill:url(#offers-none)",
    ]


def test_a_reader_hears_title_and_description_and_no_word_is_markup() -> None:
    svg = drawn({"59": 3.0}, ())
    assert svg.get("role") == "img"
    named = {element.get("id"): element.text for element in svg if element.get("id")}
    assert svg.get("aria-labelledby") == "offers-title offers-desc"
    assert named["offers-title"] == "Offres <par> département"
    assert named["offers-desc"] == "Le Nord & l’Ain"
    texts = [text.text for text in svg.iter(f"{SVG}text")]
    assert texts == [
        *INSETS.values(),
        "Offres pour 100 000 habitants",
        "classe 0",
        "trop peu d’offres",
    ]
    tooltips = {area.text for area in svg.iter(f"{SVG}title")}
    assert "59 : 3.0" in tooltips
    assert "62 : None" in tooltips


def test_the_same_input_gives_the_same_bytes_whatever_its_order() -> None:
    values = {code: float(number) for number, code in enumerate(METROPOLE)}
    backwards = dict(reversed(values.items()))
    assert draw_map(values, (9, 20), words(3), "a") == draw_map(backwards, (9, 20), words(3), "a")
    assert len(draw_map(values, (9, 20), words(3), "a").encode()) < 100_000


@pytest.mark.parametrize("key", ["", "a b", 'a"b', "é", "a.b"])
def test_an_id_is_plain(key: str) -> None:
    with pytest.raises(ValueError, match="An id is made of"):
        draw_map({}, (), words(1), key)


@pytest.mark.parametrize("bounds", [(2, 1), (1, 1), (1, 2, 3, 4, 5)])
def test_bounds_rise_and_are_four_at_most(bounds: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="at most 4 rising bounds"):
        draw_map({}, bounds, words(len(bounds) + 1), "offers")


def test_each_class_needs_its_text() -> None:
    with pytest.raises(ValueError, match="3 classes need as many texts"):
        draw_map({}, (1, 2), words(5), "offers")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], ()),
        ([None, float("nan")], ()),
        ([3.0] * 101, ()),
        ([0.0, 0.0, 0.0, 0.0, 7.0], ()),  # four in five are alike
        ([0.0, 0.0, 0.0, 5.0, 7.0, 9.0], (5.0, 7.0)),
        ([float(number) for number in range(101)], (20.0, 40.0, 60.0, 80.0)),
        ([float(number) / 1000 for number in range(1, 102)], (0.021, 0.041, 0.061, 0.081)),
        ([10234.0, 10299.0, 20111.0, 31499.0, 39999.0, 52000.0], (20000.0, 31000.0, 40000.0)),
    ],
)
def test_classes_hold_about_as_many_and_begin_at_round_values(
    values: list[float | None], expected: tuple[float, ...]
) -> None:
    assert class_bounds(values) == expected


@given(st.lists(st.none() | st.floats(), max_size=110))
@example([1.75e308])  # rounded up it is no number
def test_any_values_give_bounds_that_can_be_drawn(values: list[float | None]) -> None:
    bounds = class_bounds(values)
    codes = [*METROPOLE, *OVERSEAS]
    svg = drawn(dict(zip(codes, values, strict=False)), bounds)
    assert set().union(*fills(svg).values()) <= {
        *(f"fill:var(--map-{number})" for number in range(1, CLASSES + 1)),
        "fill:url(#offers-none)",
    }


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2."""
    parts = [part / 255 for part in rgb(colour)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("scale", "paper"), [(chart.LIGHT_SCALE, LIGHT.paper), (chart._DARK_SCALE, DARK.paper)]
)
def test_colours_can_be_told_apart_by_their_lightness(scale: tuple[str, ...], paper: str) -> None:
    assert len(scale) == CLASSES
    steps = [contrast(a, b) for a, b in zip((paper, *scale), scale, strict=False)]
    assert min(steps) >= 1.2
    assert min(steps[1:]) >= 1.35  # between classes
    against_paper = [contrast(colour, paper) for colour in scale]
    assert against_paper == sorted(against_paper)
    assert against_paper[-1] >= 7


def test_the_outline_is_small_and_lies_in_its_view() -> None:
    content = (REFERENCE / "departement_outline.json").read_bytes()
    assert len(content) < 120_000
    outline = json.loads(content)
    width, height = outline["view"]
    assert set(outline["frames"]) == set(INSETS)
    for x, y, wide, high in outline["frames"].values():
        assert 0 <= x < x + wide <= width
        assert 0 <= y < y + high <= height


def share_of(png: bytes, colour: str) -> float:
    """Return the share of a colour in the map itself, without its legend; a palette may be off by a step."""
    with Image.open(io.BytesIO(png)) as image:
        area = image.convert("RGB").crop((0, 100, image.width, image.height - 300))
    wanted = rgb(colour)
    found = area.getcolors(1 << 20) or []
    near = [
        count
        for count, met in found
        if isinstance(met, tuple) and all(abs(a - b) <= 2 for a, b in zip(met, wanted, strict=True))
    ]
    return sum(near) / (area.width * area.height)


def test_the_png_shows_each_class_in_the_colour_of_the_page() -> None:
    values = {code: float(number % CLASSES) for number, code in enumerate(METROPOLE + OVERSEAS)}
    png = draw_map_png(values, (1, 2, 3, 4), words(), "Source : France Travail")
    # each class is a fifth of the départements, which are nearly half of the picture
    assert all(0.05 < share_of(png, colour) < 0.13 for colour in chart.LIGHT_SCALE)


def test_the_png_is_the_same_each_time_and_leaves_blank_what_has_no_data() -> None:
    png = draw_map_png({"59": 1.0}, (), words(1), "Source : France Travail")
    assert draw_map_png({"59": 1.0}, (), words(1), "Source : France Travail") == png
    assert 0.001 < share_of(png, chart.LIGHT_SCALE[-1]) < 0.02
    assert all(share_of(png, colour) < 0.001 for colour in chart.LIGHT_SCALE[:-1])
    assert share_of(png, LIGHT.paper) > 0.5
