"""Approximate search in a navigable small-world graph, by hnswlib."""

import json
import platform
import secrets
from pathlib import Path
from typing import Any, Self

import numpy as np

from engine.index.base import Ids, IndexUnavailableError, VectorIndex, Vectors
from engine.index.files import replacing
from engine.index.flat import FlatIndex

_HEADER = "hnsw.json"
_M = 16
_EF_CONSTRUCTION = 200
_EF = 128
_FIRST_CAPACITY = 1024
_REMOVED = -1


def _hnswlib() -> Any:
    """The package, or a reason why it cannot be used here."""
    # It is built for x86-64-v3 (scripts/install); on an older CPU it would end the process.
    on_linux = platform.system() == "Linux" and platform.machine() == "x86_64"
    if on_linux and "avx2" not in Path("/proc/cpuinfo").read_text():
        raise IndexUnavailableError("the hnsw index needs a CPU with AVX2; use backend 'flat'")
    try:
        import hnswlib
    except ImportError:
        raise IndexUnavailableError(
            "the hnsw index needs the package hnswlib, which is built with a C++ compiler: "
            "install g++ (Debian, Ubuntu: apt-get install g++), then run `make fast-index`"
        ) from None
    return hnswlib


class HnswIndex(VectorIndex):
    """An hnswlib graph of unit vectors under inner product.

    hnswlib's labels are counted up and never used twice: putting a removed label back while the
    slots of removed vectors are reused makes hnswlib lose it. `_ids[label]` is the caller's id.
    """

    backend = "hnsw"
    persistent = True

    def __init__(self, dim: int, ef: int = _EF) -> None:
        super().__init__(dim)
        self.ef = ef
        self._ids: Ids = np.zeros(0, dtype=np.int64)
        self._graph = _hnswlib().Index(space="ip", dim=dim)
        self._graph.init_index(
            max_elements=_FIRST_CAPACITY,
            M=_M,
            ef_construction=_EF_CONSTRUCTION,
            allow_replace_deleted=True,
        )

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add or replace; grows as needed."""
        ids, vectors = self._last_of_each(ids, vectors)
        if not len(ids):
            return
        self.remove(ids)
        self._reserve(len(ids))
        labels = np.arange(len(self._ids), len(self._ids) + len(ids))
        self._graph.add_items(vectors, labels, replace_deleted=True)
        self._ids = np.concatenate([self._ids, ids])

    def remove(self, ids: Ids) -> None:
        """Forget ids; their room is used again by later additions."""
        for label in np.flatnonzero(np.isin(self._ids, ids) & (self._ids != _REMOVED)):
            self._graph.mark_deleted(int(label))
            self._ids[label] = _REMOVED

    def search(self, queries: Vectors, k: int) -> tuple[Ids, Vectors]:
        """The best of the part of the graph that `ef` lets the search visit."""
        queries = self._checked(queries)
        live = len(self)
        k = max(0, min(k, live))
        if k == 0:
            shape = (len(queries), 0)
            return np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.float32)
        for effort in (max(self.ef, k), max(4 * self.ef, 4 * k), len(self._ids)):
            self._graph.set_ef(effort)
            try:
                labels, distances = self._graph.knn_query(queries, k=k)
            except RuntimeError:  # many removals can hide live vectors from a narrow search
                continue
            return self._ids[labels.astype(np.int64)], (1 - distances).astype(np.float32)
        return self._exact().search(queries, k)

    def save(self, folder: Path) -> None:
        """Write the graph; the header, replaced last, says which graph file counts."""
        folder.mkdir(parents=True, exist_ok=True)
        stem = f"hnsw-{secrets.token_hex(4)}"
        self._graph.save_index(str(folder / f"{stem}.bin"))
        np.save(folder / f"{stem}.npy", self._ids)
        with replacing(folder / _HEADER) as part:
            part.write_text(json.dumps({"dim": self.dim, "ef": self.ef, "files": stem}))
        for old in folder.glob("hnsw-*"):
            if old.stem != stem:
                old.unlink(missing_ok=True)

    @classmethod
    def load(cls, folder: Path, dim: int) -> Self:
        """Read the graph and the `ef` it was saved with."""
        header = json.loads((folder / _HEADER).read_text(encoding="utf-8"))
        if header["dim"] != dim:
            raise ValueError(f"{folder / _HEADER}: vectors of {header['dim']}, expected {dim}")
        index = cls(dim, ef=int(header["ef"]))
        index._ids = np.load(folder / f"{header['files']}.npy")
        file = folder / f"{header['files']}.bin"
        if not file.is_file():
            raise FileNotFoundError(file)
        index._graph = _hnswlib().Index(space="ip", dim=dim)
        try:
            index._graph.load_index(str(file), allow_replace_deleted=True)
        except RuntimeError as error:
            raise ValueError(f"{file}: damaged: {error}") from error
        return index

    def ids(self) -> Ids:
        """All ids."""
        return self._ids[self._ids != _REMOVED]

    def __len__(self) -> int:
        return int(np.count_nonzero(self._ids != _REMOVED))

    def _reserve(self, more: int) -> None:
        needed = self._graph.get_current_count() + more
        capacity = self._graph.get_max_elements()
        if needed > capacity:
            self._graph.resize_index(max(needed, 2 * capacity))

    def _exact(self) -> FlatIndex:
        labels = np.flatnonzero(self._ids != _REMOVED)
        exact = FlatIndex(self.dim)
        exact.add(self._ids[labels], np.asarray(self._graph.get_items(labels), dtype=np.float32))
        return exact
