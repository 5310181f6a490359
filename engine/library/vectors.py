"""Embeddings on disk: append-only float16 rows, memory-mapped."""

import json
import os
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.files import replacing
from engine.library.records import LibraryError

_DTYPE = np.dtype("<f2")
_CHUNK = 8192


class VectorStore:
    """Rows of float16, `dim` wide, in one file. Rows are never changed, so readers need no lock.

    One process appends at a time; the library's lock sees to that.
    """

    def __init__(self, folder: Path, dim: int) -> None:
        """Open or create the store.

        Raises:
            LibraryError: the store was made for vectors of another width, or is damaged.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / "vectors.f16"
        self.dim = dim
        header = folder / "vectors.json"
        if header.exists():
            stored = _read_dim(header)
            if stored != dim:
                raise LibraryError(f"{header}: vectors of {stored}, but the model gives {dim}")
            if not self._file.exists():
                raise LibraryError(
                    f"{self._file}: missing. Delete the library folder and index again."
                )
        else:
            self._file.touch()
            _write_dim(header, dim)
        self._rows = self._map()

    def __len__(self) -> int:
        return self._file.stat().st_size // self._row_bytes

    def append(self, vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
        """Write rows, float [n, dim], durably; returns their row numbers, int64 [n]."""
        if vectors.ndim != 2 or vectors.shape[1] != self.dim:
            raise ValueError(f"expected vectors [n, {self.dim}], got {list(vectors.shape)}")
        first = len(self)
        with self._file.open("r+b") as stream:
            # A killed run may have left part of a row: write over it.
            stream.seek(first * self._row_bytes)
            stream.write(np.ascontiguousarray(vectors, dtype=_DTYPE).tobytes())
            stream.truncate()
            stream.flush()
            os.fsync(stream.fileno())
        return np.arange(first, first + len(vectors), dtype=np.int64)

    def read(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Rows by number as float32 [n, dim]."""
        if len(rows) == 0:
            return np.zeros((0, self.dim), dtype=np.float32)
        last = int(rows.max())
        if last >= len(self._rows):
            self._rows = self._map()  # another process, or this one, has appended
        self.require(last)
        result = np.empty((len(rows), self.dim), dtype=np.float32)
        for at in range(0, len(rows), _CHUNK):
            result[at : at + _CHUNK] = self._rows[rows[at : at + _CHUNK]]
        return result

    def require(self, last: int) -> None:
        """Make sure that row `last` is there.

        Raises:
            LibraryError: the file is shorter; rows appended now would be taken for the lost ones.
        """
        if last >= len(self):
            raise LibraryError(
                f"{self._file}: row {last} is missing, the file ends at {len(self)}: "
                "it was cut short. Delete the library folder and index again."
            )

    @property
    def _row_bytes(self) -> int:
        return self.dim * _DTYPE.itemsize

    def _map(self) -> npt.NDArray[np.float16]:
        rows = len(self)
        if rows == 0:
            return np.zeros((0, self.dim), dtype=_DTYPE)
        return np.memmap(self._file, dtype=_DTYPE, mode="r", shape=(rows, self.dim))


def _read_dim(header: Path) -> object:
    try:
        return json.loads(header.read_text(encoding="utf-8"))["dim"]
    except (ValueError, KeyError, TypeError) as error:
        raise LibraryError(
            f"{header}: damaged. Delete the library folder and index again."
        ) from error


def _write_dim(header: Path, dim: int) -> None:
    """Written in one step: a killed run leaves all of it or nothing."""
    with replacing(header) as part:
        part.write_text(json.dumps({"dim": dim, "dtype": "float16"}), encoding="utf-8")
