"""What is in a folder, as far as a person choosing one needs it; never more than a little work."""

import os
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from engine import SUFFIXES
from ui import allowed_folders
from ui.text import count

MOST = 200
"""Folders listed; a filter finds the others."""

COUNTED = 500
"""Entries of a folder that are looked at to count its pictures."""

_LOOKED_AT = 20_000  # entries of the folder itself


@dataclass(frozen=True)
class Pictures:
    """How many pictures lie directly in a folder.

    Attributes:
        count: how many were seen.
        is_all: whether all entries were looked at.
        problem: why the folder cannot be read; empty if it can.
    """

    count: int = 0
    is_all: bool = True
    problem: str = ""

    def __str__(self) -> str:
        if self.problem:
            return self.problem
        if not self.is_all:
            return f"{self.count:,}+ pictures"
        return count(self.count, "picture") if self.count else "no pictures of its own"


@dataclass(frozen=True)
class Listing:
    """A folder, and the folders in it.

    Attributes:
        folder: which one.
        pictures: directly in it.
        folders: names of those in it that pass the filter, sorted, with their own pictures.
        left_out: how many more there are.
        problem: why it cannot be read; empty if it can.
    """

    folder: Path
    pictures: Pictures = Pictures()
    folders: tuple[tuple[str, Pictures], ...] = ()
    left_out: int = 0
    problem: str = ""


def look(folder: Path, wanted: str = "") -> Listing:
    """List a folder; hidden ones and links that lead out of the roots are left out.

    Args:
        folder: which one.
        wanted: part of the names that are asked for.
    """
    if not allowed_folders.is_browsable(folder):
        return Listing(folder, problem="This folder is not one that may be added here.")
    try:
        with os.scandir(folder) as entries:
            some = list(islice(entries, _LOOKED_AT))
    except OSError as error:
        return Listing(folder, problem=f"This folder cannot be read: {error.strerror}.")
    names = sorted(
        (entry.name for entry in some if _is_offered(entry, wanted.casefold())), key=str.casefold
    )
    listed = tuple((name, pictures_in(folder / name)) for name in names[:MOST])
    return Listing(folder, pictures_in(folder), listed, max(0, len(names) - MOST))


def pictures_in(folder: Path) -> Pictures:
    """Count the pictures directly in a folder, by the endings of their names."""
    try:
        with os.scandir(folder) as entries:
            some = list(islice(entries, COUNTED + 1))
    except OSError as error:
        return Pictures(problem=(error.strerror or "cannot be read").lower())
    found = sum(
        not entry.name.startswith(".") and Path(entry.name).suffix.lower() in SUFFIXES
        for entry in some[:COUNTED]
    )
    return Pictures(found, len(some) <= COUNTED)


def way_to(folder: Path) -> list[tuple[str, Path]]:
    """The folders above, from a root on, and the folder itself, each with what to call it."""
    inside = [root for root in allowed_folders.roots() if folder.is_relative_to(root)]
    top = max(inside, key=lambda root: len(root.parts), default=folder)
    below = folder.relative_to(top).parts
    return [(str(top), top)] + [
        (part, top.joinpath(*below[: place + 1])) for place, part in enumerate(below)
    ]


def _is_offered(entry: os.DirEntry[str], wanted: str) -> bool:
    if entry.name.startswith(".") or wanted not in entry.name.casefold():
        return False
    try:
        if not entry.is_dir():
            return False
    except OSError:
        return False
    return not entry.is_symlink() or allowed_folders.is_browsable(Path(entry.path))
