"""Where in a picture a text matches.

Each part of the picture is judged as the best image of a search is (`calibration`): by how much
nearer it is to the text than the text is to all, and the part to any text. How bright the
brightest place is says the same for all pictures and texts: where nothing is of what is asked
for, all stays dark. docs/search.md has figures.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image

from engine.query.parts.picture_parts import PictureParts
from engine.query.scores.calibration import Background
from engine.query.scores.statistics import Vector

_COLD, _HOT = 1.25, 3.0  # evidence, in standard deviations, that is 0 and 1
_SHARE = 0.5  # of the evidence of the best place; less is 0 too
_REACH = 0.35  # of a part's size: standard deviation of the weight around its middle
_DOUBT = 0.3  # weight of no evidence everywhere: places between parts are less sure than middles
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
    evidence = _spread(parts.places.tobytes()) @ background.evidence(text, parts.vectors)
    best = float(evidence.max())
    # A thing that is found for sure is found in all parts that touch it, too: the best tell where.
    cold, hot = max(_COLD, _SHARE * best), max(_HOT, best)
    values = np.clip((evidence - cold) / (hot - cold), 0, 1)
    return HeatMap(values.reshape(_shape(parts.places)).astype(np.float32))


@lru_cache(maxsize=8)  # all pictures of a model have their parts in the same places
def _spread(shares: bytes) -> Vector:
    """What each part counts in each cell, float32 [cells, parts]; of a cell, all add up to about 1.

    The nearer the more, for the size of the part.

    Args:
        shares: places of the parts, float32 [parts, 4].
    """
    places = np.frombuffer(shares, dtype=np.float32).reshape(-1, 4)
    rows, columns = _shape(places)
    cells = np.array(
        [((x + 0.5) / columns, (y + 0.5) / rows) for y in range(rows) for x in range(columns)]
    )
    middles = places[:, :2]
    # Outside of all middles nothing is known but what the outermost parts say of all they cover.
    cells = np.clip(cells, middles.min(axis=0), middles.max(axis=0))
    away = (cells[:, None] - middles[None]) / (_REACH * places[None, :, 2:])
    weights = np.exp(-np.square(away).sum(axis=-1) / 2)
    total = weights.sum(axis=1, keepdims=True)
    return np.asarray(weights * (1 + _DOUBT) / (total + _DOUBT), dtype=np.float32)


def _shape(places: Vector) -> tuple[int, int]:
    """Rows and columns of the map."""
    columns, rows = (min(round(_FINE / float(size)), _MOST) for size in places[:, 2:].min(axis=0))
    return rows, columns
