"""`LibraryView`: the library's images as the searches of this process see them."""

import logging
import threading
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from engine.index import IdTable, IndexMirror
from engine.library import Changes, Head, Library, StoreGoneError, VectorStore
from engine.library.store.vector_health import unusable
from engine.query.scores.statistics import SAMPLE, LibraryStatistics, Vector

_log = logging.getLogger(__name__)

_RESAMPLE_AFTER = 0.1  # share of images that came or went since the last sample
_CHUNK = 8_192

Ids = npt.NDArray[np.int64]


class LibraryView:
    """Ids, vectors, statistics and index of one moment; follows changes of other processes.

    Safe to use from several threads.
    """

    def __init__(self, library: Library, index: IndexMirror) -> None:
        self._library, self._index = library, index
        self._lock = threading.Lock()
        self._has_warned = False
        self._head: Head | None = None
        # Together, as the rows are those of this store.
        self._held: tuple[IdTable, VectorStore] = (IdTable(), library.vectors)
        self._changed = 0  # images that came or went since the sample was taken
        self._sampled = 0
        self._statistics = LibraryStatistics.of(self.sample(SAMPLE)[1])

    def __len__(self) -> int:
        return len(self._rows())

    @property
    def pending(self) -> int:
        """Images that the index does not hold yet; they are compared one by one."""
        return self._index.pending

    @property
    def statistics(self) -> LibraryStatistics:
        """Spread of the library's vectors."""
        return self._statistics

    def refresh(self) -> None:
        """Take in what has changed since the last call; costs next to nothing if nothing has.

        Raises:
            ModelChangedError: the library has been taken over to another model.
            LibraryError: vectors are missing.
        """
        with self._lock:
            while self._library.changes.head() != self._head:
                changes = self._changes()
                self._library.require_model(changes.head.model)
                try:
                    self._take_in(changes)
                except StoreGoneError:
                    if self._library.changes.head().vectors == changes.head.vectors:
                        raise
                    continue  # compacted since: once more, with the store that is there now
                self._resample(len(changes.ids) + len(changes.removed))
                return

    @property
    def generation(self) -> int:
        """The moment that this is a view of."""
        return self._head.generation if self._head else -1

    def ids(self) -> Ids:
        """All ids, ascending, int64 [n]."""
        return self._rows().ids

    def nearest(self, probes: Vector, k: int) -> Ids:
        """Ids among which the best `k` images of each probe are, unit rows [m, dim]."""
        return self._index.candidates(probes, k)

    def vectors(self, ids: Ids) -> tuple[Ids, Vector]:
        """Those of `ids` that are in the library, and their stored vectors, float32 [n, dim]."""
        rows, store = self._held
        places, there = rows.places(ids)
        return ids[there], self._read(store, rows.values[places[there]])

    def vector(self, image_id: int) -> Vector | None:
        """Stored vector of an image, float32 [dim], or None."""
        _, found = self.vectors(np.array([image_id], dtype=np.int64))
        return found[0] if len(found) else None

    def sample(self, count: int, seed: int = 0) -> tuple[Ids, Vector]:
        """Ids and stored vectors of images drawn by chance, at most `count`, by id."""
        rows, store = self._held
        places = np.arange(len(rows))
        if len(rows) > count:
            places = np.sort(np.random.default_rng(seed).choice(len(rows), count, replace=False))
        return rows.ids[places], self._read(store, rows.values[places])

    def chunks(self) -> Iterator[tuple[Ids, Vector]]:
        """All ids and their stored vectors, float32 [n, dim], some thousands at a time."""
        rows, store = self._held
        for at in range(0, len(rows), _CHUNK):
            yield rows.ids[at : at + _CHUNK], self._read(store, rows.values[at : at + _CHUNK])

    def _read(self, store: VectorStore, rows: Ids) -> Vector:
        """Stored vectors, float32 [n, dim]; what is damaged, as if there were none: zeros.

        One value that is no number would spoil the mean of all images, and every score with it.
        """
        vectors = store.read(rows)
        _, is_damaged = unusable(vectors)
        if is_damaged.any():
            vectors[is_damaged] = 0
            if not self._has_warned:
                self._has_warned = True
                _log.warning(
                    "%s: vectors of images are damaged, which are not found until they are "
                    "repaired: python -m engine doctor --repair",
                    self._library.vectors_folder / f"{store.name}.f16",
                )
        return vectors

    def _rows(self) -> IdTable:
        return self._held[0]

    def _changes(self) -> Changes:
        if self._head is None:
            return self._library.kept_rows.all_images()
        return self._library.changes.changes(self._head)

    def _take_in(self, changes: Changes) -> None:
        self._library.follow(changes.head.vectors)
        store = self._library.vectors
        if changes.complete:
            rows = IdTable(changes.ids, changes.rows)
        else:
            rows = self._rows().without(changes.removed).with_(changes.ids, changes.rows)
        if len(rows):
            store.require(int(rows.values.max()))

        def read(ids: Ids) -> Vector:
            places, _ = rows.places(ids)
            return self._read(store, rows.values[places])

        if changes.complete:
            self._index.reset(changes.ids, changes.versions, read)
        else:
            self._index.update(changes.ids, changes.versions, changes.removed, read)
        # Last: had anything failed, the next call would begin again.
        self._held, self._head = (rows, store), changes.head

    def _resample(self, changed: int) -> None:
        self._changed += changed
        if self._sampled and self._changed <= _RESAMPLE_AFTER * self._sampled:
            return
        self._statistics = LibraryStatistics.of(self.sample(SAMPLE)[1])
        self._changed, self._sampled = 0, len(self._rows())
