"""`SearchEngine`: the facade that ties encoder, library, index and query together."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.encoder import Device, Encoder, ImageError, ImageSource, decode, load, read_bytes
from engine.index import IndexMirror
from engine.library import (
    ImageRecord,
    IngestReport,
    Library,
    ProgressCallback,
    SkippedFile,
    ingest,
)
from engine.query import LibraryView, Query, ResultPage, Searcher

DEFAULT_LIBRARY = Path("library")
DEFAULT_MODEL = Path("models/default")
_PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class LibraryInfo:
    """What `info` tells.

    Attributes:
        library: the library's folder.
        images: number of images.
        folders: folders that were indexed.
        skipped: files that could not be decoded, with reasons.
        model: the model's name.
        model_folder: where the model is.
        dim: width of the embeddings.
        provider: onnxruntime execution provider in use.
        index_backend: nearest-neighbour backend in use.
    """

    library: Path
    images: int
    folders: tuple[str, ...]
    skipped: tuple[SkippedFile, ...]
    model: str
    model_folder: Path
    dim: int
    provider: str
    index_backend: str


class SearchEngine:
    """One library under one model. Safe to use from several threads; open it once.

    `with SearchEngine.open("library") as engine: engine.index(["~/Pictures"])`
    """

    def __init__(self, library: Library, encoder: Encoder, index: IndexMirror) -> None:
        self._library = library
        self._encoder = encoder
        self._index = index
        self._view = LibraryView(library, index)
        self._searcher = Searcher(encoder, library, self._view)

    @classmethod
    def open(
        cls,
        library: str | os.PathLike[str] | None = None,
        model: str | os.PathLike[str] | None = None,
        device: Device | None = None,
        backend: str = "auto",
    ) -> Self:
        """Open a library, or make an empty one.

        Args:
            library: its folder; by default `VISUAL_SEARCH_LIBRARY`, or `./library`.
            model: the model's folder; by default `VISUAL_SEARCH_MODEL`, or the shipped one.
            device: `auto`, `cpu` or `cuda`; by default `VISUAL_SEARCH_DEVICE`, or `auto`.
            backend: index backend; `auto` is exact search for small libraries, hnsw for others.

        Raises:
            ModelError: the model folder or the device cannot be used.
            LibraryError: the library cannot be used, or belongs to another model.
        """
        encoder = load(model_folder(model), device)
        return cls.with_encoder(encoder, library, backend)

    @classmethod
    def with_encoder(
        cls,
        encoder: Encoder,
        library: str | os.PathLike[str] | None = None,
        backend: str = "auto",
    ) -> Self:
        """As `open`, with an encoder that is already loaded."""
        opened = Library(library_folder(library), encoder.manifest)
        index = IndexMirror(opened.index_folder, encoder.dim, backend, opened.stamp)
        return cls(opened, encoder, index)

    @property
    def encoder(self) -> Encoder:
        """The model."""
        return self._encoder

    def index(
        self,
        folders: Iterable[str | os.PathLike[str]] | None = None,
        progress: ProgressCallback | None = None,
        remove_missing: bool = False,
    ) -> IngestReport:
        """Bring the library up to date with folders; originals are never touched.

        Args:
            folders: folders or files; None takes all that were indexed before.
            progress: called after every batch.
            remove_missing: also drop images of folders that are gone or empty.

        Raises:
            LibraryError: another process is indexing, or the library cannot be written.
        """
        if isinstance(folders, str | os.PathLike):
            folders = [folders]
        chosen = list(folders) if folders is not None else self._library.catalogue.folders()
        report = ingest(self._library, self._encoder, chosen, progress, remove_missing)
        self._view.refresh()
        self._view.save_index()
        return report

    def search(
        self, query: Query | str, limit: int = 20, offset: int = 0, use_marks: bool = True
    ) -> ResultPage:
        """Find the best images for a query, or simply for words.

        Args:
            query: what to look for.
            limit: number of results.
            offset: results to pass over, for paging.
            use_marks: whether thumbs stored for this query count.

        Raises:
            QueryError: the query is empty or names an unknown image.
            ImageError: an example picture cannot be read.
        """
        asked = Query.text(query) if isinstance(query, str) else query
        return self._searcher.search(asked, limit, offset, self.marks(asked) if use_marks else {})

    def mark(self, query: Query, image_id: int, mark: int) -> None:
        """Store a thumb for a query: +1 up, -1 down, 0 takes it back.

        Raises:
            LibraryError: there is no such image.
            ValueError: `mark` is something else.
        """
        if mark not in (-1, 0, 1):
            raise ValueError(f"mark {mark}: use 1, -1 or 0")
        self._library.catalogue.set_mark(query.key(), image_id, mark)

    def marks(self, query: Query) -> dict[int, int]:
        """Thumbs stored for a query: image id to +1 or -1."""
        return self._library.catalogue.marks(query.key()) if query.terms else {}

    def clear_marks(self, query: Query) -> None:
        """Take all thumbs of a query back."""
        self._library.catalogue.clear_marks(query.key())

    def image(self, image_id: int) -> ImageRecord | None:
        """What is known of an image, or None."""
        return self._library.catalogue.records_of([image_id]).get(image_id)

    def latest(self, limit: int = 20) -> list[ImageRecord]:
        """The images that came last into the library, newest first."""
        return self._library.catalogue.latest(limit)

    def thumbnail(self, digest: str, original: str) -> Path | None:
        """A small WebP of an image; made again from the original if it was deleted.

        Returns:
            The file, or None if there is neither a thumbnail nor the original as indexed.
        """
        store = self._library.thumbnails
        path = store.path(digest)
        if not path.exists():
            try:
                content = read_bytes(original)
                if hashlib.sha256(content).hexdigest() != digest:  # changed since it was indexed
                    return None
                store.save(digest, decode(content, at_least=store.side).image)
            except (ImageError, OSError):
                return None
        return path

    def save_example(self, source: ImageSource) -> str:
        """Keep an example picture in the library's folder, small; returns its name for `example`.

        Raises:
            ImageError: it cannot be read.
        """
        return self._library.examples.save(source)

    def example(self, name: str) -> Path | None:
        """An example picture that was kept, to search with again; None if it is not there."""
        return self._library.examples.path(name)

    def info(self) -> LibraryInfo:
        """Facts about library and model."""
        self._view.refresh()
        catalogue = self._library.catalogue
        return LibraryInfo(
            library=self._library.folder,
            images=len(self._view),
            folders=tuple(catalogue.folders()),
            skipped=tuple(catalogue.skipped()),
            model=self._encoder.manifest.name,
            model_folder=self._encoder.manifest.folder,
            dim=self._encoder.dim,
            provider=self._encoder.provider,
            index_backend=self._index.backend,
        )

    def disk_bytes(self) -> int:
        """Size of the library's folder. Looks at every file: seconds for 100,000 images."""
        files = (path for path in self._library.folder.rglob("*") if path.is_file())
        return sum(path.stat().st_size for path in files)

    def close(self) -> None:
        """Release the database."""
        self._library.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def library_folder(library: str | os.PathLike[str] | None = None) -> Path:
    """The library's folder: as given, from `VISUAL_SEARCH_LIBRARY`, or `./library`."""
    chosen = library or os.environ.get("VISUAL_SEARCH_LIBRARY") or DEFAULT_LIBRARY
    return Path(chosen).expanduser().resolve()


def model_folder(model: str | os.PathLike[str] | None = None) -> Path:
    """The model's folder: as given, from `VISUAL_SEARCH_MODEL`, or the one that ships."""
    chosen = Path(model or os.environ.get("VISUAL_SEARCH_MODEL") or DEFAULT_MODEL).expanduser()
    shipped = _PROJECT / chosen
    # Started from another folder, "models/default" still means the project's own.
    return shipped if not chosen.exists() and shipped.exists() else chosen.absolute()
