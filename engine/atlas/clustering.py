"""Ids of a layout: the hills of its density, and hills that lie together joined."""

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from engine.atlas.arrays import Ids, Places

Grid = npt.NDArray[np.float64]

MOST = 24
"""Names that still fit on a map."""

_SIDE = 128  # cells along one side of the grid
_MARGIN = 8  # cells around it, so that the blur is not cut off
_LEAST_BLUR = 1.5  # cells


def clusters(places: Places) -> Ids:
    """The cluster of each place, int64 [n], counted from 0, the largest first.

    How many there are at most follows from the number of images: 3 of 40, 9 of 300, 22 of 2,000.

    Args:
        places: float32 [n, 2], from 0 to 1.
    """
    if not len(places):
        return np.zeros(0, dtype=np.int64)
    wanted = int(np.clip(round(np.sqrt(len(places)) / 2), 1, MOST))
    _, hills = np.unique(_hills(places), return_inverse=True)
    own = _joined(places, hills, wanted)[hills]
    _, own, sizes = np.unique(own, return_inverse=True, return_counts=True)
    ranks = np.empty(len(sizes), dtype=np.int64)
    ranks[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    return ranks[own]


def _hills(places: Places) -> Ids:
    """For each place the summit that one comes to by always climbing the steepest way."""
    cells = np.minimum((places * _SIDE).astype(np.int64), _SIDE - 1) + _MARGIN
    counts = np.zeros((_SIDE + 2 * _MARGIN,) * 2)
    np.add.at(counts, (cells[:, 1], cells[:, 0]), 1)
    # The fewer images there are, the wider each is spread.
    blur = np.clip(_SIDE / (3 * np.sqrt(len(places))), _LEAST_BLUR, _MARGIN)
    height: Grid = ndimage.gaussian_filter(counts, blur)
    up = _steepest(height)
    while (farther := up[up]).tolist() != up.tolist():
        up = farther
    return up[cells[:, 1] * height.shape[1] + cells[:, 0]]


def _steepest(height: Grid) -> Ids:
    """The highest cell among each and those around it, as places in the flattened grid."""
    rows, columns = height.shape
    own = np.arange(height.size).reshape(height.shape)
    padded = np.pad(height, 1, constant_values=-1)
    best, up = height.copy(), own.copy()
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            other = padded[1 + down : 1 + down + rows, 1 + right : 1 + right + columns]
            is_higher = other > best
            best = np.where(is_higher, other, best)
            up = np.where(is_higher, own + down * columns + right, up)
    return up.ravel()


def _joined(places: Places, hills: Ids, wanted: int) -> Ids:
    """Which hill each hill is a part of, when the nearest two are joined time and again.

    How near they are is Ward's measure: what joining adds to the squared distances of images from
    their centre. (Ward: Hierarchical Grouping to Optimize an Objective Function, 1963.)
    """
    sizes = np.bincount(hills).astype(np.float64)
    sums = [np.bincount(hills, axis).astype(np.float64) for axis in places.T]
    centres: Grid = np.stack(sums, axis=1) / sizes[:, None]
    part_of = np.arange(len(sizes))
    alive = np.ones(len(sizes), dtype=bool)
    cost = np.array([_costs(centres, sizes, hill) for hill in range(len(sizes))])
    np.fill_diagonal(cost, np.inf)
    while alive.sum() > wanted:
        one, other = divmod(int(cost.argmin()), len(cost))
        both = sizes[one] + sizes[other]
        centres[one] = (sizes[one] * centres[one] + sizes[other] * centres[other]) / both
        sizes[one] = both
        part_of[part_of == other] = one
        alive[other] = False
        changed = np.where(alive, _costs(centres, sizes, one), np.inf)
        changed[one] = np.inf
        cost[one], cost[:, one] = changed, changed
        cost[other], cost[:, other] = np.inf, np.inf
    return part_of


def _costs(centres: Grid, sizes: Grid, hill: int) -> Grid:
    """What joining a hill with each other one adds."""
    away = centres - centres[hill]
    return sizes * sizes[hill] / (sizes + sizes[hill]) * np.vecdot(away, away)
