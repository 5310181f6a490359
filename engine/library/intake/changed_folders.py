"""From changes of single files to the folders that have to be looked at."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, select
from watchfiles import Change

from engine.encoder import SUFFIXES
from engine.library.store.paths import below, is_below
from engine.library.store.tables import images


@dataclass(frozen=True)
class ChangedFolders:
    """Which folders a change concerns.

    Attributes:
        roots: the folders that are followed, absolute.
        exclude: the library's own folder.
        holds: whether the library has images at or below a path.
    """

    roots: list[str]
    exclude: str
    holds: Callable[[str], bool]

    def of(self, changes: Iterable[tuple[Change, str]]) -> set[str]:
        """Folders in which pictures came, changed or went; files of other kinds count for none."""
        found: set[str] = set()
        for change, path in changes:
            root = self._root(path)
            if root is None or _is_hidden(path, root) or is_below(path, self.exclude):
                continue
            folder = self._folder(change, path)
            if folder is not None:
                found.add(_reachable(folder, root))
        return found

    def _root(self, path: str) -> str | None:
        """The innermost folder that is followed and holds the path."""
        return max((r for r in self.roots if is_below(path, r)), key=len, default=None)

    def _folder(self, change: Change, path: str) -> str | None:
        if path in self.roots:
            return path
        if os.path.isdir(path):  # noqa: PTH112 (thousands of times)
            return path
        is_picture = Path(path).suffix.lower() in SUFFIXES
        if is_picture or (change == Change.deleted and self.holds(path)):
            return str(Path(path).parent)
        return None


def holds_images(database: Engine, path: str) -> bool:
    """Whether the library has images at or below a path."""
    with database.connect() as connection:
        some = select(images.c.id).where(below(images.c.path, path)).limit(1)
        return connection.scalar(some) is not None


def covering(folders: Iterable[str]) -> list[str]:
    """The same folders without those that lie in others of them."""
    found: list[str] = []
    for folder in sorted(folders, key=lambda path: Path(path).parts):
        if not found or not is_below(folder, found[-1]):
            found.append(folder)
    return found


def _is_hidden(path: str, root: str) -> bool:
    return any(name.startswith(".") for name in Path(path[len(root) :]).parts)


def _reachable(folder: str, root: str) -> str:
    """The folder, or the one around it that is still there; the root if links lead to it.

    A picture that is reached on several ways is indexed on the first: only a walk from the root
    knows which that is.
    """
    if not is_below(folder, root):
        return root
    while folder != root and not os.path.isdir(folder):  # noqa: PTH112
        folder = str(Path(folder).parent)
    inside = os.path.relpath(folder, root)
    straight = os.path.normpath(os.path.join(os.path.realpath(root), inside))  # noqa: PTH118
    return folder if os.path.realpath(folder) == straight else root
