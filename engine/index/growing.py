"""What structures have in common that take in vectors but cannot let go of them."""

from abc import abstractmethod

import numpy as np

from engine.index.base import Ids, VectorIndex, Vectors
from engine.index.flat import FlatIndex

REMOVED = -1
"""In place of the id of a removed vector."""


class GrowingIndex(VectorIndex):
    """Keeps the ids; a backend keeps vectors, labelled from 0 in the order they were added.

    Removed vectors stay in the structure and are left out of what a search finds. When they
    outnumber the others the structure is built anew.
    """

    persistent = True

    def __init__(self, dim: int) -> None:
        super().__init__(dim)
        self._ids: Ids = np.zeros(0, dtype=np.int64)  # by label
        self._start()

    @abstractmethod
    def _start(self) -> None:
        """Begin an empty structure."""

    @abstractmethod
    def _append(self, vectors: Vectors) -> None:
        """Add vectors under the next labels."""

    @abstractmethod
    def _nearest(self, queries: Vectors, count: int) -> tuple[Ids, Vectors]:
        """Labels and inner products [m, count], best first; label -1 where nothing was found."""

    @abstractmethod
    def _stored(self, labels: Ids) -> Vectors:
        """The vectors of labels."""

    @property
    def dead(self) -> int:
        """Removed vectors that are still in the structure."""
        return int(np.count_nonzero(self._ids == REMOVED))

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add or replace."""
        ids, vectors = self._last_of_each(ids, vectors)
        if len(ids):
            self.remove(ids)
            self._append(vectors)
            self._ids = np.concatenate([self._ids, ids])

    def remove(self, ids: Ids) -> None:
        """Forget ids; builds the structure anew when most of it has been removed."""
        labels = np.flatnonzero(np.isin(self._ids, ids) & (self._ids != REMOVED))
        self._ids[labels] = REMOVED
        if len(labels) and 2 * self.dead > len(self._ids):
            stays, vectors = self._live()
            self._start()
            self._ids = stays
            if len(stays):
                self._append(vectors)

    def search(self, queries: Vectors, k: int) -> tuple[Ids, Vectors]:
        """The best of the part that `effort` lets the search visit."""
        queries = self._checked(queries)
        k = max(0, min(k, len(self)))
        if k == 0 or len(queries) == 0:
            return np.zeros((len(queries), k), np.int64), np.zeros((len(queries), k), np.float32)
        count = min(len(self._ids), k + min(self.dead, k))
        while True:
            labels, scores = self._nearest(queries, count)
            ids = np.where(labels < 0, REMOVED, self._ids[labels])
            lives = ids != REMOVED
            if lives.sum(axis=1).min() >= k:
                order = np.argsort(~lives, axis=1, kind="stable")[:, :k]
                return (
                    np.take_along_axis(ids, order, axis=1),
                    np.take_along_axis(scores, order, axis=1).astype(np.float32, copy=False),
                )
            if count == len(self._ids):
                break
            count = min(4 * count, len(self._ids))  # many removals hide the live ones
        exact = FlatIndex(self.dim)
        exact.add(*self._live())
        return exact.search(queries, k)

    def ids(self) -> Ids:
        """All ids."""
        return self._ids[self._ids != REMOVED]

    def __len__(self) -> int:
        return len(self._ids) - self.dead

    def _live(self) -> tuple[Ids, Vectors]:
        """Ids that were not removed, and their vectors."""
        labels = np.flatnonzero(self._ids != REMOVED)
        if not len(labels):
            return self._ids[labels], np.zeros((0, self.dim), dtype=np.float32)
        return self._ids[labels], np.asarray(self._stored(labels), dtype=np.float32)
