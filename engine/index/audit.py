"""Compares the index on disk with the library."""

from engine.index.base import IndexUnavailableError, VectorIndex
from engine.index.saved import Held, SavedIndex
from engine.index.table import IdTable


def audit(
    saved: SavedIndex,
    wanted: IdTable,
    backend: type[VectorIndex],
    dim: int,
    slack: float = 0.0,
) -> list[str]:
    """What is wrong with a saved index, one sentence each.

    Args:
        saved: the index.
        wanted: ids of all images, and the versions of their vectors.
        backend: that searches would use.
        dim: width of the vectors.
        slack: share of differences that is none: the next start makes up for it in a moment.
    """
    if not saved.exists():
        is_needed = backend.persistent and len(wanted) > 0
        return ["missing: it is built at the next start, which takes a while"] if is_needed else []
    try:
        held = saved.read(dim)
    except IndexUnavailableError as error:
        return [str(error)]
    except Exception as error:  # a damaged file fails in any way
        return [f"damaged, and of no use: {error}"]
    if held is None:
        return []
    try:
        return _differences(held, wanted, backend, slack)
    finally:
        held.index.close()


def _differences(
    held: Held, wanted: IdTable, backend: type[VectorIndex], slack: float
) -> list[str]:
    if held.index.backend != backend.backend:
        if not backend.persistent:  # whoever asks for it again brings it up to date first
            return []
        return [f"made by {held.index.backend}, while searches use {backend.backend}"]
    lacking, foreign = len(wanted.minus(held.table)), len(held.table.minus(wanted))
    if lacking + foreign <= slack * len(wanted):
        return []
    found = []
    if lacking:
        found.append(f"lacks the present vectors of {lacking} images")
    if foreign:
        found.append(f"holds {foreign} vectors that are not the library's any more")
    return found
