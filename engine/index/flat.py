"""Exact search: one matrix product. The yardstick of the other backends."""

import zipfile
import zlib
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
        self._new: list[tuple[Ids, Vectors]] = []  # joined when needed: many small adds stay cheap

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add or replace."""
        ids, vectors = self._last_of_each(ids, vectors)
        self.remove(ids)
        self._new.append((ids, vectors.copy()))

    def remove(self, ids: Ids) -> None:
        """Forget ids."""
        stays = ~np.isin(self._ids, ids)
        if not stays.all():
            self._ids, self._vectors = self._ids[stays], self._vectors[stays]
        for place, (some, vectors) in enumerate(self._new):
            stays = ~np.isin(some, ids)
            if not stays.all():
                self._new[place] = some[stays], vectors[stays]

    def search(self, queries: Vectors, k: int) -> tuple[Ids, Vectors]:
        """The true best."""
        ids, vectors = self.all()
        scores = inner_products(vectors, self._checked(queries)).T
        k = max(0, min(k, len(ids)))
        if k < len(ids):
            best = np.argpartition(-scores, k, axis=1)[:, :k]
        else:
            best = np.broadcast_to(np.arange(k), (len(scores), k))
        found = np.take_along_axis(scores, best, axis=1)
        order = np.argsort(-found, axis=1, kind="stable")
        return (
            ids[np.take_along_axis(best, order, axis=1)],
            np.take_along_axis(found, order, axis=1),
        )

    def save(self, folder: Path) -> None:
        """Write ids and vectors, these as float16."""
        with replacing(folder / _FILE) as part, part.open("wb") as stream:
            ids, vectors = self.all()
            np.savez(stream, ids=ids, vectors=vectors.astype(np.float16))

    @classmethod
    def load(cls, folder: Path, dim: int) -> Self:
        """Read ids and vectors."""
        return cls.read(folder / _FILE, dim)

    def write(self, file: Path) -> None:
        """Write ids and vectors as they are."""
        with file.open("wb") as stream:
            np.savez(stream, ids=self.all()[0], vectors=self.all()[1])

    @classmethod
    def read(cls, file: Path, dim: int) -> Self:
        """Read what `write` wrote."""
        try:
            with np.load(file) as stored:
                index = cls(dim)
                index._ids = stored["ids"]
                index._vectors = index._checked(stored["vectors"])
        except FileNotFoundError:
            raise
        except (EOFError, KeyError, zipfile.BadZipFile, zlib.error) as error:
            raise ValueError(f"{file}: damaged") from error
        if index._ids.shape != (len(index._vectors),):
            raise ValueError(f"{file}: damaged")
        return index

    def all(self) -> tuple[Ids, Vectors]:
        """All ids and their vectors; not to be changed."""
        if self._new:
            self._ids = np.concatenate([self._ids, *(ids for ids, _ in self._new)])
            self._vectors = np.concatenate([self._vectors, *(rows for _, rows in self._new)])
            self._new = []
        return self._ids, self._vectors

    def ids(self) -> Ids:
        """All ids."""
        return self.all()[0].copy()

    def __len__(self) -> int:
        return len(self._ids) + sum(len(ids) for ids, _ in self._new)
