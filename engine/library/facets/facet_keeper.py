"""Facets are gathered once for every state of a library."""

import json
import threading
import time

from engine.library.facets.facets import Facets, gather_facets
from engine.library.facets.kept_facets import KeptFacets
from engine.library.library import Library
from engine.library.store.catalogue import DESCRIBED

_PAUSE = 10  # times what gathering takes: while a library is being filled, no more than a tenth
_WORTH = 10_000  # images from which on they are kept for the next start


class FacetKeeper:
    """The facets of a library, gathered again when the library has changed."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._kept = KeptFacets(library.folder / "index" / "facets.json")
        self._lock = threading.Lock()
        self._known: tuple[str, Facets] | None = None
        self._next = 0.0
        self._changes = self._seen = 0

    def facets(self) -> Facets:
        """What there is now; while others change the library, what there was just now."""
        with self._lock:
            began, changes = time.monotonic(), self._changes
            if self._known is not None and began < self._next and changes == self._seen:
                return self._known[1]
            state = self._state()
            if self._known is None or self._known[0] != state:
                self._known = state, self._kept.load(state) or self._gather(state)
                self._next = time.monotonic() + _PAUSE * (time.monotonic() - began)
            self._seen = changes
            return self._known[1]

    def look_again(self) -> None:
        """What this process has just changed is seen at once."""
        self._changes += 1

    def _gather(self, state: str) -> Facets:
        found = gather_facets(self._library.database)
        if found.images >= _WORTH:
            self._kept.save(state, found)
        return found

    def _state(self) -> str:
        """The count tells a database that was put back to an earlier state from what it became."""
        catalogue = self._library.catalogue
        facts = catalogue.facts()
        known = (facts.get("library"), facts.get("generation"), facts.get(DESCRIBED))
        return json.dumps([*known, catalogue.count(), catalogue.folders()])
