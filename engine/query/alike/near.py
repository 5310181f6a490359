"""`NearPairs`: images and their changed copies, by embedding, confirmed by their looks."""

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

from engine.index import IdTable
from engine.query.alike.looks_alike import Ids, LooksAlike
from engine.query.scores.statistics import Vector
from engine.query.view import LibraryView

_BATCH = 128
_NEIGHBOURS = 16  # of each image; more are asked for where many of them are copies
_MOST_NEIGHBOURS = 1_024
_LOSS = 1e-3  # of a cosine, by storing vectors in half precision

Pairs = dict[tuple[int, int], float]
"""Two ids, the smaller first, to their cosine."""

Tell = Callable[[int, int], None]
"""Called with how many of how many images are done."""

Related = Callable[[set[int]], Iterable[int]]
"""Ids that were found to be in pairs, to those that have to be looked at with them."""


class NearPairs:
    """Searches for copies of images. Memory grows with the number of pairs, little else."""

    def __init__(
        self, view: LibraryView, looks: LooksAlike, ids: Ids, copies: Ids, threshold: float
    ) -> None:
        """
        Args:
            view: of the library.
            looks: of its images.
            ids: of all images, int64 [n], ascending.
            copies: ids among them with the content of another one; they are passed over.
            threshold: least cosine.
        """
        self._view, self._looks, self._threshold = view, looks, threshold - _LOSS
        copies = np.sort(copies)
        self._all, self._copies = IdTable(ids, ids), IdTable(copies, copies)

    def around(self, start: Ids, related: Related, tell: Tell) -> tuple[Pairs, Ids]:
        """Pairs in which the images in `start` are, and in which those of these pairs are, ...

        Args:
            start: ids, int64 [n].
            related: what else to look at when images turn out to have copies.
            tell: called as it goes on.

        Returns:
            the pairs, and the ids looked at, ascending.
        """
        seen = np.zeros(len(self._all), dtype=np.bool_)
        pairs: Pairs = {}
        done = 0
        start = self._worth_a_look(start, seen)
        while len(start):
            total = done + len(start)
            found: Pairs = {}
            for at in range(0, len(start), _BATCH):
                found.update(self._pairs(start[at : at + _BATCH]))
                done = min(done + _BATCH, total)
                tell(done, total)
            pairs.update(found)
            new = {image_id for pair in found for image_id in pair}
            start = self._worth_a_look(np.array(sorted({*new, *related(new)}), np.int64), seen)
        return pairs, self._all.ids[seen]

    def _worth_a_look(self, ids: Ids, seen: npt.NDArray[np.bool_]) -> Ids:
        """Those of `ids` that were not looked at yet; notes that now they are."""
        places, there = self._all.places(ids)
        places = places[there & ~self._copies.places(ids)[1]]
        places = places[~seen[places]]
        seen[places] = True
        return self._all.ids[places]

    def _pairs(self, ids: Ids) -> Pairs:
        pairs: Pairs = {}
        ids, vectors = self._view.vectors(ids)
        count = _NEIGHBOURS
        while len(ids):
            found, crowded = self._nearest(ids, vectors, count)
            pairs.update(found)
            if count >= min(_MOST_NEIGHBOURS, len(self._all)):
                break
            ids, vectors = ids[crowded], vectors[crowded]
            count *= 4
        return pairs

    def _nearest(
        self, ids: Ids, vectors: Vector, count: int
    ) -> tuple[Pairs, npt.NDArray[np.bool_]]:
        """Pairs with the nearest `count` images, and which of `ids` may have more: bool [n]."""
        near, stored = self._view.vectors(self._view.nearest(vectors, count + 1))
        known = self._all.places(near)[1]  # others came while this is running
        near, cosines = near[known], vectors @ stored[known].T
        cosines[ids[:, None] == near[None, :]] = -1
        if len(near) > count:
            least = -np.partition(-cosines, count - 1, axis=1)[:, count - 1]
            cosines[cosines < least[:, None]] = -1
        rows, columns = np.nonzero(cosines >= self._threshold)
        is_copy = self._copies.places(near[columns])[1]
        crowd = np.bincount(rows[is_copy], minlength=len(ids))
        rows, columns = rows[~is_copy], columns[~is_copy]
        same = self._looks.confirmed(ids[rows], near[columns])
        rows, columns = rows[same], columns[same]
        crowd += np.bincount(rows, minlength=len(ids))
        first, second = np.minimum(ids[rows], near[columns]), np.maximum(ids[rows], near[columns])
        found = np.minimum(cosines[rows, columns], 1).tolist()
        pairs = dict(zip(zip(first.tolist(), second.tolist(), strict=True), found, strict=True))
        return pairs, crowd >= count // 2
