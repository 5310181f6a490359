"""Which stored vectors cannot be used: lost, missing or damaged."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.library.store.vectors import VectorStore

Rows = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Tell = Callable[[int, int], None]

_CHUNK = 8192
_TOLERANCE = 0.04
"""Of the square of a unit vector's length. Rounding to float16 changes it by less than 0.002."""


@dataclass(frozen=True)
class VectorHealth:
    """Rows that images refer to and that cannot be used, each int64 and ascending.

    Attributes:
        lost: beyond the end of the store.
        empty: all zeros: no vector was ever written, or it is to be made again.
        damaged: not finite, or not of unit length.
    """

    lost: Rows
    empty: Rows
    damaged: Rows

    @property
    def unusable(self) -> Rows:
        """All of them, int64 [n], ascending."""
        return np.sort(np.concatenate([self.lost, self.empty, self.damaged]))

    def reason(self, row: int) -> str:
        """Why a row cannot be used."""
        if _holds(self.lost, row):
            return f"vector row {row} is lost: the file was cut short"
        if _holds(self.empty, row):
            return f"vector row {row} is empty"
        return f"vector row {row} is damaged"


def vector_health(store: VectorStore, rows: Rows, tell: Tell | None = None) -> VectorHealth:
    """Look at every row that is in use; reads the store once, a little at a time.

    Args:
        store: with unit vectors.
        rows: numbers of the rows in use, int64 [n], ascending, each once.
        tell: called with how many of how many rows were looked at.
    """
    there = rows[rows < len(store)]
    empty, damaged = [rows[:0]], [rows[:0]]
    for at in range(0, len(there), _CHUNK):
        some = there[at : at + _CHUNK]
        is_empty, is_damaged = unusable(store.read(some))
        empty.append(some[is_empty])
        damaged.append(some[is_damaged])
        if tell:
            tell(at + len(some), len(there))
    return VectorHealth(rows[len(there) :], np.concatenate(empty), np.concatenate(damaged))


def unusable(vectors: npt.NDArray[np.float32]) -> tuple[Flags, Flags]:
    """Which of the vectors [n, dim] are all zeros, and which others are of no unit length."""
    with np.errstate(invalid="ignore", over="ignore"):
        squares = np.vecdot(vectors, vectors)
        is_unit = np.abs(squares - 1) <= _TOLERANCE  # false for what is not a number
    is_empty = squares == 0
    return is_empty, ~is_unit & ~is_empty


def _holds(rows: Rows, row: int) -> bool:
    place = np.searchsorted(rows, row)
    return bool(place < len(rows) and rows[place] == row)
