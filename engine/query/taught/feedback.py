"""What thumbs teach a query: a direction, and how far to go along it. Never for the worse.

The direction leads from what was not wanted to what was, and is the one that tells the two apart
best if both spread as the library does (linear discriminant analysis: Fisher, "The Use of Multiple
Measurements in Taxonomic Problems", 1936; covariance shrunk towards a round one). How far to go is
decided by the marks themselves: each is left out in turn, and looked for with what the others
teach. Where that does not help, or the query tells the marked images apart already, nothing
changes.
"""

import numpy as np
import numpy.typing as npt

from engine.query.scores.ranking import Axis, Score, standardised_rows
from engine.query.scores.statistics import LibraryStatistics, Vector

STEPS = (0.1, 0.2, 0.3)
"""How far to go, against 1 for the query. With longer ones more is gained, and more is harmed."""

NEAR = 50
"""Best images of the plain query: what the marked ones are told from."""

_LEAST_GAIN = 0.05  # in standard deviations of the scores of the near images
_LIKED_PRIOR, _DISLIKED_PRIOR = 1.0, 4.0  # near images' mean, in marks, that the means begin with


def learn(
    library: LibraryStatistics, liked: Vector, disliked: Vector, near: Vector, score: Score
) -> Axis | None:
    """What to add to a query's terms; None if nothing is sure to help.

    Args:
        library: of the images.
        liked: vectors of images that are wanted [n, dim].
        disliked: vectors of images that are not [m, dim].
        near: vectors of the best images that are not marked [k, dim].
        score: images [n, dim] to their scores under the query's terms [n].
    """
    if not (len(liked) and len(near) and len(disliked)):
        return None
    marked = np.concatenate([liked, disliked])
    is_liked = np.arange(len(marked)) < len(liked)
    plain = score(marked)
    if plain[is_liked].min() > plain[~is_liked].max():
        return None
    folds = np.vstack([~np.eye(len(marked), dtype=np.bool_), np.ones_like(is_liked)])
    directions = _directions(library, marked, is_liked, folds, near)
    # What is gained by a mark that is disliked is depth.
    signs = np.where(is_liked, 1, -1)[:, None]
    gains = signs * _rises(marked, plain, directions[:-1], near, score(near))
    weights = np.where(is_liked, 1 / is_liked.sum(), 1 / (~is_liked).sum()) / 2
    mean = weights @ gains
    doubt = np.sqrt((weights**2) @ (gains - mean) ** 2)
    sure = np.minimum(mean, gains[is_liked].mean(axis=0)) - doubt
    best = int(np.argmax(sure))
    if sure[best] < _LEAST_GAIN:
        return None
    return Axis(directions[-1][None], STEPS[best])


def _directions(
    library: LibraryStatistics,
    marked: Vector,
    is_liked: npt.NDArray[np.bool_],
    folds: npt.NDArray[np.bool_],
    near: Vector,
) -> Vector:
    """The standardised direction that the marks of each fold teach, float32 [folds, dim]."""
    middle = near.mean(axis=0)
    rows = []
    for fold in folds:
        ends = [
            (marked[fold & own].sum(axis=0) + prior * middle) / ((fold & own).sum() + prior)
            for own, prior in ((is_liked, _LIKED_PRIOR), (~is_liked, _DISLIKED_PRIOR))
        ]
        rows.append(ends[0] - ends[1])
    return standardised_rows(np.stack(rows) @ library.discriminant, library).astype(np.float32)


def _rises(
    marked: Vector, plain: Vector, directions: Vector, near: Vector, plain_near: Vector
) -> npt.NDArray[np.float64]:
    """How much higher each marked image stands by the direction that the others teach.

    In standard deviations of the scores of the near images, float64 [marks, steps].
    """
    rises = np.zeros((len(marked), len(STEPS)))
    for place, direction in enumerate(directions):
        own, others = float(np.vecdot(marked[place], direction)), near @ direction
        before = _height(float(plain[place]), plain_near)
        for step, size in enumerate(STEPS):
            after = _height(float(plain[place]) + size * own, plain_near + size * others)
            rises[place, step] = after - before
    return rises


def _height(own: float, others: Vector) -> float:
    return (own - float(others.mean())) / (float(others.std()) + 1e-6)
