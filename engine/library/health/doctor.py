"""Compares a library with its folders, and its parts with each other. Reads no picture.

Lists that may be as long as the library are kept in the database's temporary tables.
"""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import numpy as np
from filelock import FileLock, Timeout
from sqlalchemy import func, select, text

from engine.library.health.checkup import FAULTS, REMARKS, CheckUp, Finding
from engine.library.intake.plan import Plan
from engine.library.intake.scan import Found, Scan, walk
from engine.library.intake.spool import Spool, to_read, vanished
from engine.library.library import Library
from engine.library.records import DatabaseFailedError, Progress
from engine.library.store.changes import Changes
from engine.library.store.leftovers import leftovers, of_unused_models
from engine.library.store.tables import images
from engine.library.store.vector_health import Rows, vector_health

Report = Callable[[Progress], None]
_OFTEN = 1000  # files between two reports of progress
_SOME = 500
_MOST_LINES = 100  # of an integrity check


class AuditedIndex(Protocol):
    """The search index, as far as an examination needs it."""

    def audit(self, ids: Rows, versions: Rows) -> list[str]:
        """What is wrong with it, given all images."""

    def unused_files(self) -> list[Path]:
        """What it has left behind."""


def examine(
    library: Library, index: AuditedIndex | None = None, progress: Report | None = None
) -> CheckUp:
    """Look for whatever is wrong; changes nothing.

    Args:
        library: to examine.
        index: of the library, to examine, too.
        progress: called now and then.
    """
    return _Examination(library, progress or (lambda _: None)).run(index)


def integrity_faults(library: Library) -> list[str]:
    """What the database says is wrong with itself, at most 100 lines."""
    with library.database.connect() as connection:
        lines = connection.execute(text(f"PRAGMA integrity_check({_MOST_LINES})")).scalars()
        faults = [line for line in lines if line != "ok"]
        loose = connection.execute(text("PRAGMA foreign_key_check")).all()
    if loose:
        faults.append(f"{len(loose)} rows refer to images that are not there")
    return faults


def orphans(library: Library) -> Iterator[tuple[int, str]]:
    """Ids and paths of images that are in no indexed folder."""
    folders = set(library.catalogue.folders())
    known: dict[str, bool] = {}

    def is_indexed(folder: str) -> bool:
        if folder not in known:
            above = os.path.dirname(folder)  # noqa: PTH120 (a million times)
            known[folder] = folder in folders or (above != folder and is_indexed(above))
        return known[folder]

    with Spool(library.database) as spool:
        for chunk in spool.chunks(select(images.c.id, images.c.path), images.c.id):
            for image_id, path in chunk:
                if path not in folders and not is_indexed(os.path.dirname(path)):  # noqa: PTH120
                    yield image_id, path


