"""Approximate search in a navigable small-world graph, by hnswlib."""

import errno
import hashlib
import json
import os
import platform
import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from filelock import FileLock, Timeout

from engine.files import replacing
from engine.index.base import Ids, IndexUnavailableError, VectorIndex, Vectors

_HEADER = "hnsw.json"
_LOCK = "hnsw.lock"
_M = 16
_EF_CONSTRUCTION = 200
_EFFORT = 128
_FIRST_CAPACITY = 1024
_GROWTH = 0.1
_REMOVED = -1
_PATIENCE = 60  # seconds that another process may take to save
_PIECE, _BLOCK = 8 * 2**20, 2**19
_CHUNK = 8192


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
    """An hnswlib graph under inner product.

    Removed vectors stay in the graph, unseen, as stepping stones; whoever holds the index builds a
    new one when `dead` has become too many. hnswlib could reuse their slots, but its update of a
    slot links worse than a new insertion. Measured with 100,000 vectors of 128 dimensions in 20
    rounds of replacing 5 %: with new slots, recall@10 of text-like queries at effort 128 and 384
    stayed at 0.92 and 0.98; with reuse it fell from 0.93 and 0.98 to 0.89 and 0.97 within ten
    rounds, some new vectors did not find themselves, and a round took four times as long.

    `effort` is hnswlib's `ef`: how many vectors a search keeps in view. hnswlib's labels are slots,
    counted up; `_ids[slot]` is the caller's id.

    `search` may be called from several threads at once, as long as none adds, removes or changes
    `effort`.
    """

    backend = "hnsw"
    persistent = True
    is_narrow = True
    EFFORTS: ClassVar[tuple[int, ...]] = (
        16, 32, 48, 64, 96, 128, 192, 256, 384, 448, 512, 640, 768, 1024,
    )  # fmt: skip

    def __init__(self, dim: int, effort: int = _EFFORT) -> None:
        super().__init__(dim)
        self.effort = effort
        self._clear()

    @property
    def dead(self) -> int:
        """Removed vectors that are still in the graph."""
        return len(self._ids) - self._count

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add or replace; grows as needed."""
        ids, vectors = self._last_of_each(ids, vectors)
        if not len(ids):
            return
        if self._count and ids.min() <= self._ids.max():
            self.remove(ids)
        self._append(ids, vectors)

    def remove(self, ids: Ids) -> None:
        """Forget ids; builds the graph anew when most of it has been removed."""
        slots = np.flatnonzero(np.isin(self._ids, ids) & (self._ids != _REMOVED))
        for slot in slots:
            self._graph.mark_deleted(int(slot))
        self._ids[slots] = _REMOVED
        self._count -= len(slots)
        if len(slots) and self.dead > self._count:
            self._rebuild()

    def search(self, queries: Vectors, k: int) -> tuple[Ids, Vectors]:
        """The best of the part of the graph that `effort` lets the search visit."""
        queries = self._checked(queries)
        k = max(0, min(k, self._count))
        if k == 0 or not len(queries):
            shape = (len(queries), k)
            return np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.float32)
        if self._graph.ef != self.effort:
            self._graph.set_ef(self.effort)
        try:
            threads = 1 if len(queries) == 1 else -1
            slots, distances = self._graph.knn_query(queries, k=k, num_threads=threads)
        except RuntimeError:  # fewer than k can be reached
            return self._exact(queries, k)
        return self._ids[slots.astype(np.int64)], (1 - distances).astype(np.float32)

    def save(self, folder: Path) -> None:
        """Write the graph; the header, replaced last, says which graph file counts.

        Raises:
            OSError: it cannot be written, or another process has been saving for a minute.
        """
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(folder / _LOCK, timeout=_PATIENCE):
                self._write(folder)
        except Timeout as error:
            raise TimeoutError(errno.ETIMEDOUT, "in use by another process", str(folder)) from error

    @classmethod
    def load(cls, folder: Path, dim: int) -> Self:
        """Read the graph and the effort it was saved with."""
        file = folder / _HEADER
        header = json.loads(file.read_text(encoding="utf-8"))
        try:
            stem, digests = str(header["files"]), list(header["digests"])
            width, effort = int(header["dim"]), int(header["effort"])
        except (KeyError, TypeError) as error:
            raise ValueError(f"{file}: damaged, or of another version") from error
        if width != dim:
            raise ValueError(f"{file}: vectors of {width}, expected {dim}")
        graph, ids = folder / f"{stem}.bin", folder / f"{stem}.npy"
        if [_digest(graph), _digest(ids)] != digests:  # hnswlib would crash on it
            raise ValueError(f"{graph}: damaged")
        index = cls(dim, effort)
        index._ids = np.load(ids)
        index._count = int(np.count_nonzero(index._ids != _REMOVED))
        index._graph = _hnswlib().Index(space="ip", dim=dim)
        try:
            index._graph.load_index(str(graph))
        except RuntimeError as error:  # another process has just replaced it
            raise OSError(errno.ENOENT, str(error), str(graph)) from error
        return index

    def ids(self) -> Ids:
        """All ids."""
        return self._ids[self._ids != _REMOVED]

    def __len__(self) -> int:
        return self._count

    def _clear(self) -> None:
        self._ids: Ids = np.zeros(0, dtype=np.int64)
        self._count = 0
        self._graph = _hnswlib().Index(space="ip", dim=self.dim)
        self._graph.init_index(max_elements=_FIRST_CAPACITY, M=_M, ef_construction=_EF_CONSTRUCTION)

    def _append(self, ids: Ids, vectors: Vectors) -> None:
        if not len(ids):
            return
        first, needed = len(self._ids), len(self._ids) + len(ids)
        capacity = self._graph.get_max_elements()
        if needed > capacity:  # by little: memory that is never used is still taken
            self._graph.resize_index(max(needed, int(capacity * (1 + _GROWTH))))
        self._graph.add_items(vectors, np.arange(first, needed))
        self._ids = np.concatenate([self._ids, ids])
        self._count += len(ids)

    def _rebuild(self) -> None:
        slots = np.flatnonzero(self._ids != _REMOVED)
        ids, vectors = self._ids[slots], self._vectors(slots)
        self._clear()
        self._append(ids, vectors)

    def _vectors(self, slots: Ids) -> Vectors:
        if not len(slots):
            return np.zeros((0, self.dim), dtype=np.float32)
        return np.asarray(self._graph.get_items(slots), dtype=np.float32)

    def _exact(self, queries: Vectors, k: int) -> tuple[Ids, Vectors]:
        """The true best, from the vectors in the graph."""
        slots = np.flatnonzero(self._ids != _REMOVED)
        scores = np.empty((len(queries), len(slots)), dtype=np.float32)
        for first in range(0, len(slots), _CHUNK):
            part = slice(first, first + _CHUNK)
            scores[:, part] = queries @ self._vectors(slots[part]).T
        best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        return self._ids[slots[best]], np.take_along_axis(scores, best, axis=1)

    def _write(self, folder: Path) -> None:
        stem = f"hnsw-{secrets.token_hex(4)}"
        graph, ids = folder / f"{stem}.bin", folder / f"{stem}.npy"
        try:
            self._graph.save_index(str(graph))
            if graph.stat().st_size != self._graph.index_file_size():  # hnswlib does not look
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(graph))
            np.save(ids, self._ids)
            header = {"dim": self.dim, "effort": self.effort, "files": stem}
            header["digests"] = [_digest(graph), _digest(ids)]
            with replacing(folder / _HEADER) as part:
                part.write_text(json.dumps(header))
        except BaseException:
            graph.unlink(missing_ok=True)
            ids.unlink(missing_ok=True)
            raise
        for old in folder.glob("hnsw-*"):
            if old.stem != stem:
                old.unlink(missing_ok=True)


def _digest(file: Path) -> str:
    """SHA-256 of the SHA-256 of each piece: several threads can work on one file."""
    pieces = range(0, file.stat().st_size, _PIECE)

    def of(first: int) -> bytes:
        digest, block = hashlib.sha256(), memoryview(bytearray(_BLOCK))
        with file.open("rb", buffering=0) as stream:
            stream.seek(first)
            for _ in range(_PIECE // _BLOCK):
                digest.update(block[: stream.readinto(block)])
        return digest.digest()

    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        return hashlib.sha256(b"".join(pool.map(of, pieces))).hexdigest()
