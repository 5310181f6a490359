"""An index on disk, with all that belongs to it: which vectors it holds, and in which space."""

import errno
import json
import logging
import os
import secrets
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from engine.files import replacing
from engine.index.backends import BACKENDS
from engine.index.base import Ids, VectorIndex, Vectors
from engine.index.projection import Projection
from engine.index.table import IdTable

_log = logging.getLogger(__name__)

_CURRENT = "current.json"
_TABLE = "held.npz"
_PROJECTION = "projection.npz"


@dataclass
class Held:
    """An index and what it holds.

    Attributes:
        index: over reduced vectors, if there is a projection.
        table: the version of each id's vector.
        projection: into the index's space; None if that is the whole one.
        build: names the files it was loaded from or saved to; empty if there are none.
    """

    index: VectorIndex
    table: IdTable
    projection: Projection | None = None
    build: str = ""

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Put vectors of the library, float32 [n, dim], into the index; `table` is the caller's."""
        self.index.add(ids, self.projection.images(vectors) if self.projection else vectors)

    def search(self, queries: Vectors, k: int) -> Ids:
        """What the index gives for queries float32 [m, dim], best first, int64 [m, k]."""
        probes = self.projection.queries(queries) if self.projection else queries
        return self.index.search(probes, k)[0]


class SavedIndex:
    """A folder with one index. A new one is written beside it, then takes its place at once."""

    def __init__(self, folder: Path, stamp: str) -> None:
        """Args:
        folder: where the index is kept.
        stamp: names library and model; an index saved under another stamp is not used.
        """
        self.folder = folder
        self._stamp = stamp

    def build(self) -> str:
        """Names the files that count at present; empty if there are none."""
        try:
            stored = json.loads((self.folder / _CURRENT).read_text(encoding="utf-8"))
            return str(stored["build"]) if stored["stamp"] == self._stamp else ""
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def exists(self) -> bool:
        """Whether anything is kept, usable or not."""
        return (self.folder / _CURRENT).exists()

    def load(self, backend: type[VectorIndex], dim: int) -> Held | None:
        """What was saved; None, and said why, if it is of no use."""
        while self.exists():
            build = self.build()
            try:
                return self.read(dim, backend)
            except Exception as error:  # a damaged file fails in any way; the vectors are the truth
                if self.build() == build:  # else another process has just replaced it
                    _log.warning(
                        "%s: the index cannot be used and is built anew: %s", self.folder, error
                    )
                    return None
        return None

    def read(self, dim: int, backend: type[VectorIndex] | None = None) -> Held | None:
        """What was saved; None if it is of another backend than the one asked for.

        Raises:
            Exception: it is damaged, or of another library or model.
        """
        build = self.build()
        folder = self.folder / build
        if not build:
            raise ValueError("of another library or model, or damaged")
        with np.load(folder / _TABLE) as stored:
            kind = BACKENDS[str(stored["backend"])]
            if backend not in (None, kind):
                return None
            table = IdTable(stored["ids"], stored["values"])
        projection = None
        if (folder / _PROJECTION).exists():
            projection = Projection.load(folder / _PROJECTION)
        index = kind.load(folder, projection.dim if projection else dim)
        if not np.array_equal(np.sort(index.ids()), table.ids):
            raise ValueError("of another state")
        return Held(index, table, projection, build)

    def unused(self) -> list[Path]:
        """Builds that were given up, or never completed."""
        build = self.build()
        return sorted(path for path in self.folder.glob("build-*") if path.name != build)

    def clear(self) -> None:
        """Remove what is unused, unless another process is just keeping an index."""
        if not self.unused():
            return
        with suppress(Timeout), FileLock(self.folder / "save.lock", timeout=0):
            for path in self.unused():
                shutil.rmtree(path, ignore_errors=True)

    def discard(self) -> None:
        """Remove what is kept."""
        (self.folder / _CURRENT).unlink(missing_ok=True)
        self.clear()

    def save(self, held: Held) -> bool:
        """Keep an index; False if another process is just keeping one.

        Raises:
            OSError: it cannot be written; what was kept before stays.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.folder / "save.lock", timeout=0):
                self._write(held)
        except Timeout:
            return False
        return True

    def _write(self, held: Held) -> None:
        build = f"build-{secrets.token_hex(4)}"
        folder = self.folder / build
        try:
            folder.mkdir()
            held.index.save(folder)
            with (folder / _TABLE).open("wb") as stream:
                np.savez(
                    stream,
                    ids=held.table.ids,
                    values=held.table.values,
                    backend=np.array(held.index.backend),
                )
            if held.projection is not None:
                held.projection.save(folder / _PROJECTION)
            _flush(folder)
            with replacing(self.folder / _CURRENT) as part:
                part.write_text(json.dumps({"build": build, "stamp": self._stamp}))
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        held.build = build
        for old in self.unused():
            shutil.rmtree(old, ignore_errors=True)


def _flush(folder: Path) -> None:
    """A crash of the machine must not leave a header that names files which are not there yet."""
    for file in folder.iterdir():
        descriptor = os.open(file, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.EROFS):
                raise
        finally:
            os.close(descriptor)
