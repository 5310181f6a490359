"""The nearest neighbours of every vector among all the others, by a graph made for that alone."""

from collections.abc import Callable

import numpy as np

from engine.index.base import Ids, Vectors
from engine.index.hnsw import hnswlib_module

_M = 12
_EF_CONSTRUCTION = 80
_EFFORT = 64
"""Coarser than an index: of 50,000 vectors it finds 98.7 % of the 15 nearest."""

_CHUNK = 2_048


def all_neighbours(
    vectors: Vectors, k: int, tell: Callable[[int, int], None]
) -> tuple[Ids, Vectors]:
    """The same on every run, as one thread alone links the graph.

    Args:
        vectors: unit rows [n, dim].
        k: how many neighbours of each; a vector is one of its own.
        tell: called with how many vectors of how many are in the graph.

    Returns:
        Their places, int64 [n, k], the nearest first, and cosine distances, float32 [n, k].

    Raises:
        IndexUnavailableError: hnswlib is not installed, or the CPU is too old for it.
    """
    graph = hnswlib_module().Index(space="ip", dim=vectors.shape[1])
    graph.init_index(max_elements=len(vectors), M=_M, ef_construction=_EF_CONSTRUCTION)
    for first in range(0, len(vectors), _CHUNK):
        graph.add_items(vectors[first : first + _CHUNK], num_threads=1)
        tell(min(first + _CHUNK, len(vectors)), len(vectors))
    graph.set_ef(max(_EFFORT, 2 * k))
    found, far = graph.knn_query(vectors, k=k)
    return found.astype(np.int64), far
