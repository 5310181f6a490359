"""Reading and writing the rows of the library's database."""

import secrets
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, literal, select, update

from engine.library.records import Content, FileState, ImageRecord, SkippedFile
from engine.library.store.database import pieces, writing
from engine.library.store.quick import QuickSelect
from engine.library.store.tables import folders, images, meta, skipped
from engine.library.store.tables import removed as removed_images
from engine.library.store.written import spread_written

_RECORD = [
    images.c.id,
    images.c.path,
    images.c.digest,
    images.c.size,
    images.c.mtime_ns,
    images.c.width,
    images.c.height,
    images.c.vector_row,
]
ROWS = "rows"
"""Key of the number of rows of the vector store that images have ever referred to."""

DESCRIBED = "described"
"""Key of what changes whenever something else is known of the images."""

_PAGE = 64  # ids that are asked for at once
_SLOTS = [f"id_{place}" for place in range(_PAGE)]
_OF_IDS = select(*_RECORD).where(images.c.id.in_([bindparam(slot) for slot in _SLOTS]))


class Catalogue:
    """The database of one library. Every method that writes is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._of_ids = QuickSelect(engine, _OF_IDS)

    # -- facts about the library ------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        """A stored fact, or None."""
        with self._engine.connect() as connection:
            return connection.scalar(select(meta.c.value).where(meta.c.key == key))

    def facts(self) -> dict[str, str]:
        """All stored facts."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(meta.c.key, meta.c.value))
            return {row[0]: row[1] for row in rows}

    def set_meta(self, facts: Mapping[str, str]) -> None:
        """Store facts: all of them, or none."""
        with writing(self._engine) as connection:
            for key, value in facts.items():
                put_meta(connection, key, value)

    def generation(self) -> int:
        """Grows with every change of the images; compared to learn of other processes' changes."""
        return int(self.meta("generation") or 0)

    def folders(self) -> list[str]:
        """Folders that were indexed, in order."""
        with self._engine.connect() as connection:
            return list(connection.scalars(select(folders.c.path).order_by(folders.c.path)))

    def add_folders(self, paths: Iterable[str]) -> None:
        """Remember folders for a later refresh."""
        with writing(self._engine) as connection:
            known = set(connection.scalars(select(folders.c.path)))
            new = [{"path": path} for path in dict.fromkeys(paths) if path not in known]
            if new:
                connection.execute(insert(folders), new)

    def forget_folders(self, paths: Sequence[str]) -> None:
        """Leave folders out of later refreshes."""
        with writing(self._engine) as connection:
            for part in pieces(paths):
                some = folders.c.path.in_(part)
                connection.execute(delete(folders).where(some))

    # -- images -----------------------------------------------------------------------------

    def count(self) -> int:
        """Number of images."""
        with self._engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(images)) or 0

    def records(self) -> list[ImageRecord]:
        """All images, by id."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(*_RECORD).order_by(images.c.id))
            return [ImageRecord(*row) for row in rows]

    def paths(self) -> Iterator[tuple[int, str]]:
        """Id and path of all images."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(images.c.id, images.c.path).order_by(images.c.id))
            yield from ((image_id, path) for image_id, path in rows)

    def latest(self, limit: int) -> list[ImageRecord]:
        """The images that came last, newest first."""
        with self._engine.connect() as connection:
            newest = select(*_RECORD).order_by(images.c.id.desc()).limit(limit)
            return [ImageRecord(*row) for row in connection.execute(newest)]

    def records_of(self, ids: Sequence[int]) -> dict[int, ImageRecord]:
        """The images with these ids; unknown ids are left out."""
        found: dict[int, ImageRecord] = {}
        for at in range(0, len(ids), _PAGE):
            # A slot that is left over asks for the first one again.
            wanted = {**dict.fromkeys(_SLOTS, ids[at]), **dict(zip(_SLOTS, ids[at:], strict=False))}
            for row in self._of_ids(**wanted):
                record = ImageRecord(*row)
                found[record.id] = record
        return found

    def last_row(self) -> int:
        """The highest row of the vector store that an image refers to; -1 if there is none."""
        with self._engine.connect() as connection:
            highest = connection.scalar(select(func.max(images.c.vector_row)))
            return -1 if highest is None else int(highest)

    def rows_used(self) -> int:
        """The number of rows of the vector store that images refer to, or ever did.

        Rows from here on were never read by anyone, and hold nothing in any of the stores.
        """
        return max(int(self.meta(ROWS) or 0), self.last_row() + 1)

    def records_with(self, digest: str) -> list[ImageRecord]:
        """Images of one content, by id."""
        wanted = select(*_RECORD).where(images.c.digest == digest).order_by(images.c.id)
        with self._engine.connect() as connection:
            return [ImageRecord(*row) for row in connection.execute(wanted)]

    def digests_in_use(self, digests: Iterable[str]) -> set[str]:
        """Those of `digests` that some image has."""
        wanted, found = list(digests), set[str]()
        with self._engine.connect() as connection:
            for part in pieces(wanted):
                some = images.c.digest.in_(part)
                found.update(connection.scalars(select(images.c.digest).where(some)))
        return found

    def digests(self, count: int) -> Iterator[list[str]]:
        """All contents of images, each once, so many at a time."""
        after = ""
        page = select(images.c.digest).distinct().order_by(images.c.digest).limit(count)
        while True:
            with self._engine.connect() as connection:
                found = list(connection.scalars(page.where(images.c.digest > after)))
            if not found:
                return
            yield found
            after = found[-1]

    def contents(self, digests: Iterable[str]) -> dict[str, Content]:
        """Those of `digests` that some image has, with what is known of them."""
        wanted, found = list(digests), dict[str, Content]()
        columns = (images.c.digest, images.c.width, images.c.height, images.c.vector_row)
        with self._engine.connect() as connection:
            for part in pieces(wanted):
                some = images.c.digest.in_(part)
                for row in connection.execute(select(*columns).where(some)):
                    found[row[0]] = Content(*row)
        return found

    def apply(
        self,
        added: Sequence[dict[str, Any]] = (),
        changed: Sequence[dict[str, Any]] = (),
        removed: Sequence[int] = (),
        failed: Sequence[tuple[FileState, str]] = (),
        read: Sequence[str] = (),
    ) -> None:
        """Change images in one transaction: all of it happens, or nothing.

        Args:
            added: columns of new images, without id.
            changed: columns of known images, with id.
            removed: ids of images whose file is gone.
            failed: files that could not be decoded, with the reason.
            read: paths that were read, and are no longer failed ones.
        """
        with writing(self._engine) as connection:
            generation = 0
            if added or changed or removed:
                generation = next_generation(connection)
            self._remove(connection, removed, generation)
            for columns in changed:
                rest = {key: value for key, value in columns.items() if key != "id"}
                if "vector_row" in rest:
                    rest["changed_in"] = generation
                connection.execute(update(images).where(images.c.id == columns["id"]).values(rest))
            if added:
                new = {"added_at": time.time(), "changed_in": generation}
                connection.execute(insert(images), [{**row, **new} for row in added])
            new_contents = [row["digest"] for row in (*added, *changed) if "digest" in row]
            spread_written(connection, new_contents)
            _note_rows(connection, (*added, *changed))
            self._set_failed(connection, failed, read)

    def _remove(self, connection: Connection, ids: Sequence[int], generation: int) -> None:
        for part in pieces(ids):
            some = images.c.id.in_(part)
            gone = select(images.c.id, literal(generation)).where(some)
            connection.execute(insert(removed_images).from_select(["image_id", "removed_in"], gone))
            connection.execute(delete(images).where(some))

    def _set_failed(
        self,
        connection: Connection,
        failed: Sequence[tuple[FileState, str]],
        read: Sequence[str],
    ) -> None:
        stale = [*read, *(state.path for state, _ in failed)]
        for some in pieces(stale):
            connection.execute(delete(skipped).where(skipped.c.path.in_(some)))
        if failed:
            rows = [
                {"path": s.path, "size": s.size, "mtime_ns": s.mtime_ns, "reason": reason}
                for s, reason in failed
            ]
            connection.execute(insert(skipped), rows)

    # -- files that could not be used ----------------------------------------------------------

    def failed_files(self) -> dict[str, FileState]:
        """Files that could not be decoded, as they were then."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(skipped.c.path, skipped.c.size, skipped.c.mtime_ns))
            return {row[0]: FileState(*row) for row in rows}

    def skipped(self) -> list[SkippedFile]:
        """Files that could not be decoded, with reasons."""
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(skipped.c.path, skipped.c.reason).order_by(skipped.c.path)
            )
            return [SkippedFile(*row) for row in rows]

    def forget_failed(self, paths: Sequence[str]) -> None:
        """Drop files from the list of failed ones."""
        if not paths:
            return
        with writing(self._engine) as connection:
            self._set_failed(connection, (), paths)


def put_meta(connection: Connection, key: str, value: str) -> None:
    """Store a fact within a transaction."""
    if connection.execute(update(meta).where(meta.c.key == key).values(value=value)).rowcount == 0:
        connection.execute(insert(meta), [{"key": key, "value": value}])


def note_described(connection: Connection) -> None:
    """Note within a transaction that something else is known of the images."""
    put_meta(connection, DESCRIBED, secrets.token_hex(8))


def _note_rows(connection: Connection, columns: Iterable[Mapping[str, Any]]) -> None:
    used = max((row["vector_row"] + 1 for row in columns if "vector_row" in row), default=0)
    known = connection.scalar(select(meta.c.value).where(meta.c.key == ROWS)) if used else None
    if used > int(known or 0):
        put_meta(connection, ROWS, str(used))


def next_generation(connection: Connection) -> int:
    """Count the generation up within a transaction that changes images."""
    before = connection.scalar(select(meta.c.value).where(meta.c.key == "generation"))
    generation = int(before or 0) + 1
    put_meta(connection, "generation", str(generation))
    return generation
