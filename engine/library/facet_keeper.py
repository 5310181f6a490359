"""Facets are gathered once for every state of a library."""

import threading
import time

from engine.library.catalogue import DESCRIBED
from engine.library.facets import Facets, gather_facets
from engine.library.library import Library

_PAUSE = 10  # times what gathering takes: while a library is being filled, no more than a tenth


class FacetKeeper:
    """The facets of a library, gathered again when the library has changed."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._known: tuple[object, Facets] | None = None
        self._next = 0.0

    def facets(self) -> Facets:
        """What there is now; while a library changes without pause, what there was just now."""
        with self._lock:
            began = time.monotonic()
            if self._known is not None and began < self._next:
                return self._known[1]
            state = self._state()
            if self._known is None or self._known[0] != state:
                self._known = state, gather_facets(self._library.database)
                self._next = time.monotonic() + _PAUSE * (time.monotonic() - began)
            return self._known[1]

    def _state(self) -> object:
        facts = self._library.catalogue.facts()
        return facts.get("generation"), facts.get(DESCRIBED), self._library.catalogue.folders()
