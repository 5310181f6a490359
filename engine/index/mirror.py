"""`IndexMirror`: keeps an index equal to the library, whatever happened in between.

Small changes go into the index at once. A large number of them is *pending*: compared with the
query one by one until `build` has made a new index beside the old one.
"""

import logging
import threading
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import numpy as np

from engine.index.audit import audit
from engine.index.backends import BACKENDS
from engine.index.base import Ids, IndexUnavailableError, VectorIndex, Vectors
from engine.index.flat import FlatIndex
from engine.index.hnsw import HnswIndex
from engine.index.projection import Projection
from engine.index.saved import Held, SavedIndex
from engine.index.table import IdTable
from engine.products import inner_products

_log = logging.getLogger(__name__)

EXACT_BELOW = 20_000
"""Smaller libraries are searched exactly: it takes about a millisecond."""

MOST_DEAD = 0.2
"""Share of removed vectors above which an index is built anew."""

FEW = 0.01
"""Share of changed vectors for which an index that was kept is not written again."""

_AT_ONCE = 1_000  # vectors that a search adds to the index before it goes on
_CHUNK = 8_192
_MEASURED = 64  # queries at a time while an index is measured, so that searches go on

ReadVectors = Callable[[Ids], Vectors]
"""Ids of the library to their vectors, float32 [n, dim]."""

Tell = Callable[[int, int], None]
"""Called with how many of how many vectors are done."""


