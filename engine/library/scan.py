"""Walk folders for pictures, without opening any."""

import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from engine.encoder import SUFFIXES
from engine.library.records import FileState, SkippedFile


@dataclass
class Scan:
    """What a walk found.

    Attributes:
        roots: the folders (or files) asked for that exist, absolute.
        files: pictures by name, in a stable order.
        skipped: folders and files that could not be read, with reasons.
        missing: folders asked for that do not exist; often a drive that is not plugged in.
        empty: folders asked for that hold no entry at all.
        passed_over: number of other files, by the ending of their name.
    """

    roots: list[str] = field(default_factory=list[str])
    files: list[FileState] = field(default_factory=list[FileState])
    skipped: list[SkippedFile] = field(default_factory=list[SkippedFile])
    missing: list[str] = field(default_factory=list[str])
    empty: list[str] = field(default_factory=list[str])
    passed_over: Counter[str] = field(default_factory=Counter[str])


def scan(folders: Iterable[str | os.PathLike[str]], exclude: Path) -> Scan:
    """Find pictures below `folders`, following links, each real folder once.

    Args:
        folders: folders or single files; `~` is expanded.
        exclude: a folder never entered (the library itself).
    """
    found = Scan()
    seen: set[tuple[int, int]] = set()
    if exclude.exists():
        seen.add(_identity(exclude.stat()))
    listed: set[str] = set()
    for folder in folders:
        root = _absolute(folder)
        try:
            status = Path(root).stat()
        except OSError:
            found.missing.append(root)
            continue
        found.roots.append(root)
        if stat.S_ISDIR(status.st_mode):
            states = _walk(root, found, seen)
            if _is_empty(root):
                found.empty.append(root)
        else:
            states = iter([FileState(root, status.st_size, status.st_mtime_ns)])
        for state in states:
            if state.path not in listed:
                listed.add(state.path)
                found.files.append(state)
    return found


def _absolute(folder: str | os.PathLike[str]) -> str:
    """One spelling for each path, with its links as they are."""
    path = os.path.abspath(Path(folder).expanduser())  # noqa: PTH100
    return path[1:] if path.startswith("//") and os.sep == "/" else path  # POSIX keeps two slashes


def _walk(root: str, found: Scan, seen: set[tuple[int, int]]) -> Iterator[FileState]:
    pending = [root]
    while pending:
        folder = pending.pop()
        try:
            identity = _identity(Path(folder).stat())
            if identity in seen:  # a link in a loop, or a folder reached twice
                continue
            seen.add(identity)
            with os.scandir(folder) as entries:
                ordered = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            found.skipped.append(SkippedFile(folder, f"folder cannot be read: {error.strerror}"))
            continue
        below: list[str] = []
        if {"library.db", "vectors"} <= {entry.name for entry in ordered}:
            continue  # a library, whose thumbnails are nobody's pictures
        for entry in ordered:
            if entry.name.startswith("."):  # hidden; also the ._ twins that macOS leaves
                continue
            try:
                if entry.is_dir():
                    below.append(entry.path)
                elif Path(entry.name).suffix.lower() in SUFFIXES:
                    status = entry.stat()
                    yield FileState(entry.path, status.st_size, status.st_mtime_ns)
                else:
                    found.passed_over[Path(entry.name).suffix.lower()] += 1
            except OSError as error:
                found.skipped.append(SkippedFile(entry.path, f"cannot be read: {error.strerror}"))
        pending.extend(reversed(below))


def _is_empty(folder: str) -> bool:
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is None
    except OSError:
        return False


def _identity(status: os.stat_result) -> tuple[int, int]:
    return (status.st_dev, status.st_ino)
