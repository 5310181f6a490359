"""How the library's images spread, so that scores of unlike terms can be compared."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.products import inner_products

Vector = npt.NDArray[np.float32]

SAMPLE = 10_000
"""Images looked at; more change the figures by less than one percent."""

_PRIOR_VARIANCE = 0.01  # of the cosines with one query: a spread of 0.1, usual for CLIP models
_ROUND = 3.0  # parts of a round covariance beside one of the measured, where it is inverted
_PRIOR_WEIGHT = 10.0  # in images, so that the first dozen images do not decide alone


@dataclass(frozen=True)
class LibraryStatistics:
    """Mean [dim] and covariance [dim, dim] of the library's vectors.

    For any direction t the inner products t.x over the library have mean t.m and variance
    t'Ct, so each term is standardised without looking at a single image.
    """

    mean: Vector
    covariance: Vector

    @cached_property
    def discriminant(self) -> Vector:
        """What turns a difference of means into the direction that tells both apart best.

        The inverse of the covariance, which is shrunk towards a round one, [dim, dim].
        """
        dim = len(self.mean)
        round_one = np.eye(dim) * (_ROUND * float(np.trace(self.covariance)) / dim)
        return np.linalg.inv(self.covariance + round_one).astype(np.float32)

    @classmethod
    def of(cls, vectors: Vector) -> "LibraryStatistics":
        """Measure a sample, float32 [n, dim].

        The covariance is shrunk towards a round one, so that it is usable from one image on.
        """
        count, dim = vectors.shape
        mean = vectors.mean(axis=0) if count else np.zeros(dim, dtype=np.float32)
        centred = vectors - mean
        scatter = centred.T @ centred
        prior = _PRIOR_WEIGHT * _PRIOR_VARIANCE * np.eye(dim, dtype=np.float32)
        covariance = (scatter + prior) / (count + _PRIOR_WEIGHT)
        return cls(mean.astype(np.float32), covariance.astype(np.float32))

    def average(self, direction: Vector) -> float:
        """Mean of the inner products of `direction` with the library."""
        return float(np.vecdot(direction, self.mean))

    def covariance_of(self, one: Vector, other: Vector) -> float:
        """Covariance of the inner products of two directions with the library."""
        (image,) = inner_products(self.covariance, other[None]).T
        return float(np.vecdot(one, image))

    def spread(self, direction: Vector) -> float:
        """Standard deviation of the inner products of `direction` with the library."""
        return float(np.sqrt(max(self.covariance_of(direction, direction), 1e-12)))
