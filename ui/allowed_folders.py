"""Which folders of the machine may be added: those below `VISUAL_SEARCH_ROOTS`, if it is set."""

import os
from pathlib import Path

from ui.text import code

_VARIABLE = "VISUAL_SEARCH_ROOTS"


class FolderError(Exception):
    """A folder that cannot be added; the message is Markdown."""


def named_roots() -> tuple[Path, ...]:
    """The folders that `VISUAL_SEARCH_ROOTS` names; none if it is not set: any folder will do."""
    named = os.environ.get(_VARIABLE, "").split(os.pathsep)
    return tuple(_plain(Path(name).expanduser()) for name in named if name.strip())


def roots() -> tuple[Path, ...]:
    """Where looking for folders begins."""
    return named_roots() or (_plain(Path.home()),)


def is_allowed(folder: Path) -> bool:
    """Whether a folder may be added, links followed: one that leads out of a root is outside."""
    return _is_below(folder, named_roots())


def is_browsable(folder: Path) -> bool:
    """Whether a folder may be looked into: without roots that are named, those of the person."""
    return _is_below(folder, roots())


def checked(typed: str) -> Path:
    """The folder a person means.

    Raises:
        FolderError: there is none, it cannot be read, or it must not be added.
    """
    folder = _expanded(typed.strip())
    shown = code(str(folder))
    try:
        if not is_allowed(folder):
            inside = ", ".join(code(str(root)) for root in named_roots())
            raise FolderError(f"{shown}: only folders inside {inside} can be added here.")
        if not folder.exists():
            raise FolderError(f"{shown}: there is no such folder on this machine.")
        if not folder.is_dir():
            raise FolderError(f"{shown} is a file, not a folder.")
    except OSError as error:
        raise FolderError(f"{shown}: {error.strerror}.") from error
    if not os.access(folder, os.R_OK | os.X_OK):
        raise FolderError(f"{shown}: this app is not allowed to read it.")
    return folder


def _is_below(folder: Path, places: tuple[Path, ...]) -> bool:
    """Without places, everything is."""
    if not places:
        return True
    try:
        real = folder.resolve()
        return any(real.is_relative_to(place.resolve()) for place in places)
    except (OSError, RuntimeError, ValueError):  # too long a name, links in a circle, a NUL
        return False


def _plain(path: Path) -> Path:
    """Without `..`: as the engine understands it, whatever links are on the way."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links


def _expanded(typed: str) -> Path:
    if not typed:
        raise FolderError("Type the path of a folder first.")
    if "\0" in typed:
        raise FolderError(f"{code(typed)} is not a path.")
    try:
        folder = Path(typed).expanduser()
    except RuntimeError as error:  # ~nobody
        raise FolderError(f"{code(typed)}: there is no such user on this machine.") from error
    if not folder.is_absolute():
        raise FolderError(f"{code(typed)}: give the whole path, from `/` or `~` on.")
    return _plain(folder)
