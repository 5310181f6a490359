"""Showing variety: copies folded into one, and images apart that look alike."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.query.scores.statistics import Vector

Places = npt.NDArray[np.int64]

SPREAD = 200
"""Best images among which variety is sought; those after them keep their order."""


@dataclass(frozen=True)
class Variety:
    """What to do about images that look alike.

    Attributes:
        fold: of copies that were found as such, show the best one.
        diversity: from 0, order by score alone, to 1, as unlike as possible.
    """

    fold: bool = False
    diversity: float = 0.0


PLAIN = Variety()


def folded(ids: Places, groups: Mapping[int, int]) -> tuple[Places, Places]:
    """The first image of each group, and all that are in none.

    Args:
        ids: of images, best first, int64 [n].
        groups: image id to the group of copies that it is in.

    Returns:
        Places of these images, int64 [m], and how many others of `ids` each stands for.
    """
    first: dict[int, int] = {}
    kept: list[int] = []
    copies: list[int] = []
    for place, image_id in enumerate(ids.tolist()):
        group = groups.get(image_id)
        if group is not None and group in first:
            copies[first[group]] += 1
            continue
        if group is not None:
            first[group] = len(kept)
        kept.append(place)
        copies.append(0)
    return np.array(kept, dtype=np.int64), np.array(copies, dtype=np.int64)


def diverse(scores: Vector, vectors: Vector, mean: Vector, diversity: float) -> Places:
    """An order in which what comes next is good, and unlike what came before.

    Maximal marginal relevance (Carbonell and Goldstein, 1998): the next one is that with the
    greatest (1 - d) score - d (likeness to the likest one before it); scores are standardised, and
    likeness is the cosine of vectors less their library's mean.

    Args:
        scores: of images, best first, float32 [n].
        vectors: of the same, float32 [n, dim].
        mean: of the library, float32 [dim].
        diversity: d above, from 0, which changes nothing, to 1.

    Returns:
        Places, int64 [n]; from `SPREAD` on as they were.
    """
    count = min(len(scores), SPREAD)
    order = np.arange(len(scores))
    if diversity == 0 or count < 2:
        return order
    some = vectors[:count] - mean
    some = some / np.maximum(np.linalg.norm(some, axis=1, keepdims=True), 1e-12)
    worth = (scores[:count] - scores[:count].mean()) / max(float(scores[:count].std()), 1e-6)
    likeness = np.full(count, -1.0, dtype=np.float32)
    left = np.ones(count, dtype=np.bool_)
    for place in range(count):
        gain = (1 - diversity) * worth - diversity * likeness
        best = int(np.where(left, gain, -np.inf).argmax()) if place else 0
        order[place], left[best] = best, False
        likeness = np.maximum(likeness, np.vecdot(some, some[best]))
    return order
