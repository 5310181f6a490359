"""`IndexMirror`: keeps an index equal to the library, whatever happened in between."""

import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.files import replacing
from engine.index.base import Ids, IndexUnavailableError, VectorIndex, Vectors
from engine.index.flat import FlatIndex
from engine.index.hnsw import HnswIndex

log = logging.getLogger(__name__)

BACKENDS: dict[str, type[VectorIndex]] = {index.backend: index for index in (FlatIndex, HnswIndex)}
EXACT_BELOW = 20_000
"""Smaller libraries are searched exactly: it takes about a millisecond."""

_STATE = "state.npz"
_CHUNK = 8192

ReadVectors = Callable[[npt.NDArray[np.int64]], Vectors]


class IndexMirror:
    """An index over images, with the vector row that each id had when it was added."""

    def __init__(self, folder: Path, dim: int, backend: str = "auto", stamp: str = "") -> None:
        """Take up the saved index, if it is usable; `refresh` brings it up to date.

        Args:
            folder: where the index is kept.
            dim: width of the vectors.
            backend: a name of `BACKENDS`, or `auto` by size.
            stamp: names the library; an index saved under another stamp is not used.
        """
        if backend != "auto" and backend not in BACKENDS:
            known = ", ".join(["auto", *BACKENDS])
            raise ValueError(f"index backend {backend!r} is unknown; expected one of: {known}")
        self._folder, self._dim, self._stamp, self._wanted = folder, dim, stamp, backend
        self._index: VectorIndex = FlatIndex(dim)
        self._state = np.zeros((0, 2), dtype=np.int64)  # id, vector row; by id
        self._saved = True

    @property
    def backend(self) -> str:
        """Name of the backend in use."""
        return self._index.backend

    def __len__(self) -> int:
        return len(self._index)

    def refresh(self, ids: Ids, rows: npt.NDArray[np.int64], read: ReadVectors) -> None:
        """Make the index hold exactly these images.

        Args:
            ids: all ids, ascending, int64 [n].
            rows: their vector rows, int64 [n].
            read: vector rows to float32 vectors.
        """
        self._choose(len(ids))
        state = np.stack([ids, rows], axis=1) if len(ids) else np.zeros((0, 2), dtype=np.int64)
        stays = _rows_in(self._state, state)
        if not stays.all():
            self._index.remove(self._state[~stays, 0])
            self._saved = False
        new = state[~_rows_in(state, self._state)]
        for at in range(0, len(new), _CHUNK):
            chunk = new[at : at + _CHUNK]
            self._index.add(chunk[:, 0], read(chunk[:, 1]))
            self._saved = False
        self._state = state

    def search(self, queries: Vectors, k: int) -> tuple[Ids, Vectors]:
        """As `VectorIndex.search`."""
        return self._index.search(queries, k)

    def save(self) -> None:
        """Write the index, if that spares work at the next start; a full disk is no failure."""
        if self._saved or not self._index.persistent:
            return
        try:
            self._index.save(self._folder)
            with replacing(self._folder / _STATE) as part, part.open("wb") as stream:
                np.savez(stream, state=self._state, stamp=np.array(self._stamp))
        except OSError as error:
            log.warning(
                "%s: the index cannot be kept, the next start builds it anew: %s",
                self._folder,
                error.strerror or error,
            )
        else:
            self._saved = True

    def _choose(self, size: int) -> None:
        """Load or switch to the backend that fits the size."""
        name = self._wanted
        if name == "auto":
            name = FlatIndex.backend if size < EXACT_BELOW else HnswIndex.backend
        if name == self._index.backend:
            return
        try:
            self._index, self._state = self._load(BACKENDS[name])
        except IndexUnavailableError as error:
            if self._wanted != "auto":
                raise
            log.warning("searching exactly, which is slower: %s", error)

    def _load(self, backend: type[VectorIndex]) -> tuple[VectorIndex, npt.NDArray[np.int64]]:
        try:
            with np.load(self._folder / _STATE) as stored:
                state, stamp = stored["state"], str(stored["stamp"])
            index = backend.load(self._folder, self._dim)
            same = np.array_equal(np.sort(index.ids()), np.sort(state[:, 0]))
            if same and stamp == self._stamp:
                return index, state
            log.warning("%s: the index is of another state; building it anew", self._folder)
        except (FileNotFoundError, IndexUnavailableError):
            pass
        except Exception as error:  # a damaged file fails in any way; the vectors are the truth
            log.warning("%s: building the index anew: %s", self._folder, error)
        return backend(self._dim), np.zeros((0, 2), dtype=np.int64)


def _rows_in(left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """For each (id, row) of `left`, whether it is in `right`; both are sorted by id."""
    if not len(left) or not len(right):
        return np.zeros(len(left), dtype=np.bool_)
    place = np.minimum(np.searchsorted(right[:, 0], left[:, 0]), len(right) - 1)
    return (right[place] == left).all(axis=1)
