"""Files in a library's folder that nothing refers to: killed runs leave them."""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

from engine.library.store.catalogue import Catalogue
from engine.library.store.stamp import ModelStamp, other_stamps

_PART = re.compile(r"\.(\d+)-\d+\.part$")
_ABANDONED_AFTER = 3600.0  # seconds; a file of that age is being written by nobody
_AT_ONCE = 500
_INDEX_NAME = 12  # characters of a fingerprint that name the folder of an index


def leftovers(folder: Path, catalogue: Catalogue) -> Iterator[Path]:
    """Half-written files, and thumbnails of contents that no image has.

    Args:
        folder: of the library.
        catalogue: its images.
    """
    yield from abandoned_parts(folder)
    for name in ("vectors", "examples", "index"):
        yield from abandoned_parts(folder / name)
    for shelf in sorted((folder / "thumbnails").glob("*/")):
        yield from abandoned_parts(shelf)
        yield from _unused_thumbnails(shelf, catalogue)


def clear(folder: Path, catalogue: Catalogue) -> int:
    """Remove leftovers; returns how many there were. The library's lock has to be held."""
    count = 0
    for path in leftovers(folder, catalogue):
        path.unlink(missing_ok=True)
        count += 1
    return count


def of_unused_models(folder: Path, catalogue: Catalogue) -> Iterator[Path]:
    """Vector stores and indexes of models that the library is neither of nor can go (back) to."""
    facts = catalogue.facts()
    stamps = [ModelStamp.read(facts), *other_stamps(facts).values()]
    stores = {stamp.vectors for stamp in stamps}
    models = {stamp.model[:_INDEX_NAME] for stamp in stamps}
    stored = sorted((folder / "vectors").glob("*.f16"))
    yield from (file for file in stored if file.stem not in stores)
    indexes = sorted((folder / "index").glob("?" * _INDEX_NAME))
    yield from (index for index in indexes if index.name not in models)


def abandoned_parts(folder: Path) -> Iterator[Path]:
    """Files of `engine.files.replacing` whose writer is no more."""
    for path in folder.glob("*.part"):
        named = _PART.search(path.name)
        if named and not (_is_running(int(named[1])) and _is_young(path)):
            yield path


def _unused_thumbnails(shelf: Path, catalogue: Catalogue) -> Iterator[Path]:
    with os.scandir(shelf) as entries:
        names = [entry.name for entry in entries if entry.name.endswith(".jpg")]
    for at in range(0, len(names), _AT_ONCE):
        paths = [shelf / name for name in names[at : at + _AT_ONCE]]
        in_use = catalogue.digests_in_use(path.stem for path in paths)
        yield from (path for path in paths if path.stem not in in_use)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # somebody else's
    return True


def _is_young(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime < _ABANDONED_AFTER
    except FileNotFoundError:
        return True  # it has just been completed
