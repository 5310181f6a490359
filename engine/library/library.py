"""`Library`: a folder with the database, the vectors and the thumbnails of one set of images."""

import logging
import secrets
import shutil
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from engine.encoder import Manifest
from engine.files import read_database_into_memory
from engine.library.known.attributes import AttributeStore
from engine.library.known.details import DetailStore
from engine.library.records import LibraryError, ModelChangedError
from engine.library.store.catalogue import Catalogue
from engine.library.store.changes import ChangeLog
from engine.library.store.database import connect
from engine.library.store.kept_rows import KeptRows
from engine.library.store.leftovers import clear
from engine.library.store.stamp import NEXT, ModelStamp, other_stamps
from engine.library.store.tables import SCHEMA
from engine.library.store.thumbnails import ThumbnailStore
from engine.library.store.vectors import VectorStore, delete_store, store_names
from engine.library.visitors.asked import AskedTexts
from engine.library.visitors.examples import ExampleStore
from engine.library.visitors.marks import MarkStore
from engine.library.visitors.saved_searches import SavedSearches

_log = logging.getLogger(__name__)

_DATABASE = "library.db"
_INDEX_NAME = 12  # characters of a fingerprint that name the folder of an index
_PATIENCE = 30  # seconds that another process may take to open the library


class Library:
    """An open library. `catalogue` and `vectors` are the truth; the rest is derived from them.

    Attributes:
        model: fingerprint of its model.
        catalogue: rows of the images.
        changes: what a search needs to know of them.
        kept_rows: the same for all of them, sooner.
        details: what pictures say of themselves.
        attributes: what was imported about images.
        marks: thumbs.
        vectors: the store in use; `follow` opens another that has taken its place.
        thumbnails: by content.
        examples: pictures that people searched with.
        asked: texts that people searched for.
        saved: searches that people saved by a name.
    """

    def __init__(self, folder: Path, manifest: Manifest | None = None) -> None:
        """Open the library in `folder`, or make a new one.

        Args:
            folder: of the library.
            manifest: of the library's model; None opens a library that is there, whatever its
                model, for work that needs none.

        Raises:
            LibraryError: the folder cannot be used, or belongs to another model.
        """
        self.folder = folder
        self._manifest = manifest
        if manifest is None and not has_library(folder):
            raise LibraryError(
                f"{folder}: no library here; python -m engine index FOLDER makes one"
            )
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(folder / "open.lock", timeout=_PATIENCE):  # one process makes it
                self.database = connect(f"sqlite:///{folder / _DATABASE}")
                self.catalogue = Catalogue(self.database)
                self.changes = ChangeLog(self.database)
                self.kept_rows = KeptRows(folder / "index" / "rows.npz", self.changes)
                self._prepare()
                stamp = self.stamp
                self.model = stamp.model
                self.vectors = self.store(stamp.vectors, manifest.dim if manifest else None)
        except OSError as error:
            raise LibraryError(
                f"{folder}: cannot be used as a library: {error.strerror or error}"
            ) from error
        self.details = DetailStore(self.database)
        self.attributes = AttributeStore(self.database)
        self.marks = MarkStore(self.database)
        self.thumbnails = ThumbnailStore(folder / "thumbnails")
        self.examples = ExampleStore(folder / "examples")
        self.asked = AskedTexts(folder / "asked.jsonl")
        self.saved = SavedSearches(folder / "saved_searches.jsonl")

    @property
    def stamp(self) -> ModelStamp:
        """The model and the store in use, as the database says now."""
        return ModelStamp.read(self.catalogue.facts())

    @property
    def index_stamp(self) -> str:
        """Names this library under this model; an index carries it."""
        return f"{self.catalogue.meta('library')}-{self.model}"

    @property
    def index_folder(self) -> Path:
        """Where the nearest-neighbour index of this model is kept."""
        return self.index_folder_of(self.model)

    def index_folder_of(self, fingerprint: str) -> Path:
        """Where the nearest-neighbour index of a model is kept."""
        return self.folder / "index" / fingerprint[:_INDEX_NAME]

    @property
    def vectors_folder(self) -> Path:
        """Where the vector stores are: the one in use, and those of other models."""
        return self.folder / "vectors"

    def store(self, name: str, dim: int | None = None) -> VectorStore:
        """A vector store by name, made if it is not there.

        Args:
            name: of the store.
            dim: width of its vectors; None is what its header says.
        """
        return VectorStore(self.vectors_folder, dim, name)

    def follow(self, name: str) -> None:
        """Use the store that has taken the place of the one in use, if one has.

        Raises:
            StoreGoneError: yet another one has taken its place since: ask for changes again.
        """
        if name != self.vectors.name:
            self.vectors = VectorStore(self.vectors_folder, self.vectors.dim, name, make=False)

    @contextmanager
    def writing(self) -> Generator[None]:
        """Hold the library's lock: one process writes at a time. Leftovers are cleared first.

        Raises:
            LibraryError: another process holds it.
            ModelChangedError: the library has been taken over to another model.
        """
        lock = FileLock(self.folder / "writer.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise LibraryError(
                f"{self.folder}: another process is indexing into this library"
                f"{self._other_work()}; wait until it has finished"
            ) from None
        try:
            stamp = self.stamp
            self.require_model(stamp.model)
            self.follow(stamp.vectors)
            self._clear_leftovers()
            with self._marked_as_unfinished():
                yield
        finally:
            lock.release()

    def require_model(self, fingerprint: str) -> None:
        """Make sure that the library still belongs to the model it was opened with.

        Raises:
            ModelChangedError: it does not.
        """
        if fingerprint != self.model:
            raise ModelChangedError(
                f"{self.folder}: has been taken over to another model meanwhile; open it again"
            )

    def warm(self) -> None:
        """Have in memory what searches read of the files, as far as there is room."""
        read_database_into_memory(self.folder / _DATABASE)
        self.vectors.warm()

    def close(self) -> None:
        """Close the database."""
        self.database.dispose()

    def _other_work(self) -> str:
        is_taken_over = NEXT in other_stamps(self.catalogue.facts())
        return ", or taking it over to another model" if is_taken_over else ""

    @contextmanager
    def _marked_as_unfinished(self) -> Generator[None]:
        """Runs that are killed or fail leave their mark; only after one is it worth looking."""
        mark = self.folder / "unfinished"
        with suppress(OSError):  # a disk that is full must be told of by the work itself
            if mark.exists():
                clear(self.folder, self.catalogue)
            mark.touch()
        yield
        mark.unlink(missing_ok=True)

    def _clear_leftovers(self) -> None:
        """What a killed run has left: rows that nothing refers to, and half-made stores."""
        count = self.catalogue.rows_used()
        self.vectors.trim(count)
        if len(self.vectors) > self.catalogue.last_row():  # else what is missing has to be repaired
            self.vectors.extend(count)  # a row never gets another content than in other stores
        stamps = [self.stamp, *other_stamps(self.catalogue.facts()).values()]
        for name in set(store_names(self.vectors_folder)) - {stamp.vectors for stamp in stamps}:
            delete_store(self.vectors_folder, name)
        kept = {stamp.model[:_INDEX_NAME] for stamp in stamps}
        for folder in (self.folder / "index").glob("?" * _INDEX_NAME):
            if folder.name not in kept:
                shutil.rmtree(folder, ignore_errors=True)

    def _prepare(self) -> None:
        schema = self.catalogue.meta("schema")
        if schema is None:
            if self._manifest is None:
                raise LibraryError(f"{self.folder}: an empty library; open it with a model first")
            self._make(self._manifest)
        elif schema == "1":
            # The columns were added on connecting; an index of that time knows nothing of them.
            shutil.rmtree(self.folder / "index", ignore_errors=True)
            self.catalogue.set_meta({"schema": str(SCHEMA), **self.stamp.facts()})
        elif schema == "2":  # the tables were added on connecting; indexing fills them
            self.catalogue.set_meta({"schema": str(SCHEMA)})
        elif int(schema) != SCHEMA:
            raise LibraryError(
                f"{self.folder}: made by another version (schema {schema}, this one reads "
                f"{SCHEMA}); choose another library folder and index again"
            )
        if self._manifest is not None:
            self._require_match(self._manifest)

    def _require_match(self, manifest: Manifest) -> None:
        stamp = self.stamp
        if stamp.model != manifest.fingerprint:
            raise LibraryError(_of_another_model(self.folder, stamp, manifest))
        here = ModelStamp.of(manifest, stamp.vectors)
        if stamp.model_folder != here.model_folder:
            self.catalogue.set_meta({"model_folder": here.model_folder})

    def _make(self, manifest: Manifest) -> None:
        if any(file.stat().st_size for file in self.vectors_folder.glob("*.f16")):
            _log.warning(
                "%s: the database was lost; index your folders again, or restore it from a backup",
                self.folder / _DATABASE,
            )
        made = {"schema": str(SCHEMA), "library": secrets.token_hex(8)}
        self.catalogue.set_meta({**made, **ModelStamp.of(manifest).facts()})


