"""Vectors that lie in groups, and libraries of such vectors without a single picture."""

import numpy as np
import numpy.typing as npt
from vs_vectors import unit

from engine.library import Library

Vectors = npt.NDArray[np.float32]


def grouped(groups: int, each: int, dim: int = 64, spread: float = 0.5) -> Vectors:
    """Unit rows around `groups` directions, one group after the other."""
    centres = np.repeat(unit(groups, seed=1, dim=dim), each, axis=0)
    rows = centres + spread * unit(groups * each, seed=2, dim=dim)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def add(library: Library, vectors: Vectors, first: int = 0) -> None:
    """Images with these vectors, as a run of indexing would add them."""
    with library.writing():
        rows = library.vectors.append(vectors).tolist()
        library.catalogue.apply(
            added=[
                {
                    "path": f"/photos/{first + number:06}.jpg",
                    "digest": f"{first + number:064x}",
                    "size": 1,
                    "mtime_ns": 1,
                    "width": 1,
                    "height": 1,
                    "vector_row": row,
                }
                for number, row in enumerate(rows)
            ]
        )


def remove(library: Library, ids: list[int]) -> None:
    """Drop images, as a run of indexing would."""
    with library.writing():
        library.catalogue.apply(removed=ids)
