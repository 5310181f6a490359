"""Folders -> rows, vectors and thumbnails. Pictures are decoded in threads while the model runs.

A batch is stored in the order thumbnails, vectors, rows. A row is what makes an image exist, and
its batch is one transaction; so a killed run leaves at most some unused bytes, and the next one
repeats at most one batch.
"""

import os
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from engine.encoder import Encoder
from engine.library.library import Library
from engine.library.plan import Plan, is_below, make_plan
from engine.library.reader import FileReader, ReadResult
from engine.library.records import (
    DatabaseFailedError,
    FileState,
    ImageRecord,
    IngestReport,
    LibraryError,
    Progress,
    SkippedFile,
)
from engine.library.scan import Scan, scan
from engine.machine import usable_cores

BATCH = 32
_LOOK_AHEAD = 3 * BATCH  # files decoded, or waiting to be, while a batch is encoded

ProgressCallback = Callable[[Progress], None]


def ingest(
    library: Library,
    encoder: Encoder,
    folders: Iterable[str | os.PathLike[str]],
    progress: ProgressCallback | None = None,
    remove_missing: bool = False,
) -> IngestReport:
    """Bring the library up to date with `folders`.

    Args:
        library: where to.
        encoder: the library's model.
        folders: folders or files. Images of other folders are left alone.
        progress: called after every batch.
        remove_missing: also drop images of folders that are now gone or empty.

    Raises:
        LibraryError: another process is indexing, or the library cannot be written; what was
            committed stays.
    """
    with library.writing():
        try:
            return _Run(library, encoder, progress).run(folders, remove_missing)
        except OSError as error:
            raise LibraryError(
                f"{library.folder}: cannot be written: {error.strerror or error}; "
                "what was indexed so far is kept, run again to go on"
            ) from error
        except DatabaseFailedError as error:
            raise LibraryError(
                f"{error}; what was indexed so far is kept, run again to go on"
            ) from error


