from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFont, ImageOps
from vs_drawing import draw, draw_detailed

from engine.query.alike.copies import made_copies
from engine.query.alike.same_picture import are_same, miniature

Change = Callable[[Image.Image], Image.Image]


def same(first: Image.Image, second: Image.Image) -> bool:
    forth = are_same(miniature(first), miniature(second))
    assert forth == are_same(miniature(second), miniature(first))
    return forth


def trimmed(image: Image.Image, share: float, left: float = 0.5) -> Image.Image:
    """Without `share` of both sides, `left` of it at the left and the top."""
    width, height = image.size
    x, y = share * width, share * height
    box = (x * left, y * left, width - x * (1 - left), height - y * (1 - left))
    return image.crop(tuple(map(round, box)))


def page(seed: int, changed_line: int | None = None) -> Image.Image:
    """A page of text; another line is the only difference where one is named."""
    image = Image.new("RGB", (800, 1000), "white")
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(size=26)
    for line in range(28):
        rng = np.random.default_rng([seed, line, line == changed_line])
        letters = rng.choice(list("abcdefgh ijklmn opqrst uvwxyz"), int(rng.integers(20, 52)))
        pen.text((50, 40 + 33 * line), "".join(letters), "black", font)
    return image


@pytest.mark.parametrize("kind", ["foliage", "shapes", "album", "fabric"])
def test_made_copies_are_the_same(kind: str) -> None:
    image = draw_detailed(kind, (1200, 900))
    assert [same(image, copy) for copy in made_copies(image)] == [True] * 4


@pytest.mark.parametrize(
    "change",
    [
        lambda image: trimmed(image, 0.05),
        lambda image: trimmed(image, 0.03, left=1.0),
        lambda image: ImageEnhance.Brightness(image).enhance(0.7),
        lambda image: ImageEnhance.Contrast(image).enhance(0.8),
        lambda image: image.resize((300, 200)),
    ],
    ids=["trimmed", "trimmed at a corner", "darker", "paler", "squashed"],
)
def test_changed_copies_are_the_same(change: Change) -> None:
    image = draw_detailed("shapes", (1200, 900))
    assert same(image, change(image))


@pytest.mark.parametrize(
    "change",
    [
        ImageOps.mirror,
        ImageOps.flip,
        ImageOps.invert,
        lambda image: image.rotate(90),
        lambda image: trimmed(image, 0.4),
        lambda image: Image.merge("RGB", image.split()[::-1]),
    ],
    ids=["mirrored", "upside down", "negative", "turned", "half of it", "other colours"],
)
def test_other_pictures_of_the_same_are_not_the_same(change: Change) -> None:
    image = draw_detailed("shapes", (1200, 900))
    assert not same(image, change(image))


def test_drawings_are_told_apart() -> None:
    drawn = [draw(seed, (300, 200)) for seed in range(25)]
    pairs = [(a, b) for a in range(25) for b in range(a)]
    assert [pair for pair in pairs if same(drawn[pair[0]], drawn[pair[1]])] == []


def test_one_thing_that_moved_makes_another_picture() -> None:
    def scene(x: int) -> Image.Image:
        image = draw_detailed("foliage", (1200, 900))
        ImageDraw.Draw(image).ellipse((x, 500, x + 160, 660), "red")
        return image

    assert same(scene(300), scene(304))
    assert not same(scene(300), scene(500))


def test_pages_of_text_are_told_apart() -> None:
    assert same(page(1), page(1).resize((400, 500)))
    assert not same(page(1), page(2))
    assert not same(page(1), page(1, changed_line=12))


@pytest.mark.parametrize("levels", [0, 1, 4])
def test_flat_pictures_are_never_confirmed_by_noise(levels: int) -> None:
    rng = np.random.default_rng(levels)
    noise = [rng.integers(100, 101 + levels, (64, 64, 3)).astype(np.uint8) for _ in range(2)]
    if levels:
        assert not are_same(noise[0], noise[1])
    else:
        assert are_same(noise[0], noise[1])  # alike to the last pixel


def test_faint_slopes_in_two_directions_are_not_the_same() -> None:
    slope = np.broadcast_to(np.linspace(100, 116, 64).astype(np.uint8)[:, None, None], (64, 64, 3))
    assert are_same(slope, slope)
    assert not are_same(slope, slope.transpose(1, 0, 2))
