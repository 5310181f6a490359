"""Where in a picture a text matches."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from engine.encoder import Encoder
from engine.query.statistics import LibraryStatistics, Vector

CROPS = 3
"""Rows and columns of crops, for models that know of no parts of a picture."""

_CROP = 3 / 7  # of a side
_HOTTEST = 3.0  # standard deviations above the mean of the library


@dataclass(frozen=True)
class HeatMap:
    """How well the parts of a picture match a text.

    Attributes:
        values: from 0, as anything does, to 1, float32 [rows, columns], from the top left.
    """

    values: Vector

    def mask(self, width: int, height: int) -> Image.Image:
        """The same as a picture of this size, mode L, smooth."""
        small = Image.fromarray((self.values * 255).round().astype(np.uint8))
        return small.resize((width, height), Image.Resampling.BICUBIC)


def heat_map(
    parts: Vector, grid: tuple[int, int], text: Vector, library: LibraryStatistics
) -> HeatMap:
    """Of a picture.

    Args:
        parts: unit vectors, float32 [rows * columns, dim], row by row from the top left.
        grid: rows and columns.
        text: unit vector, float32 [dim].
        library: of parts like these.
    """
    scores = (parts - library.mean) @ text / np.float32(library.spread(text))
    values = np.clip(scores / _HOTTEST, 0, 1).astype(np.float32)
    return HeatMap(values.reshape(grid))


def parts_of_picture(encoder: Encoder, picture: Image.Image) -> tuple[Vector, tuple[int, int]]:
    """Vectors of the parts of a picture, float32 [rows * columns, dim], and rows and columns.

    Windows or patches where the model gives them for all of a picture, else overlapping crops.

    Args:
        encoder: the model.
        picture: upright, mode RGB.
    """
    sees_all = encoder.manifest.pixels.resize == "squash"
    if sees_all and encoder.window_grid is not None:
        _, windows = encoder.encode_with_windows([encoder.pixels(picture)])
        if windows is not None:
            return windows[0], encoder.window_grid
    if sees_all and encoder.patch_grid is not None:
        return encoder.encode_patches([picture])[0], encoder.patch_grid
    return encoder.encode_images(_crops(picture)), (CROPS, CROPS)


def _crops(picture: Image.Image) -> Iterator[Image.Image]:
    width, height = picture.size
    size = max(round(_CROP * width), 1), max(round(_CROP * height), 1)
    starts = np.linspace(0, 1 - _CROP, CROPS)
    for top in starts:
        for left in starts:
            x, y = round(left * width), round(top * height)
            yield picture.crop((x, y, x + size[0], y + size[1]))
