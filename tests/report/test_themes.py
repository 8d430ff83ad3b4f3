from __future__ import annotations

import io

import pytest
from jobmarket.report.draw.themes import DARK, LIGHT, darkened, rgb
from PIL import Image


def halfway(one: str, two: str) -> tuple[int, ...]:
    return tuple((a + b) // 2 for a, b in zip(rgb(one), rgb(two), strict=True))


def dark_of(colour: tuple[int, ...]) -> tuple[int, ...]:
    image = Image.new("RGB", (4, 4), colour).quantize(4)
    out = io.BytesIO()
    image.save(out, "PNG")
    pixel = Image.open(io.BytesIO(darkened(out.getvalue()))).convert("RGB").getpixel((0, 0))
    assert isinstance(pixel, tuple)
    return pixel


@pytest.mark.parametrize(
    ("light", "dark"),
    [(LIGHT.paper, DARK.paper), *zip(LIGHT.colours, DARK.colours, strict=True)],
)
def test_every_colour_of_the_theme_has_its_dark_one(light: str, dark: str) -> None:
    assert dark_of(tuple(rgb(light))) == tuple(rgb(dark))


@pytest.mark.parametrize(("light", "dark"), list(zip(LIGHT.series, DARK.series, strict=True)))
def test_smoothed_edge_stays_halfway(light: str, dark: str) -> None:
    met = dark_of(halfway(light, LIGHT.paper))
    expected = halfway(dark, DARK.paper)
    assert all(abs(one - two) <= 2 for one, two in zip(met, expected, strict=True))


def test_nothing_but_the_palette_changes() -> None:
    image = Image.linear_gradient("L").convert("RGB").quantize(16)
    out = io.BytesIO()
    image.save(out, "PNG")
    dark = Image.open(io.BytesIO(darkened(out.getvalue())))
    assert dark.mode == "P"
    assert dark.tobytes() == image.tobytes()