class _Run:
    """One run of indexing: its knowledge of the library and its counts."""

    def __init__(
        self, library: Library, encoder: Encoder, progress: ProgressCallback | None
    ) -> None:
        self._library = library
        self._catalogue = library.catalogue
        self._encoder = encoder
        self._progress = progress
        self._report = IngestReport()
        self._failed: list[SkippedFile] = []
        self._known: dict[str, ImageRecord] = {}  # by digest, also those added in this run
        self._vanished: dict[str, list[ImageRecord]] = {}  # by digest
        self._replaced: set[str] = set()  # digests that an image had before

    def run(self, folders: Iterable[str | os.PathLike[str]], remove_missing: bool) -> IngestReport:
        started = time.perf_counter()
        found = scan(folders, exclude=self._library.folder)
        records = self._catalogue.records()
        plan = make_plan(found, records, self._catalogue.failed_files(), remove_missing)
        self._known = {record.digest: record for record in records}
        for record in plan.vanished:
            self._vanished.setdefault(record.digest, []).append(record)
        self._library.vectors.require(max((r.vector_row for r in records), default=-1))
        self._catalogue.forget_failed(plan.recovered)
        self._catalogue.add_folders(found.roots)
        if remove_missing:
            self._catalogue.forget_folders(found.missing)
        reader = FileReader(self._encoder, self._library.thumbnails, frozenset(self._known))
        self._read_all(reader, plan)
        self._remove_vanished()
        return replace(
            self._report,
            unchanged=self._report.unchanged + plan.unchanged,
            skipped=self._all_skipped(found),
            passed_over=dict(found.passed_over.most_common()),
            notes=plan.notes,
            seconds=time.perf_counter() - started,
            read_seconds=reader.stopwatch.read,
            decode_seconds=reader.stopwatch.decode,
        )

    def _read_all(self, reader: FileReader, plan: Plan) -> None:
        total, done = len(plan.to_read), 0
        with ThreadPoolExecutor(usable_cores(), thread_name_prefix="decode") as pool:
            try:
                for batch in _batches(_ahead(pool, reader, plan)):
                    self._store(batch)
                    done += len(batch)
                    if self._progress:
                        self._progress(Progress(done, total, len(self._failed)))
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def _store(self, batch: list[ReadResult]) -> None:
        self._encode_new(batch)
        started = time.perf_counter()
        added: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        failed: list[tuple[FileState, str]] = []
        counts: Counter[str] = Counter()
        for result in batch:
            if result.reason is not None:
                # A file that could not even be read is worth another try: store no real state.
                state = result.state if result.decoded else FileState(result.state.path, -1, -1)
                failed.append((state, result.reason))
                continue
            kind, columns = self._classify(result)
            counts[kind] += 1
            (added if kind == "added" else changed).append(columns)
        read = [result.state.path for result in batch]
        self._catalogue.apply(added, changed, failed=failed, read=read)
        self._failed.extend(SkippedFile(state.path, reason) for state, reason in failed)
        self._count(**counts, store_seconds=time.perf_counter() - started)

    def _encode_new(self, batch: list[ReadResult]) -> None:
        """Give every new content of the batch a vector, and note it in `_known`."""
        fresh = {r.digest: r for r in batch if r.pixels is not None and r.digest not in self._known}
        if not fresh:
            return
        started = time.perf_counter()
        vectors = self._encoder.encode_pixels(
            [r.pixels for r in fresh.values() if r.pixels is not None]
        )
        encoded = time.perf_counter()
        rows = self._library.vectors.append(vectors)
        for result, row in zip(fresh.values(), rows, strict=True):
            self._known[result.digest] = ImageRecord(
                id=-1,
                path=result.state.path,
                digest=result.digest,
                size=result.state.size,
                mtime_ns=result.state.mtime_ns,
                width=result.width,
                height=result.height,
                vector_row=int(row),
            )
        self._count(encode_seconds=encoded - started, store_seconds=time.perf_counter() - encoded)

    def _classify(self, result: ReadResult) -> tuple[str, dict[str, Any]]:
        """What happened to the file, and the columns to write for it."""
        state, record = result.state, result.record
        times = {"size": state.size, "mtime_ns": state.mtime_ns}
        if record is not None and record.digest == result.digest:
            return "unchanged", {"id": record.id, **times}
        content = self._known[result.digest]
        columns = {
            "path": state.path,
            "digest": content.digest,
            "width": content.width,
            "height": content.height,
            "vector_row": content.vector_row,
            **times,
        }
        if record is not None:
            self._replaced.add(record.digest)
            return "updated", {"id": record.id, **columns}
        homeless = self._vanished.get(result.digest)
        if homeless:
            return "moved", {"id": homeless.pop().id, **columns}
        return "added", columns

    def _remove_vanished(self) -> None:
        gone = [record for records in self._vanished.values() for record in records]
        if gone:
            self._catalogue.apply(removed=[record.id for record in gone])
            self._count(removed=len(gone))
        old = self._replaced | {record.digest for record in gone}
        for digest in old - self._catalogue.digests_in_use(old):
            self._library.thumbnails.remove(digest)

    def _all_skipped(self, found: Scan) -> tuple[SkippedFile, ...]:
        """This run's failures, and those of earlier runs that were not worth another try."""
        present = {state.path for state in found.files}
        earlier = self._catalogue.skipped()
        gone = [
            skip.path
            for skip in earlier
            if skip.path not in present and any(is_below(skip.path, root) for root in found.roots)
        ]
        self._catalogue.forget_failed(gone)
        below = {skip.path: skip for skip in earlier if skip.path in present}
        below.update({skip.path: skip for skip in self._failed})
        return (*found.skipped, *sorted(below.values(), key=lambda skip: skip.path))

    def _count(self, **more: float) -> None:
        sums = {name: getattr(self._report, name) + value for name, value in more.items()}
        self._report = replace(self._report, **sums)


def _ahead(pool: ThreadPoolExecutor, reader: FileReader, plan: Plan) -> Iterator[ReadResult]:
    """Results in order, with a bounded number of files under way."""
    waiting: deque[Future[ReadResult]] = deque()
    for state, record in plan.to_read:
        waiting.append(pool.submit(reader.read, state, record))
        if len(waiting) >= _LOOK_AHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _batches(results: Iterator[ReadResult]) -> Iterator[list[ReadResult]]:
    batch: list[ReadResult] = []
    for result in results:
        batch.append(result)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
