"""Makes good what an examination finds, as far as that is possible without the library's index.

Originals are read only. What cannot be made good now is left as it is, to be found again.
"""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import text

from engine.encoder import Encoder, ImageError, decode, read_bytes
from engine.library.health.doctor import Report, integrity_faults, orphans
from engine.library.intake.ingest import BATCH, ingest
from engine.library.intake.plan import EMPTY_FOLDER_GUARD
from engine.library.library import Library
from engine.library.records import DatabaseDamagedError, ImageRecord, LibraryError, Progress
from engine.library.store.changes import Changes
from engine.library.store.database import writing
from engine.library.store.leftovers import clear
from engine.library.store.vector_health import Rows, VectorHealth, vector_health
from engine.machine import usable_cores

Pixels = npt.NDArray[np.float32]


def repair(
    library: Library, encoder: Encoder, progress: Report | None = None, remove_missing: bool = False
) -> tuple[str, ...]:
    """Repair database, vectors and rows; then bring the library up to date with its folders.

    Args:
        library: to repair.
        encoder: the library's model.
        progress: called now and then.
        remove_missing: also drop images of folders that are gone or empty, and any number of
            images that are in no indexed folder.

    Returns:
        What was done, one sentence each.

    Raises:
        LibraryError: another process is writing, or the library cannot be written; what was
            repaired stays, run again to go on.
    """
    try:
        with library.writing():
            done = [
                *_repair_database(library),
                *_repair_vectors(library, encoder, progress or (lambda _: None)),
                *_clear_leftovers(library),
                *_remove_orphans(library, remove_missing),
            ]
    except OSError as error:
        raise LibraryError(
            f"{library.folder}: cannot be written: {error.strerror or error}; "
            "what was repaired so far is kept, run again to go on"
        ) from error
    return (*done, *_bring_up_to_date(library, encoder, progress, remove_missing))


def _repair_database(library: Library) -> Iterator[str]:
    faults = integrity_faults(library)
    if not faults:
        return
    with writing(library.database) as connection:
        connection.execute(text("REINDEX"))
        loose = connection.execute(text("PRAGMA foreign_key_check")).all()
        for table, row, *_ in loose:  # thumbs and the like, of images that are gone
            connection.execute(text(f'DELETE FROM "{table}" WHERE rowid = :row'), {"row": row})
    left = integrity_faults(library)
    if left:
        raise DatabaseDamagedError(library.database.url.database, left[0])
    yield "made the indexes of the database anew"


def _clear_leftovers(library: Library) -> Iterator[str]:
    count = clear(library.folder, library.catalogue)
    if count:
        yield f"removed {count} files that nothing refers to"


def _remove_orphans(library: Library, however_many: bool) -> Iterator[str]:
    ids = [image_id for image_id, _ in orphans(library)]
    if not ids:
        return
    if len(ids) > EMPTY_FOLDER_GUARD and not however_many:
        yield (
            f"kept {len(ids)} images that are in no indexed folder, because they are many: index "
            "their folder again, or drop them with --remove-missing"
        )
        return
    library.catalogue.apply(removed=ids)
    clear(library.folder, library.catalogue)  # their thumbnails
    yield f"dropped {len(ids)} images that are in no indexed folder"


def _bring_up_to_date(
    library: Library, encoder: Encoder, progress: Report | None, remove_missing: bool
) -> Iterator[str]:
    report = ingest(library, encoder, library.catalogue.folders(), progress, remove_missing)
    counts = [
        f"{getattr(report, name)} {name}"
        for name in ("added", "updated", "moved", "removed")
        if getattr(report, name)
    ]
    if counts:
        yield f"brought the library up to date with its folders: {', '.join(counts)}"


# -- vectors -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Content:
    """One content whose vector cannot be used, and the images that have it."""

    digest: str
    row: int
    records: tuple[ImageRecord, ...]