class NextLibrary(Library):
    """A library as it will be under the model that it is being taken over to; for reading only."""

    @property
    def stamp(self) -> ModelStamp:
        """The next model and its store."""
        return other_stamps(self.catalogue.facts())[NEXT]

    def follow(self, name: str) -> None:
        """The store in use is that of the present model."""

    def require_model(self, fingerprint: str) -> None:
        """The library still belongs to the present model."""


def has_library(folder: Path) -> bool:
    """Whether there is a library in a folder."""
    return (folder / _DATABASE).is_file()


def recorded_model(folder: Path) -> Path | None:
    """Where the model of the library in `folder` was last seen; None if nothing says so.

    Raises:
        LibraryError: the database cannot be read.
    """
    if not has_library(folder):
        return None
    database = connect(f"sqlite:///{folder / _DATABASE}")
    try:
        stamp = ModelStamp.read(Catalogue(database).facts())
    finally:
        database.dispose()
    return Path(stamp.model_folder) if stamp.model_folder else None


def _of_another_model(folder: Path, stamp: ModelStamp, manifest: Manifest) -> str:
    return (
        f"{folder}: made with the model {stamp.model_name!r} ({stamp.model}), not with "
        f"{manifest.name!r} ({manifest.fingerprint}), and vectors of two models cannot be "
        "compared; open it with its own model, take it over to this one (python -m engine "
        f"reindex --model {manifest.folder}), or choose another library folder and index again"
    )
