"""`LibraryView`: the library's images as the searches of this process see them."""

import threading

import numpy as np
import numpy.typing as npt

from engine.index import IndexMirror
from engine.library import Library
from engine.query.statistics import SAMPLE, LibraryStatistics, Vector

_RESAMPLE_AFTER = 0.1  # share of images that came or went since the last sample


class LibraryView:
    """Ids, vectors, statistics and index of one moment; follows changes of other processes.

    Safe to use from several threads.
    """

    def __init__(self, library: Library, index: IndexMirror) -> None:
        self._library, self._index = library, index
        self._lock = threading.Lock()
        self._generation = -1
        self._ids: npt.NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self._rows: npt.NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self._sampled_rows: npt.NDArray[np.int64] = self._rows
        self._statistics = LibraryStatistics.of(self._library.vectors.read(self._rows))

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def statistics(self) -> LibraryStatistics:
        """Spread of the library's vectors."""
        return self._statistics

    def refresh(self) -> None:
        """Take in what has changed since the last call; costs next to nothing if nothing has."""
        with self._lock:
            if self._library.catalogue.generation() == self._generation:
                return
            generation, ids, rows = self._library.catalogue.vector_rows()
            self._index.refresh(ids, rows, self._library.vectors.read)
            self._ids, self._rows, self._generation = ids, rows, generation
            self._resample()

    def nearest(self, probes: Vector, k: int) -> npt.NDArray[np.int64]:
        """Ids of the best `k` images of each probe, unit rows [m, dim]; each id once."""
        with self._lock:
            ids, _ = self._index.search(probes, k)
        return np.unique(ids)

    def vectors(self, ids: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], Vector]:
        """Those of `ids` that are in the library, and their stored vectors, float32 [n, dim]."""
        all_ids, rows = self._ids, self._rows
        if not len(all_ids) or not len(ids):
            return np.zeros(0, dtype=np.int64), self._library.vectors.read(rows[:0])
        places = np.minimum(np.searchsorted(all_ids, ids), len(all_ids) - 1)
        there = all_ids[places] == ids
        return ids[there], self._library.vectors.read(rows[places[there]])

    def vector(self, image_id: int) -> Vector | None:
        """Stored vector of an image, float32 [dim], or None."""
        _, found = self.vectors(np.array([image_id], dtype=np.int64))
        return found[0] if len(found) else None

    def save_index(self) -> None:
        """Keep the index on disk for the next start."""
        with self._lock:
            self._index.save()

    def _resample(self) -> None:
        same = len(np.intersect1d(self._sampled_rows, self._rows))
        changed = len(self._sampled_rows) + len(self._rows) - 2 * same
        if len(self._sampled_rows) and changed <= _RESAMPLE_AFTER * len(self._sampled_rows):
            return
        self._sampled_rows = self._rows
        rows = self._rows
        if len(rows) > SAMPLE:
            chosen = np.random.default_rng(0).choice(len(rows), SAMPLE, replace=False)
            rows = rows[np.sort(chosen)]
        self._statistics = LibraryStatistics.of(self._library.vectors.read(rows))
