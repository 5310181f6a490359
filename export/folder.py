"""Writes a model folder: made in full beside its place, then moved there in one step."""

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from filelock import FileLock, Timeout

from engine.encoder.manifest_file import MANIFEST_NAME
from export.errors import ExportError

_NEEDED = 1.5
"""Room for candidates and the result, in sizes of the float32 towers."""


def check_target(out: Path, replace: bool) -> None:
    """Refuse a place that is taken.

    Raises:
        ExportError: `out` exists, and is no model folder or may not be replaced.
    """
    if not out.exists() and not out.is_symlink():
        return
    if out.is_dir() and not any(out.iterdir()):
        return
    if not (out / MANIFEST_NAME).is_file():
        raise ExportError(f"{out}: exists and is no model folder; choose another --out")
    if not replace:
        raise ExportError(f"{out}: exists already; --replace puts the new model in its place")


def check_room(floats: Path) -> None:
    """Refuse a disk that is too full for the rest, before minutes are spent on it.

    Args:
        floats: the folder with the float32 towers.

    Raises:
        ExportError: says how much is needed and how much there is.
    """
    size = sum(file.stat().st_size for file in floats.iterdir())
    free, needed = shutil.disk_usage(floats).free, int(_NEEDED * size)
    if free < needed:
        raise ExportError(
            f"the disk of --out has {free / 1e9:.2f} GB left, and about {needed / 1e9:.2f} GB more "
            "are needed while the model is made; free some, or choose another place"
        )


@contextmanager
def staged(out: Path, replace: bool) -> Iterator[tuple[Path, Path]]:
    """Two empty folders beside `out`: one becomes `out` when the block ends well, one is scratch.

    If the block raises, both are gone and `out` is as it was.

    Raises:
        ExportError: `out` is taken, or its place cannot be written.
    """
    check_target(out, replace)
    with _alone(out), _disk_errors(out.parent):
        out.parent.mkdir(parents=True, exist_ok=True)
        prefix = f".making-{_digest(out)}-"
        for left in out.parent.glob(f"{prefix}*"):  # of an export that was killed
            shutil.rmtree(left, ignore_errors=True)
        with TemporaryDirectory(prefix=prefix, dir=out.parent) as place:
            model, scratch = Path(place) / "model", Path(place) / "scratch"
            model.mkdir()
            scratch.mkdir()
            yield model, scratch
            check_target(out, replace)  # the export took minutes
            _move(model, out, old=Path(place) / "old")


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """One export to a place at a time.

    Raises:
        ExportError: another process is exporting to it.
    """
    lock = FileLock(Path(gettempdir()) / f"visual-search-export-{_digest(out)}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise ExportError(f"{out}: another export is writing there; wait for it") from None
    try:
        yield
    finally:
        lock.release()


def _digest(out: Path) -> str:
    return hashlib.sha256(os.fsencode(out.absolute())).hexdigest()[:16]


def _move(model: Path, out: Path, old: Path) -> None:
    if not out.exists():
        model.rename(out)
        return
    out.rename(old)
    try:
        model.rename(out)
    except OSError:
        old.rename(out)
        raise


@contextmanager
def _disk_errors(place: Path) -> Iterator[None]:
    """A full or read-only disk in words; errors of the system name a file that will be gone."""
    reasons = {
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "your share of the disk is used up",
        errno.EFBIG: "the file system or a limit allows no larger file",
        errno.EROFS: "the disk is read-only",
        errno.EACCES: "no permission to write here",
        errno.EPERM: "no permission to write here",
        errno.ENOENT: "no folder can be made here",
        errno.EEXIST: "there is a file where a folder is wanted",
        errno.ENOTDIR: "there is a file where a folder is wanted",
    }
    try:
        yield
    except OSError as error:
        reason = reasons.get(error.errno or 0)
        if reason is None:
            raise
        raise ExportError(f"{place}: {reason}; nothing was changed ({error})") from error
