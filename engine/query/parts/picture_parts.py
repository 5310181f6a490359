"""Vectors of the parts of a picture, and where on it they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image

from engine.encoder import Encoder
from engine.query.scores.statistics import Vector

CROPS = 3
"""Rows and columns of crops, for models that know of no parts of a picture."""

_LOOKS = ((0.0, 0.0), (0.5, 0.0), (0.25, 0.25), (0.0, 0.5), (0.5, 0.5))
"""Left and top edges of the halves that a close look is at: the corners, and the middle."""

_HALF = 0.5  # of the sides


@dataclass(frozen=True)
class PictureParts:
    """Parts of one picture.

    Attributes:
        vectors: unit rows, float32 [n, dim].
        places: middle (x, y) and size (x, y) of each, as shares of the sides, float32 [n, 4].
    """

    vectors: Vector
    places: Vector

    @classmethod
    def windows(cls, vectors: Vector, grid: tuple[int, int]) -> "PictureParts":
        """Rows and columns of windows, row by row, of which each reaches half into the next."""
        return cls(vectors, _grid(grid, 0.5))


def parts_of_picture(encoder: Encoder, picture: Image.Image) -> PictureParts:
    """Windows or patches where the model gives them for all of a picture, else crops.

    Args:
        encoder: the model.
        picture: upright, mode RGB.
    """
    if has_windows(encoder):
        return _windows(encoder, [picture])[0]
    if encoder.patch_grid is not None and encoder.manifest.pixels.resize == "squash":
        return PictureParts(encoder.encode_patches([picture])[0], _grid(encoder.patch_grid, 0.0))
    places = _grid((CROPS, CROPS), 0.5)
    return PictureParts(encoder.encode_images(_crops(picture, places)), places)


def has_windows(encoder: Encoder) -> bool:
    """Whether the model gives windows that cover all of a picture."""
    return encoder.window_grid is not None and encoder.manifest.pixels.resize == "squash"


def close_look(encoder: Encoder, picture: Image.Image) -> PictureParts:
    """The windows of a picture, and of five halves of it: small things are in small windows.

    Takes the time of six pictures.

    Args:
        encoder: a model that has windows.
        picture: upright, mode RGB.
    """
    looks = np.array([(x + _HALF / 2, y + _HALF / 2, _HALF, _HALF) for x, y in _LOOKS], np.float32)
    whole, *halves = _windows(encoder, [picture, *_crops(picture, looks)])
    vectors, places = [whole.vectors], [whole.places]
    for half, (left, top) in zip(halves, _LOOKS, strict=True):
        vectors.append(half.vectors)
        places.append(half.places * np.float32(_HALF) + np.array([left, top, 0, 0], np.float32))
    return PictureParts(np.concatenate(vectors), np.concatenate(places))


def _windows(encoder: Encoder, pictures: list[Image.Image]) -> list[PictureParts]:
    _, windows = encoder.encode_with_windows([encoder.pixels(each) for each in pictures])
    assert windows is not None
    assert encoder.window_grid is not None
    return [PictureParts.windows(rows, encoder.window_grid) for rows in windows]


@lru_cache(maxsize=8)
def _grid(grid: tuple[int, int], overlap: float) -> Vector:
    """Places of rows and columns of parts, of which each reaches so far into the next."""
    (ys, height), (xs, width) = (_line(count, overlap) for count in grid)
    places = np.array([(x, y, width, height) for y in ys for x in xs], dtype=np.float32)
    places.flags.writeable = False  # they are shared
    return places


def _line(count: int, overlap: float) -> tuple[list[float], float]:
    """Middles of parts that cover a line of length 1, and their size."""
    step = 1 / (count + overlap)
    size = step * (1 + overlap)
    return [size / 2 + place * step for place in range(count)], size


def _crops(picture: Image.Image, places: Vector) -> Iterator[Image.Image]:
    sides = np.array(picture.size, dtype=np.float32)
    for place in places:
        middle, size = place[:2] * sides, np.maximum(place[2:] * sides, 1)
        left, top = np.floor(np.maximum(middle - size / 2, 0) + 0.5).astype(int)
        width, height = np.floor(size + 0.5).astype(int)
        yield picture.crop((left, top, left + width, top + height))
