"""An older map of a library, brought up to what the library holds now."""

import numpy as np

from engine.atlas.arrays import Ids, Places, Vectors
from engine.atlas.atlas import Atlas
from engine.atlas.kept import KeptAtlas, marks_of
from engine.query import LibraryView

MOST_CHANGED = 0.1
"""Share of images that may have come or gone before a map has to be made anew."""

_NEAREST = 3  # images between which a new one is placed
_SAME = 1e-3  # difference of marks: the same vector differs by rounding only
_SOFTENED = 0.01  # of a distance, by which a copy would else count without end
_BLOCK = 256  # new images placed at a time


def followed(kept: KeptAtlas, view: LibraryView) -> Atlas | None:
    """The map without what has gone, and new images between their nearest.

    Of a map that shows a sample new images are left out. None if too much has changed.
    """
    old, generation, total = kept.atlas, view.generation, len(view)
    if old.generation == generation:
        return old
    stays, vectors = _staying(kept, view)
    remaining = old.total * len(stays) / len(old.ids) if len(old.ids) else 0.0
    gone, came = old.total - remaining, max(total - remaining, 0.0)
    if gone + came > MOST_CHANGED * old.total:
        return None
    names = [cluster.name for cluster in old.clusters]
    ids, places, own = old.ids[stays], old.places[stays], old.own[stays]
    if not old.is_sample:
        new, of_new = view.vectors(np.setdiff1d(view.ids(), ids))
        where, whose = _placed(of_new, vectors, places, own)
        ids, places, own = (
            np.concatenate([ids, new]),
            np.concatenate([places, where]),
            np.concatenate([own, whose]),
        )
        order = np.argsort(ids)
        ids, places, own = ids[order], places[order], own[order]
    return Atlas.of(ids, places, own, names, total, old.made_in, generation)


def _staying(kept: KeptAtlas, view: LibraryView) -> tuple[Ids, Vectors]:
    """Places in the map of the images whose vectors still are the same, and these vectors."""
    ids, vectors = view.vectors(kept.atlas.ids)
    rows = np.searchsorted(kept.atlas.ids, ids)
    is_same = np.abs(marks_of(vectors) - kept.marks[rows]) < _SAME
    return rows[is_same], vectors[is_same]


def _placed(new: Vectors, old: Vectors, places: Places, own: Ids) -> tuple[Places, Ids]:
    """Places and clusters of new vectors among old ones."""
    where = np.empty((len(new), 2), dtype=np.float32)
    whose = np.empty(len(new), dtype=np.int64)
    k = min(_NEAREST, len(old))
    for first in range(0, len(new), _BLOCK):
        rows = slice(first, first + _BLOCK)
        near = new[rows] @ old.T
        best = np.argpartition(-near, k - 1, axis=1)[:, :k]
        weights = 1 / (1 + _SOFTENED - np.take_along_axis(near, best, axis=1))
        weights /= weights.sum(axis=1, keepdims=True)
        where[rows] = np.vecdot(weights[:, None], places[best].transpose(0, 2, 1))
        whose[rows] = own[near.argmax(axis=1)]
    return where, whose
