"""Draws pictures for tests: quick, repeatable, and no two of them alike."""

import colorsys
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

SIZE = (96, 72)
DETAILED = ("foliage", "fabric", "shapes", "album", "page", "strokes")


def draw(seed: int, size: tuple[int, int] = SIZE) -> Image.Image:
    """A picture in mode RGB: stripes of two hues at some angle under a few shapes."""
    rng = np.random.default_rng(seed)
    image = Image.fromarray(_stripes(rng, *size))
    pen = ImageDraw.Draw(image)
    width, height = size
    for _ in range(int(rng.integers(2, 6))):
        x, y = rng.integers(0, width), rng.integers(0, height)
        rx, ry = 1 + rng.integers(0, 1 + width // 3), 1 + rng.integers(0, 1 + height // 3)
        box = [int(x - rx), int(y - ry), int(x + rx), int(y + ry)]
        shape = (pen.ellipse, pen.rectangle)[int(rng.integers(2))]
        shape(box, fill=_colour(rng))
    return image


def draw_detailed(kind: str, size: tuple[int, int]) -> Image.Image:
    """A large picture with detail down to single pixels, as a camera gives; see `DETAILED`."""
    rng = np.random.default_rng(sum(kind.encode()))
    width, height = size
    base = _clouds(rng) if kind == "foliage" else draw(sum(kind.encode()), (640, 480))
    image = base.resize(size, Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(image)
    if kind == "album":
        for number in range(300):
            image.paste(draw(number, (200, 200)), (number % 20 * 200, number // 20 * 200))
    if kind == "page":
        image.paste("white", (0, 0, width, height))
        font = ImageFont.load_default(size=height // 40)
        for y in range(height // 20, height - height // 20, height // 30):
            letters = "".join(rng.choice(list("abcdefghij klmnop qrstu vwxyz"), 90))
            pen.text((width // 20, y), letters, "black", font)
    if kind == "strokes":  # the worst case: a fine regular pattern, which aliases
        image.paste("white", (width // 10, height // 10, width - width // 10, height // 2))
        for x in range(width // 8, width - width // 8, 9):
            pen.line((x, height // 8, x + int(rng.integers(6)), height // 2 - 40), "black", 2)
    if kind == "fabric":
        for step in range(0, width + height, 6):
            pen.line((step, 0, step - height, height), _colour(rng), 2)
    if kind == "shapes":
        for _ in range(4000):
            x, y, r = rng.integers(width), rng.integers(height), 3 + rng.integers(30)
            pen.ellipse((int(x - r), int(y - r), int(x + r), int(y + r)), _colour(rng))
    return _grainy(image, rng)


def encode(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """The picture as the bytes of a file."""
    stream = BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def write(path: Path, seed: int, size: tuple[int, int] = SIZE) -> Path:
    """Draw a picture into a file; the suffix decides the format."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draw(seed, size).save(path)
    return path


def write_many(folder: Path, count: int, first_seed: int = 0) -> list[Path]:
    """Distinct small files `000.png`, `001.png`, ..."""
    return [write(folder / f"{n:03}.png", first_seed + n) for n in range(count)]


def _stripes(rng: np.random.Generator, width: int, height: int) -> npt.NDArray[np.uint8]:
    angle, period = rng.uniform(0, np.pi), rng.uniform(0.05, 1.0) * max(width, height)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    phase = (x * np.cos(angle) + y * np.sin(angle)) / period
    share = ((np.sin(2 * np.pi * phase) + 1) / 2)[..., None]
    first, second = (np.array(_colour(rng), dtype=np.float32) for _ in range(2))
    return (first * share + second * (1 - share)).astype(np.uint8)


def _clouds(rng: np.random.Generator) -> Image.Image:
    total = np.zeros((480, 640, 3), dtype=np.float32)
    for octave in range(1, 8):
        cells = (rng.random((2**octave, 2**octave, 3)) * 255).astype(np.uint8)
        layer = Image.fromarray(cells).resize((640, 480), Image.Resampling.BICUBIC)
        total += np.asarray(layer, dtype=np.float32) / 1.8**octave
    total -= total.min()
    return Image.fromarray((total * (255 / total.max())).astype(np.uint8))


def _grainy(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    tile = rng.integers(-10, 11, (500, 500, 1), dtype=np.int16)
    values = np.asarray(image, dtype=np.int16)
    rows, columns = -(-values.shape[0] // 500), -(-values.shape[1] // 500)
    grain = np.tile(tile, (rows, columns, 1))[: values.shape[0], : values.shape[1]]
    return Image.fromarray(np.clip(values + grain, 0, 255).astype(np.uint8))


def _colour(rng: np.random.Generator) -> tuple[int, int, int]:
    hue, saturation, value = rng.uniform(0, 1), rng.uniform(0.2, 1), rng.uniform(0.2, 1)
    red, green, blue = colorsys.hsv_to_rgb(hue, saturation, value)
    return (int(red * 255), int(green * 255), int(blue * 255))
