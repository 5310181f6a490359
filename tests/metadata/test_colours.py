"""Colours of pictures whose colours are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from engine.metadata import dominant_colours, named_colour
from engine.metadata.colours import colour_names, hex_lab, oklab


def drawn(backdrop: str, *patches: tuple[str, float]) -> Image.Image:
    """Patches of colour, each with its share of the height, in the middle of a backdrop."""
    image = Image.new("RGB", (200, 200), backdrop)
    pen, top = ImageDraw.Draw(image), 20
    for colour, share in patches:
        pen.rectangle((20, top, 180, top + round(160 * share) - 1), fill=colour)
        top += round(160 * share)
    return image


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("#d02020", "red"),
        ("#20264a", "navy"),
        ("#2860c8", "blue"),
        ("#101010", "black"),
        ("#fafafa", "white"),
        ("#808080", "grey"),
        ("#6b4226", "brown"),
        ("#2f8f40", "green"),
        ("#ffd91a", "yellow"),
    ],
)
def test_shades_have_the_names_that_people_give_them(code: str, name: str) -> None:
    (colour,) = dominant_colours(Image.new("RGB", (50, 80), code))
    assert (colour.name, colour.share) == (name, 1.0)
    assert np.linalg.norm(np.subtract(colour.lab, hex_lab(code))) < 0.02


def test_an_even_backdrop_is_no_colour_of_what_is_shown() -> None:
    found = dominant_colours(drawn("white", ("#d8232a", 0.75), ("#1c2648", 0.25)))
    assert [colour.name for colour in found[:2]] == ["red", "navy"]
    assert found[0].share == pytest.approx(0.75, abs=0.05)
    assert "white" not in {colour.name for colour in found}


def test_where_nothing_else_is_shown_the_backdrop_counts() -> None:
    assert [colour.name for colour in dominant_colours(drawn("white"))] == ["white"]


def test_what_touches_the_border_is_no_backdrop() -> None:
    image = Image.new("RGB", (100, 100), "#2058c0")
    ImageDraw.Draw(image).rectangle((0, 50, 100, 100), fill="#2a8a3c")
    assert {colour.name for colour in dominant_colours(image)} == {"blue", "green"}


def test_a_family_holds_its_shades() -> None:
    assert named_colour("Blue") is not None
    assert {"blue", "navy", "sky"} <= set(named_colour("blue") or ())
    assert named_colour("navy") == ("navy",)
    assert named_colour("gray") == named_colour("grey")
    assert named_colour("loud") is None
    assert all(named_colour(name) for name in colour_names())


@pytest.mark.parametrize("code", ["", "#", "#12", "#12345", "#gggggg", "123456", "#-1-1-1"])
def test_what_is_no_code_is_none(code: str) -> None:
    assert hex_lab(code) is None


def test_oklab_is_as_published() -> None:
    # White, black, and pure red as in Ottosson's own converter.
    rgb = np.array([[255, 255, 255], [0, 0, 0], [255, 0, 0]], dtype=np.float64)
    expected = [[1, 0, 0], [0, 0, 0], [0.62796, 0.22486, 0.12585]]
    assert np.allclose(oklab(rgb), expected, atol=1e-4)


@given(
    st.integers(1, 70),
    st.integers(1, 70),
    st.lists(st.tuples(*[st.integers(0, 255)] * 3), min_size=1, max_size=9),
)
def test_any_picture_has_colours_and_shares_that_add_up(
    width: int, height: int, pixels: list[tuple[int, int, int]]
) -> None:
    image = Image.new("RGB", (width, height))
    image.putdata([pixels[place % len(pixels)] for place in range(width * height)])
    found = dominant_colours(image)
    shares = [colour.share for colour in found]
    assert found
    assert sum(shares) <= 1 + 1e-9
    assert shares == sorted(shares, reverse=True)
    assert len({colour.name for colour in found}) == len(found)
