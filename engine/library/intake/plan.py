"""What has to be read, and what is gone: a walk compared with what the library knows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields

from sqlalchemy import and_, delete, exists, func, insert, or_, select

from engine.library.intake.scan import Found, Scan
from engine.library.intake.spool import Spool, replaced, to_read, vanished, walked
from engine.library.records import FileState, ImageRecord, SkippedFile
from engine.library.store.paths import below
from engine.library.store.tables import images, skipped

EMPTY_FOLDER_GUARD = 100
"""An empty folder that held more images than this looks like a drive that is not plugged in."""

_RECORD = [images.c[column.name] for column in fields(ImageRecord)]
_IS_WALKED = exists().where(walked.c.path == images.c.path)
_UNCHANGED = and_(images.c.size == walked.c.size, images.c.mtime_ns == walked.c.mtime_ns)
_STILL_BAD = and_(skipped.c.size == walked.c.size, skipped.c.mtime_ns == walked.c.mtime_ns)
_BOTH = walked.join(images, walked.c.path == images.c.path)


class Plan:
    """The work of one run. Its lists are in the spool, and are read in pieces.

    Attributes:
        unchanged: number of images whose size and time are as they were.
        to_read: number of new files and of those whose size or time has changed.
        notes: what the user should know.
    """

    def __init__(self, spool: Spool, found: Iterable[Found], scan: Scan, remove_missing: bool):
        """Walk, and compare with the library.

        Args:
            spool: where lists are kept.
            found: the walk.
            scan: what the walk meets besides, complete once `found` is used up.
            remove_missing: also drop the images of folders that are gone or empty.
        """
        self._spool = spool
        self._scan = scan
        spool.add(walked, (_row(place, state) for place, state in found))
        self._choose_files()
        self.unchanged = spool.count(select(func.count()).select_from(_BOTH).where(_UNCHANGED))
        self.to_read = spool.count(select(func.count()).select_from(to_read))
        self.notes = self._choose_images(remove_missing)

    def files(self) -> Iterator[tuple[FileState, ImageRecord | None]]:
        """The files to read, in order, with the image known at their path."""
        file = (to_read.c.number, to_read.c.path, to_read.c.size, to_read.c.mtime_ns)
        joined = to_read.outerjoin(images, to_read.c.image_id == images.c.id)
        statement = select(*file, *_RECORD).select_from(joined)
        for chunk in self._spool.chunks(statement, to_read.c.number):
            for _, path, size, mtime_ns, *columns in chunk:
                record = None if columns[0] is None else ImageRecord(*columns)
                yield FileState(path, size, mtime_ns), record

    def recovered(self) -> Iterator[list[str]]:
        """Files that could not be decoded meanwhile, and are again as the library knows them."""
        both = _BOTH.join(skipped, skipped.c.path == walked.c.path)
        statement = select(skipped.c.path).select_from(both).where(_UNCHANGED)
        for chunk in self._spool.chunks(statement, skipped.c.path):
            yield [row[0] for row in chunk]

    def homeless(self, digests: Sequence[str]) -> dict[str, list[int]]:
        """Ids of images whose file is gone, by content; a few digests at a time."""
        found: dict[str, list[int]] = {}
        some = vanished.c.digest.in_(digests)
        wanted = select(vanished.c.digest, vanished.c.image_id).where(some)
        for digest, image_id in self._spool.rows(wanted.order_by(vanished.c.image_id)):
            found.setdefault(digest, []).append(image_id)
        return found

    def note(self, moved: Sequence[int], replaced_digests: Iterable[str]) -> None:
        """Remember images that were found elsewhere, and contents that are theirs no more."""
        if moved:
            self._spool.run(delete(vanished).where(vanished.c.image_id.in_(moved)))
        self._spool.add(replaced, ({"digest": digest} for digest in replaced_digests))

    def vanished(self) -> Iterator[list[int]]:
        """Ids of images whose file is gone and was not found elsewhere, in pieces."""
        statement = select(vanished.c.image_id)
        for chunk in self._spool.chunks(statement, vanished.c.image_id):
            yield [row[0] for row in chunk]

    def unused(self) -> Iterator[list[str]]:
        """Contents of vanished and changed images that no image has any more, in pieces."""
        for table in (vanished, replaced):
            digest = table.c.digest
            in_use = exists().where(images.c.digest == digest)
            statement = select(digest).distinct().where(~in_use)
            for chunk in self._spool.chunks(statement, digest):
                yield [row[0] for row in chunk]

    def deleted_bad(self) -> Iterator[list[str]]:
        """Files that could not be decoded once, and are gone, in pieces."""
        is_walked = exists().where(walked.c.path == skipped.c.path)
        for root in self._scan.roots:
            statement = select(skipped.c.path).where(below(skipped.c.path, root), ~is_walked)
            for chunk in self._spool.chunks(statement, skipped.c.path):
                yield [row[0] for row in chunk]

    def bad(self) -> list[SkippedFile]:
        """Files of the walk that could not be decoded, now or in an earlier run, with reasons."""
        there = skipped.join(walked, walked.c.path == skipped.c.path)
        statement = select(skipped.c.path, skipped.c.reason).select_from(there)
        return [SkippedFile(*row) for row in self._spool.rows(statement.order_by(skipped.c.path))]

    def _choose_files(self) -> None:
        joined = walked.outerjoin(images, images.c.path == walked.c.path).outerjoin(
            skipped, skipped.c.path == walked.c.path
        )
        file = [walked.c.path, walked.c.size, walked.c.mtime_ns]
        is_new = or_(images.c.id.is_(None), ~_UNCHANGED)
        worth_a_try = or_(skipped.c.path.is_(None), ~_STILL_BAD)
        chosen = select(*file, images.c.id).select_from(joined).where(is_new, worth_a_try)
        ordered = chosen.order_by(walked.c.place, walked.c.path)
        names = ["path", "size", "mtime_ns", "image_id"]
        self._spool.run(insert(to_read).from_select(names, ordered))

    def _choose_images(self, remove_missing: bool) -> tuple[str, ...]:
        """List the images whose file is gone; returns notes about those that are kept."""
        notes: list[str] = []
        scan = self._scan
        missing, empty = set(scan.missing), set(scan.empty)
        for root in [*scan.roots, *scan.missing]:
            gone = and_(below(images.c.path, root), ~_IS_WALKED)
            kept = False
            if root in missing or root in empty:
                count = self._spool.count(select(func.count()).select_from(images).where(gone))
                kept = not remove_missing and (root in missing or count > EMPTY_FOLDER_GUARD)
                said = _kept(count) if kept and count else ""
                if root in missing:
                    notes.append(f"{root}: no such file or folder{said}")
                elif count > EMPTY_FOLDER_GUARD:
                    notes.append(f"{root}: empty{said}")
            if not kept:
                some = select(images.c.id, images.c.path, images.c.digest).where(gone)
                names = ["image_id", "path", "digest"]
                into = insert(vanished).prefix_with("OR IGNORE", dialect="sqlite")
                self._spool.run(into.from_select(names, some))
        for skip in scan.skipped:  # what cannot be looked at may well be there
            self._spool.run(delete(vanished).where(below(vanished.c.path, skip.path)))
        return tuple(notes)


def _row(place: int, state: FileState) -> dict[str, object]:
    return {"place": place, "path": state.path, "size": state.size, "mtime_ns": state.mtime_ns}


def _kept(count: int) -> str:
    return (
        f"; {count} images of it are kept, in case a drive is not plugged in "
        "(--remove-missing drops them)"
    )
