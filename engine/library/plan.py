"""What has to be read, and what is gone: a walk compared with what the library knows."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.library.records import FileState, ImageRecord
from engine.library.scan import Scan

EMPTY_FOLDER_GUARD = 100
"""An empty folder that held more images than this looks like a drive that is not plugged in."""


@dataclass(frozen=True)
class Plan:
    """The work of one run.

    Attributes:
        unchanged: images whose size and time are as they were.
        to_read: new files and those whose size or time changed, with the image known there.
        vanished: images whose file is gone.
        recovered: files that could not be decoded meanwhile, and are again as the library knows
            them.
        notes: what the user should know.
    """

    unchanged: int
    to_read: tuple[tuple[FileState, ImageRecord | None], ...]
    vanished: tuple[ImageRecord, ...]
    recovered: tuple[str, ...]
    notes: tuple[str, ...]


def make_plan(
    found: Scan,
    known: Iterable[ImageRecord],
    known_bad: Mapping[str, FileState],
    remove_missing: bool = False,
) -> Plan:
    """Compare a walk with the library. Pure: nothing is read or written.

    Args:
        found: the walk.
        known: all images of the library.
        known_bad: files that could not be decoded before; the same size and time is not tried
            again.
        remove_missing: also drop the images of folders that are gone or empty.
    """
    by_path = {record.path: record for record in known}
    unchanged = 0
    to_read: list[tuple[FileState, ImageRecord | None]] = []
    recovered: list[str] = []
    for state in found.files:
        record = by_path.pop(state.path, None)
        if record is not None and _same(record, state):
            unchanged += 1
            if state.path in known_bad:
                recovered.append(state.path)
        elif known_bad.get(state.path) != state:
            to_read.append((state, record))
    notes: list[str] = []
    gone: list[ImageRecord] = []
    for root in [*found.roots, *found.missing]:
        below = [record for record in by_path.values() if is_below(record.path, root)]
        if root in found.missing:
            notes.append(f"{root}: no such file or folder{_kept(below, remove_missing)}")
        elif root in found.empty and len(below) > EMPTY_FOLDER_GUARD:
            notes.append(f"{root}: empty{_kept(below, remove_missing)}")
        else:
            gone.extend(below)
            continue
        if remove_missing:
            gone.extend(below)
    unreadable = [skip.path for skip in found.skipped]
    vanished = {
        record.id: record
        for record in gone
        if not any(is_below(record.path, folder) for folder in unreadable)
    }
    return Plan(unchanged, tuple(to_read), tuple(vanished.values()), tuple(recovered), tuple(notes))


def _kept(below: list[ImageRecord], remove_missing: bool) -> str:
    if not below or remove_missing:
        return ""
    return (
        f"; {len(below)} images of it are kept, in case a drive is not plugged in "
        "(--remove-missing drops them)"
    )


def is_below(path: str, folder: str) -> bool:
    """Whether `path` is `folder` or lies in it."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _same(record: ImageRecord, state: FileState) -> bool:
    return record.size == state.size and record.mtime_ns == state.mtime_ns
