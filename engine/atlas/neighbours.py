"""The nearest neighbours of every vector among all the others."""

from collections.abc import Callable
from contextlib import suppress

import numpy as np

from engine.atlas.arrays import Ids, Vectors
from engine.index import IndexUnavailableError
from engine.index.all_neighbours import all_neighbours

_EXACT = 10_000
"""Up to so many vectors comparing all with all is no slower than building a graph."""

_BLOCK = 1_024  # rows compared at a time


def neighbours(vectors: Vectors, k: int, tell: Callable[[int, int], None]) -> tuple[Ids, Vectors]:
    """The nearest of each, itself left out, and how far they are; the same on every run.

    Args:
        vectors: unit rows [n, dim].
        k: how many, less than n.
        tell: called with how many vectors of how many are done.

    Returns:
        Their places, int64 [n, k], and cosine distances from 0 to 2, float32 [n, k], the nearest
        first. Of many vectors some neighbours are missed, as a graph finds them.
    """
    if len(vectors) > _EXACT:
        with suppress(IndexUnavailableError, RuntimeError):  # else slower, but nearly the same
            return _without_themselves(*all_neighbours(vectors, k + 1, tell))
    return _compared(vectors, k, tell)


def _compared(vectors: Vectors, k: int, tell: Callable[[int, int], None]) -> tuple[Ids, Vectors]:
    found = np.empty((len(vectors), k), dtype=np.int64)
    far = np.empty((len(vectors), k), dtype=np.float32)
    for first in range(0, len(vectors), _BLOCK):
        rows = slice(first, first + _BLOCK)
        away = 1 - vectors[rows] @ vectors.T
        here = np.arange(len(away))
        away[here, first + here] = np.inf
        best = np.argpartition(away, k - 1, axis=1)[:, :k]
        distances = np.take_along_axis(away, best, axis=1)
        order = np.lexsort((best, distances), axis=1)
        found[rows] = np.take_along_axis(best, order, axis=1)
        far[rows] = np.take_along_axis(distances, order, axis=1)
        tell(first + len(away), len(vectors))
    return found, np.maximum(far, 0)


def _without_themselves(found: Ids, far: Vectors) -> tuple[Ids, Vectors]:
    """One column less: a vector is among its own nearest, or behind copies of itself."""
    is_own = found == np.arange(len(found))[:, None]
    is_own[~is_own.any(axis=1), -1] = True  # then the farthest goes
    shape = (len(found), found.shape[1] - 1)
    return found[~is_own].reshape(shape), np.maximum(far[~is_own].reshape(shape), 0)
