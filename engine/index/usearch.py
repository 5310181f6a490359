"""Approximate search in a navigable small-world graph, by USearch."""

import errno
import os
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from engine.index.base import Ids, IndexUnavailableError, Vectors
from engine.index.growing import GrowingIndex
from engine.index.sealed import seal, unseal
from engine.machine import physical_cores

_M = 16
_EF_CONSTRUCTION = 200
_CHUNK = 65_536
_MANY = 4096


def _usearch() -> Any:
    try:
        from usearch import index
    except ImportError:
        raise IndexUnavailableError(
            "the usearch index needs the package usearch: pip install -r requirements-backends.txt"
        ) from None
    return index


class UsearchIndex(GrowingIndex):
    """A USearch graph under inner product, of float32 or float16.

    USearch can remove, and gives the slot to the next vector; that leaves other vectors
    unreachable (USearch issues 399 and 445). So nothing is removed from it here.
    """

    backend = "usearch"
    is_narrow = True
    EFFORTS: ClassVar[tuple[int, ...]] = (32, 64, 128, 192, 256, 384, 512, 768, 1024)

    def __init__(self, dim: int, dtype: str = "f32", effort: int = 128) -> None:
        """Args:
        dim: width of the vectors.
        dtype: `f32`, or `f16` for half the memory.
        effort: candidates that a search keeps.
        """
        if dtype not in ("f32", "f16"):
            raise ValueError(f"usearch keeps vectors as f32 or f16, not as {dtype!r}")
        self._dtype = dtype
        self.effort = effort
        super().__init__(dim)

    def _start(self) -> None:
        self._graph = _usearch().Index(
            ndim=self.dim,
            metric="ip",
            dtype=self._dtype,
            connectivity=_M,
            expansion_add=_EF_CONSTRUCTION,
        )

    def _append(self, vectors: Vectors) -> None:
        # Vectors that are added at the same time do not see each other: among few, links are lost.
        alone = min(len(vectors), max(0, _MANY - len(self._graph)))
        self._append_with(vectors[:alone], threads=1)
        for first in range(alone, len(vectors), _CHUNK):
            self._append_with(vectors[first : first + _CHUNK], min(4, physical_cores()))

    def _append_with(self, vectors: Vectors, threads: int) -> None:
        if len(vectors):
            first = len(self._graph)
            labels = np.arange(first, first + len(vectors), dtype=np.uint64)
            self._graph.add(labels, vectors, copy=True, threads=threads)

    def _nearest(self, queries: Vectors, count: int) -> tuple[Ids, Vectors]:
        self._graph.expansion_search = max(self.effort, count)
        threads = min(4, physical_cores()) if len(queries) > 1 else 1
        found = self._graph.search(queries, count, threads=threads)
        labels = np.asarray(found.keys).astype(np.int64).reshape(len(queries), -1)
        distances = np.array(found.distances, dtype=np.float32).reshape(labels.shape)
        # Where a row is shorter than the others its end is undefined.
        counts = np.atleast_1d(getattr(found, "counts", labels.shape[1]))
        missing = np.arange(labels.shape[1]) >= counts[:, None]
        labels[missing], distances[missing] = -1, np.inf
        scores = 1 - distances
        if labels.shape[1] < count:
            width = ((0, 0), (0, count - labels.shape[1]))
            labels = np.pad(labels, width, constant_values=-1)
            scores = np.pad(scores, width)
        return labels, scores

    def _stored(self, labels: Ids) -> Vectors:
        return np.asarray(self._graph.get(labels.astype(np.uint64)), dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write graph and ids."""
        header = {"dim": self.dim, "dtype": self._dtype, "effort": self.effort}
        writers = {".usearch": self._write, ".npy": lambda file: np.save(file, self._ids)}
        seal(folder, self.backend, header, writers)

    @classmethod
    def load(cls, folder: Path, dim: int) -> Self:
        """Read graph and ids."""
        header, files = unseal(folder, cls.backend, dim)
        index = cls(dim, header["dtype"], header["effort"])
        index._ids = np.load(files[".npy"])
        index._graph.load(str(files[".usearch"]))
        return index

    def _write(self, file: Path) -> None:
        try:
            self._graph.save(str(file))
        except RuntimeError as error:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(file)) from error
        if file.stat().st_size < self._graph.serialized_length:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(file))
