"""A library with many images, without a single picture: rows in the database, and vectors."""

import tempfile
from pathlib import Path

import numpy as np

from benchmarks.vectors import write_vectors
from engine.library import Library

_BATCH = 10_000


def add_images(library: Library, count: int, first: int = 0) -> None:
    """Add images with the synthetic vectors from number `first` on, as a run of indexing would."""
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary) / "vectors.f16"
        write_vectors(file, first + count, library.vectors.dim)
        made = np.memmap(file, dtype="<f2", mode="r").reshape(first + count, -1)
        with library.writing():
            for at in range(first, first + count, _BATCH):
                some = made[at : min(at + _BATCH, first + count)]
                rows = library.vectors.append(np.asarray(some, dtype=np.float32))
                added = [_columns(at + n, row) for n, row in enumerate(rows.tolist())]
                library.catalogue.apply(added=added)


def _columns(number: int, row: int) -> dict[str, object]:
    return {
        "path": f"/photos/{number // 1000:05}/IMG_{number:08}.jpg",
        "digest": f"{number:064x}",
        "size": 3_000_000 + number,
        "mtime_ns": 1_700_000_000_000_000_000 + number,
        "width": 4032,
        "height": 3024,
        "vector_row": row,
    }
