"""`Reranker`: looks at the best images of a query in windows, where the library keeps them."""

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.encoder import Encoder, ImageError, decode
from engine.library import Library
from engine.library.windows import open_windows
from engine.query.encode import TermEncoder
from engine.query.language.terms import Term
from engine.query.parts.binding import Parts
from engine.query.parts.heat import HeatMap, heat_map
from engine.query.parts.picture_parts import PictureParts, close_look, has_windows, parts_of_picture
from engine.query.scores.calibration import Background
from engine.query.scores.neutral import Neutral
from engine.query.scores.statistics import LibraryStatistics, Vector
from engine.query.view import LibraryView

Ids = npt.NDArray[np.int64]
Gains = Callable[[Ids, Vector], Vector]
"""Ids and vectors of images, [n] and [n, dim], to what comes to their scores, float32 [n]."""

_SAMPLE = 1_000  # pictures whose windows are measured
_GROWN = 1.5  # times as many images as then make it worth measuring again


class Reranker:
    """Safe to use from several threads."""

    def __init__(
        self, encoder: Encoder, library: Library, view: LibraryView, terms: TermEncoder
    ) -> None:
        self._encoder, self._library = encoder, library
        self._view, self._terms = view, terms
        self._store = open_windows(library, encoder)
        self._lock = threading.Lock()
        self._measured: tuple[int, LibraryStatistics] | None = None

    def gains(self, terms: Sequence[Term]) -> Gains | None:
        """What the parts of a query's text add; None where that is not to be asked.

        Only a text of several parts, which is all that is wanted, is worth a second look.
        """
        wanted = [term for term in terms if term.weight > 0]
        if self._store is None or len(wanted) != 1:
            return None
        (term,) = wanted
        if term.kind != "text" or term.others or (windows := self._windows()) is None:
            return None
        parts = Parts.of(term.text, self._terms.texts, self._view.statistics, windows)
        return None if parts is None else lambda ids, vectors: self._of(parts, ids, vectors)

    def heat(
        self, text: str, pictures: Mapping[str, Path], neutral: Neutral, closely: bool
    ) -> dict[str, HeatMap]:
        """Where pictures match a text, by digest.

        Args:
            text: what is looked for.
            pictures: the file of a small form of each; read where no windows are kept, or closely.
            neutral: texts.
            closely: find smaller things too, which takes the time of encoding six pictures for
                each; makes no difference where the model gives no windows.
        """
        (row,) = self._terms.texts([text])
        known = self._store.of(list(pictures)) if self._store is not None else {}
        windows = self._windows() if self._store is not None else None
        background = Background.of(neutral, windows or self._view.statistics, len(self._view))
        found = {}
        for digest, file in pictures.items():
            with suppress(ImageError):  # damaged: this picture does without
                parts = self._parts(file, known.get(digest), closely)
                found[digest] = heat_map(parts, row, background)
        return found

    def close(self) -> None:
        """Close the file of windows."""
        if self._store is not None:
            self._store.close()

    def _parts(self, file: Path, windows: Vector | None, closely: bool) -> PictureParts:
        """Of a picture, from its windows where they are known and enough."""
        if closely and has_windows(self._encoder):
            with suppress(ImageError):  # what is known of a damaged one is better than nothing
                return close_look(self._encoder, decode(file).image)
        grid = self._encoder.window_grid
        if windows is not None and grid is not None:
            return PictureParts.windows(windows, grid)
        return parts_of_picture(self._encoder, decode(file).image)

    def _of(self, parts: Parts, ids: Ids, vectors: Vector) -> Vector:
        assert self._store is not None
        records = self._library.catalogue.records_of(ids.tolist())
        digests = [records[i].digest if i in records else "" for i in ids.tolist()]
        known = self._store.of(list(dict.fromkeys(digests)))
        there = np.array([digest in known for digest in digests], dtype=np.bool_)
        gains = np.zeros(len(ids), dtype=np.float32)
        if there.any():
            windows = np.stack([known[digest] for digest in digests if digest in known])
            gains[there] = parts.gains(vectors[there], windows)
            gains[~there] = gains[there].mean()  # nothing speaks for or against these
        return gains

    def _windows(self) -> LibraryStatistics | None:
        """Of the library's windows; None if it has none."""
        assert self._store is not None
        with self._lock:
            count = len(self._view)
            if self._measured is None or count > _GROWN * self._measured[0]:
                rows = self._store.sample(_SAMPLE)
                if not len(rows):
                    return None
                self._measured = (count, LibraryStatistics.of(rows))
            return self._measured[1]
