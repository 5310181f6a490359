"""Folders -> rows, vectors and thumbnails: read, decode, encode, store, all at the same time.

Threads read and decode some files ahead of the model, and a thread stores one batch while the next
is encoded. A batch is stored in the order thumbnails, vectors, rows; so a killed run leaves at
most some unused bytes, and the next one repeats at most the batches under way.
"""

import os
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from engine.encoder import Encoder
from engine.library.intake.late_details import complete_details
from engine.library.intake.late_windows import complete_windows
from engine.library.intake.plan import Plan
from engine.library.intake.reader import FileReader, ReadResult
from engine.library.intake.scan import Found, Scan, walk
from engine.library.intake.spool import Spool
from engine.library.intake.stages import Stopwatch, slowest
from engine.library.intake.stopped import explained
from engine.library.intake.writer import Batch, BatchWriter
from engine.library.library import Library
from engine.library.records import (
    Content,
    IngestReport,
    Progress,
)
from engine.library.store.renewing import renew_tables
from engine.library.windows import WindowStore, windows_of
from engine.machine import usable_cores

_KEPT = "what was indexed so far is kept, run again to go on"
BATCH = 32
MAX_BATCH = 1024
MAX_JOBS = 64
_TOLD_AFTER = 1000  # pictures found by the walk
_STORING = 2  # batches that are stored or wait for it while the next one is encoded

ProgressCallback = Callable[[Progress], None]


def ingest(
    library: Library,
    encoder: Encoder,
    folders: Iterable[str | os.PathLike[str]],
    progress: ProgressCallback | None = None,
    remove_missing: bool = False,
    jobs: int | None = None,
    batch: int | None = None,
    remember: bool = True,
) -> IngestReport:
    """Bring the library up to date with `folders`.

    Args:
        library: where to.
        encoder: the library's model.
        folders: folders or files. Images of other folders are left alone.
        progress: called after every batch, and while a large folder is walked; in the caller's
            thread.
        remove_missing: also drop images of folders that are now gone or empty.
        jobs: threads that read and decode; by default one for each core.
        batch: pictures that the model gets at a time; 32 by default.
        remember: look at these folders in every later refresh, too.

    Raises:
        LibraryError: another process is indexing, or the library cannot be written; what was
            committed stays.
        ValueError: `jobs` or `batch` is out of range.
    """
    jobs = _within("jobs", jobs, usable_cores(), MAX_JOBS)
    batch = _within("batch", batch, BATCH, MAX_BATCH)
    with (
        library.writing(),
        explained(library.folder, _KEPT),
        windows_of(library, encoder) as windows,
    ):
        run = _Run(library, encoder, windows, progress, jobs, batch, remember)
        return run.run(folders, remove_missing)


