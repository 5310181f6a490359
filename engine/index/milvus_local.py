"""A working copy of a milvus-lite database: a folder that one process may open."""

import atexit
import shutil
import tarfile
import tempfile
import weakref
from pathlib import Path
from queue import Empty, SimpleQueue

_in_use: set[Path] = set()
_forgotten: SimpleQueue[Path] = SimpleQueue()


class LocalMilvus:
    """A database in a temporary folder, served by a thread of this process.

    milvus-lite locks its folder, so that what is saved is a copy: then another process can read
    what one process has saved. Folder and thread end by `remove`. Those of an object that was
    forgotten end when the next one is made, or with the process: the garbage collector may
    interrupt any line of any thread, and ending a server takes locks which that line may hold.
    """

    def __init__(self) -> None:
        _remove_forgotten()
        self._folder = Path(tempfile.mkdtemp(prefix="visual-search-milvus-"))
        self._database = _database(self._folder)
        _in_use.add(self._folder)
        # The one thing that may be called from anywhere is to put something into such a queue.
        self._finalizer = weakref.finalize(self, _forgotten.put, self._folder)
        self._finalizer.atexit = False

    @property
    def uri(self) -> str:
        """What a client connects to; the first one starts the server."""
        return str(self._database)

    def stop(self) -> None:
        """End the server; the database stays."""
        _stop(self._database)

    def remove(self) -> None:
        """End the server and delete the working copy."""
        if self._finalizer.detach():
            _remove(self._folder)

    def pack(self, file: Path) -> None:
        """Write a copy of the database; the server has to be stopped."""
        with tarfile.open(file, "w") as archive:
            archive.add(self._database, arcname=".")

    def unpack(self, file: Path) -> None:
        """Begin with a copy that was packed."""
        with tarfile.open(file) as archive:
            archive.extractall(self._database, filter="data")


def _database(folder: Path) -> Path:
    return folder / "vectors.db"


def _stop(database: Path) -> None:
    try:
        from milvus_lite.server_manager import server_manager_instance
    except ImportError:
        return
    server_manager_instance.release_server(str(database))


def _remove(folder: Path) -> None:
    _stop(_database(folder))
    shutil.rmtree(folder, ignore_errors=True)
    _in_use.discard(folder)


def _remove_forgotten() -> None:
    while True:
        try:
            folder = _forgotten.get_nowait()
        except Empty:
            return
        _remove(folder)


@atexit.register
def _remove_all() -> None:
    for folder in sorted(_in_use):
        _remove(folder)
