"""`SearchEngine`: the facade that ties encoder, library, index and query together."""

import math
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt
from PIL import Image

from engine.encoder import Device, Encoder, ImageError, ImageSource, decode
from engine.huge_pages import prefer_huge_pages
from engine.index import Tuning
from engine.library import (
    CheckUp,
    ImageRecord,
    IngestReport,
    Library,
    ProgressCallback,
    WatchRound,
    compact,
    examine,
    ingest,
    repair_library,
    watch_folders,
)
from engine.library.duplicates import DuplicateStore
from engine.library.importing import ImportReport, import_table
from engine.library.knowledge import Known, known_of
from engine.library.matching import matching_ids
from engine.library.reread import read_original
from engine.library_info import LibraryInfo
from engine.maintenance import repair_index, tidied
from engine.metadata import Where
from engine.opening import Parts, open_parts
from engine.places import adapter_name, library_folder, model_folder
from engine.query import (
    Advice,
    Answer,
    DuplicateFinder,
    DuplicateReport,
    HeatMap,
    NeutralStore,
    Query,
    QueryError,
    ResultPage,
    Searcher,
    Upkeep,
    Variety,
    advise,
    parse_query,
    query_text,
)
from engine.query.calibration import WEAK

Box = tuple[float, float, float, float]
Ids = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]


