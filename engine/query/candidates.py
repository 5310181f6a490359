"""`CandidateFinder`: which images may be the best for a query, and in which order they come."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.query.parts.binding import RERANKED
from engine.query.parts.reranker import Gains
from engine.query.scores.fusion import points
from engine.query.scores.ranking import Ranking
from engine.query.scores.statistics import Vector
from engine.query.upkeep import Upkeep
from engine.query.view import LibraryView

Ids = npt.NDArray[np.int64]

NARROW = 20_000
"""So many images are compared one by one, which takes milliseconds; the index finds among more."""

FUSED = 200
"""Best images by looks, and by what is written about them, whose ranks are put together."""

_CANDIDATES = 5  # for each wanted result, at least; the exact scores then choose
_BENT = 2  # times as many where a one-sided term bends the scores
_SPARE = 1.5  # times as many as filters would leave if what passes were spread evenly
_MOST_FETCHED = 10_000  # by the index, for a filter; then comparing all that pass is no slower
_CHUNK = 8_192


@dataclass(frozen=True)
class Wish:
    """What decides which images are shown.

    Attributes:
        ranking: scores images by their looks.
        liked: ids of images that come first.
        disliked: ids of images that are left out.
        allowed: ids of the images that pass all filters, ascending; None without filters.
        written: ids of images about which the words are written, best first.
        gains: what a second look at the best images adds to their scores; None without one.
    """

    ranking: Ranking
    liked: frozenset[int]
    disliked: frozenset[int]
    allowed: Ids | None
    written: Ids
    gains: Gains | None = None


@dataclass(frozen=True)
class Found:
    """Images, best first.

    Attributes:
        ids: int64 [n].
        vectors: as stored, float32 [n, dim].
        gains: what the second look has added to their scores, float32 [n].
        copies: others that each stands for, int64 [n].
    """

    ids: Ids
    vectors: Vector
    gains: Vector
    copies: Ids

    def at(self, places: Ids | slice) -> "Found":
        """Some of them, in this order."""
        return Found(
            self.ids[places], self.vectors[places], self.gains[places], self.copies[places]
        )


class CandidateFinder:
    """Finds the best images. Safe to use from several threads."""

    def __init__(self, view: LibraryView, upkeep: Upkeep) -> None:
        self._view, self._upkeep = view, upkeep

    def best(self, wish: Wish, count: int) -> Found:
        """The best `count` images, liked ones before all; fewer only if fewer pass the filters."""
        least = max(FUSED if len(wish.written) else 0, RERANKED if wish.gains else 0)
        ids = self._candidates(wish, max(count, least))
        added = np.union1d(wish.written[:FUSED], np.array(sorted(wish.liked), np.int64))
        if wish.allowed is not None:
            added = added[np.isin(added, wish.allowed)]
        ids, stored = self._view.vectors(np.union1d(ids, added))
        keep = ~np.isin(ids, list(wish.disliked))
        ids, stored = ids[keep], stored[keep]
        scores = wish.ranking.scores(stored)
        gains = _gains(wish, ids, stored, scores)
        scores = scores + gains
        liked = np.isin(ids, list(wish.liked))
        order = np.lexsort((ids, -scores, -_fused(ids, scores, wish.written), ~liked))[:count]
        none = np.zeros(len(order), dtype=np.int64)
        return Found(ids[order], stored[order], gains[order], none)

    def _candidates(self, wish: Wish, wanted: int) -> Ids:
        """Ids among which the best `wanted` are."""
        probes = wish.ranking.probes()
        count = max(self._upkeep.candidates, _CANDIDATES * wanted)
        count = count * (_BENT if len(probes) > 1 else 1) + len(wish.disliked)
        if wish.allowed is None:
            return self._view.nearest(probes, count)
        if len(wish.allowed) > NARROW:
            share = len(wish.allowed) / max(len(self._view), 1)
            fetched = int(count / share * _SPARE)
            if fetched <= _MOST_FETCHED:
                found = self._view.nearest(probes, fetched)
                found = found[np.isin(found, wish.allowed)]
                if len(found) >= count:
                    return found
        return self._compared(wish.ranking, wish.allowed, count)

    def _compared(self, ranking: Ranking, ids: Ids, count: int) -> Ids:
        """The best `count` of these, compared one by one."""
        best = np.zeros(0, dtype=np.int64)
        best_scores = np.zeros(0, dtype=np.float32)
        for at in range(0, len(ids), _CHUNK):
            some, stored = self._view.vectors(ids[at : at + _CHUNK])
            best = np.concatenate([best, some])
            best_scores = np.concatenate([best_scores, ranking.scores(stored)])
            if len(best) > count:
                kept = np.argpartition(-best_scores, count - 1)[:count]
                best, best_scores = best[kept], best_scores[kept]
        return best


def _gains(wish: Wish, ids: Ids, stored: Vector, scores: Vector) -> Vector:
    """What a second look adds to the best images: they change places among themselves."""
    gains = np.zeros(len(ids), dtype=np.float32)
    if wish.gains is None or not len(ids):
        return gains
    order = np.lexsort((ids, -scores))
    top, rest = order[:RERANKED], order[RERANKED:]
    gains[top] = wish.gains(ids[top], stored[top])
    if len(rest):
        lowest = float((scores[top] + gains[top]).min())
        gains[top] += max(float(scores[rest[0]]) - lowest, 0.0)
    return gains


def _fused(ids: Ids, scores: Vector, written: Ids) -> npt.NDArray[np.float64]:
    """Reciprocal rank fusion of looks and words; 0 for all where nothing is written."""
    found = np.zeros(len(ids))
    if not len(written):
        return found
    by_looks = np.lexsort((ids, -scores))[:FUSED]
    found[by_looks] += points(len(by_looks))
    written = written[np.isin(written, ids)][:FUSED]
    places = np.searchsorted(ids, written)
    found[places] += points(len(written))
    return found
