"""`python -m benchmarks.index_process KIND FILE QUERIES COUNT FOLDER`: measures a kind of index.

A process of its own, so that its memory can be told from that of the others. Prints JSON.
"""

import ctypes
import gc
import json
import platform
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.timing import time_calls
from engine.index import BACKENDS, Projection, VectorIndex
from engine.index.exact import exact_neighbours, recall

DIM = 512
REDUCED = 128
TOP, CANDIDATES = 10, 100
TWO_STAGES = "hnsw, two stages"
PLAIN = "hnswlib, plain"
_CHUNK = 8192
_SAMPLE = 50_000

Store = npt.NDArray[np.float16]


class PlainHnsw:
    """hnswlib as its documentation shows it: all vectors in one call; 10 results, no rescoring."""

    def __init__(self, count: int) -> None:
        import hnswlib

        self._graph = hnswlib.Index(space="ip", dim=DIM)
        self._graph.init_index(max_elements=count, M=16, ef_construction=200)
        self._graph.set_num_threads(4)

    def add(self, ids: npt.NDArray[np.int64], vectors: npt.NDArray[np.float32]) -> None:
        """Add vectors."""
        self._graph.add_items(vectors, ids)

    def search(self, query: npt.NDArray[np.float32], k: int) -> npt.NDArray[np.int64]:
        """Labels of the best k."""
        self._graph.set_ef(128)
        return self._graph.knn_query(query, k=k)[0].astype(np.int64)[0]

    def save(self, folder: Path) -> None:
        """Write the graph."""
        folder.mkdir()
        self._graph.save_index(str(folder / "hnsw.bin"))


def measure(kind: str, file: Path, queries: Path, count: int, folder: Path) -> dict[str, Any]:
    """Build, save, and search for ten; recall against exact search of the same vectors.

    Args:
        kind: of `benchmarks.index_backends`.
        file: float16 rows.
        queries: an npz file with `texts`, `images`, and `fitting`, other texts.
        count: of rows.
        folder: to save the index in.
    """
    store: Store = np.memmap(file, dtype="<f2", mode="r", shape=(count, DIM))
    with np.load(queries) as stored:
        texts, images, fitting = stored["texts"], stored["images"], stored["fitting"]
    projection = None
    started = time.perf_counter()
    if kind == TWO_STAGES:
        stride = max(1, count // _SAMPLE)
        sample = np.asarray(store[::stride], dtype=np.float32)
        projection = Projection.fit(sample, REDUCED, fitting)
        del sample
    fitted = time.perf_counter() - started
    index: Any = _make(kind, count, np.asarray(store[:1], dtype=np.float32))
    before = _anonymous_megabytes()
    started = time.perf_counter()
    for first in range(0, count, _CHUNK):
        rows = np.asarray(store[first : first + _CHUNK], dtype=np.float32)
        ids = np.arange(first, first + len(rows), dtype=np.int64)
        index.add(ids, projection.images(rows) if projection else rows)
    del rows
    _search(index, kind, store, images[0], projection)  # some build at the first search
    built = time.perf_counter() - started + fitted
    memory = _anonymous_megabytes() - before
    index.save(folder / "index")
    disk = sum(one.stat().st_size for one in (folder / "index").rglob("*") if one.is_file()) / 1e6
    result: dict[str, Any] = {"kind": kind, "build_s": built, "ram_mb": memory, "disk_mb": disk}
    for name, some in (("image", images), ("text", texts)):
        result[name] = _searched(index, kind, store, some, projection)
    if isinstance(index, VectorIndex):
        result["effort"] = index.effort
        index.close()
    return result


def _make(kind: str, count: int, warm: npt.NDArray[np.float32]) -> Any:
    """An empty index; its package is loaded and used once, so that this is not counted."""
    if kind == PLAIN:
        return PlainHnsw(count)
    backend, dim = (BACKENDS["hnsw"], REDUCED) if kind == TWO_STAGES else (BACKENDS[kind], DIM)
    first = backend(dim)
    first.add(np.zeros(1, dtype=np.int64), warm[:, :dim])
    first.close()
    return backend(dim)


def _search(
    index: Any,
    kind: str,
    store: Store,
    query: npt.NDArray[np.float32],
    projection: Projection | None,
) -> npt.NDArray[np.int64]:
    """The best ten as the engine finds them: candidates, scored again from the stored vectors."""
    if kind == PLAIN:
        return index.search(query[None], TOP)
    if kind == "flat":
        return index.search(query[None], TOP)[0][0]
    probe = projection.queries(query[None]) if projection else query[None]
    candidates = np.sort(index.search(probe, CANDIDATES)[0][0])
    exact = np.asarray(store[candidates], dtype=np.float32) @ query
    return candidates[np.argsort(-exact)[:TOP]]


def _searched(
    index: Any,
    kind: str,
    store: Store,
    queries: npt.NDArray[np.float32],
    projection: Projection | None,
) -> dict[str, float]:
    def chunks() -> Any:
        for first in range(0, len(store), 65_536):
            rows = store[first : first + 65_536]
            yield np.arange(first, first + len(rows)), rows

    found: list[npt.NDArray[np.int64]] = []
    timing = time_calls(
        [lambda q=q: found.append(_search(index, kind, store, q, projection)) for q in queries]
    )
    truth = exact_neighbours(queries, chunks, TOP)
    recalls = recall(np.stack(found[-len(queries) :]), truth)
    return {"p50_ms": timing.p50, "p99_ms": timing.p99, "recall": float(recalls.mean())}


def _anonymous_megabytes() -> float:
    """What this process holds itself; files that are mapped, as the vectors are, do not count.

    Freed memory is given back first: an index that is built in it would seem to need none.
    """
    gc.collect()
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).malloc_trim(0)
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="utf-8").splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


if __name__ == "__main__":
    name, *paths, size, place = sys.argv[1:]
    print(json.dumps(measure(name, Path(paths[0]), Path(paths[1]), int(size), Path(place))))
