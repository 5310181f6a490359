"""Approximate search in a forest of random projection trees, by Annoy."""

from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from engine.index.base import Ids, IndexUnavailableError, VectorIndex, Vectors
from engine.index.flat import FlatIndex
from engine.index.growing import REMOVED
from engine.index.sealed import seal, unseal
from engine.machine import physical_cores

_TREES = 32
_OUTGROWN = 0.2
_LEAST_CHANGES = 1000


def _annoy() -> Any:
    try:
        import annoy
    except ImportError:
        raise IndexUnavailableError(
            "the annoy index needs the package annoy, which is built with a C++ compiler: install "
            "g++ (Debian, Ubuntu: apt-get install g++), then pip install -r "
            "requirements-backends.txt"
        ) from None
    return annoy


class AnnoyIndex(VectorIndex):
    """Annoy's trees, which cannot be changed once they are grown.

    New vectors are kept beside and searched exactly, removed ones are left out of what the trees
    give; when there are many of both, the next search or save grows the trees anew.
    """

    backend = "annoy"
    persistent = True
    EFFORTS: ClassVar[tuple[int, ...]] = (1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)

    def __init__(self, dim: int, effort: int = 10_000) -> None:
        """Args:
        dim: width of the vectors.
        effort: how many vectors of the trees' leaves a search compares.
        """
        super().__init__(dim)
        self.effort = effort
        self._trees = _annoy().AnnoyIndex(dim, "dot")
        self._ids: Ids = np.zeros(0, dtype=np.int64)  # by the trees' item number
        self._beside = FlatIndex(dim)

    @property
    def dead(self) -> int:
        """Removed vectors that are still in the trees."""
        return int(np.count_nonzero(self._ids == REMOVED))

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add or replace."""
        ids, vectors = self._last_of_each(ids, vectors)
        if len(ids):
            self.remove(ids)
            self._beside.add(ids, vectors)

    def remove(self, ids: Ids) -> None:
        """Forget ids."""
        self._beside.remove(ids)
        self._ids[np.isin(self._ids, ids)] = REMOVED

    def search(self, queries: Vectors, k: int) -> tuple[Ids, Vectors]:
        """The best of the leaves that `effort` lets the search visit, and of what is beside."""
        queries = self._checked(queries)
        self._grow_if_outgrown()
        k = max(0, min(k, len(self)))
        ids = np.zeros((len(queries), k), dtype=np.int64)
        scores = np.zeros((len(queries), k), dtype=np.float32)
        beside_ids, beside_scores = self._beside.search(queries, k)
        for row, query in enumerate(queries):
            found_ids, found_scores = self._in_trees(query, min(k, len(self) - len(self._beside)))
            all_ids = np.concatenate([found_ids, beside_ids[row]])
            all_scores = np.concatenate([found_scores, beside_scores[row]])
            order = np.argsort(-all_scores, kind="stable")[:k]
            ids[row], scores[row] = all_ids[order], all_scores[order]
        return ids, scores

    def save(self, folder: Path) -> None:
        """Write trees, ids, and what is beside."""
        self._grow_if_outgrown()
        writers = {".npy": lambda file: np.save(file, self._ids), ".npz": self._beside.write}
        if len(self._ids):
            writers[".annoy"] = lambda file: self._trees.save(str(file))
        seal(folder, self.backend, {"dim": self.dim, "effort": self.effort}, writers)

    @classmethod
    def load(cls, folder: Path, dim: int) -> Self:
        """Map the trees, and read the rest."""
        header, files = unseal(folder, cls.backend, dim)
        index = cls(dim, header["effort"])
        index._ids = np.load(files[".npy"])
        index._beside = FlatIndex.read(files[".npz"], dim)
        if ".annoy" in files:
            index._trees.load(str(files[".annoy"]))
        return index

    def ids(self) -> Ids:
        """All ids."""
        return np.concatenate([self._ids[self._ids != REMOVED], self._beside.ids()])

    def __len__(self) -> int:
        return len(self._ids) - self.dead + len(self._beside)

    def _in_trees(self, query: Vectors, k: int) -> tuple[Ids, Vectors]:
        """The best k that are in the trees and not removed, best first."""
        count = min(len(self._ids), k + min(self.dead, k))
        while k > 0:
            whole = count == len(self._ids)
            effort = len(self._ids) * _TREES if whole else max(self.effort, count)
            items, scores = self._trees.get_nns_by_vector(query, count, effort, True)
            ids = self._ids[np.array(items, dtype=np.int64)]
            lives = np.flatnonzero(ids != REMOVED)[:k]
            if len(lives) == k:
                return ids[lives], np.array(scores, dtype=np.float32)[lives]
            if whole:  # some items are in no leaf that the search reaches
                exact = FlatIndex(self.dim)
                exact.add(*self._live())
                best, values = exact.search(query[None], k)
                return best[0], values[0]
            count = min(4 * count, len(self._ids))
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)

    def _grow_if_outgrown(self) -> None:
        changes = len(self._beside) + self.dead
        if changes <= max(_LEAST_CHANGES, _OUTGROWN * len(self._ids)):
            return
        ids, vectors = self._live()
        new_ids, new_vectors = self._beside.all()
        trees = _annoy().AnnoyIndex(self.dim, "dot")
        trees.set_seed(1)
        for item, vector in enumerate(vectors):
            trees.add_item(item, vector)
        for item, vector in enumerate(new_vectors, start=len(vectors)):
            trees.add_item(item, vector)
        if len(ids) + len(new_ids):
            trees.build(_TREES, min(4, physical_cores()))
        self._trees, self._ids = trees, np.concatenate([ids, new_ids])
        self._beside = FlatIndex(self.dim)

    def _live(self) -> tuple[Ids, Vectors]:
        """Ids in the trees that were not removed, and their vectors."""
        items = np.flatnonzero(self._ids != REMOVED)
        vectors = np.zeros((len(items), self.dim), dtype=np.float32)
        for row, item in enumerate(items.tolist()):
            vectors[row] = self._trees.get_item_vector(item)
        return self._ids[items], vectors
