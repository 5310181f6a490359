"""Taking a library over to another model, while searches under the present one go on.

The new vectors are written into a store of their own, under the same row numbers; one transaction
then makes that store and its model the ones in use. What they replace is kept, so that there is a
way back: the same again, with a store in which only the rows of newer images are missing.
"""

import shutil
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from engine.encoder import Encoder
from engine.library.intake.ingest import ProgressCallback
from engine.library.intake.reread import ContentReader, Reread
from engine.library.intake.stopped import explained
from engine.library.library import Library
from engine.library.records import (
    ImageRecord,
    LibraryError,
    Progress,
    SkippedFile,
)
from engine.library.store.stamp import NEXT_DONE
from engine.library.takeover.succession import begin, switch
from engine.library.windows import WindowStore, windows_of
from engine.machine import usable_cores

BATCH = 32
_KEPT = "the library is as before, and what was done is kept: run again to go on"
_LOOK_AHEAD = 3 * BATCH  # contents decoded, or waiting to be, while a batch is encoded
_RECORDS = 2_048  # images whose records are read at a time
_SPARE = 64 << 20  # bytes of the disk that shall stay free
_UNREADABLE = "could not be read when the library was taken over to this model"


@dataclass(frozen=True)
class ReindexReport:
    """What taking a library over has done.

    Attributes:
        model: name of the model that is in use now.
        before: name of the model that was in use before; the same if nothing was to do.
        changed: whether the library was taken over.
        encoded: contents that got a vector in this run.
        kept: contents that had one already, from an earlier run or from before.
        from_thumbnails: those of `encoded` whose originals were not there as indexed.
        missing: images without a vector: neither an original nor a thumbnail could be read.
        seconds: duration.
    """

    model: str
    before: str
    changed: bool
    encoded: int = 0
    kept: int = 0
    from_thumbnails: int = 0
    missing: tuple[SkippedFile, ...] = ()
    seconds: float = 0.0


def reindex(
    library: Library,
    encoder: Encoder,
    progress: ProgressCallback | None = None,
    before_switch: Callable[[], None] | None = None,
) -> ReindexReport:
    """Take a library over to another model. A run that was stopped is gone on with.

    Args:
        library: opened under any model.
        encoder: the model that it shall have.
        progress: called after every batch.
        before_switch: called when all vectors are there and `NextLibrary` can be opened.

    Raises:
        LibraryError: another process is writing, or there is no room; the library is as before.
    """
    with library.writing():
        stamp = library.stamp
        if stamp.model == encoder.manifest.fingerprint:
            return ReindexReport(stamp.model_name, stamp.model_name, changed=False)
        with explained(library.folder, _KEPT):
            with windows_of(library, encoder) as windows:
                run = _Run(library, encoder, windows, progress)
                run.fill()
            if before_switch:
                before_switch()
            switch(library, run.stamp)
            return run.report(stamp.model_name)


class _Run:
    """One run: fills the next store."""

    def __init__(
        self,
        library: Library,
        encoder: Encoder,
        windows: WindowStore | None,
        progress: ProgressCallback | None,
    ) -> None:
        self._library, self._encoder, self._progress = library, encoder, progress
        self._windows = windows
        self._started = time.perf_counter()
        self._encoded = self._kept = self._from_thumbnails = 0
        self._reasons: dict[int, str] = {}  # by row
        self.stamp = begin(library, encoder)
        self._store = library.store(self.stamp.vectors, encoder.dim)
        images = library.changes.changes()
        order = np.argsort(images.rows, kind="stable")
        self._ids, self._rows = images.ids[order], images.rows[order]

    def fill(self) -> None:
        """Give every content its vector, from where the last run was stopped."""
        done = int(self._library.catalogue.meta(NEXT_DONE) or 0)
        self._store.trim(done)  # a batch beyond may be there in part
        self._kept = len(np.unique(self._rows[self._rows < done]))
        total = len(np.unique(self._rows))
        self._check_room(self._library.catalogue.rows_used())
        with ThreadPoolExecutor(usable_cores(), thread_name_prefix="decode") as pool:
            try:
                for batch in _batches(self._ahead(pool, done)):
                    self._write(batch)
                    if self._progress:
                        at = self._kept + self._encoded + len(self._reasons)
                        self._progress(Progress(at, total, len(self._reasons), "reindexing"))
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        self._store.extend(self._library.catalogue.rows_used())

    def report(self, before: str) -> ReindexReport:
        """What was done, once it is done."""
        lost = self._store.missing(self._rows)
        records = self._library.catalogue.records_of(self._ids[lost].tolist())
        skipped = [
            SkippedFile(record.path, self._reasons.get(record.vector_row, _UNREADABLE))
            for record in records.values()
        ]
        return ReindexReport(
            self.stamp.model_name,
            before,
            changed=True,
            encoded=self._encoded,
            kept=self._kept,
            from_thumbnails=self._from_thumbnails,
            missing=tuple(sorted(skipped, key=lambda skip: skip.path)),
            seconds=time.perf_counter() - self._started,
        )

    def _write(self, batch: list[Reread]) -> None:
        good = [content for content in batch if content.pixels is not None]
        if good:
            pixels = [content.pixels for content in good if content.pixels is not None]
            vectors, windows = self._encoder.encode_with_windows(pixels)
            if self._windows is not None and windows is not None:
                digests = (content.digest for content in good)
                self._windows.add(dict(zip(digests, windows, strict=True)))
            self._store.write(np.array([content.row for content in good]), vectors)
        self._library.catalogue.set_meta({NEXT_DONE: str(batch[-1].row + 1)})
        self._encoded += len(good)
        self._from_thumbnails += sum(content.from_thumbnail for content in good)
        self._reasons.update({c.row: c.reason for c in batch if c.pixels is None})

    def _ahead(self, pool: ThreadPoolExecutor, done: int) -> Iterator[Reread]:
        """Contents by row, with a bounded number of them under way."""
        reader = ContentReader(self._encoder, self._library.thumbnails)
        waiting: deque[Future[Reread]] = deque()
        for records in self._contents(done):
            waiting.append(pool.submit(reader.read, records))
            if len(waiting) >= _LOOK_AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def _contents(self, done: int) -> Iterator[list[ImageRecord]]:
        """The images of each content, by row, from row `done` on."""
        first = int(np.searchsorted(self._rows, done))
        ids, rows = self._ids[first:], self._rows[first:]
        starts = np.flatnonzero(np.diff(rows, prepend=-1))
        for at in range(0, len(starts), _RECORDS):
            ends = [*starts[at : at + _RECORDS + 1].tolist(), len(ids)][: _RECORDS + 1]
            records = self._library.catalogue.records_of(ids[ends[0] : ends[-1]].tolist())
            for start, end in pairwise(ends):
                yield [records[image] for image in ids[start:end].tolist()]

    def _check_room(self, rows: int) -> None:
        needed = rows * self._encoder.dim * 2 - self._store.nbytes
        free = shutil.disk_usage(self._library.folder).free
        if needed + _SPARE > free:
            raise LibraryError(
                f"{self._library.folder}: the vectors of {self._encoder.manifest.name!r} need "
                f"{needed / 1e6:,.0f} MB, and {_SPARE / 1e6:.0f} MB more should stay free, but "
                f"the disk has {free / 1e6:,.0f} MB left; make room and run again"
            )


def _batches(contents: Iterator[Reread]) -> Iterator[list[Reread]]:
    batch: list[Reread] = []
    for content in contents:
        batch.append(content)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