class _Run:
    """One run of indexing: its settings and its counts."""

    def __init__(
        self,
        library: Library,
        encoder: Encoder,
        windows: WindowStore | None,
        progress: ProgressCallback | None,
        jobs: int,
        batch: int,
        remember: bool,
    ) -> None:
        self._library = library
        self._windows = windows
        self._catalogue = library.catalogue
        self._encoder = encoder
        self._progress = progress
        self._jobs = jobs
        self._batch = batch
        self._remember = remember
        self._counts: Counter[str] = Counter()
        self._was_empty = False
        self._under_way: set[str] = set()  # digests whose rows are not stored yet

    def run(self, folders: Iterable[str | os.PathLike[str]], remove_missing: bool) -> IngestReport:
        started = time.perf_counter()
        scan = Scan()
        renew_tables(self._library.database, self._progress)
        with Spool(self._library.database) as spool:
            found = self._told(walk(folders, self._library.folder, scan))
            plan = Plan(spool, found, scan, remove_missing)
            last_row = self._catalogue.last_row()
            self._library.vectors.require(last_row)
            self._was_empty = last_row < 0
            for paths in plan.recovered():
                self._catalogue.forget_failed(paths)
            if self._remember:
                self._catalogue.add_folders(scan.roots)
            if remove_missing:
                self._catalogue.forget_folders(scan.missing)
            report = self._read(plan)
            self._remove_vanished(plan)
            complete_details(self._library, self._jobs, self._progress)
            if self._windows is not None:
                complete_windows(self._library, self._encoder, self._windows, self._progress)
            for paths in plan.deleted_bad():
                self._catalogue.forget_failed(paths)
            return replace(
                report,
                added=self._counts["added"],
                updated=self._counts["updated"],
                moved=self._counts["moved"],
                removed=self._counts["removed"],
                unchanged=self._counts["unchanged"] + plan.unchanged,
                skipped=(*scan.skipped, *plan.bad()),
                passed_over=dict(scan.passed_over.most_common()),
                notes=plan.notes,
                seconds=time.perf_counter() - started,
            )

    def _told(self, found: Iterator[Found]) -> Iterator[Found]:
        """The walk; of a large folder, it takes minutes."""
        for number, one in enumerate(found, start=1):
            if self._progress and number % _TOLD_AFTER == 0:
                self._progress(Progress(number, 0, stage="looking for pictures"))
            yield one

    def _read(self, plan: Plan) -> IngestReport:
        """Read, decode, encode and store; returns what the stages have cost."""
        if not plan.to_read:
            return IngestReport()
        stopwatch, cpu = Stopwatch(), time.thread_time()
        self._pump(plan, stopwatch)
        stopwatch.add_other(time.thread_time() - cpu)
        on_cpu = self._encoder.provider.startswith("CPU")
        stages = stopwatch.stages(self._jobs, self._encoder.threads if on_cpu else None)
        return IngestReport(stages=stages, limited_by=slowest(stages))

    def _pump(self, plan: Plan, stopwatch: Stopwatch) -> None:
        """Keep all stages at work until every file is stored."""
        reader = FileReader(self._encoder, self._library.thumbnails, self._known, stopwatch)
        writer = BatchWriter(self._library, self._windows, plan, stopwatch)
        storing: deque[tuple[Batch, Future[Counter[str]]]] = deque()
        with (
            ThreadPoolExecutor(self._jobs, "decode") as readers,
            ThreadPoolExecutor(1, "store") as writers,
        ):
            try:
                ahead = 2 * self._batch + self._jobs
                for results in _batches(_ahead(readers, reader, plan, ahead), self._batch):
                    batch = self._encode(results, stopwatch)
                    while storing and (storing[0][1].done() or len(storing) >= _STORING):
                        self._stored(*storing.popleft(), plan.to_read)
                    storing.append((batch, writers.submit(writer.store, batch)))
                while storing:
                    self._stored(*storing.popleft(), plan.to_read)
            except BaseException:
                readers.shutdown(wait=False, cancel_futures=True)
                writers.shutdown(wait=False, cancel_futures=True)
                raise

    def _encode(self, results: list[ReadResult], stopwatch: Stopwatch) -> Batch:
        """Vectors for contents that are neither in the library nor on their way there."""
        pixels = {r.digest: r.pixels for r in results if r.pixels is not None}
        for digest in pixels.keys() & self._under_way:
            del pixels[digest]
        for digest in self._catalogue.contents(pixels):
            del pixels[digest]
        self._under_way |= pixels.keys()
        started, cpu = time.perf_counter(), time.thread_time()
        vectors, windows = self._encoder.encode_with_windows(list(pixels.values()))
        stopwatch.add("encode", time.perf_counter() - started, len(pixels))
        stopwatch.add_other(cpu - time.thread_time())  # `_read` counts all of this thread
        light = [replace(result, pixels=None) for result in results]
        fresh = {result.digest: result for result in light}
        return Batch(light, [fresh[digest] for digest in pixels], vectors, windows)

    def _stored(self, batch: Batch, future: Future[Counter[str]], total: int) -> None:
        """Take note of a batch that has been stored, once it is."""
        self._counts.update(future.result())
        self._under_way.difference_update(result.digest for result in batch.fresh)
        self._counts["read"] += len(batch.results)
        if self._progress:
            self._progress(Progress(self._counts["read"], total, self._counts["skipped"]))

    def _known(self, digest: str) -> Content | None:
        if self._was_empty:  # only copies within the folder could be known: not worth the looking
            return None
        return self._catalogue.contents([digest]).get(digest)

    def _remove_vanished(self, plan: Plan) -> None:
        for ids in plan.vanished():
            self._catalogue.apply(removed=ids)
            self._counts["removed"] += len(ids)
        for digests in plan.unused():
            for digest in digests:
                self._library.thumbnails.remove(digest)
            self._library.details.forget(digests)
            if self._windows is not None:
                self._windows.forget(digests)


def _ahead(
    pool: ThreadPoolExecutor, reader: FileReader, plan: Plan, limit: int
) -> Iterator[ReadResult]:
    """Results in order, with a bounded number of files under way."""
    waiting: deque[Future[ReadResult]] = deque()
    for state, record in plan.files():
        waiting.append(pool.submit(reader.read, state, record))
        if len(waiting) >= limit:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _batches(results: Iterator[ReadResult], size: int) -> Iterator[list[ReadResult]]:
    batch: list[ReadResult] = []
    for result in results:
        batch.append(result)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _within(name: str, value: int | None, default: int, most: int) -> int:
    if value is None:
        return default
    if not 1 <= value <= most:
        raise ValueError(f"{name} {value}: use a number from 1 to {most}")
    return value
