"""Vector stores without the rows that no image refers to any more.

The stores of the previous and of the next model are compacted alike: row r of each belongs to the
same content. New files are written beside those in use; then one transaction gives every image its
new row and puts the new stores in use. Whoever reads the old ones goes on reading them.
"""

import shutil
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from sqlalchemy import BigInteger, Column, Connection, MetaData, Table, func, insert, select, update

from engine.library.library import Library
from engine.library.records import LibraryError
from engine.library.store.catalogue import ROWS, next_generation, put_meta
from engine.library.store.database import make_durable, writing
from engine.library.store.stamp import NEXT_DONE, other_stamps
from engine.library.store.tables import images
from engine.library.store.vectors import VectorStore, delete_store
from engine.library.takeover.succession import free_name

MOST_UNUSED = 0.2
"""Share of rows without an image above which a store is compacted."""

LEAST = 1_000
"""Fewer rows without an image are not worth the work."""

_SPARE = 64 << 20  # bytes of the disk that shall stay free
_AT_ONCE = 50_000

Rows = npt.NDArray[np.int64]

_shifts = Table(
    "row_shifts",
    MetaData(),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("by", BigInteger, nullable=False),
    prefixes=["TEMPORARY"],
)


@dataclass(frozen=True)
class Compaction:
    """What a compaction has done.

    Attributes:
        rows_before: rows of the store in use.
        rows_after: rows that are left.
        freed: bytes, of all stores.
        note: why it was not done, in one sentence; empty if it was.
    """

    rows_before: int
    rows_after: int
    freed: int = 0
    note: str = ""


def compact(library: Library) -> Compaction | None:
    """Drop the rows that no image refers to, if they are many; None if they are not.

    Call it without the library's lock. A full disk or a library in use is no failure: the note
    says so, and everything is as before.
    """
    total = len(library.vectors)
    if not _is_worth_it(total, _referred(library)):
        return None
    try:
        with library.writing():
            rows = np.unique(library.changes.changes().rows)
            total = len(library.vectors)
            return _compact(library, rows) if _is_worth_it(total, len(rows)) else None
    except (OSError, LibraryError) as error:
        said = f"{library.folder}: {error.strerror}" if isinstance(error, OSError) else str(error)
        return Compaction(total, total, note=f"vectors of removed images are still kept: {said}")


def _is_worth_it(total: int, used: int) -> bool:
    return total - used >= LEAST and total - used > MOST_UNUSED * total


def _referred(library: Library) -> int:
    """The number of rows that images refer to; copies share one."""
    with library.database.connect() as connection:
        return connection.scalar(select(func.count(images.c.vector_row.distinct()))) or 0


def _compact(library: Library, rows: Rows) -> Compaction:
    library.vectors.require(int(rows.max(initial=-1)))
    stamps = [library.stamp, *other_stamps(library.catalogue.facts()).values()]
    old = {name: library.store(name) for name in dict.fromkeys(s.vectors for s in stamps)}
    before, total = sum(store.nbytes for store in old.values()), len(library.vectors)
    _check_room(library, list(old.values()), rows)
    new: dict[str, VectorStore] = {}
    try:
        for name, store in old.items():
            taken = tuple(made.name for made in new.values())
            kept = rows[rows < len(store)]
            new[name] = store.copy(kept, free_name(library, taken))
    except BaseException:
        for name in {made.name for made in new.values()}:
            delete_store(library.vectors_folder, name)
        raise
    _switch(library, rows, {name: store.name for name, store in new.items()})
    library.follow(new[library.vectors.name].name)
    make_durable(library.database)  # before what it no longer needs goes
    for name in old:
        delete_store(library.vectors_folder, name)
    return Compaction(total, len(rows), before - sum(store.nbytes for store in new.values()))


def _check_room(library: Library, stores: list[VectorStore], rows: Rows) -> None:
    needed = sum(2 * store.dim * min(len(rows), len(store)) for store in stores)
    if needed + _SPARE > shutil.disk_usage(library.folder).free:
        raise LibraryError(f"{library.folder}: a smaller copy needs {needed / 1e6:,.0f} MB of disk")


def _switch(library: Library, rows: Rows, new_names: dict[str, str]) -> None:
    """Give images their new rows and stamps their new stores, in one transaction.

    Vectors stay the same, so their versions do, and indexes need not be built again.
    """
    facts = library.catalogue.facts()
    changed = {"vectors": new_names[library.stamp.vectors], ROWS: str(len(rows))}
    for key, stamp in other_stamps(facts).items():
        changed[key] = replace(stamp, vectors=new_names[stamp.vectors]).text()
    if facts.get(NEXT_DONE):
        changed[NEXT_DONE] = str(np.searchsorted(rows, int(facts[NEXT_DONE])))
    with writing(library.database) as connection:
        _move(connection, rows)
        for key, value in changed.items():
            put_meta(connection, key, value)
        next_generation(connection)


def _move(connection: Connection, rows: Rows) -> None:
    """Row `rows[n]` becomes row n: all rows from one hole to the next move by the same number."""
    by = rows - np.arange(len(rows))
    starts = np.flatnonzero(np.diff(by, prepend=0))
    if len(starts) == 0:
        return
    _shifts.create(connection)
    for at in range(0, len(starts), _AT_ONCE):
        some = starts[at : at + _AT_ONCE]
        moves = zip(rows[some].tolist(), by[some].tolist(), strict=True)
        connection.execute(insert(_shifts), [{"first": first, "by": by} for first, by in moves])
    latest = (
        select(_shifts.c.by)
        .where(_shifts.c.first <= images.c.vector_row)
        .order_by(_shifts.c.first.desc())
        .limit(1)
        .scalar_subquery()
    )
    moving = images.c.vector_row >= int(rows[starts[0]])
    connection.execute(update(images).where(moving).values(vector_row=images.c.vector_row - latest))
    _shifts.drop(connection)
