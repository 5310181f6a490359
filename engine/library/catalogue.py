"""Reading and writing the rows of the library's database."""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, Engine, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from engine.library.database import feedback, folders, images, meta, skipped
from engine.library.records import FileState, ImageRecord, LibraryError, SkippedFile

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
_IN_LIST = 500  # databases limit the number of parameters of a statement


class Catalogue:
    """The database of one library. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # -- facts about the library ------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        """A stored fact, or None."""
        with self._engine.connect() as connection:
            return connection.scalar(select(meta.c.value).where(meta.c.key == key))

    def set_meta(self, facts: Mapping[str, str]) -> None:
        """Store facts: all of them, or none."""
        with self._engine.begin() as connection:
            for key, value in facts.items():
                _put_meta(connection, key, value)

    def generation(self) -> int:
        """Grows with every change of the images; compared to learn of other processes' changes."""
        return int(self.meta("generation") or 0)

    def folders(self) -> list[str]:
        """Folders that were indexed, in order."""
        with self._engine.connect() as connection:
            return list(connection.scalars(select(folders.c.path).order_by(folders.c.path)))

    def add_folders(self, paths: Iterable[str]) -> None:
        """Remember folders for a later refresh."""
        with self._engine.begin() as connection:
            known = set(connection.scalars(select(folders.c.path)))
            new = [{"path": path} for path in dict.fromkeys(paths) if path not in known]
            if new:
                connection.execute(insert(folders), new)

    def forget_folders(self, paths: Sequence[str]) -> None:
        """Leave folders out of later refreshes."""
        with self._engine.begin() as connection:
            for at in range(0, len(paths), _IN_LIST):
                some = folders.c.path.in_(paths[at : at + _IN_LIST])
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

    def latest(self, limit: int) -> list[ImageRecord]:
        """The images that came last, newest first."""
        with self._engine.connect() as connection:
            newest = select(*_RECORD).order_by(images.c.id.desc()).limit(limit)
            return [ImageRecord(*row) for row in connection.execute(newest)]

    def records_of(self, ids: Sequence[int]) -> dict[int, ImageRecord]:
        """The images with these ids; unknown ids are left out."""
        found: dict[int, ImageRecord] = {}
        with self._engine.connect() as connection:
            for at in range(0, len(ids), _IN_LIST):
                wanted = images.c.id.in_(ids[at : at + _IN_LIST])
                for row in connection.execute(select(*_RECORD).where(wanted)):
                    record = ImageRecord(*row)
                    found[record.id] = record
        return found

    def vector_rows(self) -> tuple[int, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Generation, ids (ascending) and their vector rows, of one consistent moment."""
        with self._engine.connect() as connection:
            generation = connection.scalar(select(meta.c.value).where(meta.c.key == "generation"))
            rows = connection.execute(
                select(images.c.id, images.c.vector_row).order_by(images.c.id)
            ).fetchall()
        pairs = np.array([tuple(row) for row in rows], dtype=np.int64).reshape(-1, 2)
        return int(generation or 0), pairs[:, 0].copy(), pairs[:, 1].copy()

    def digests_in_use(self, digests: Iterable[str]) -> set[str]:
        """Those of `digests` that some image has."""
        wanted, found = list(digests), set[str]()
        with self._engine.connect() as connection:
            for at in range(0, len(wanted), _IN_LIST):
                some = images.c.digest.in_(wanted[at : at + _IN_LIST])
                found.update(connection.scalars(select(images.c.digest).where(some)))
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
        with self._engine.begin() as connection:
            self._remove(connection, removed)
            for columns in changed:
                rest = {key: value for key, value in columns.items() if key != "id"}
                connection.execute(update(images).where(images.c.id == columns["id"]).values(rest))
            if added:
                now = time.time()
                connection.execute(insert(images), [{**row, "added_at": now} for row in added])
            self._set_failed(connection, failed, read)
            if added or changed or removed:
                generation = connection.scalar(
                    select(meta.c.value).where(meta.c.key == "generation")
                )
                _put_meta(connection, "generation", str(int(generation or 0) + 1))

    def _remove(self, connection: Connection, ids: Sequence[int]) -> None:
        for at in range(0, len(ids), _IN_LIST):
            some = ids[at : at + _IN_LIST]
            connection.execute(delete(images).where(images.c.id.in_(some)))

    def _set_failed(
        self,
        connection: Connection,
        failed: Sequence[tuple[FileState, str]],
        read: Sequence[str],
    ) -> None:
        stale = [*read, *(state.path for state, _ in failed)]
        for at in range(0, len(stale), _IN_LIST):
            some = stale[at : at + _IN_LIST]
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
        with self._engine.begin() as connection:
            self._set_failed(connection, (), paths)

    # -- feedback -----------------------------------------------------------------------------

    def marks(self, query_key: str) -> dict[int, int]:
        """Image id to +1 (liked) or -1 (disliked), for one query."""
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(feedback.c.image_id, feedback.c.mark)
                .where(feedback.c.query_key == query_key)
                .order_by(feedback.c.at)
            )
            return {row[0]: row[1] for row in rows}

    def set_mark(self, query_key: str, image_id: int, mark: int) -> None:
        """Store +1 or -1; 0 takes the mark back.

        Raises:
            LibraryError: there is no such image.
        """
        same = (feedback.c.query_key == query_key) & (feedback.c.image_id == image_id)
        row = {"query_key": query_key, "image_id": image_id, "mark": mark, "at": time.time()}
        try:
            with self._engine.begin() as connection:
                connection.execute(delete(feedback).where(same))
                if mark:
                    connection.execute(insert(feedback), [row])
        except IntegrityError:
            raise LibraryError(f"image {image_id} is not in the library") from None

    def clear_marks(self, query_key: str) -> None:
        """Take all marks of a query back."""
        with self._engine.begin() as connection:
            connection.execute(delete(feedback).where(feedback.c.query_key == query_key))


def _put_meta(connection: Connection, key: str, value: str) -> None:
    if connection.execute(update(meta).where(meta.c.key == key).values(value=value)).rowcount == 0:
        connection.execute(insert(meta), [{"key": key, "value": value}])
