"""The storing thread's part of indexing: a batch -> vectors and rows."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.library.intake.plan import Plan
from engine.library.intake.reader import ReadResult
from engine.library.intake.stages import Stopwatch
from engine.library.library import Library
from engine.library.records import Content, FileState
from engine.library.windows import WindowStore


@dataclass(frozen=True)
class Batch:
    """Files that were read, and vectors for what is new among them.

    Attributes:
        results: of the files, without pixels.
        fresh: those whose contents the vectors are of.
        vectors: float32 [len(fresh), dim].
        windows: of the same, float32 [len(fresh), windows, dim]; None where the model gives none.
    """

    results: Sequence[ReadResult]
    fresh: Sequence[ReadResult]
    vectors: npt.NDArray[np.float32]
    windows: npt.NDArray[np.float32] | None = None


class BatchWriter:
    """Stores batches, one after the other, vectors first.

    A row is what makes an image exist, and the rows of a batch are one transaction; so a killed
    run leaves at most some vectors that nothing refers to.
    """

    def __init__(
        self, library: Library, windows: WindowStore | None, plan: Plan, stopwatch: Stopwatch
    ) -> None:
        self._library = library
        self._windows = windows
        self._plan = plan
        self._stopwatch = stopwatch

    def store(self, batch: Batch) -> Counter[str]:
        """Store a batch; returns how many files were `added`, `updated`, ..., `skipped`."""
        started, cpu = time.perf_counter(), time.thread_time()
        try:
            return self._store(batch)
        finally:
            self._stopwatch.add("store", time.perf_counter() - started, len(batch.results))
            self._stopwatch.add_other(time.thread_time() - cpu)

    def _store(self, batch: Batch) -> Counter[str]:
        contents = self._contents(batch)
        failed: list[tuple[FileState, str]] = []
        good: list[ReadResult] = []
        for result in batch.results:
            if result.reason is None:
                good.append(result)
                continue
            # A file that could not even be read is worth another try: store no real state.
            state = result.state if result.decoded else FileState(result.state.path, -1, -1)
            failed.append((state, result.reason))
        homeless = self._plan.homeless([r.digest for r in good if r.record is None])
        sorted_out = [(*_classify(result, contents, homeless), result) for result in good]
        self._library.catalogue.apply(
            [columns for kind, columns, _ in sorted_out if kind == "added"],
            [columns for kind, columns, _ in sorted_out if kind != "added"],
            failed=failed,
            read=[result.state.path for result in batch.results],
        )
        self._plan.note(
            moved=[columns["id"] for kind, columns, _ in sorted_out if kind == "moved"],
            replaced_digests=[
                result.record.digest
                for kind, _, result in sorted_out
                if kind == "updated" and result.record is not None
            ],
        )
        counts = Counter(kind for kind, _, _ in sorted_out)
        counts["skipped"] = len(failed)
        return counts

    def _contents(self, batch: Batch) -> dict[str, Content]:
        """What is known of every content of the batch, now that its vectors are stored."""
        known = {r.digest: r.content for r in batch.results if r.content is not None}
        if batch.fresh:
            found = {one.digest: one.details for one in batch.fresh if one.details is not None}
            self._library.details.add(found)
            if self._windows is not None and batch.windows is not None:
                digests = (result.digest for result in batch.fresh)
                self._windows.add(dict(zip(digests, batch.windows, strict=True)))
            rows = self._library.vectors.append(batch.vectors)
            for result, row in zip(batch.fresh, rows, strict=True):
                known[result.digest] = Content(result.digest, result.width, result.height, int(row))
        # Copies of what an earlier batch has brought: by now its rows are there.
        copies = {r.digest for r in batch.results if r.reason is None} - known.keys()
        return known | (self._library.catalogue.contents(copies) if copies else {})


def _classify(
    result: ReadResult, contents: Mapping[str, Content], homeless: dict[str, list[int]]
) -> tuple[str, dict[str, Any]]:
    """What happened to the file, and the columns to write for it."""
    state, record = result.state, result.record
    times = {"size": state.size, "mtime_ns": state.mtime_ns}
    if record is not None and record.digest == result.digest:
        return "unchanged", {"id": record.id, **times}
    content = contents[result.digest]
    columns = {
        "path": state.path,
        "digest": content.digest,
        "width": content.width,
        "height": content.height,
        "vector_row": content.vector_row,
        **times,
    }
    if record is not None:
        return "updated", {"id": record.id, **columns}
    if homeless.get(result.digest):
        return "moved", {"id": homeless[result.digest].pop(), **columns}
    return "added", columns