class SearchEngine:
    """One library under one model. Safe to use from several threads; open it once.

    `with SearchEngine.open("library") as engine: engine.index(["~/Pictures"])`
    """

    def __init__(self, parts: Parts) -> None:
        self._library, self._encoder = parts.library, parts.encoder
        self._index, self._view = parts.index, parts.view
        self._upkeep = Upkeep(self._encoder, self._library, self._view, self._index)
        self._neutral = NeutralStore(self._encoder, self._library.index_folder)
        self._searcher = Searcher(
            self._encoder, self._library, self._view, self._upkeep, self._neutral
        )

    @classmethod
    def open(
        cls,
        library: str | os.PathLike[str] | None = None,
        model: str | os.PathLike[str] | None = None,
        device: Device | None = None,
        backend: str = "auto",
        adapter: str | None = None,
    ) -> Self:
        """Open a library, or make an empty one.

        Args:
            library: its folder; by default `VISUAL_SEARCH_LIBRARY`, or `./library`.
            model: the model's folder; by default `VISUAL_SEARCH_MODEL`, the one that the library
                was made with, or the shipped one.
            device: `auto`, `cpu` or `cuda`; by default `VISUAL_SEARCH_DEVICE`, or `auto`.
            backend: index backend; `auto` is exact search for small libraries, hnsw for others.
            adapter: name of an adapter beside the model, which turns the vectors of texts; by
                default `VISUAL_SEARCH_ADAPTER`, or none.

        Raises:
            ModelError: the model folder, the device or the adapter cannot be used.
            LibraryError: the library cannot be used, or belongs to another model.
        """
        folder = library_folder(library)
        chosen = model_folder(model, folder)
        return cls(open_parts(folder, chosen, device, backend, adapter_name(adapter)))

    @classmethod
    def with_encoder(
        cls,
        encoder: Encoder,
        library: str | os.PathLike[str] | None = None,
        backend: str = "auto",
    ) -> Self:
        """As `open`, with an encoder that is already loaded."""
        opened = Library(library_folder(library), encoder.manifest)
        return cls(Parts.of(opened, encoder, backend))

    @property
    def encoder(self) -> Encoder:
        """The model."""
        return self._encoder

    def index(
        self,
        folders: Iterable[str | os.PathLike[str]] | None = None,
        progress: ProgressCallback | None = None,
        remove_missing: bool = False,
        jobs: int | None = None,
        batch: int | None = None,
    ) -> IngestReport:
        """Bring the library up to date with folders; originals are never touched.

        Args:
            folders: folders or files; None takes all that were indexed before.
            progress: called after every batch.
            remove_missing: also drop images of folders that are gone or empty.
            jobs: threads that read and decode; by default one for each core.
            batch: pictures that the model gets at a time; 32 by default.

        Raises:
            LibraryError: another process is indexing, or the library cannot be written.
            ValueError: `jobs` or `batch` is out of range.
        """
        if isinstance(folders, str | os.PathLike):
            folders = [folders]
        chosen = list(folders) if folders is not None else self._library.catalogue.folders()
        report = ingest(self._library, self._encoder, chosen, progress, remove_missing, jobs, batch)
        return tidied(report, self._library, self._upkeep, progress)

    def is_outdated(self) -> bool:
        """Whether the library has been taken over to another model: then open it again."""
        return self._library.changes.head().model != self._library.model

    def warm(self) -> None:
        """Make all searches as quick as they can be; for whoever is going to ask many.

        Takes seconds for a million images. Searches of other threads go on meanwhile.
        """
        self._view.refresh()
        self._neutral.prepare()
        self._library.warm()
        prefer_huge_pages(is_filled=True)

    def upkeep(self, progress: ProgressCallback | None = None) -> None:
        """Bring the index up to date, build it anew and measure it, each where it is needed.

        Searches of other threads go on meanwhile.
        """
        self._upkeep.run(progress)

    def needs_upkeep(self) -> bool:
        """Whether `upkeep` has more to do than searches do on the way."""
        return self._upkeep.is_needed()

    def tune(
        self, target: float | None = None, progress: ProgressCallback | None = None
    ) -> Tuning | None:
        """Measure how many of the true neighbours the index finds, and set it accordingly.

        Args:
            target: recall@10 that the lower 95 % confidence bound has to reach, for texts and for
                images; None takes that of before, or 0.97.
            progress: called as it goes on.

        Returns:
            The setting and its bounds; None if every search is exact anyway.
        """
        return self._upkeep.tune(target, progress)

    def doctor(
        self,
        repair: bool = False,
        progress: ProgressCallback | None = None,
        remove_missing: bool = False,
    ) -> CheckUp:
        """Look for whatever is wrong with the library; no picture is read.

        Args:
            repair: first repair what can be repaired; originals are never touched.
            progress: called as it goes on.
            remove_missing: when repairing, also drop images of folders that are gone or empty.

        Raises:
            LibraryError: it cannot be repaired, because another process is writing, say.
        """
        done: tuple[str, ...] = ()
        if repair:
            done = repair_library(self._library, self._encoder, progress, remove_missing)
            compact(self._library)
            done += repair_index(self._library, self._index, self._upkeep, progress)
        return replace(examine(self._library, self._index, progress), repairs=done)

    def watch(
        self,
        folders: Iterable[str | os.PathLike[str]],
        tell: Callable[[WatchRound], None],
        poll: float | None = None,
        stop: threading.Event | None = None,
    ) -> None:
        """Bring the library up to date with folders, then whenever something in them changes.

        Args:
            folders: folders or files to follow.
            tell: called after every round.
            poll: seconds between two looks at every file, for drives that tell of no changes;
                None asks the system where it can.
            stop: ends it once it is set.

        Raises:
            ModelChangedError: the library has been taken over to another model: open it again.
        """

        def index(some: list[str], remember: bool) -> IngestReport:
            report = ingest(self._library, self._encoder, some, remember=remember)
            return tidied(report, self._library, self._upkeep)

        watch_folders(self._library, folders, index, tell, poll, stop)

    def search(
        self,
        query: Query | str,
        limit: int = 20,
        offset: int = 0,
        use_marks: bool = True,
        fold: bool = False,
        diversity: float = 0.0,
    ) -> ResultPage:
        """Find the best images for a query, or simply for a text.

        Args:
            query: what to look for; a text is read by `parse`.
            limit: number of results.
            offset: results to pass over, for paging.
            use_marks: whether thumbs stored for this query count.
            fold: of copies that `duplicates` has found, show the best one, with their number.
            diversity: from 0, by score alone, to 1: keep images apart that look alike.

        Raises:
            QueryError: the query is empty or names an unknown image.
            ImageError: an example picture cannot be read.
        """
        asked = self.parse(query) if isinstance(query, str) else query
        marks = self.marks(asked) if use_marks else {}
        if not 0 <= diversity <= 1:
            raise QueryError(f"diversity {diversity}: use a number from 0 to 1")
        variety = Variety(fold, diversity)
        page = self._searcher.search(asked, limit, offset, marks, variety)
        for term in asked.terms:
            for text in term.texts:
                self._library.asked.add(text)
        return page

    def parse(self, text: str) -> Query:
        """What a text asks of this library: its imported columns are filters, too."""
        has_filters = ":" in text
        return parse_query(text, self._library.attributes.names() if has_filters else ())

    def written(self, query: Query) -> str:
        """The text that `parse` reads as the words and filters of a query."""
        return query_text(query, self._library.attributes.names())

    def matching(self, filters: Iterable[Where]) -> int:
        """How many images pass all of these filters."""
        return len(matching_ids(self._library.database, filters))

    def import_metadata(
        self,
        table: str | os.PathLike[str],
        key: str | None = None,
        tell: Callable[[int], None] | None = None,
    ) -> ImportReport:
        """Keep what a table (CSV, JSON, JSON Lines) says of images of the library.

        Its columns become filters, and its texts are found by keywords.

        Args:
            table: the file.
            key: the column that names the image; None takes the first of the usual names.
            tell: called with how many rows are done.

        Raises:
            LibraryError: the table cannot be used; then nothing has changed.
        """
        return import_table(self._library, Path(table), key, tell)

    def columns(self) -> dict[str, int]:
        """Imported columns, and how many images have a value of each."""
        return self._library.attributes.columns()

    def forget_column(self, column: str) -> int:
        """Drop an imported column; returns how many images had it."""
        return self._library.attributes.clear(column)

    def known(self, ids: Sequence[int]) -> dict[int, Known]:
        """What is known of images besides how they look, by id; unknown ids are left out."""
        return known_of(self._library, ids)

    def advice(self, query: Query) -> list[Advice]:
        """What to ask instead of a query that finds little; takes some searches.

        Raises:
            QueryError: as `search`.
            ImageError: as `search`.
        """

        def ask(other: Query) -> Answer:
            page = self._searcher.search(other, 1, 0, {})
            return Answer(page.results[0].score if page.results else 0.0, page.matching)

        known = self._encoder.words | self._library.attributes.words()
        return advise(query, ask, known, WEAK)

    def region(self, picture: ImageSource | int, box: Box) -> Image.Image:
        """A part of a picture, to search with: `Query.image(engine.region(17, (0, 0, 0.5, 1)))`.

        Args:
            picture: an example, or the id of an image of the library.
            box: left, top, right and bottom edge as shares of its sides, from 0 to 1.

        Raises:
            QueryError: the box is empty, or there is no such image.
            ImageError: the picture cannot be read.
        """
        left, top, right, bottom = box
        if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
            raise QueryError(f"region {box}: use left, top, right, bottom from 0 to 1")
        if isinstance(picture, int):
            record = self.image(picture)
            if record is None:
                raise QueryError(f"image {picture} is not in the library")
            original = Path(record.path)
            picture = original if original.exists() else self._thumbnail_of(record)
        whole = decode(picture).image
        width, height = whole.size
        return whole.crop(
            (
                math.floor(left * width),
                math.floor(top * height),
                max(math.ceil(right * width), math.floor(left * width) + 1),
                max(math.ceil(bottom * height), math.floor(top * height) + 1),
            )
        )

    def _thumbnail_of(self, record: ImageRecord) -> Path:
        file = self.thumbnail(record.digest, record.path)
        if file is None:
            raise ImageError(f"{record.path}: neither the original nor a thumbnail is there")
        return file

    def heat_maps(self, text: str, ids: Sequence[int]) -> dict[int, HeatMap]:
        """Where images match a text; those that have no thumbnail and no original are left out.

        Quick where the model gives windows, which are kept; others are encoded in parts.
        """
        records = self._library.catalogue.records_of(ids)
        pictures = {}
        for record in records.values():
            file = self.thumbnail(record.digest, record.path)
            if file is not None:
                with suppress(ImageError):
                    pictures[record.digest] = decode(file).image
        found = self._searcher.heat(text, pictures)
        return {i: found[r.digest] for i, r in records.items() if r.digest in found}

    def mark(self, query: Query, image_id: int, mark: int) -> None:
        """Store a thumb for a query: +1 up, -1 down, 0 takes it back.

        Raises:
            LibraryError: there is no such image.
            ValueError: `mark` is something else.
        """
        if mark not in (-1, 0, 1):
            raise ValueError(f"mark {mark}: use 1, -1 or 0")
        self._library.marks.set(query.key(), image_id, mark, query.words())

    def marks(self, query: Query) -> dict[int, int]:
        """Thumbs stored for a query: image id to +1 or -1."""
        return self._library.marks.of(query.key()) if query.terms else {}

    def judgements(self) -> list[tuple[Query, dict[int, int]]]:
        """Questions in words that have thumbs, and image id to +1 or -1 of each."""
        asked = self._library.marks.asked()
        return [(Query.from_words(words), marks) for words, marks in asked]

    def clear_all_marks(self) -> int:
        """Take all thumbs of all queries back; returns how many there were."""
        return self._library.marks.clear_all()

    def clear_marks(self, query: Query) -> None:
        """Take all thumbs of a query back."""
        self._library.marks.clear(query.key())

    def image(self, image_id: int) -> ImageRecord | None:
        """What is known of an image, or None."""
        return self._library.catalogue.records_of([image_id]).get(image_id)

    def images(self) -> list[ImageRecord]:
        """All images, by id."""
        return self._library.catalogue.records()

    def vectors(self, ids: Sequence[int]) -> tuple[Ids, Vectors]:
        """Those of `ids` that are there, int64 [n], and their vectors, float32 [n, dim]."""
        self._view.refresh()
        return self._view.vectors(np.asarray(ids, dtype=np.int64))

    def latest(self, limit: int = 20) -> list[ImageRecord]:
        """The images that came last into the library, newest first."""
        return self._library.catalogue.latest(limit)

    def thumbnail(self, digest: str, original: str) -> Path | None:
        """A small JPEG of an image; made again from the original if it was deleted.

        Returns:
            The file, or None if there is neither a thumbnail nor the original as indexed.
        """
        store = self._library.thumbnails
        path = store.path(digest)
        if not path.exists():
            try:
                content = read_original(original, digest)
                store.save(digest, decode(content, at_least=store.side).image)
            except (ImageError, OSError):
                return None
        return path

    def duplicates(
        self,
        threshold: float | None = None,
        exact_only: bool = False,
        progress: ProgressCallback | None = None,
    ) -> DuplicateReport:
        """Find images that show the same, and store them as groups. Deletes nothing.

        Looks only at images that are new or others since the last call.

        Args:
            threshold: least cosine of near copies, above 0; None measures it on made copies of
                this library's pictures.
            exact_only: look for files with the very same content alone.
            progress: called as it goes on.

        Raises:
            LibraryError: another process is indexing and does not end within a minute.
        """
        finder = DuplicateFinder(self._library, self._encoder, self._view, self.thumbnail)
        return finder.find(threshold, exact_only, progress)

    def groups_of(self, ids: Sequence[int]) -> dict[int, int]:
        """Image id to group id, for those in a group of duplicates; to fold results."""
        return DuplicateStore(self._library.database).groups_of(ids)

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
            adapter=self._encoder.adapter.name if self._encoder.adapter else None,
            index_backend=self._index.backend,
            index_pending=self._index.pending,
            tuning=self._upkeep.tuning,
        )

    def disk_bytes(self) -> int:
        """Size of the library's folder. Looks at every file: seconds for 100,000 images."""
        files = (path for path in self._library.folder.rglob("*") if path.is_file())
        return sum(path.stat().st_size for path in files)

    def close(self) -> None:
        """Release the database and the index."""
        self._searcher.close()
        self._index.close()
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
