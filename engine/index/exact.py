"""The true nearest neighbours, and how many of them were found."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.index.base import Ids, Vectors

MISSING = -1
"""Stands for an id where there are fewer neighbours than asked for."""

_MANY = 4  # times as many as are wanted: then a partition costs less than sorting them

ReadChunks = Callable[[], Iterable[tuple[Ids, npt.NDArray[np.floating[Any]]]]]
"""Starts to read vectors: ids int64 [n] and rows [n, width], a chunk at a time."""


def exact_neighbours(
    queries: Vectors, read_chunks: ReadChunks, k: int = 10, exclude: Ids | None = None
) -> Ids:
    """The true nearest by inner product, with a chunk of vectors in memory at a time.

    Args:
        queries: float32 [m, width].
        read_chunks: gives all vectors.
        k: how many.
        exclude: int64 [m], an id that each query may not find: the image it was taken from.

    Returns:
        ids int64 [m, k], best first; -1 where there are fewer.
    """
    scores = np.full((len(queries), k), -np.inf, dtype=np.float32)
    ids = np.full((len(queries), k), MISSING, dtype=np.int64)
    if not scores.size:
        return ids
    for chunk_ids, rows in read_chunks():
        found = queries @ rows.astype(np.float32, copy=False).T
        if exclude is not None:
            _hide(found, chunk_ids, exclude)
        _keep_best(scores, ids, found, np.asarray(chunk_ids))
    return ids


def recall(found: Ids, truth: Ids) -> npt.NDArray[np.float64]:
    """Share of each query's true neighbours that were found: float64 [m].

    Args:
        found: int64 [m, any].
        truth: int64 [m, k]; -1 where there are fewer. A query without any has a recall of 1.
    """
    hits = [len(np.intersect1d(*pair)) for pair in zip(found, truth, strict=True)]
    missing = [MISSING in a and MISSING in b for a, b in zip(found, truth, strict=True)]
    counts = np.count_nonzero(truth != MISSING, axis=1)
    shares = (np.array(hits, np.float64) - missing) / np.maximum(counts, 1)
    return np.where(counts > 0, shares, 1.0)


def _hide(scores: Vectors, ids: Ids, exclude: Ids) -> None:
    """Set the score of each query's own image to the least."""
    columns = np.flatnonzero(np.isin(ids, exclude))
    rows, places = np.nonzero(exclude[:, None] == ids[columns][None, :])
    scores[rows, columns[places]] = -np.inf


def _keep_best(scores: Vectors, ids: Ids, found: Vectors, found_ids: Ids) -> None:
    """Merge what a chunk gave into the best so far, in place. Only few entries are sorted."""
    k = scores.shape[1]
    better = found > scores[:, -1:]
    if np.count_nonzero(better) > _MANY * scores.size and found.shape[1] > k:
        better &= found >= np.partition(found, -k, axis=1)[:, -k, None]
    rows, columns = np.nonzero(better)
    if not len(rows):
        return
    all_rows = np.concatenate([rows, np.repeat(np.arange(len(scores)), k)])
    all_scores = np.concatenate([found[rows, columns], scores.ravel()])
    all_ids = np.concatenate([found_ids[columns], ids.ravel()])
    order = np.lexsort((-all_scores, all_rows))
    starts = np.searchsorted(all_rows[order], np.arange(len(scores)))
    picked = order[starts[:, None] + np.arange(k)]
    scores[:], ids[:] = all_scores[picked], all_ids[picked]
