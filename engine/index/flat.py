"""Exact search: one matrix product. The yardstick of the other backends."""

from pathlib import Path
from typing import Self

import numpy as np

from engine.files import replacing
from engine.index.base import Ids, VectorIndex, Vectors
from engine.products import inner_products

_FILE = "flat.npz"


class FlatIndex(VectorIndex):
    """All vectors as float32 in memory; finds the true neighbours."""

    backend = "flat"

    def __init__(self, dim: int) -> None:
        super().__init__(dim)
        self._ids: Ids = np.zeros(0, dtype=np.int64)
        self._vectors: Vectors = np.zeros((0, dim), dtype=np.float32)

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add or replace."""
        ids, vectors = self._last_of_each(ids, vectors)
        self.remove(ids)
        self._ids = np.concatenate([self._ids, ids])
        self._vectors = np.concatenate([self._vectors, vectors])

    def remove(self, ids: Ids) -> None:
        """Forget ids."""
        stays = ~np.isin(self._ids, ids)
        if not stays.all():
            self._ids, self._vectors = self._ids[stays], self._vectors[stays]

    def search(self, queries: Vectors, k: int) -> tuple[Ids, Vectors]:
        """The true best."""
        scores = inner_products(self._vectors, self._checked(queries)).T
        k = max(0, min(k, len(self._ids)))
        if k < len(self._ids):
            best = np.argpartition(-scores, k, axis=1)[:, :k]
        else:
            best = np.broadcast_to(np.arange(k), (len(scores), k))
        found = np.take_along_axis(scores, best, axis=1)
        order = np.argsort(-found, axis=1, kind="stable")
        return (
            self._ids[np.take_along_axis(best, order, axis=1)],
            np.take_along_axis(found, order, axis=1),
        )

    def save(self, folder: Path) -> None:
        """Write ids and vectors."""
        with replacing(folder / _FILE) as part, part.open("wb") as stream:
            np.savez(stream, ids=self._ids, vectors=self._vectors.astype(np.float16))

    @classmethod
    def load(cls, folder: Path, dim: int) -> Self:
        """Read ids and vectors."""
        with np.load(folder / _FILE) as stored:
            index = cls(dim)
            index._ids = stored["ids"]
            index._vectors = index._checked(stored["vectors"])
        return index

    def ids(self) -> Ids:
        """All ids."""
        return self._ids.copy()
