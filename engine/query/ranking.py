"""Scores of images under a query: standardised terms, negatives, feedback.

A term's score for an image is its inner product, standardised over the library (mean 0, variance
1). Terms of equal weight so have equal influence, although cosines of images with images are
larger and spread wider than those of texts with images. The sum of standardised terms is again
one inner product, so the index finds the candidates with a single vector.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.query.statistics import LibraryStatistics, Vector

LIKED_WEIGHT = 0.75
DISLIKED_WEIGHT = 0.25
"""Rocchio's usual weights of liked and disliked examples, against 1 for the query itself."""


@dataclass(frozen=True)
class Axis:
    """One standardised direction: `(x - mean) . direction` has variance 1 over the library.

    Attributes:
        direction: float32 [dim].
        weight: factor in the sum; all positive weights of a query add up to 1.
        one_sided: an image gains nothing from being unlike it.
    """

    direction: Vector
    weight: float
    one_sided: bool = False


@dataclass(frozen=True)
class Ranking:
    """A query ready to score images: `terms` in the query's order, then `feedback`."""

    mean: Vector
    terms: tuple[Axis, ...]
    feedback: tuple[Axis, ...]

    def probes(self) -> Vector:
        """Directions to ask the index for, unit rows [m, dim].

        The whole sum, and, where a one-sided term bends the scores, the sum without such terms.
        """
        axes = [*self.terms, *self.feedback]
        whole = sum_of(axes)
        linear = sum_of([axis for axis in axes if not axis.one_sided])
        probes = [whole] if np.array_equal(whole, linear) else [whole, linear]
        return np.stack([unit(probe) for probe in probes])

    def term_scores(self, vectors: Vector) -> Vector:
        """Each term's share in the score, float32 [n, terms], for images [n, dim]."""
        return self._shares(vectors, self.terms)

    def feedback_scores(self, vectors: Vector) -> Vector:
        """What feedback adds to the score, float32 [n]."""
        return self._shares(vectors, self.feedback).sum(axis=1)

    def _shares(self, vectors: Vector, axes: tuple[Axis, ...]) -> Vector:
        if not axes:
            return np.zeros((len(vectors), 0), dtype=np.float32)
        scores = (vectors - self.mean) @ np.stack([axis.direction for axis in axes], axis=1)
        one_sided = np.array([axis.one_sided for axis in axes])
        scores = np.where(one_sided, np.maximum(scores, 0), scores)
        return scores * np.array([axis.weight for axis in axes], dtype=np.float32)


def rank(
    vectors: Sequence[Vector],
    weights: Sequence[float],
    library: LibraryStatistics,
    liked: Vector | None = None,
    disliked: Vector | None = None,
) -> Ranking:
    """Prepare a query.

    Args:
        vectors: unit vector of each term, float32 [dim].
        weights: weight of each term, not 0; negative pushes away.
        library: for standardising.
        liked: vectors of liked images [n, dim].
        disliked: vectors of disliked images [n, dim].
    """
    total = sum(weight for weight in weights if weight > 0) or sum(map(abs, weights)) or 1.0
    positive = [
        Axis(standardised(vector, library), weight / total)
        for vector, weight in zip(vectors, weights, strict=True)
        if weight > 0
    ]
    wanted = sum_of(positive) if positive else None
    axes: list[Axis] = []
    queue = iter(positive)
    for vector, weight in zip(vectors, weights, strict=True):
        if weight > 0:
            axes.append(next(queue))
        else:
            direction = beyond(standardised(vector, library), wanted, library)
            axes.append(Axis(direction, weight / total, one_sided=wanted is not None))
    return Ranking(library.mean, tuple(axes), _feedback(wanted, library, liked, disliked))


def _feedback(
    wanted: Vector | None,
    library: LibraryStatistics,
    liked: Vector | None,
    disliked: Vector | None,
) -> tuple[Axis, ...]:
    """Rocchio's rule on standardised axes (Rocchio 1971, in Salton: The SMART Retrieval System).

    What the disliked images share with the query itself is left out of their axis: they were
    found by it, and it is not what the person objects to.
    """
    axes: list[Axis] = []
    if liked is not None and len(liked):
        axes.append(Axis(standardised(liked.mean(axis=0), library), LIKED_WEIGHT))
    if disliked is not None and len(disliked):
        away = beyond(standardised(disliked.mean(axis=0), library), wanted, library)
        axes.append(Axis(away, -DISLIKED_WEIGHT))
    return tuple(axes)


def standardised(vector: Vector, library: LibraryStatistics) -> Vector:
    """Scale a direction so that its inner products with the library have variance 1."""
    return vector / np.float32(library.spread(vector))


def beyond(direction: Vector, wanted: Vector | None, library: LibraryStatistics) -> Vector:
    """The part of a standardised direction that `wanted` does not explain, standardised.

    "Shoes without laces" must not push all shoes away, although laces go with shoes: the score
    for laces is replaced by its residual after regression on the score for shoes.
    """
    if wanted is None:
        return direction
    correlation = library.correlation(direction, wanted)
    if correlation <= 0:
        return direction
    explained: Vector = np.float32(correlation) * standardised(wanted, library)
    residual: Vector = direction - explained
    # Nearly the same direction: nothing is left but noise, which must not be blown up.
    return residual / np.float32(max(library.spread(residual), 0.3))


def sum_of(axes: Sequence[Axis]) -> Vector:
    """The axes' weighted sum, float32 [dim]."""
    weights = np.array([axis.weight for axis in axes], dtype=np.float32)
    return weights @ np.stack([axis.direction for axis in axes])


def unit(vector: Vector) -> Vector:
    """Length 1; a zero vector stays as it is."""
    return (vector / max(float(np.linalg.norm(vector)), 1e-12)).astype(np.float32)
