"""Scores of images under a query: standardised terms, negatives, alternatives, feedback.

A term's score for an image is its inner product, standardised over the library (mean 0, variance
1). Terms of equal weight so have equal influence, although cosines of images with images are
larger and spread wider than those of texts with images. The sum of standardised terms is again
one inner product, so the index finds the candidates with a single vector. Of a term's alternatives
the best one counts.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

import numpy as np

from engine.products import inner_products
from engine.query.scores.statistics import LibraryStatistics, Vector

Score = Callable[[Vector], Vector]
"""Vectors of images [n, dim] to their scores [n]."""

UNWANTED_WEIGHT = 2.0
"""What an unwanted term of weight -1 counts, against 1 for what is wanted; docs/search.md."""

_MOST_PROBES = 16


@dataclass(frozen=True)
class Axis:
    """Standardised directions: `(x - mean) . direction` has variance 1 over the library.

    Attributes:
        directions: float32 [alternatives, dim]; the best of them counts.
        weight: factor in the sum; all positive weights of a query add up to 1.
        one_sided: an image gains nothing from being unlike it.
    """

    directions: Vector
    weight: float
    one_sided: bool = False


@dataclass(frozen=True)
class Ranking:
    """A query ready to score images: `terms` in the query's order, then `feedback`."""

    mean: Vector
    terms: tuple[Axis, ...]
    feedback: tuple[Axis, ...] = ()

    def probes(self) -> Vector:
        """Directions to ask the index for, unit rows [m, dim].

        The sum, of each choice among alternatives, with and without the terms that are one-sided.
        """
        axes = [*self.terms, *self.feedback]
        linear = [axis for axis in axes if not axis.one_sided]
        kinds = [linear] if len(linear) == len(axes) else [axes, linear]
        sums = [probe for kind in kinds if kind for probe in _sums(kind)]
        return np.stack([unit(probe) for probe in sums])

    def scores(self, vectors: Vector) -> Vector:
        """What images are ordered by, float32 [n], for images [n, dim]."""
        return self.term_scores(vectors).sum(axis=1) + self.feedback_scores(vectors)

    def term_scores(self, vectors: Vector) -> Vector:
        """Each term's share in the score, float32 [n, terms], for images [n, dim]."""
        return self._shares(vectors, self.terms)

    def feedback_scores(self, vectors: Vector) -> Vector:
        """What feedback adds to the score, float32 [n]."""
        return self._shares(vectors, self.feedback).sum(axis=1)

    def _shares(self, vectors: Vector, axes: tuple[Axis, ...]) -> Vector:
        if not axes:
            return np.zeros((len(vectors), 0), dtype=np.float32)
        every = np.concatenate([axis.directions for axis in axes])
        scores = inner_products(vectors - self.mean, every)
        starts = np.cumsum([0, *(len(axis.directions) for axis in axes[:-1])])
        scores = np.maximum.reduceat(scores, starts, axis=1)
        one_sided = np.array([axis.one_sided for axis in axes])
        scores = np.where(one_sided, np.maximum(scores, 0), scores)
        return scores * np.array([axis.weight for axis in axes], dtype=np.float32)


def rank(
    vectors: Sequence[Vector],
    weights: Sequence[float],
    library: LibraryStatistics,
) -> Ranking:
    """Prepare a query.

    Args:
        vectors: unit vectors of each term's alternatives, float32 [k, dim], or [dim] of one.
        weights: weight of each term, not 0; negative pushes away.
        library: for standardising.
    """
    total = sum(weight for weight in weights if weight > 0)
    total = total or sum(map(abs, weights)) or 1.0
    pairs = [(np.atleast_2d(rows), weight) for rows, weight in zip(vectors, weights, strict=True)]
    wanted = [
        Axis(standardised_rows(rows, library), weight / total)
        for rows, weight in pairs
        if weight > 0
    ]
    whole = next(_sums(wanted)) if wanted else None
    axes = iter(wanted)
    terms = [
        next(axes) if weight > 0 else _unwanted(rows, weight / total, whole, library)
        for rows, weight in pairs
    ]
    return Ranking(library.mean, tuple(terms))


def _unwanted(
    rows: Vector, weight: float, wanted: Vector | None, library: LibraryStatistics
) -> Axis:
    """What is not wanted, apart from what it has in common with what is.

    Being unlike it is no merit in itself: without the bend, a strong "without" would bring up
    whatever is farthest from it, wanted or not. And what it says of the wanted is taken out, as
    far as the library's images let the two be told apart: shoes without laces shall be shoes.
    """
    if wanted is None:
        return Axis(standardised_rows(rows, library), weight)
    own = np.stack([apart(row, wanted, library) for row in rows])
    return Axis(own, UNWANTED_WEIGHT * weight, one_sided=True)


def apart(vector: Vector, other: Vector, library: LibraryStatistics) -> Vector:
    """The part of a standardised direction that does not correlate with another, float32 [dim].

    Not standardised again: what differs little from what is wanted shall count little.
    """
    first, second = standardised(vector, library), standardised(other, library)
    shared = np.float32(library.covariance_of(first, second))
    return np.asarray(first - shared * second, dtype=np.float32)


def standardised(vector: Vector, library: LibraryStatistics) -> Vector:
    """Scale a direction so that its inner products with the library have variance 1."""
    return vector / np.float32(library.spread(vector))


def standardised_rows(rows: Vector, library: LibraryStatistics) -> Vector:
    """Several directions scaled so, float32 [n, dim]."""
    spreads = np.array([library.spread(row) for row in rows], dtype=np.float32)
    return rows / spreads[:, None]


def sum_of(axes: Sequence[Axis]) -> Vector:
    """The axes' weighted sum, of each its first alternative, float32 [dim]."""
    return next(_sums(axes))


def _sums(axes: Sequence[Axis]) -> Iterator[Vector]:
    """The axes' weighted sum for each choice among their alternatives, at most some."""
    weights = np.array([axis.weight for axis in axes], dtype=np.float32)
    for chosen in islice(product(*(axis.directions for axis in axes)), _MOST_PROBES):
        yield weights @ np.stack(chosen)


def unit(vector: Vector) -> Vector:
    """Length 1; a zero vector stays as it is."""
    return (vector / max(float(np.linalg.norm(vector)), 1e-12)).astype(np.float32)