def _repair_vectors(library: Library, encoder: Encoder, progress: Report) -> Iterator[str]:
    """Encode again what has lost its vector, from an original or from the thumbnail."""
    store, rows_used = library.vectors, library.catalogue.rows_used()
    store.trim(len(store))  # part of a row is none
    # Without the lost rows in their places, new ones would be taken for them.
    store.extend(rows_used)
    changes = library.changes.changes()
    health = vector_health(
        store,
        np.unique(changes.rows),
        lambda done, total: progress(Progress(done, total, stage="checking vectors")),
    )
    unusable = health.unusable
    if not len(unusable):
        return
    writer = _VectorRepair(library, encoder, health)
    with ThreadPoolExecutor(usable_cores(), thread_name_prefix="decode") as pool:
        for at in range(0, len(unusable), BATCH):
            contents = _contents(library, changes, unusable[at : at + BATCH])
            writer.repair(contents, list(pool.map(writer.pixels, contents)))
            progress(Progress(at + BATCH, len(unusable), stage="encoding again"))
    if writer.made:
        small = f", {len(writer.small)} of them from thumbnails" if writer.small else ""
        yield f"made {writer.made} vectors anew{small}"
    if writer.hopeless:
        yield (
            f"{writer.hopeless} vectors cannot be made anew now: neither the file as it was "
            "indexed nor a thumbnail is there"
        )


class _VectorRepair:
    def __init__(self, library: Library, encoder: Encoder, health: VectorHealth) -> None:
        self._library = library
        self._encoder = encoder
        self._damaged = health.damaged
        self.made = self.hopeless = 0
        self.small: set[str] = set()  # contents of which only the thumbnail was there

    def pixels(self, content: _Content) -> Pixels | None:
        """The model's input for a content; None if it is nowhere to be found."""
        for record in content.records:
            try:
                data = read_bytes(record.path)
                if hashlib.sha256(data).hexdigest() == content.digest:
                    return self._decoded(data)
            except ImageError:
                continue
        try:
            pixels = self._decoded(self._library.thumbnails.path(content.digest).read_bytes())
        except (ImageError, OSError):
            return None
        self.small.add(content.digest)
        return pixels

    def repair(self, contents: list[_Content], pixels: list[Pixels | None]) -> None:
        """Store the vectors that can be made."""
        both = list(zip(contents, pixels, strict=True))
        there = [(content, found) for content, found in both if found is not None]
        if there:
            vectors = self._encoder.encode_pixels([found for _, found in there])
            self._store([content for content, _ in there], vectors)
        hopeless = [content for content, found in both if found is None]
        damaged = [content for content in hopeless if np.isin(content.row, self._damaged)]
        self._store(damaged, np.zeros((len(damaged), self._encoder.dim), dtype=np.float32))
        # So that a run of indexing reads the file, which may be another one by now.
        again = [
            {"id": record.id, "mtime_ns": -1} for content in hopeless for record in content.records
        ]
        self._library.catalogue.apply(changed=again)
        self.made += len(there)
        self.hopeless += len(hopeless)

    def _store(self, contents: list[_Content], vectors: npt.NDArray[np.float32]) -> None:
        """Fill empty rows, which keeps them in step with other stores; the others get new ones."""
        rows = np.array([content.row for content in contents], dtype=np.int64)
        is_damaged = np.isin(rows, self._damaged)
        if is_damaged.any():
            rows[is_damaged] = self._library.vectors.append(vectors[is_damaged])
        self._library.vectors.write(rows[~is_damaged], vectors[~is_damaged])
        changed: list[dict[str, Any]] = [
            {"id": record.id, "vector_row": row}
            for content, row in zip(contents, rows.tolist(), strict=True)
            for record in content.records
        ]
        if changed:
            self._library.catalogue.apply(changed=changed)

    def _decoded(self, data: bytes) -> Pixels:
        return self._encoder.pixels(decode(data, at_least=self._encoder.decode_side).image)


def _contents(library: Library, changes: Changes, rows: Rows) -> list[_Content]:
    """What the images are of that refer to some rows."""
    ids = changes.ids[np.isin(changes.rows, rows)].tolist()
    by_content: dict[tuple[str, int], list[ImageRecord]] = {}
    for record in library.catalogue.records_of(ids).values():
        by_content.setdefault((record.digest, record.vector_row), []).append(record)
    return [_Content(*content, tuple(records)) for content, records in by_content.items()]
