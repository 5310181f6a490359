"""Looking into a library and into what a run did."""

import numpy as np

from engine.library import ImageRecord, IngestReport, Library


def counts(report: IngestReport) -> dict[str, int]:
    """What happened, without what did not."""
    names = ("added", "updated", "moved", "removed", "unchanged")
    every = {**{name: getattr(report, name) for name in names}, "skipped": len(report.skipped)}
    return {name: count for name, count in every.items() if count}


def vector(library: Library, record: ImageRecord) -> np.ndarray:
    """The stored vector of an image."""
    return library.vectors.read(np.array([record.vector_row]))[0]
