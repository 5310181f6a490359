"""Approximate search in a navigable small-world graph, by hnswlib."""

import errno
import hashlib
import json
import os
import platform
import secrets
from pathlib import Path
from typing import Any, Self

import numpy as np

from engine.files import replacing
from engine.index.base import Ids, IndexUnavailableError, VectorIndex, Vectors
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

    Removed vectors stay in the graph, unseen, as stepping stones, until they outnumber the others;
    then the graph is built anew. hnswlib could reuse their slots, but that makes some of the
    others unreachable: measured, 25 of 20,000 after a fifth had been replaced.

    hnswlib's labels are counted up. `_ids[label]` is the caller's id.
    """

    backend = "hnsw"
    persistent = True

    def __init__(self, dim: int, ef: int = _EF) -> None:
        super().__init__(dim)
        self.ef = ef
        self._clear()

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add or replace; grows as needed."""
        ids, vectors = self._last_of_each(ids, vectors)
        if not len(ids):
            return
        self.remove(ids)
        self._append(ids, vectors)

    def remove(self, ids: Ids) -> None:
        """Forget ids; builds the graph anew when most of it has been removed."""
        labels = np.flatnonzero(np.isin(self._ids, ids) & (self._ids != _REMOVED))
        for label in labels:
            self._graph.mark_deleted(int(label))
        self._ids[labels] = _REMOVED
        if len(labels) and len(self._ids) > 2 * len(self):
            stays, vectors = self._live()
            self._clear()
            self._append(stays, vectors)

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
        exact = FlatIndex(self.dim)
        exact.add(*self._live())
        return exact.search(queries, k)

    def save(self, folder: Path) -> None:
        """Write the graph; the header, replaced last, says which graph file counts."""
        folder.mkdir(parents=True, exist_ok=True)
        stem = f"hnsw-{secrets.token_hex(4)}"
        graph, ids = folder / f"{stem}.bin", folder / f"{stem}.npy"
        try:
            self._graph.save_index(str(graph))
            if graph.stat().st_size != self._graph.index_file_size():  # hnswlib does not look
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(graph))
            np.save(ids, self._ids)
            header = {"dim": self.dim, "ef": self.ef, "files": stem}
            header["sha256"] = [_digest(graph), _digest(ids)]
            with replacing(folder / _HEADER) as part:
                part.write_text(json.dumps(header))
        except BaseException:
            graph.unlink(missing_ok=True)
            ids.unlink(missing_ok=True)
            raise
        for old in folder.glob("hnsw-*"):
            if old.stem != stem:
                old.unlink(missing_ok=True)

    @classmethod
    def load(cls, folder: Path, dim: int) -> Self:
        """Read the graph and the `ef` it was saved with."""
        header = json.loads((folder / _HEADER).read_text(encoding="utf-8"))
        if header["dim"] != dim:
            raise ValueError(f"{folder / _HEADER}: vectors of {header['dim']}, expected {dim}")
        graph, ids = folder / f"{header['files']}.bin", folder / f"{header['files']}.npy"
        if [_digest(graph), _digest(ids)] != header["sha256"]:  # hnswlib would crash on it
            raise ValueError(f"{graph}: damaged")
        index = cls(dim, ef=int(header["ef"]))
        index._ids = np.load(ids)
        index._graph = _hnswlib().Index(space="ip", dim=dim)
        index._graph.load_index(str(graph))
        return index

    def ids(self) -> Ids:
        """All ids."""
        return self._ids[self._ids != _REMOVED]

    def __len__(self) -> int:
        return int(np.count_nonzero(self._ids != _REMOVED))

    def _clear(self) -> None:
        self._ids: Ids = np.zeros(0, dtype=np.int64)
        self._graph = _hnswlib().Index(space="ip", dim=self.dim)
        self._graph.init_index(max_elements=_FIRST_CAPACITY, M=_M, ef_construction=_EF_CONSTRUCTION)

    def _append(self, ids: Ids, vectors: Vectors) -> None:
        if not len(ids):
            return
        needed, capacity = len(self._ids) + len(ids), self._graph.get_max_elements()
        if needed > capacity:
            self._graph.resize_index(max(needed, 2 * capacity))
        self._graph.add_items(vectors, np.arange(len(self._ids), needed))
        self._ids = np.concatenate([self._ids, ids])

    def _live(self) -> tuple[Ids, Vectors]:
        """Ids that were not removed, and their vectors."""
        labels = np.flatnonzero(self._ids != _REMOVED)
        vectors = self._graph.get_items(labels) if len(labels) else np.zeros((0, self.dim))
        return self._ids[labels], np.asarray(vectors, dtype=np.float32)


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
