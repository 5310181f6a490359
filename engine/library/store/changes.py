"""Which images there are, with their vectors' rows, and what has changed since a generation."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, Engine, Select, delete, func, select

from engine.library.store.catalogue import put_meta
from engine.library.store.database import read_numbers, writing
from engine.library.store.quick import QuickSelect
from engine.library.store.tables import images, meta, removed

Numbers = npt.NDArray[np.int64]

KEPT = 10_000
"""Generations for which removals are remembered; whoever is further behind reads everything."""

_PRIME = 65_521  # the sum of a billion products of remainders stays below 2^63

_SUM = select(
    func.count(),
    func.coalesce(
        func.sum(
            (images.c.id % _PRIME) * ((31 * images.c.vector_row + images.c.changed_in) % _PRIME)
        ),
        0,
    ),
)

_FACTS = select(meta.c.key, meta.c.value).where(
    meta.c.key.in_(["generation", "model", "vectors", "log_from"])
)


@dataclass(frozen=True)
class Head:
    """What tells one state of a library from another.

    Attributes:
        generation: grows with every change of the images.
        model: fingerprint of the model in use.
        vectors: name of the vector store in use.
    """

    generation: int
    model: str
    vectors: str


@dataclass(frozen=True)
class Changes:
    """Images as of one moment: all of them, or those that are new since an earlier one.

    Attributes:
        head: the moment.
        ids: int64 [n], ascending.
        rows: their rows in the vector store.
        versions: the generation in which each got its vector: another one is another vector.
        removed: ids that are gone; may name some that never were seen.
        complete: whether these are all images.
    """

    head: Head
    ids: Numbers
    rows: Numbers
    versions: Numbers
    removed: Numbers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    complete: bool = True

    def then(self, newer: "Changes") -> "Changes":
        """All images after what is `newer`; these are all images before it."""
        columns = np.stack([self.ids, self.rows, self.versions])
        if len(newer.ids) or len(newer.removed):
            stays = ~np.isin(self.ids, np.concatenate([newer.ids, newer.removed]))
            new = np.stack([newer.ids, newer.rows, newer.versions])
            columns = np.concatenate([columns[:, stays], new], axis=1)
            columns = columns[:, np.argsort(columns[0], kind="stable")]
        return Changes(newer.head, *columns)

    def checksum(self) -> tuple[int, int]:
        """Equal to that of `ChangeLog` if the images are the same; says nothing of `removed`."""
        products = (self.ids % _PRIME) * ((31 * self.rows + self.versions) % _PRIME)
        return len(self.ids), int(products.sum())


class ChangeLog:
    """Reads what searches need to know of the images. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._facts = QuickSelect(engine, _FACTS)
        self._sum = QuickSelect(engine, _SUM)

    def head(self) -> Head:
        """The present state."""
        return _head(dict(self._facts()))

    def changes(self, since: Head | None = None) -> Changes:
        """What a reader has to take in.

        Args:
            since: what the reader knows; None, another model or store, or a generation too long
                ago gives all images.
        """
        with self._engine.connect() as connection:
            facts = _facts(connection)
            head = _head(facts)
            complete = (
                since is None
                or (since.model, since.vectors) != (head.model, head.vectors)
                or not int(facts.get("log_from", 0)) <= since.generation <= head.generation
            )
            wanted = select(images.c.id, images.c.vector_row, images.c.changed_in)
            if complete:
                ids, rows, versions = _columns(connection, wanted, 3)
                return Changes(head, ids, rows, versions)
            assert since is not None
            newer = wanted.where(images.c.changed_in > since.generation)
            gone = select(removed.c.image_id).where(removed.c.removed_in > since.generation)
            (lost,) = _columns(connection, gone, 1)
            ids, rows, versions = _columns(connection, newer, 3)
            return Changes(head, ids, rows, versions, removed=lost, complete=False)

    def checksum(self) -> tuple[int, int]:
        """Of all images: another one means that they are others; see `Changes.checksum`."""
        ((count, products),) = self._sum()
        return count, int(products)

    def trim(self) -> None:
        """Forget removals of long ago, so that the list does not grow for ever."""
        with writing(self._engine) as connection:
            oldest = _head(_facts(connection)).generation - KEPT
            if oldest > 0:
                connection.execute(delete(removed).where(removed.c.removed_in <= oldest))
                put_meta(connection, "log_from", str(oldest))


def _facts(connection: Connection) -> dict[str, str]:
    return {row[0]: row[1] for row in connection.execute(_FACTS)}


def _head(facts: dict[str, str]) -> Head:
    return Head(int(facts.get("generation", 0)), facts.get("model", ""), facts.get("vectors", ""))


def _columns(connection: Connection, statement: Select[Any], width: int) -> tuple[Numbers, ...]:
    """The result's columns, sorted by the first one."""
    table = read_numbers(connection, statement).reshape(-1, width)
    table = table[np.argsort(table[:, 0], kind="stable")]
    return tuple(np.ascontiguousarray(column) for column in table.T)
