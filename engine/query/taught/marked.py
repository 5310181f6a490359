"""`MarkedImages`: what people have marked, and what they like whatever they ask for."""

import threading
from collections.abc import Collection

import numpy as np

from engine.library import Library
from engine.query.scores.statistics import LibraryStatistics, Vector
from engine.query.taught.preference import Preference, agreed
from engine.query.view import LibraryView

_LATEST = 200  # questions that are learnt from


class MarkedImages:
    """Safe to use from several threads."""

    def __init__(self, library: Library, view: LibraryView) -> None:
        self._library, self._view = library, view
        self._lock = threading.Lock()
        self._known: tuple[int, LibraryStatistics, Preference | None] | None = None

    def vectors(self, ids: Collection[int]) -> Vector:
        """Stored vectors of those ids that are in the library, float32 [n, dim]."""
        return self._view.vectors(np.array(sorted(ids), dtype=np.int64))[1]

    def preference(self) -> Preference | None:
        """What the thumbs of all questions agree on; learnt anew after every thumb."""
        revision, library = self._library.marks.revision(), self._view.statistics
        with self._lock:
            known = self._known
            if known is None or known[0] != revision or known[1] is not library:
                known = revision, library, self._learnt(library) if revision else None
                self._known = known
            return known[2]

    def _learnt(self, library: LibraryStatistics) -> Preference | None:
        questions = [
            (
                self.vectors([image for image, mark in marks.items() if mark > 0]),
                self.vectors([image for image, mark in marks.items() if mark < 0]),
            )
            for marks in self._library.marks.lessons()[-_LATEST:]
        ]
        return agreed(library, questions)
