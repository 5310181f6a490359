"""Paints: functions that cover a rectangle of a given size with a gradient or a pattern."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from random import Random

from PIL import Image, ImageDraw, ImageOps

from engine.sample.palette import Colour, dark, light, mix

Paint = Callable[[int, int], Image.Image]

_BILINEAR = Image.Resampling.BILINEAR


def down(*stops: Colour) -> Paint:
    """Colours from top to bottom, evenly spaced."""

    def paint(width: int, height: int) -> Image.Image:
        strip = Image.new("RGB", (1, len(stops)))
        strip.putdata(stops)
        return strip.resize((width, height), _BILINEAR, box=(0, 0.5, 1, len(stops) - 0.5))

    return paint


def across(*stops: Colour) -> Paint:
    """Colours from left to right, evenly spaced."""

    def paint(width: int, height: int) -> Image.Image:
        strip = Image.new("RGB", (len(stops), 1))
        strip.putdata(stops)
        return strip.resize((width, height), _BILINEAR, box=(0.5, 0, len(stops) - 0.5, 1))

    return paint


def tube(colour: Colour) -> Paint:
    """An upright cylinder lit from the left front."""
    return across(
        dark(colour, 0.18), light(colour, 0.14), colour, dark(colour, 0.1), dark(colour, 0.34)
    )


def sphere(colour: Colour) -> Paint:
    """A ball lit from the upper left."""

    def paint(width: int, height: int) -> Image.Image:
        shading = _radial().crop((40, 44, 232, 236))
        toned = ImageOps.colorize(
            shading,
            tuple_name(light(colour, 0.42)),
            tuple_name(dark(colour, 0.42)),
            mid=tuple_name(colour),
            midpoint=112,
        )
        return toned.resize((width, height), _BILINEAR)

    return paint


def stripes(a: Colour, b: Colour, bands: int, upright: bool = False) -> Paint:
    """`bands` bands of equal width, starting with `a`."""

    def paint(width: int, height: int) -> Image.Image:
        strip = Image.new("RGB", (bands, 1) if upright else (1, bands))
        strip.putdata([b if i % 2 else a for i in range(bands)])
        return strip.resize((width, height), Image.Resampling.NEAREST)

    return paint


def slanted(a: Colour, b: Colour, bands: int) -> Paint:
    """Diagonal bands, about `bands` of them along the longer side."""

    def paint(width: int, height: int) -> Image.Image:
        picture = Image.new("RGB", (width, height), a)
        draw = ImageDraw.Draw(picture)
        step = max(width, height) / bands
        for i in range(-bands, 2 * bands + 1, 2):
            x = i * step
            draw.polygon(
                [(x, 0), (x + step, 0), (x + step - height, height), (x - height, height)], b
            )
        return picture

    return paint


def dots(ground: Colour, dot: Colour, columns: int, share: float = 0.27) -> Paint:
    """Staggered dots, `columns` in a row; `share` is their radius by their distance."""

    def paint(width: int, height: int) -> Image.Image:
        picture = Image.new("RGB", (width, height), ground)
        draw = ImageDraw.Draw(picture)
        step = width / columns
        radius = step * share
        for row in range(int(height / step / 0.86) + 2):
            for column in range(-1, columns + 1):
                x = (column + (0.75 if row % 2 else 0.25)) * step
                y = (row + 0.3) * step * 0.86
                draw.ellipse((x - radius, y - radius, x + radius, y + radius), dot)
        return picture

    return paint


def checks(a: Colour, b: Colour, columns: int) -> Paint:
    """A checkerboard of square fields, `columns` in a row."""

    def paint(width: int, height: int) -> Image.Image:
        rows = max(1, round(columns * height / width))
        board = Image.new("RGB", (columns, rows))
        board.putdata([b if (x + y) % 2 else a for y in range(rows) for x in range(columns)])
        return board.resize((width, height), Image.Resampling.NEAREST)

    return paint


def tartan(a: Colour, b: Colour, columns: int) -> Paint:
    """Woven checks: bands of `b` both ways over `a`, darker where they cross."""

    def paint(width: int, height: int) -> Image.Image:
        rows = max(2, round(columns * height / width))
        tones = (a, mix(a, b, 0.55), b)
        cloth = Image.new("RGB", (columns, rows))
        cloth.putdata([tones[x % 2 + y % 2] for y in range(rows) for x in range(columns)])
        return cloth.resize((width, height), Image.Resampling.NEAREST)

    return paint


def grain(colour: Colour, seed: int, contrast: float = 0.22, upright: bool = False) -> Paint:
    """Wood: noise drawn out along the boards."""

    def paint(width: int, height: int) -> Image.Image:
        size = (24, 3) if upright else (3, 24)
        noise = Image.frombytes("L", size, Random(seed).randbytes(72))
        rings = noise.resize((max(2, width // 3), max(2, height // 3)), Image.Resampling.BICUBIC)
        toned = ImageOps.colorize(
            rings, tuple_name(dark(colour, contrast)), tuple_name(light(colour, contrast * 0.6))
        )
        return toned.resize((width, height), _BILINEAR)

    return paint


def tuple_name(colour: Colour) -> str:
    """The colour in the notation that Pillow parses."""
    return f"rgb({colour[0]},{colour[1]},{colour[2]})"


@lru_cache(maxsize=1)
def _radial() -> Image.Image:
    return Image.radial_gradient("L")


@lru_cache(maxsize=1)
def soft_spot() -> Image.Image:
    """A 128 x 128 mask, full in the middle and fading softly to nothing at its rim."""
    rim = 180  # what Pillow's gradient has reached where it meets the middle of an edge
    fade = [max(0.0, 1 - v / rim) for v in range(256)]
    fade = [round(255 * share**2 * (3 - 2 * share)) for share in fade]
    return _radial().point(fade).resize((128, 128), _BILINEAR)
