"""`WindowStore`: vectors of windows of each picture, by content, as one model gives them.

A file of its own beside the model's index: it is derived, several times as large as all else that
is known of a picture, and only searches for texts of several parts read it.
"""

import logging
import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sqlalchemy import Column, Float, LargeBinary, MetaData, String, Table, delete, insert, select

from engine.encoder import Encoder
from engine.library.library import Library
from engine.library.records import DatabaseFailedError
from engine.library.store.database import open_database, pieces, writing

_log = logging.getLogger(__name__)

Vectors = npt.NDArray[np.float32]

FILE = "windows.db"
_STEPS = 127  # levels on each side of 0

_metadata = MetaData()
_windows = Table(
    "windows",
    _metadata,
    Column("digest", String(64), primary_key=True),
    Column("data", LargeBinary, nullable=False),
)
# One row, once all pictures of the library have their windows; each new one brings its own.
_complete = Table("complete", _metadata, Column("at", Float, primary_key=True))


class WindowStore:
    """Windows by digest, 8 bits a number. A damaged file is as good as none."""

    def __init__(self, folder: Path, count: int, dim: int) -> None:
        """
        Args:
            folder: of the model's index in the library.
            count: windows of a picture.
            dim: width of their vectors.
        """
        self._file, self._shape = folder / FILE, (count, dim)
        folder.mkdir(parents=True, exist_ok=True)
        self._database = open_database(f"sqlite:///{self._file}")
        self._is_usable = True
        try:
            _metadata.create_all(self._database)
        except DatabaseFailedError as error:
            self._give_up(error)

    @property
    def is_complete(self) -> bool:
        """Whether all pictures have been seen to."""
        if not self._is_usable:
            return True  # nothing can be done about it
        with self._database.connect() as connection:
            return connection.scalar(select(_complete.c.at)) is not None

    def note_complete(self) -> None:
        """All pictures have been seen to."""
        if self._is_usable and not self.is_complete:
            with writing(self._database) as connection:
                connection.execute(insert(_complete), [{"at": time.time()}])

    def add(self, windows: Mapping[str, Vectors]) -> None:
        """Keep windows of pictures, unit rows [count, dim] by digest."""
        if not self._is_usable or not windows:
            return
        rows = [{"digest": name, "data": _packed(rows)} for name, rows in windows.items()]
        with writing(self._database) as connection:
            for some in pieces(rows):
                names = [row["digest"] for row in some]
                connection.execute(delete(_windows).where(_windows.c.digest.in_(names)))
                connection.execute(insert(_windows), some)

    def of(self, digests: Sequence[str]) -> dict[str, Vectors]:
        """Those that are known, float32 [count, dim], unit rows."""
        found: dict[str, bytes] = {}
        if not self._is_usable:
            return {}
        try:
            with self._database.connect() as connection:
                for part in pieces(digests):
                    some = _windows.c.digest.in_(part)
                    for digest, data in connection.execute(select(_windows).where(some)):
                        found[digest] = data
        except DatabaseFailedError as error:
            self._give_up(error)
            return {}
        size = self._shape[0] * self._shape[1]
        whole = {digest: data for digest, data in found.items() if len(data) == size}
        return dict(zip(whole, self._unpacked(whole.values()), strict=True)) if whole else {}

    def unknown(self, digests: Sequence[str]) -> list[str]:
        """Those of `digests` that are not there."""
        known = set[str]()
        if not self._is_usable:
            return []
        with self._database.connect() as connection:
            for part in pieces(digests):
                some = _windows.c.digest.in_(part)
                known.update(connection.scalars(select(_windows.c.digest).where(some)))
        return [digest for digest in digests if digest not in known]

    def sample(self, count: int) -> Vectors:
        """Windows of so many pictures at most, float32 [n, dim]; digests are in no order."""
        if not self._is_usable:
            return np.zeros((0, self._shape[1]), dtype=np.float32)
        with self._database.connect() as connection:
            first = select(_windows.c.digest).order_by(_windows.c.digest).limit(count)
            digests = list(connection.scalars(first))
        found = self.of(digests)
        if not found:
            return np.zeros((0, self._shape[1]), dtype=np.float32)
        return np.concatenate(list(found.values()))

    def forget(self, digests: Sequence[str]) -> None:
        """Drop the windows of contents that no image has any more."""
        if self._is_usable:
            with writing(self._database) as connection:
                for part in pieces(digests):
                    some = _windows.c.digest.in_(part)
                    connection.execute(delete(_windows).where(some))

    def close(self) -> None:
        """Close the file."""
        self._database.dispose()

    def _unpacked(self, data: Iterable[bytes]) -> Vectors:
        rows = np.frombuffer(b"".join(data), dtype=np.int8).astype(np.float32)
        rows = rows.reshape(-1, *self._shape)
        lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
        return np.asarray(rows / np.maximum(lengths, 1e-12), dtype=np.float32)

    def _give_up(self, error: DatabaseFailedError) -> None:
        self._is_usable = False
        _log.warning("%s: not used: %s; delete it, and index again", self._file, error)


def open_windows(library: Library, encoder: Encoder) -> WindowStore | None:
    """Those of a library under a model; None where the model gives no windows."""
    if encoder.window_grid is None:
        return None
    rows, columns = encoder.window_grid
    folder = library.index_folder_of(encoder.manifest.fingerprint)
    return WindowStore(folder, rows * columns, encoder.dim)


@contextmanager
def windows_of(library: Library, encoder: Encoder) -> Generator[WindowStore | None]:
    """The same, for a while."""
    store = open_windows(library, encoder)
    try:
        yield store
    finally:
        if store is not None:
            store.close()


def _packed(rows: Vectors) -> bytes:
    """Each row by its largest number: its length is 1, so that the scale need not be kept."""
    largest = np.maximum(np.abs(rows).max(axis=-1, keepdims=True), 1e-12)
    return np.rint(rows * (_STEPS / largest)).astype(np.int8).tobytes()
