"""Approximate search by Faiss: a navigable small-world graph, or compressed inverted lists."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from engine.index.base import Ids, IndexUnavailableError, VectorIndex, Vectors
from engine.index.flat import FlatIndex
from engine.index.growing import GrowingIndex
from engine.index.sealed import seal, unseal
from engine.machine import physical_cores

_M = 16
_EF_CONSTRUCTION = 200
_LISTS = 1024
_LEAST_IN_A_LIST = 39  # below that Faiss calls the training unreliable
_CHUNK = 65_536
_MANY = 4096


def _faiss() -> Any:
    try:
        import faiss
    except ImportError:
        raise IndexUnavailableError(
            "the faiss indexes need the package faiss-cpu: pip install -r requirements-backends.txt"
        ) from None
    return faiss


def _use_threads(vectors: Vectors) -> None:
    """OpenMP's threads spin while they wait: for little work one thread is quicker."""
    threads = min(4, physical_cores()) if len(vectors) >= _MANY else 1
    _faiss().omp_set_num_threads(threads)


class FaissIndex(GrowingIndex):
    """Faiss' graph of full float32 vectors under inner product.

    Of equal vectors, where there are more than about 25, it does not find all.
    """

    backend = "faiss"
    is_narrow = True
    EFFORTS: ClassVar[tuple[int, ...]] = (32, 64, 128, 192, 256, 384, 512, 768, 1024)

    def __init__(self, dim: int, effort: int = 128) -> None:
        self.effort = effort
        super().__init__(dim)

    def _start(self) -> None:
        faiss = _faiss()
        self._graph = faiss.IndexHNSWFlat(self.dim, _M, faiss.METRIC_INNER_PRODUCT)
        self._graph.hnsw.efConstruction = _EF_CONSTRUCTION
        self._graph.keep_max_size_level0 = True  # loses fewer of many equal vectors

    def _append(self, vectors: Vectors) -> None:
        _use_threads(vectors)
        for first in range(0, len(vectors), _CHUNK):
            self._graph.add(vectors[first : first + _CHUNK])

    def _nearest(self, queries: Vectors, count: int) -> tuple[Ids, Vectors]:
        _use_threads(queries)
        self._graph.hnsw.efSearch = max(self.effort, count)
        scores, labels = self._graph.search(queries, count)
        return labels, scores

    def _stored(self, labels: Ids) -> Vectors:
        return np.asarray(self._graph.reconstruct_batch(labels), dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write graph and ids."""
        writers = {
            ".faiss": _writer(self._graph),
            ".npy": lambda file: np.save(file, self._ids),
        }
        seal(folder, self.backend, {"dim": self.dim, "effort": self.effort}, writers)

    @classmethod
    def load(cls, folder: Path, dim: int) -> Self:
        """Read graph and ids."""
        header, files = unseal(folder, cls.backend, dim)
        index = cls(dim, header["effort"])
        index._ids = np.load(files[".npy"])
        index._graph = _faiss().read_index(str(files[".faiss"]))
        return index


class FaissIvfPqIndex(VectorIndex):
    """Faiss' inverted lists of product-quantized vectors: a byte for each four dimensions.

    The lists and the codes are learned from the first vectors, once there are enough of them;
    until then the search is exact. Scores are those of the compressed vectors.

    Jegou, Douze, Schmid (2011), Product quantization for nearest neighbor search.
    """

    backend = "faiss-ivfpq"
    persistent = True
    EFFORTS: ClassVar[tuple[int, ...]] = (4, 8, 16, 32, 64, 128, 256)

    def __init__(self, dim: int, effort: int = 32, lists: int = _LISTS) -> None:
        """Args:
        dim: width of the vectors.
        effort: how many lists a search reads.
        lists: how many there are; the training begins with 39 vectors for each.
        """
        super().__init__(dim)
        self.effort, self._lists = effort, lists
        _faiss()
        self._first: FlatIndex | None = FlatIndex(dim)
        self._trained: Any = None
        self._ids: Ids = np.zeros(0, dtype=np.int64)  # of `_trained`

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add or replace; trains when there are enough."""
        ids, vectors = self._last_of_each(ids, vectors)
        if not len(ids):
            return
        if self._first is not None:
            self._first.add(ids, vectors)
            if len(self._first) >= _LEAST_IN_A_LIST * self._lists:
                self._train()
            return
        self.remove(ids)
        self._append(ids, vectors)

    def remove(self, ids: Ids) -> None:
        """Forget ids; their room is given back."""
        if self._first is not None:
            self._first.remove(ids)
            return
        gone = np.isin(self._ids, ids)
        if gone.any():
            self._trained.remove_ids(_faiss().IDSelectorBatch(self._ids[gone]))
            self._ids = self._ids[~gone]

    def search(self, queries: Vectors, k: int) -> tuple[Ids, Vectors]:
        """The best of the lists that `effort` lets the search read."""
        queries = self._checked(queries)
        if self._first is not None:
            return self._first.search(queries, k)
        k = max(0, min(k, len(self._ids)))
        if k == 0 or len(queries) == 0:
            return np.zeros((len(queries), k), np.int64), np.zeros((len(queries), k), np.float32)
        _use_threads(queries)
        lists = min(self.effort, self._lists)
        while True:
            self._trained.nprobe = lists
            scores, ids = self._trained.search(queries, k)
            if lists == self._lists or (ids >= 0).all():  # Faiss says -1 for "no more"
                return ids, scores
            lists = min(4 * lists, self._lists)

    def save(self, folder: Path) -> None:
        """Write lists and codes, or the vectors that came so far."""
        header = {"dim": self.dim, "effort": self.effort, "lists": self._lists}
        writers: dict[str, Callable[[Path], None]]
        if self._first is None:
            writers = {
                ".faiss": _writer(self._trained),
                ".npy": lambda file: np.save(file, self._ids),
            }
        else:
            writers = {".npz": self._first.write}
        seal(folder, self.backend, header, writers)

    @classmethod
    def load(cls, folder: Path, dim: int) -> Self:
        """Read what `save` wrote."""
        header, files = unseal(folder, cls.backend, dim)
        index = cls(dim, header["effort"], header["lists"])
        if ".npz" in files:
            index._first = FlatIndex.read(files[".npz"], dim)
        else:
            index._first = None
            index._trained = _faiss().read_index(str(files[".faiss"]))
            index._ids = np.load(files[".npy"])
        return index

    def ids(self) -> Ids:
        """All ids."""
        return self._first.ids() if self._first is not None else self._ids.copy()

    def __len__(self) -> int:
        return len(self._first) if self._first is not None else len(self._ids)

    def _train(self) -> None:
        assert self._first is not None
        faiss = _faiss()
        ids, vectors = self._first.all()
        _use_threads(vectors)
        codes = next(self.dim // width for width in (4, 2, 1) if self.dim % width == 0)
        factory = f"IVF{self._lists},PQ{codes}x8"
        self._trained = faiss.index_factory(self.dim, factory, faiss.METRIC_INNER_PRODUCT)
        self._trained.do_polysemous_training = False  # of no use here, and takes minutes
        self._trained.pq.cp.niter = 10  # more than twice as quick as with 25
        self._trained.train(vectors)
        self._first = None
        self._append(ids, vectors)

    def _append(self, ids: Ids, vectors: Vectors) -> None:
        _use_threads(vectors)
        for first in range(0, len(vectors), _CHUNK):
            chunk = slice(first, first + _CHUNK)
            self._trained.add_with_ids(vectors[chunk], ids[chunk])
        self._ids = np.concatenate([self._ids, ids])


def _writer(index: Any) -> Callable[[Path], None]:
    """Writes through a file of Python's: Faiss' own passes over an error at the file's end."""

    def write(file: Path) -> None:
        faiss = _faiss()
        failed: list[OSError] = []
        with file.open("wb") as stream:

            def put(block: bytes) -> None:
                if not failed:
                    try:
                        stream.write(block)
                    except OSError as error:  # may not pass through Faiss' own code
                        failed.append(error)

            faiss.write_index(index, faiss.PyCallbackIOWriter(put))
            if failed:
                raise failed[0]

    return write
