"""Searches that people have saved by a name, for all who use a library."""

import json
import logging
import math
import secrets
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from engine.files import replacing
from engine.library.records import LibraryError

_log = logging.getLogger(__name__)

MOST = 500
"""Searches of a library."""

LONGEST_NAME, LONGEST_SEARCH = 100, 4_000
"""Characters."""

_PATIENCE = 10  # seconds that another writer may take


@dataclass(frozen=True)
class SavedSearch:
    """A search by its name.

    Attributes:
        id: never given twice.
        name: one line.
        search: what whoever saved it needs to search again, such as parameters of an address.
        at: when it was saved, in seconds since 1970.
    """

    id: str
    name: str
    search: str
    at: float


class SavedSearches:
    """A file with a search a line, in JSON. Several threads and processes may write."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def all(self) -> list[SavedSearch]:
        """The latest first; damaged lines are passed over."""
        try:
            return self._read()
        except OSError as error:
            _log.info("%s: %s", self._file, error)
            return []

    def add(self, name: str, search: str) -> SavedSearch:
        """Save a search; one that is saved by this name already is not saved twice.

        Raises:
            LibraryError: it has no name, is too long, or cannot be written.
        """
        new = SavedSearch(secrets.token_hex(8), _named(name), search, time.time())
        for known in self.all():
            if (known.name, known.search) == (new.name, new.search):
                return known
        self.put(new)
        return new

    def put(self, saved: SavedSearch) -> None:
        """Keep a search as it is, in the place of one with its id: takes a removal back.

        Raises:
            LibraryError: as `add`.
        """
        saved = replace(saved, name=_named(saved.name))
        if not saved.search or len(saved.search) > LONGEST_SEARCH:
            raise LibraryError(f"a saved search holds 1 to {LONGEST_SEARCH:,} characters")
        with self._changing() as known:
            others = [one for one in known if one.id != saved.id]
            if len(others) >= MOST:
                raise LibraryError(f"{MOST} searches are saved; remove one before the next")
            known[:] = [*others, saved]

    def rename(self, search_id: str, name: str) -> None:
        """Give a search another name; one that is gone stays gone.

        Raises:
            LibraryError: as `add`.
        """
        name = _named(name)
        with self._changing() as known:
            known[:] = [replace(one, name=name) if one.id == search_id else one for one in known]

    def remove(self, search_id: str) -> None:
        """Forget a search, if it is there.

        Raises:
            LibraryError: the file cannot be written.
        """
        with self._changing() as known:
            known[:] = [one for one in known if one.id != search_id]

    @contextmanager
    def _changing(self) -> Generator[list[SavedSearch]]:
        """All searches; what is made of the list is written, while nobody else writes."""
        lock = FileLock(self._file.with_suffix(".lock"), timeout=_PATIENCE)
        try:
            with lock:
                known = self._read()
                yield known
                with replacing(self._file) as part:
                    lines = [json.dumps(asdict(saved)) + "\n" for saved in known]
                    part.write_text("".join(lines), encoding="ascii")
        except (OSError, Timeout) as error:
            reason = getattr(error, "strerror", None) or error
            raise LibraryError(f"{self._file}: cannot be written: {reason}") from error

    def _read(self) -> list[SavedSearch]:
        try:
            lines = self._file.read_text(encoding="ascii", errors="replace").splitlines()
        except FileNotFoundError:
            return []
        found = {saved.id: saved for saved in map(_saved, lines) if saved is not None}
        return sorted(found.values(), key=lambda saved: (-saved.at, saved.id))


def _named(name: str) -> str:
    """A name on one line."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise LibraryError(f"the name of a saved search has 1 to {LONGEST_NAME} characters")
    return name


def _saved(line: str) -> SavedSearch | None:
    """What a line says; None if it is damaged."""
    try:
        found = SavedSearch(**json.loads(line))
    except (ValueError, TypeError):
        return None
    texts = (found.id, found.name, found.search)
    is_sound = all(isinstance(text, str) and text for text in texts)
    is_moment = isinstance(found.at, int | float) and math.isfinite(found.at)
    return found if is_sound and is_moment else None
