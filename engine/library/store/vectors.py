"""Embeddings on disk: append-only float16 rows, memory-mapped."""

import json
import logging
import mmap
import os
from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.files import read_into_memory, replacing
from engine.library.records import LibraryError

_log = logging.getLogger(__name__)

FIRST = "vectors"
"""Name of a library's first store."""

_DTYPE = np.dtype("<f2")
_CHUNK = 8192
_FRACTION, _HALF_FRACTION = 23, 10  # bits, of float32 and float16
_BIAS, _HALF_BIAS = 127, 15  # of their exponents
_KEPT_BITS = np.uint32(0x8FFFE000).astype(np.int32)  # sign, lower exponent, upper fraction
_POPULATE_READ = 22  # of madvise(2)
_REPAIR = "run: python -m engine doctor --repair"


class StoreGoneError(LibraryError):
    """The store's file is not there: most likely another one has just taken its place."""


class VectorStore:
    """Rows of float16, `dim` wide, in one file. Rows are never changed, so readers need no lock.

    One process writes at a time; the library's lock sees to that. A row of zeros holds no vector.
    """

    def __init__(self, folder: Path, dim: int | None, name: str = FIRST, make: bool = True) -> None:
        """Open or create the store.

        Args:
            folder: of all stores of the library.
            dim: width of the vectors; None is what the store's header says.
            name: of the store.
            make: create it if it is not there.

        Raises:
            StoreGoneError: it is not there, and shall not be created.
            LibraryError: the store was made for vectors of another width, or `dim` is None and
                nothing says how wide they are.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.name = name
        self._file = folder / f"{name}.f16"
        if not make and not self._file.exists():
            raise _gone(self._file)
        self.dim = _agreed_dim(folder / f"{name}.json", dim)
        if make:  # one that was lost is found to be too short by whoever reads from it
            self._file.touch()
        self._mapped: mmap.mmap | None = None
        self._rows = self._map()

    def __len__(self) -> int:
        try:
            return self._file.stat().st_size // self._row_bytes
        except FileNotFoundError:
            raise _gone(self._file) from None

    @property
    def nbytes(self) -> int:
        """Size of the file."""
        return len(self) * self._row_bytes

    def append(self, vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
        """Write rows, float [n, dim], durably; returns their row numbers, int64 [n]."""
        first = len(self)
        rows = np.arange(first, first + len(vectors), dtype=np.int64)
        self._check(vectors)
        with self._file.open("r+b") as stream:
            # A killed run may have left part of a row: write over it.
            stream.seek(first * self._row_bytes)
            stream.write(np.ascontiguousarray(vectors, dtype=_DTYPE).tobytes())
            stream.truncate()
            stream.flush()
            os.fsync(stream.fileno())
        return rows

    def write(self, rows: npt.NDArray[np.int64], vectors: npt.NDArray[np.float32]) -> None:
        """Fill rows that hold no vector, durably; rows that are skipped over become zeros.

        Args:
            rows: int64 [n]; nobody may be reading them yet.
            vectors: float [n, dim].
        """
        self._check(vectors)
        with self._file.open("r+b") as stream:
            for row, vector in zip(rows.tolist(), vectors.astype(_DTYPE), strict=True):
                stream.seek(row * self._row_bytes)
                stream.write(vector.tobytes())
            stream.flush()
            os.fsync(stream.fileno())

    def trim(self, count: int) -> None:
        """Cut off what lies beyond the first `count` rows: nothing refers to it."""
        if self._file.stat().st_size > count * self._row_bytes:
            os.truncate(self._file, count * self._row_bytes)

    def extend(self, count: int) -> None:
        """Add rows without vectors until there are `count`."""
        if self._file.stat().st_size < count * self._row_bytes:
            os.truncate(self._file, count * self._row_bytes)

    def copy(self, rows: npt.NDArray[np.int64], name: str) -> "VectorStore":
        """A new store with these rows only, in the order given, durably; int64 [n]."""
        mapped = self._reaching(int(rows.max())) if len(rows) else self._rows
        new = VectorStore(self._file.parent, self.dim, name)
        try:
            with new._file.open("wb") as stream:
                for at in range(0, len(rows), _CHUNK):
                    stream.write(mapped[rows[at : at + _CHUNK]].tobytes())
                stream.flush()
                os.fsync(stream.fileno())
        except BaseException:
            delete_store(self._file.parent, name)
            raise
        return new

    def missing(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Which of the rows hold no vector, or are not there at all; bool [n] for int64 [n]."""
        there = rows < len(self)
        result = ~there
        known = np.flatnonzero(there)
        mapped = self._reaching(int(rows[known].max())) if len(known) else self._rows
        for at in range(0, len(known), _CHUNK):
            places = known[at : at + _CHUNK]
            result[places] = ~mapped[rows[places]].any(axis=1)
        return result

    def read(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Rows by number as float32 [n, dim]; what is damaged and no number reads as a large one.

        Raises:
            LibraryError: the file is shorter.
        """
        if len(rows) == 0:
            return np.zeros((0, self.dim), dtype=np.float32)
        mapped = self._reaching(int(rows.max()))
        result = np.empty((len(rows), self.dim), dtype=np.float32)
        for at in range(0, len(rows), _CHUNK):
            _widen(mapped[rows[at : at + _CHUNK]], result[at : at + _CHUNK])
        return result

    def warm(self) -> None:
        """Have the file in memory and in this process's address space, if there is room.

        Else nearly every row that a search reads is a page that is not there yet, and asking the
        system for a hundred of them takes a quarter of a search's time.
        """
        if read_into_memory(self._file) and self._mapped is not None:
            with suppress(OSError):  # before Linux 5.14, and elsewhere
                self._mapped.madvise(_POPULATE_READ)

    def require(self, last: int) -> None:
        """Make sure that row `last` is there, and can be read from now on, whatever happens.

        Raises:
            StoreGoneError: the file is not there.
            LibraryError: the file is shorter; rows appended now would be taken for the lost ones.
        """
        self._reaching(last)

    def _reaching(self, last: int) -> npt.NDArray[np.float16]:
        """The mapped file, mapped again if it has grown since."""
        if last >= len(self._rows):
            count = len(self)
            if last >= count:
                raise LibraryError(
                    f"{self._file}: row {last} is missing, the file ends at {count}: it was cut "
                    f"short; to make what is missing again, {_REPAIR}"
                )
            self._rows = self._map()
        return self._rows

    @property
    def _row_bytes(self) -> int:
        return self.dim * _DTYPE.itemsize

    def _check(self, vectors: npt.NDArray[np.float32]) -> None:
        if vectors.ndim != 2 or vectors.shape[1] != self.dim:
            raise ValueError(f"expected vectors [n, {self.dim}], got {list(vectors.shape)}")

    def _map(self) -> npt.NDArray[np.float16]:
        rows = len(self)
        if rows == 0:
            return np.zeros((0, self.dim), dtype=_DTYPE)
        with self._file.open("rb") as stream:
            self._mapped = mmap.mmap(
                stream.fileno(), rows * self._row_bytes, access=mmap.ACCESS_READ
            )
        return np.frombuffer(self._mapped, dtype=_DTYPE).reshape(rows, self.dim)


def store_names(folder: Path) -> list[str]:
    """Stores of which there is anything in the folder."""
    files = (*folder.glob("*.f16"), *folder.glob("*.json"))
    return sorted({file.stem for file in files})


def delete_store(folder: Path, name: str) -> int:
    """Remove a store's files; whoever has them open reads on. Returns the bytes that it took."""
    file, freed = folder / f"{name}.f16", 0
    if file.exists():
        freed = file.stat().st_size
    file.unlink(missing_ok=True)
    file.with_suffix(".json").unlink(missing_ok=True)
    return freed


def _gone(file: Path) -> StoreGoneError:
    return StoreGoneError(
        f"{file}: the file is missing; to make the vectors again from the pictures, {_REPAIR}"
    )


def _agreed_dim(header: Path, dim: int | None) -> int:
    """The width that the header says; one that is missing or damaged is written."""
    stored = _read_dim(header)
    if stored is None and dim is None:
        raise LibraryError(f"{header}: missing or damaged; open the library with its own model")
    if stored is None:  # new, or damaged; the model says how wide its vectors are
        with replacing(header) as part:
            part.write_text(json.dumps({"dim": dim, "dtype": "float16"}), encoding="utf-8")
    elif dim is not None and stored != dim:
        raise LibraryError(f"{header}: vectors of {stored}, but the model gives {dim}")
    return stored or dim or 0


def _read_dim(header: Path) -> int | None:
    try:
        dim = json.loads(header.read_text(encoding="utf-8"))["dim"]
        if not isinstance(dim, int) or dim < 1:
            raise ValueError(dim)
        return dim
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        _log.warning("%s: damaged; written anew", header)
        return None


def _widen(halves: npt.NDArray[np.float16], result: npt.NDArray[np.float32]) -> None:
    """float16 to float32 of the same value, in a quarter of the time that NumPy takes.

    The bits of sign, exponent and fraction are moved to their places in a float32, and the product
    makes up for the exponents' different bias; it is exact, and right for subnormal values too.
    Infinity and NaN have no such place: they become numbers of 65,536 and more.
    """
    bits = result.view(np.int32)
    bits[:] = halves.view(np.int16)  # the sign fills the upper half
    bits <<= _FRACTION - _HALF_FRACTION
    bits &= _KEPT_BITS
    result *= np.float32(2.0 ** (_BIAS - _HALF_BIAS))
