"""Where in a picture a text matches.

Each part of the picture is judged as the best image of a search is (`calibration`): by how much
nearer it is to the text than the text is to all, and the part to any text. The brightness says
the same for all pictures and texts: one that has nothing of what is asked for stays dark.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from engine.query.calibration import Background
from engine.query.picture_parts import PictureParts
from engine.query.statistics import Vector

_COLD, _HOT = 1.5, 3.0  # evidence, in standard deviations, that is 0 and 1
_REACH = 0.35  # of a part's size: standard deviation of the weight around its middle
_FINE = 3  # cells of the map for the smallest part
_MOST = 14  # cells


@dataclass(frozen=True)
class HeatMap:
    """How well the places of a picture match a text.

    Attributes:
        values: from 0, as anything does, to 1, float32 [rows, columns], from the top left.
    """

    values: Vector

    def mask(self, width: int, height: int) -> Image.Image:
        """The same as a picture of this size, mode L, smooth."""
        small = Image.fromarray((self.values * 255).round().astype(np.uint8))
        return small.resize((width, height), Image.Resampling.BICUBIC)


def heat_map(parts: PictureParts, text: Vector, background: Background) -> HeatMap:
    """Of a picture.

    Args:
        parts: of the picture.
        text: unit vector, float32 [dim].
        background: of texts, and of parts like these.
    """
    evidence = background.evidence(text, parts.vectors)
    values = np.clip((_spread(parts.places) @ evidence - _COLD) / (_HOT - _COLD), 0, 1)
    return HeatMap(values.reshape(_shape(parts.places)).astype(np.float32))


def _spread(places: Vector) -> Vector:
    """What each part counts in each cell, float32 [cells, parts]; of a cell, all add up to 1.

    The nearer the more, and small parts more than large ones: they tell better where a thing is.
    """
    rows, columns = _shape(places)
    cells = np.array(
        [((x + 0.5) / columns, (y + 0.5) / rows) for y in range(rows) for x in range(columns)]
    )
    away = (cells[:, None] - places[None, :, :2]) / (_REACH * places[None, :, 2:])
    squares = np.square(away).sum(axis=-1)
    # Less the nearest one's: far from all middles, as in corners, all weights would be 0.
    weights = np.exp((squares.min(axis=1, keepdims=True) - squares) / 2)
    weights /= np.sqrt(places[:, 2] * places[:, 3])
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float32)


def _shape(places: Vector) -> tuple[int, int]:
    """Rows and columns of the map."""
    columns, rows = (min(round(_FINE / float(size)), _MOST) for size in places[:, 2:].min(axis=0))
    return rows, columns
