"""`IdTable`: a number for each id, in two sorted arrays."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class IdTable:
    """Ids and a value of each. Never changed: readers keep the one they have.

    Attributes:
        ids: int64 [n], ascending, each once.
        values: int64 [n].
    """

    ids: Numbers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    values: Numbers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def __len__(self) -> int:
        return len(self.ids)

    def places(self, ids: Numbers) -> tuple[Numbers, npt.NDArray[np.bool_]]:
        """Where `ids` are in the table, and which of them are there; the other places are junk."""
        if not len(self.ids):
            return np.zeros(len(ids), dtype=np.int64), np.zeros(len(ids), dtype=np.bool_)
        places = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return places, self.ids[places] == ids

    def with_(self, ids: Numbers, values: Numbers) -> "IdTable":
        """With other values for these ids (each given once), new ones or known."""
        if not len(ids):
            return self
        order = np.argsort(ids, kind="stable")
        ids, values = ids[order], values[order]
        places, there = self.places(ids)
        new_values = self.values.copy()
        new_values[places[there]] = values[there]
        ids, values = ids[~there], values[~there]
        at = np.searchsorted(self.ids, ids)
        return IdTable(np.insert(self.ids, at, ids), np.insert(new_values, at, values))

    def without(self, ids: Numbers) -> "IdTable":
        """Without these ids; unknown ones are passed over."""
        places, there = self.places(ids)
        if not there.any():
            return self
        return IdTable(np.delete(self.ids, places[there]), np.delete(self.values, places[there]))

    def minus(self, other: "IdTable") -> "IdTable":
        """The entries that `other` does not have, or has with another value."""
        places, there = other.places(self.ids)
        if not len(other):
            return self
        differs = ~(there & (other.values[places] == self.values))
        return IdTable(self.ids[differs], self.values[differs])
