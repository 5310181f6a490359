"""`Projection`: vectors of fewer dimensions with nearly the same inner products.

An index over them takes less memory and time. Its best candidates are scored again, exactly, from
the full vectors.

For a query q and an image x with the images' mean m, q.x = q.m + q.(x - m); the first part is the
same for all images. The second is kept to a rank r by two matrices, A for images and B for queries,
so that A'(x - m).B'q is near it. Three things make such vectors fit for a graph index:

- Which directions matter depends on the queries as much as on the images. Texts lie elsewhere in
  the space than images, so the r directions are chosen for the products of both: with S = E[q q']
  and C = E[(x - m)(x - m)'], the expected squared error of q.(x - m) is least if A = S^(1/2) U,
  B = S^(-1/2) U, where U are the leading eigenvectors of S^(1/2) C S^(1/2) (the singular value
  decomposition of Eckart and Young; used like this in Tepper et al., "LeanVec", 2023). Without
  texts S is the identity, and this is principal component analysis.
- A -> A T, B -> B T^-t for any T keeps all products, but not the distances among images, along
  which a graph is built. T makes A orthonormal, so that these stay as they are. Measured among a
  million images (128 dimensions, 16 links): three quarters of the way to the A above, a graph
  needed an effort of 640 for the recall of texts that it had with 384 at three tenths of it.
- The largest inner product is not the least distance, and a graph of vectors with different
  lengths has hubs in which searches end. One more coordinate, sqrt(R^2 - |y|^2), gives all images
  the length R; it is 0 for queries, so that no product changes (Bachrach et al., "Speeding up the
  Xbox recommender system using a Euclidean transformation for inner-product spaces", 2014).
"""

import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from engine.files import replacing
from engine.products import inner_products

Vectors = npt.NDArray[np.float32]
_Matrix = npt.NDArray[np.float64]

_SHRINKAGE = 0.1
"""Weight of the identity in the queries' second moment: a few hundred texts do not fill a space."""


@dataclass(frozen=True, eq=False)
class Projection:
    """A map of vectors [dim] to [d']; queries and images are mapped differently.

    Attributes:
        mean: of the images, float32 [dim].
        components: for images, float32 [dim, d']; the last column is 0, for the coordinate that
            evens the lengths out.
        query_components: for queries, float32 [dim, d']; the last column is 0.
        radius: the length of all mapped images; what is longer before stays as it is.
    """

    mean: Vectors
    components: Vectors
    query_components: Vectors
    radius: float

    @property
    def dim(self) -> int:
        """Width d' of the mapped vectors."""
        return int(self.components.shape[1])

    @classmethod
    def fit(cls, sample: Vectors, dim: int, texts: Vectors | None = None) -> Self:
        """The projection to `dim` dimensions that keeps the most of the inner products.

        Args:
            sample: of the images, float32 [n, width]; 50,000 are plenty.
            dim: 2 to width + 1; multiples of 16 are the fastest.
            texts: examples of queries that are not images, float32 [m, width]; a few hundred do.

        Raises:
            ValueError: there are no images, or `dim` is out of range.
        """
        if sample.ndim != 2 or not len(sample):
            raise ValueError(f"expected a sample of images [n, width], got {list(sample.shape)}")
        width = sample.shape[1]
        if not 2 <= dim <= width + 1:
            raise ValueError(f"vectors of {width} can be mapped to 2 to {width + 1}, not to {dim}")
        mean = sample.mean(axis=0, dtype=np.float64).astype(np.float32)
        covariance = _second_moment(sample - mean)
        moment = None
        if texts is not None and len(texts):
            moment = _queries(sample, texts, covariance)
        # On a machine that is busy, BLAS threads that wait for each other take a hundred times as
        # long for matrices of this size as one thread does.
        with threadpool_limits(1, user_api="blas"):
            root = np.eye(width) if moment is None else _square_root(moment)
            for_images, for_queries = _directions(root, covariance, dim - 1)
        lengths = np.linalg.norm((sample - mean) @ for_images.astype(np.float32), axis=1)
        return cls(
            mean=mean,
            components=_with_zeros(for_images),
            query_components=_with_zeros(for_queries),
            radius=float(lengths.max()),
        )

    def images(self, vectors: Vectors) -> Vectors:
        """What the index holds of images: float32 [n, width] to [n, d']."""
        mapped = np.asarray((vectors - self.mean) @ self.components, dtype=np.float32)
        squares = np.einsum("nd,nd->n", mapped, mapped)
        mapped[:, -1] = np.sqrt(np.maximum(self.radius**2 - squares, 0))
        return mapped

    def queries(self, vectors: Vectors) -> Vectors:
        """What the index is asked with: float32 [m, width] to [m, d']."""
        return np.ascontiguousarray(inner_products(self._query_rows, vectors).T)

    def save(self, file: Path) -> None:
        """Write an npz file, replacing what was there in one step."""
        with replacing(file) as part, part.open("wb") as stream:
            np.savez(
                stream,
                mean=self.mean,
                components=self.components,
                query_components=self.query_components,
                radius=np.float64(self.radius),
            )

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read what `save` wrote.

        Raises:
            OSError: the file cannot be read.
            ValueError: it is damaged.
        """
        try:
            with np.load(file, allow_pickle=False) as stored:
                names = ("mean", "components", "query_components")
                mean, images, queries = (np.asarray(stored[name], np.float32) for name in names)
                radius = float(stored["radius"])
        except FileNotFoundError:
            raise
        except (OSError, EOFError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
            raise ValueError(f"{file}: damaged: {error}") from error
        fits = mean.ndim == 1 and images.ndim == 2 and len(images) == len(mean)
        if not fits or images.shape != queries.shape or not np.isfinite(radius):
            raise ValueError(f"{file}: damaged: {list(images.shape)} and {list(queries.shape)}")
        return cls(mean, images, queries, radius)

    @cached_property
    def _query_rows(self) -> Vectors:
        return np.ascontiguousarray(self.query_components.T)


def _second_moment(rows: Vectors) -> _Matrix:
    return (rows.T @ rows).astype(np.float64) / len(rows)


def _queries(images: Vectors, texts: Vectors, covariance: _Matrix) -> _Matrix:
    """Second moment of queries, of which half are images; each kind's products weigh the same."""
    total = np.zeros_like(covariance)
    for rows in (images, texts):
        moment = _second_moment(rows)
        total += moment / max(np.trace(moment @ covariance), np.finfo(np.float32).tiny)
    total /= np.trace(total)
    return (1 - _SHRINKAGE) * total + _SHRINKAGE * np.eye(len(total)) / len(total)


def _square_root(matrix: _Matrix) -> _Matrix:
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T


def _directions(root: _Matrix, covariance: _Matrix, rank: int) -> tuple[_Matrix, _Matrix]:
    """The maps of images and of queries, [width, rank] each; see the top of this file."""
    leading = np.linalg.eigh(root @ covariance @ root)[1][:, ::-1][:, :rank]
    for_images, stretch, right = np.linalg.svd(root @ leading, full_matrices=False)
    return for_images, np.linalg.solve(root, leading) @ right.T * stretch


def _with_zeros(matrix: _Matrix) -> Vectors:
    return np.pad(matrix, ((0, 0), (0, 1))).astype(np.float32)
