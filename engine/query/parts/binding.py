"""Reranking by parts: "red shoes with white laces" before white shoes with red laces.

A vector of a whole picture hardly knows which of two things is red: its text is a bag of words to
it. Windows of the picture do. With all scores standardised, those of windows over the windows of
the library,

    score = whole + 0.5 mean over the parts (best window)
          + 0.25 [best windows of two parts - the same with their attributes exchanged
                  + 0.5 (whole - the whole text with them exchanged)]

where the bracket counts only if two parts have different attributes of one family (two colours).
docs/search.md has figures.
"""

from dataclasses import dataclass

import numpy as np

from engine.products import inner_products
from engine.query.encode import Encode
from engine.query.language.compositional import mixed_up, parts_of
from engine.query.scores.ranking import standardised_rows
from engine.query.scores.statistics import LibraryStatistics, Vector

RERANKED = 100
"""Best images, which are looked at in windows."""

_PART = 0.5
_EXCHANGED = 0.25  # with more, texts whose attributes are in order anyway come out worse
_WHOLE = 0.5


@dataclass(frozen=True)
class Parts:
    """Standardised directions of a text's parts.

    Attributes:
        parts: for windows, float32 [parts, dim].
        right: of the two parts whose attributes can be mixed up, float32 [2 or 0, dim].
        wrong: the same with attributes exchanged.
        whole: for pictures: the text less the text with attributes exchanged, [1 or 0, dim].
        windows: of the library.
    """

    parts: Vector
    right: Vector
    wrong: Vector
    whole: Vector
    windows: LibraryStatistics

    @classmethod
    def of(
        cls, text: str, encode: Encode, pictures: LibraryStatistics, windows: LibraryStatistics
    ) -> "Parts | None":
        """Of a text; None where it has fewer than two parts.

        Args:
            text: of a term.
            encode: for texts.
            pictures: of the library.
            windows: of its pictures' windows.
        """
        parts = parts_of(text)
        if not parts:
            return None
        pairs = [each for pair in mixed_up(text, parts) for each in pair]
        rows = encode([*parts, *pairs])
        own, pairs_rows = rows[: len(parts)], rows[len(parts) :]
        kept, exchanged = pairs_rows[0::2], pairs_rows[1::2]
        return cls(
            standardised_rows(own, windows),
            standardised_rows(kept[1:], windows),
            standardised_rows(exchanged[1:], windows),
            standardised_rows(kept[:1] - exchanged[:1], pictures),
            windows,
        )

    def gains(self, vectors: Vector, windows: Vector) -> Vector:
        """What comes to the standardised score of the whole text, float32 [n].

        Args:
            vectors: of pictures, float32 [n, dim].
            windows: of the same pictures, float32 [n, windows, dim].
        """
        directions = (self.parts, self.right, self.wrong)
        ends = np.cumsum([len(some) for some in directions[:-1]])
        best = self._best(windows, np.concatenate(directions))
        parts, right, wrong = np.split(best, ends, axis=1)
        found = _PART * parts.mean(axis=1)
        if len(self.whole):
            # The mean of the library is the same for all: it does not change the order.
            whole = inner_products(vectors, self.whole)[:, 0]
            found = found + _EXCHANGED * (right.sum(axis=1) - wrong.sum(axis=1) + _WHOLE * whole)
        return np.asarray(found, dtype=np.float32)

    def _best(self, windows: Vector, directions: Vector) -> Vector:
        """Score of the best window for each direction, [n, directions]."""
        count, _, dim = windows.shape
        rows = (windows - self.windows.mean).reshape(-1, dim)
        return inner_products(rows, directions).reshape(count, -1, len(directions)).max(axis=1)
