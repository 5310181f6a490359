"""The interface of all nearest-neighbour indexes."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]


class IndexUnavailableError(Exception):
    """A backend whose package is not installed; the message says which one to install."""


class VectorIndex(ABC):
    """Inner-product search over vectors with integer ids.

    Not safe for use from several threads at once; `IndexMirror` holds a lock.
    """

    backend: ClassVar[str]
    persistent: ClassVar[bool] = False
    """Whether loading a saved index is worth it against building it from the vectors."""

    EFFORTS: ClassVar[tuple[int, ...]] = ()
    """Values of `effort` worth trying, ascending; none where every search is exact."""

    is_narrow: ClassVar[bool] = False
    """Whether a search gives no more results than its effort, as in a graph."""

    effort: int = 0
    """How far a search looks: more finds more, and takes longer."""

    def __init__(self, dim: int) -> None:
        self.dim = dim

    @property
    def dead(self) -> int:
        """Removed vectors that still take room."""
        return 0

    def reserve(self, count: int) -> None:  # noqa: B027 - most need not know
        """Make room for `count` vectors at once, where growing step by step costs."""

    @abstractmethod
    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add float32 [n, dim] under `ids` [n]; an id that is there gets the new vector."""

    @abstractmethod
    def remove(self, ids: Ids) -> None:
        """Forget ids; unknown ones are passed over."""

    @abstractmethod
    def search(self, queries: Vectors, k: int) -> tuple[Ids, Vectors]:
        """The best ids and their inner products, best first.

        Args:
            queries: float32 [m, dim].
            k: how many; more than the index holds is no error.

        Returns:
            ids int64 [m, min(k, size)] and scores float32 of the same shape.
        """

    @abstractmethod
    def save(self, folder: Path) -> None:
        """Write the index into `folder`, replacing what was there in one step."""

    @classmethod
    @abstractmethod
    def load(cls, folder: Path, dim: int) -> Self:
        """Read what `save` wrote.

        Raises:
            OSError, ValueError: nothing usable is there; the caller builds a new index.
        """

    @abstractmethod
    def ids(self) -> Ids:
        """All ids, in no particular order."""

    def close(self) -> None:  # noqa: B027 - most have nothing to release
        """Release what is held outside of this process; the index cannot be used any more."""

    def __len__(self) -> int:
        return len(self.ids())

    def _last_of_each(self, ids: Ids, vectors: Vectors) -> tuple[Ids, Vectors]:
        """Checked arguments of `add`; of an id given twice the last vector counts."""
        vectors = self._checked(vectors)
        ids = np.asarray(ids, dtype=np.int64)
        if ids.shape != (len(vectors),):
            raise ValueError(f"{list(ids.shape)} ids for {len(vectors)} vectors")
        _, from_end = np.unique(ids[::-1], return_index=True)
        keep = np.sort(len(ids) - 1 - from_end)
        return ids[keep], vectors[keep]

    def _checked(self, vectors: Vectors) -> Vectors:
        if vectors.ndim != 2 or vectors.shape[1] != self.dim:
            raise ValueError(f"expected vectors [n, {self.dim}], got {list(vectors.shape)}")
        return np.ascontiguousarray(vectors, dtype=np.float32)
