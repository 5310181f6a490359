"""Scores of images under a query: standardised terms, negatives, feedback.

A term's score for an image is its inner product, standardised over the library (mean 0, variance
1). Terms of equal weight so have equal influence, although cosines of images with images are
larger and spread wider than those of texts with images. The sum of standardised terms is again
one inner product, so the index finds the candidates with a single vector.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.products import inner_products
from engine.query.statistics import LibraryStatistics, Vector

LIKED_WEIGHT = 1.0
DISLIKED_WEIGHT = 0.25
"""Weights of the liked and of the disliked examples together, against 1 for the query itself."""


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
        scores = inner_products(vectors - self.mean, np.stack([axis.direction for axis in axes]))
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
    total = sum(weight for weight in weights if weight > 0)
    wanted = total > 0
    total = total or sum(map(abs, weights)) or 1.0
    terms = [
        # Being unlike what is not wanted is no merit in itself: without this bend, a strong
        # "without" would bring up whatever is farthest from it, wanted or not.
        Axis(standardised(vector, library), weight / total, one_sided=wanted and weight < 0)
        for vector, weight in zip(vectors, weights, strict=True)
    ]
    return Ranking(library.mean, tuple(terms), _feedback(library, liked, disliked))


def _feedback(
    library: LibraryStatistics, liked: Vector | None, disliked: Vector | None
) -> tuple[Axis, ...]:
    """Rocchio's rule (in Salton: The SMART Retrieval System, 1971) on standardised axes."""
    examples = ((liked, LIKED_WEIGHT), (disliked, -DISLIKED_WEIGHT))
    return tuple(
        Axis(standardised(vectors.mean(axis=0), library), weight)
        for vectors, weight in examples
        if vectors is not None and len(vectors)
    )


def standardised(vector: Vector, library: LibraryStatistics) -> Vector:
    """Scale a direction so that its inner products with the library have variance 1."""
    return vector / np.float32(library.spread(vector))


def sum_of(axes: Sequence[Axis]) -> Vector:
    """The axes' weighted sum, float32 [dim]."""
    weights = np.array([axis.weight for axis in axes], dtype=np.float32)
    return weights @ np.stack([axis.direction for axis in axes])


def unit(vector: Vector) -> Vector:
    """Length 1; a zero vector stays as it is."""
    return (vector / max(float(np.linalg.norm(vector)), 1e-12)).astype(np.float32)
