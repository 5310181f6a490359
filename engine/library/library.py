"""`Library`: a folder with the database, the vectors and the thumbnails of one set of images."""

import secrets
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from engine.encoder import Manifest
from engine.library.catalogue import Catalogue
from engine.library.database import SCHEMA, connect
from engine.library.examples import ExampleStore
from engine.library.records import LibraryError
from engine.library.thumbnails import ThumbnailStore
from engine.library.vectors import VectorStore

_PATIENCE = 30  # seconds that another process may take to open the library


class Library:
    """An open library. `catalogue` and `vectors` are the truth; the rest is derived from them."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        """Open the library in `folder`, or make a new one.

        Raises:
            LibraryError: the folder cannot be used, or belongs to another model.
        """
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(folder / "open.lock", timeout=_PATIENCE):  # one process makes it
                self._engine = connect(f"sqlite:///{folder / 'library.db'}")
                self.catalogue = Catalogue(self._engine)
                self._stamp(manifest)
                self.vectors = VectorStore(folder / "vectors", manifest.dim)
        except OSError as error:
            raise LibraryError(
                f"{folder}: cannot be used as a library: {error.strerror or error}"
            ) from error
        self.thumbnails = ThumbnailStore(folder / "thumbnails")
        self.examples = ExampleStore(folder / "examples")

    @property
    def stamp(self) -> str:
        """Names this library under this model; what is derived from it carries the stamp."""
        return f"{self.catalogue.meta('library')}-{self.catalogue.meta('model')}"

    @property
    def index_folder(self) -> Path:
        """Where the nearest-neighbour index is kept."""
        return self.folder / "index"

    @contextmanager
    def writing(self) -> Generator[None]:
        """Hold the library's lock: one process indexes at a time.

        Raises:
            LibraryError: another process holds it.
        """
        lock = FileLock(self.folder / "writer.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise LibraryError(
                f"{self.folder}: another process is indexing into this library; "
                "wait until it has finished"
            ) from None
        try:
            yield
        finally:
            lock.release()

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    def _stamp(self, manifest: Manifest) -> None:
        schema = self.catalogue.meta("schema")
        if schema is None:
            stamp = {
                "library": secrets.token_hex(8),
                "model": manifest.fingerprint,
                "model_name": manifest.name,
            }
            self.catalogue.set_meta({"schema": str(SCHEMA), **stamp})
            return
        if int(schema) != SCHEMA:
            raise LibraryError(
                f"{self.folder}: made by another version (schema {schema}, this one reads "
                f"{SCHEMA}); choose another library folder and index again"
            )
        if self.catalogue.meta("model") != manifest.fingerprint:
            raise LibraryError(
                f"{self.folder}: made with the model {self.catalogue.meta('model_name')!r} "
                f"({self.catalogue.meta('model')}), not with {manifest.name!r} "
                f"({manifest.fingerprint}), and vectors of two models cannot be compared; "
                "open it with its own model, or choose another library folder and index again"
            )