class IndexMirror:
    """An index over images, with the version of the vector that each id had when it was added.

    Safe to use from several threads.
    """

    def __init__(self, folder: Path, dim: int, backend: str = "auto", stamp: str = "") -> None:
        """Take up the saved index, if it is usable; `reset` and `update` bring it up to date.

        Args:
            folder: where the index is kept.
            dim: width of the vectors.
            backend: a name of `BACKENDS`, or `auto` by size.
            stamp: names the library; an index saved under another stamp is not used.
        """
        if backend != "auto" and backend not in BACKENDS:
            known = ", ".join(["auto", *BACKENDS])
            raise ValueError(f"index backend {backend!r} is unknown; expected one of: {known}")
        self._saved, self._dim, self._backend = SavedIndex(folder, stamp), dim, backend
        self._lock = threading.RLock()
        self._held = Held(FlatIndex(dim), IdTable())
        self._pending = IdTable()
        self._read: ReadVectors = lambda ids: np.zeros((len(ids), dim), dtype=np.float32)
        self._unsaved = 0  # vectors that came or went since the index was kept
        self._effort: int | None = None

    # -- what it is --------------------------------------------------------------------------

    @property
    def backend(self) -> str:
        """Name of the backend in use."""
        return self._held.index.backend

    @property
    def index(self) -> VectorIndex:
        """The index in use."""
        return self._held.index

    @property
    def projection(self) -> Projection | None:
        """Into the index's space; None if that is the whole one."""
        return self._held.projection

    @property
    def is_exact(self) -> bool:
        """Whether every search compares all vectors."""
        return not self._held.index.EFFORTS

    @property
    def pending(self) -> int:
        """Vectors that are not in the index yet, and searched one by one."""
        return len(self._pending)

    def __len__(self) -> int:
        return len(self._held.table) + len(self._pending)

    @property
    def effort(self) -> int | None:
        """`VectorIndex.effort` for whatever index is in use; None leaves it the index's own."""
        return self._effort

    @effort.setter
    def effort(self, effort: int) -> None:
        with self._lock:
            self._effort = effort
            self._held.index.effort = effort

    def newer_than(self, version: int) -> int:
        """Number of vectors of a later version."""
        return sum(
            int(np.count_nonzero(table.values > version))
            for table in (self._held.table, self._pending)
        )

    # -- following the library ---------------------------------------------------------------

    def reset(self, ids: Ids, versions: Ids, read: ReadVectors) -> None:
        """Hold exactly these images.

        Args:
            ids: all ids, int64 [n], ascending.
            versions: another version is another vector, int64 [n].
            read: gives the vectors; kept for later.
        """
        with self._lock:
            self._read = read
            self._choose(len(ids))
            self._become(IdTable(ids, versions))

    def update(self, ids: Ids, versions: Ids, removed: Ids, read: ReadVectors) -> None:
        """Take in changes: vectors that are new or others, and ids that are gone."""
        with self._lock:
            self._read = read
            self._drop(np.concatenate([ids, removed]))
            self._pending = self._pending.without(removed).with_(ids, versions)
            self._choose(len(self))
            self._absorb()

    # -- searching ---------------------------------------------------------------------------

    def candidates(self, queries: Vectors, k: int) -> Ids:
        """Ids among which the best `k` of each query are, float32 [m, dim]; each id once."""
        with self._lock:
            found = [self._held.search(queries, k).ravel()]
            pending = self._pending.ids
            for at in range(0, len(pending), _CHUNK):
                some = pending[at : at + _CHUNK]
                found.append(some[_best(inner_products(self._read(some), queries), k)])
        return np.unique(np.concatenate(found))

    def ranked(self, queries: Vectors, effort: int, k: int) -> Ids:
        """What the index itself gives, best first, int64 [m, k]: to measure a setting."""
        found = []
        for at in range(0, len(queries), _MEASURED):
            some = queries[at : at + _MEASURED]
            with self._lock:
                index, before = self._held.index, self._held.index.effort
                index.effort = effort
                try:
                    found.append(self._held.search(some, k))
                finally:
                    index.effort = before
        return np.concatenate(found) if found else np.zeros((0, k), dtype=np.int64)

    # -- upkeep ------------------------------------------------------------------------------

    def needs_build(self) -> bool:
        """Whether a new index should be built: too much is pending, or dead."""
        with self._lock:
            wanted = self._wanted_backend(len(self))
            if not wanted.EFFORTS:
                return False
            index, live = self._held.index, len(self._held.table)
            return (
                index.backend != wanted.backend
                or self._is_mostly_pending()
                or index.dead > MOST_DEAD * (index.dead + live)
            )

    def build(self, projection: Projection | None = None, tell: Tell | None = None) -> None:
        """Build a new index beside the one in use, and put it in its place.

        Args:
            projection: into the new index's space.
            tell: called as it goes on.
        """
        with self._lock:
            table = self._all()
            read = self._read
            backend = self._wanted_backend(len(table))
        held = Held(backend(projection.dim if projection else self._dim), table, projection)
        held.index.reserve(len(table))
        for at in range(0, len(table), _CHUNK):
            some = table.ids[at : at + _CHUNK]
            held.add(some, read(some))
            if tell:
                tell(at + len(some), len(table))
        with self._lock:
            wanted = self._all()  # the library may have changed meanwhile
            self._put(held)
            self._unsaved = len(table)
            self._become(wanted)

    def absorb(self, tell: Tell | None = None) -> None:
        """Add all that is pending, a little at a time, so that searches go on."""
        total = self.pending
        while self.pending:
            with self._lock:
                self._add_pending(_AT_ONCE)
            if tell:
                tell(total - self.pending, total)

    def take_saved(self) -> bool:
        """Use the index that another process has built and saved since, if there is one."""
        build = self._saved.build()
        if not build or build == self._held.build:
            return False
        held = self._saved.load(self._wanted_backend(len(self)), self._dim)
        if held is None:
            return False
        with self._lock:
            wanted = self._all()
            self._put(held)
            self._unsaved = 0
            self._become(wanted)
        return True

    def save(self) -> None:
        """Write the index, if that spares work at the next start; a full disk is no failure.

        A few changes do not: the next start makes up for them sooner than a large file is written.
        """
        with self._lock:
            self._saved.clear()  # of a run that was killed while it saved
            if not self._held.index.persistent or self._unsaved <= FEW * len(self._held.table):
                return
            try:
                if self._saved.save(self._held):
                    self._unsaved = 0
            except OSError as error:
                _log.warning(
                    "%s: the index cannot be kept, the next start builds it anew: %s",
                    self._saved.folder,
                    error.strerror or error,
                )

    def audit(self, ids: Ids, versions: Ids) -> list[str]:
        """What is wrong with the saved index, given all images; see `engine.index.audit`."""
        wanted = IdTable(ids, versions)
        return audit(self._saved, wanted, self._wanted_backend(len(ids)), self._dim, 2 * FEW)

    def unused_files(self) -> list[Path]:
        """Saved builds that are not in use."""
        return self._saved.unused()

    def discard_saved(self) -> None:
        """Remove the saved index; the next `save` writes all of it."""
        with self._lock:
            self._saved.discard()
            self._unsaved = len(self._held.table)

    def close(self) -> None:
        """Release what the backend holds."""
        self._held.index.close()

    # -- parts -------------------------------------------------------------------------------

    def _put(self, held: Held) -> None:
        before, self._held = self._held.index, held
        if before is not held.index:
            before.close()
        if self._effort is not None:
            held.index.effort = self._effort

    def _all(self) -> IdTable:
        return self._held.table.with_(self._pending.ids, self._pending.values)

    def _become(self, wanted: IdTable) -> None:
        """Hold these vectors, with what the index has of them already."""
        self._drop(self._held.table.minus(wanted).ids)
        self._pending = wanted.minus(self._held.table)
        self._absorb()

    def _drop(self, ids: Ids) -> None:
        """Forget what the index holds of these ids."""
        held = self._held
        _, there = held.table.places(ids)
        gone = int(np.count_nonzero(there))
        if not gone:
            return
        left = held.table.without(ids[there])
        if held.index.EFFORTS and gone > len(left):  # what is left is sooner added to a new one
            self._pending = self._pending.with_(left.ids, left.values)
            self._put(Held(type(held.index)(self._dim), IdTable()))
            return
        held.index.remove(ids[there])
        held.table = left
        self._unsaved += gone

    def _absorb(self) -> None:
        """Add what is pending to the index: all to an exact one, else a little."""
        if not self._is_mostly_pending():
            self._add_pending(None if self.is_exact else _AT_ONCE)

    def _is_mostly_pending(self) -> bool:
        """Whether building a new index is sooner done than adding to the one in use."""
        return not self.is_exact and len(self._pending) > max(_AT_ONCE, len(self._held.table))

    def _add_pending(self, count: int | None) -> None:
        held, ids, versions = self._held, self._pending.ids[:count], self._pending.values[:count]
        for at in range(0, len(ids), _CHUNK):
            some = ids[at : at + _CHUNK]
            held.add(some, self._read(some))
            held.table = held.table.with_(some, versions[at : at + _CHUNK])
            self._pending = self._pending.without(some)
            self._unsaved += len(some)

    def _wanted_backend(self, size: int) -> type[VectorIndex]:
        if self._backend != "auto":
            return BACKENDS[self._backend]
        return FlatIndex if size < EXACT_BELOW or not self._is_fast else HnswIndex

    @cached_property
    def _is_fast(self) -> bool:
        """Whether the package for large libraries is here."""
        try:
            HnswIndex(self._dim)
        except IndexUnavailableError as error:
            _log.warning("searching exactly, which is slower: %s", error)
            return False
        return True

    def _choose(self, size: int) -> None:
        """Load or switch to the backend that fits the size."""
        backend = self._wanted_backend(size)
        if backend.backend == self._held.index.backend:
            return
        held = self._saved.load(backend, self._dim) or Held(backend(self._dim), IdTable())
        self._pending = self._all().minus(held.table)
        self._put(held)


def _best(scores: Vectors, k: int) -> Ids:
    """Places of the best `k` rows of each column of [n, m]."""
    if k >= len(scores):
        return np.arange(len(scores))
    return np.unique(np.argpartition(-scores, k, axis=0)[:k])
