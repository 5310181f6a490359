"""Walk folders for pictures, without opening any, and without keeping any in memory."""

import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from engine.encoder import SUFFIXES
from engine.library.records import FileState, SkippedFile

Found = tuple[int, FileState]
"""A picture, and the place of its folder in the order of the walk."""

_Identity = tuple[int, int]


@dataclass
class Scan:
    """What a walk has met besides pictures; complete once `walk` has come to its end.

    Attributes:
        roots: the folders (or files) asked for that exist, absolute.
        skipped: folders and files that could not be read, with reasons.
        missing: folders asked for that do not exist; often a drive that is not plugged in.
        empty: folders asked for that hold no entry at all.
        passed_over: number of other files, by the ending of their name.
    """

    roots: list[str] = field(default_factory=list[str])
    skipped: list[SkippedFile] = field(default_factory=list[SkippedFile])
    missing: list[str] = field(default_factory=list[str])
    empty: list[str] = field(default_factory=list[str])
    passed_over: Counter[str] = field(default_factory=Counter[str])


def walk(folders: Iterable[str | os.PathLike[str]], exclude: Path, scan: Scan) -> Iterator[Found]:
    """Find pictures below `folders`, following links, each real folder once.

    Args:
        folders: folders or single files; `~` is expanded.
        exclude: a folder never entered (the library itself).
        scan: takes what else is met.

    Returns:
        Pictures by name. Those of a folder come as the disk gives them; sorted by place and path
        they are in a stable order.
    """
    seen: set[_Identity] = set()
    if exclude.exists():
        seen.add(_identity(exclude.stat()))
    asked = dict.fromkeys(absolute(folder) for folder in folders)
    single: dict[str, FileState] = {}
    for root in asked:
        try:
            status = Path(root).stat()
        except OSError:
            scan.missing.append(root)
            continue
        scan.roots.append(root)
        if not stat.S_ISDIR(status.st_mode):
            single[root] = FileState(root, status.st_size, status.st_mtime_ns)
    place = 0
    for root in scan.roots:
        if root in single:
            place += 1
            yield place, single[root]
            continue
        for folder in _folders(root, scan, seen):
            place += 1
            for state in folder.pictures():
                if state.path not in single:  # which comes, or came, in its own place
                    yield place, state
        if _is_empty(root):
            scan.empty.append(root)


def _folders(root: str, scan: Scan, seen: set[_Identity]) -> Iterator["_Folder"]:
    """The folders of a tree; the pictures of each must be taken before the next one."""
    pending = [root]
    while pending:
        path = pending.pop()
        try:
            identity = _identity(Path(path).stat())
        except OSError as error:
            scan.skipped.append(SkippedFile(path, f"folder cannot be read: {error.strerror}"))
            continue
        if identity in seen or _is_library(path):  # a link in a loop, or a folder reached twice
            continue
        seen.add(identity)
        folder = _Folder(path, scan)
        yield folder
        pending.extend(sorted(folder.below, reverse=True))


class _Folder:
    """One folder; `below` holds the folders in it once its pictures have been taken."""

    def __init__(self, path: str, scan: Scan) -> None:
        self._path = path
        self._scan = scan
        self.below: list[str] = []

    def pictures(self) -> Iterator[FileState]:
        try:
            with os.scandir(self._path) as entries:
                for entry in entries:
                    if entry.name.startswith("."):  # hidden; also the ._ twins that macOS leaves
                        continue
                    state = self._look(entry)
                    if state is not None:
                        yield state
        except OSError as error:
            self._skip(self._path, f"folder cannot be read: {error.strerror}")

    def _look(self, entry: os.DirEntry[str]) -> FileState | None:
        ending = os.path.splitext(entry.name)[1].lower()  # noqa: PTH122 (a million times)
        try:
            if entry.is_dir():
                self.below.append(entry.path)
            elif ending in SUFFIXES:
                status = entry.stat()
                return FileState(entry.path, status.st_size, status.st_mtime_ns)
            else:
                self._scan.passed_over[ending] += 1
        except OSError as error:
            self._skip(entry.path, f"cannot be read: {error.strerror}")
        return None

    def _skip(self, path: str, reason: str) -> None:
        self._scan.skipped.append(SkippedFile(path, reason))


def absolute(folder: str | os.PathLike[str]) -> str:
    """One spelling for each path, with its links as they are."""
    path = os.path.abspath(Path(folder).expanduser())  # noqa: PTH100
    return path[1:] if path.startswith("//") and os.sep == "/" else path  # POSIX keeps two slashes


def _is_library(folder: str) -> bool:
    """Whose thumbnails are nobody's pictures."""
    return all(os.path.lexists(f"{folder}{os.sep}{name}") for name in ("library.db", "vectors"))


def _is_empty(folder: str) -> bool:
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is None
    except OSError:
        return False


def _identity(status: os.stat_result) -> tuple[int, int]:
    return (status.st_dev, status.st_ino)