class _Examination:
    def __init__(self, library: Library, progress: Report) -> None:
        self._library = library
        self._progress = progress
        self._found: dict[str, list[Finding]] = {kind: [] for kind in (*FAULTS, *REMARKS)}
        self._images = self._duplicates = self._rows = self._dead = 0

    def run(self, index: AuditedIndex | None) -> CheckUp:
        started = time.perf_counter()
        busy = _is_being_written(self._library.folder)
        try:
            self._look_at_database()
            changes = self._library.changes.changes()
            self._look_at_vectors(changes)
            self._look_at_folders()
            for image_id, path in orphans(self._library):
                self._note("orphaned", path, f"image {image_id}")
            if not busy:  # else what lies there may be just in use
                self._look_for_leftovers(index)
            self._duplicates = self._count_duplicates()
        except DatabaseFailedError as error:
            self._note("database", "library.db", str(error))
        else:
            for fault in index.audit(changes.ids, changes.versions) if index is not None else ():
                self._note("index", "index", fault)
        found = {kind: tuple(findings) for kind, findings in self._found.items() if findings}
        numbers = (self._duplicates, self._rows, self._dead)
        seconds = time.perf_counter() - started
        return CheckUp(self._images, found, *numbers, busy=busy, seconds=seconds)

    def _look_at_database(self) -> None:
        self._images = self._library.catalogue.count()
        self._tell(0, self._images, "checking the database")
        for line in integrity_faults(self._library):
            self._note("database", "library.db", line)
        self._tell(self._images, self._images, "checking the database")

    def _look_at_vectors(self, changes: Changes) -> None:
        store, rows = self._library.vectors, np.unique(changes.rows)
        health = vector_health(
            store, rows, lambda done, total: self._tell(done, total, "checking vectors")
        )
        self._rows = len(store)
        self._dead = len(store) - int(np.count_nonzero(rows < len(store)))
        bad = changes.ids[np.isin(changes.rows, health.unusable)].tolist()
        for at in range(0, len(bad), _SOME):
            for record in self._library.catalogue.records_of(bad[at : at + _SOME]).values():
                self._note("vectors", record.path, health.reason(record.vector_row))

    # -- the pictures ------------------------------------------------------------------------

    def _look_at_folders(self) -> None:
        """Compare with the folders, exactly as a run of indexing would."""
        scan, folders = Scan(), self._library.catalogue.folders()
        closed: set[str] = set()
        with Spool(self._library.database) as spool:
            found = self._readable(walk(folders, self._library.folder, scan), closed)
            plan = Plan(spool, found, scan, remove_missing=False)
            self._note_unread(spool, closed)
            gone = select(vanished.c.image_id, vanished.c.path)
            for chunk in spool.chunks(gone, vanished.c.image_id):
                for image_id, path in chunk:
                    self._note("missing", path, f"image {image_id}")
            for note in plan.notes:
                self._note("absent", *note.split(": ", 1))
            for skip in (*scan.skipped, *plan.bad()):
                self._note("unreadable", skip.path, skip.reason)
            for path in sorted(closed - {bad.path for bad in plan.bad()}):
                self._note("unreadable", path, "permission denied")

    def _note_unread(self, spool: Spool, closed: set[str]) -> None:
        """Files that a run would read, and why."""
        known = to_read.outerjoin(images, images.c.id == to_read.c.image_id)
        file = (to_read.c.number, to_read.c.path, to_read.c.size, to_read.c.mtime_ns)
        wanted = select(*file, images.c.id, images.c.size).select_from(known)
        for chunk in spool.chunks(wanted, to_read.c.number):
            for _, path, size, _, image_id, old_size in chunk:
                if path in closed:
                    continue
                if image_id is None:
                    self._note("unindexed", path, f"{size:,} bytes")
                elif size == old_size:
                    self._note("changed", path, "its time is another one")
                else:
                    self._note("changed", path, f"{size:,} bytes, indexed with {old_size:,}")

    def _readable(self, found: Iterator[Found], closed: set[str]) -> Iterator[Found]:
        """Files of a walk; those that must not be read are noted in `closed`."""
        as_this_process = os.access in os.supports_effective_ids
        number = 0
        for number, (place, state) in enumerate(found, 1):
            if not os.access(state.path, os.R_OK, effective_ids=as_this_process):
                closed.add(state.path)
            if number % _OFTEN == 0:
                self._tell(number, max(self._images, number), "looking at files")
            yield place, state
        self._tell(number, number, "looking at files")

    # -- the library's own files -------------------------------------------------------------

    def _look_for_leftovers(self, index: AuditedIndex | None) -> None:
        library = self._library
        for path in leftovers(library.folder, library.catalogue):
            self._note("leftovers", str(path), "half-written or of no image")
        for path in of_unused_models(library.folder, library.catalogue):
            self._note("leftovers", str(path), "of a model that is not in use")
        for path in index.unused_files() if index is not None else ():
            self._note("leftovers", str(path), "an index that was never completed")
        beyond = len(library.vectors) - library.catalogue.rows_used()
        if beyond > 0:
            self._note("leftovers", library.vectors.name, f"{beyond} vectors at its end")

    def _count_duplicates(self) -> int:
        with self._library.database.connect() as connection:
            contents = connection.scalar(select(func.count(images.c.digest.distinct())))
        return self._images - (contents or 0)

    def _note(self, kind: str, subject: str, detail: str) -> None:
        self._found[kind].append(Finding(subject, detail))

    def _tell(self, done: int, total: int, stage: str) -> None:
        self._progress(Progress(done, total, stage=stage))


def _is_being_written(folder: Path) -> bool:
    """Whether another process holds the library's lock."""
    try:
        with FileLock(folder / "writer.lock", timeout=0):
            return False
    except Timeout:
        return True
