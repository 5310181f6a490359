"""A working copy of a milvus-lite database: a folder that one process may open."""

import shutil
import tarfile
import tempfile
import weakref
from pathlib import Path


class LocalMilvus:
    """A database in a temporary folder, served by a thread of this process.

    milvus-lite locks its folder, so that what is saved is a copy: then another process can read
    what one process has saved. Folder and thread end with this object.
    """

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="visual-search-milvus-"))
        self._database = self._folder / "vectors.db"
        self._finalizer = weakref.finalize(self, _remove, self._folder, self._database)

    @property
    def uri(self) -> str:
        """What a client connects to; the first one starts the server."""
        return str(self._database)

    def stop(self) -> None:
        """End the server; the database stays."""
        _stop(self._database)

    def remove(self) -> None:
        """End the server and delete the working copy."""
        self._finalizer()

    def pack(self, file: Path) -> None:
        """Write a copy of the database; the server has to be stopped."""
        with tarfile.open(file, "w") as archive:
            archive.add(self._database, arcname=".")

    def unpack(self, file: Path) -> None:
        """Begin with a copy that was packed."""
        with tarfile.open(file) as archive:
            archive.extractall(self._database, filter="data")


def _stop(database: Path) -> None:
    try:
        from milvus_lite.server_manager import server_manager_instance
    except ImportError:
        return
    server_manager_instance.release_server(str(database))


def _remove(folder: Path, database: Path) -> None:
    _stop(database)
    shutil.rmtree(folder, ignore_errors=True)
