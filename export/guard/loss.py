"""What one set of vectors loses against another: cosines, lists of ten, hit rates."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.evaluation import hit_rates
from export.guard.calibration import Embedded
from export.spec import Vectors

FIRST = 10
KS = (1, 5, FIRST)
_CHUNK = 512


@dataclass(frozen=True)
class Agreement:
    """Cosines between the vectors of the same items: `mean` and `worst`."""

    mean: float
    worst: float


@dataclass(frozen=True)
class Loss:
    """Retrieval with other vectors, beside retrieval with exact ones.

    Attributes:
        vision: cosines of the pictures' vectors.
        text: cosines of the texts' vectors.
        text_overlap: share of the first ten pictures for a text that are the same, on average.
        image_overlap: likewise for a picture as the query; itself is not counted.
        hits: hit@k of the texts whose picture is known, with the other vectors; else empty.
        exact_hits: hit@k with the exact vectors.
        windows: cosines of the vectors of the pictures' windows, where both have them.
    """

    vision: Agreement
    text: Agreement
    text_overlap: float
    image_overlap: float
    hits: dict[int, float]
    exact_hits: dict[int, float]
    windows: Agreement | None = None

    @property
    def overlap(self) -> float:
        """The smaller overlap of the two kinds of query."""
        return min(self.text_overlap, self.image_overlap)

    @property
    def change(self) -> dict[int, float]:
        """Change of each hit@k, as a share: -0.01 is one percentage point lost."""
        return {k: self.hits[k] - self.exact_hits[k] for k in self.hits}


@dataclass(frozen=True)
class Bounds:
    """How much may be lost.

    Attributes:
        points: percentage points of hit@10.
        overlap: least mean overlap of the first ten.
    """

    points: float = 1.0
    overlap: float = 0.9

    def broken(self, loss: Loss) -> list[str]:
        """What is beyond the bounds, in words with figures; empty if nothing is."""
        found = []
        lost = -100 * loss.change.get(FIRST, 0.0)
        if not lost <= self.points + 1e-9:  # also catches NaN
            found.append(f"hit@{FIRST} falls by {lost:.2f} points, {self.points:g} are allowed")
        if not loss.overlap >= self.overlap:
            found.append(
                f"{loss.overlap:.3f} of the first {FIRST} stay the same, "
                f"{self.overlap:g} are the least"
            )
        return found


def measure_loss(
    exact: Embedded, other: Embedded, owner: npt.NDArray[np.int64] | None = None
) -> Loss:
    """Compare two embeddings of the same calibration set; `owner` as in `Calibration`."""
    known = owner is not None
    windows = None
    if exact.windows is not None and other.windows is not None:
        windows = _agreement(exact.windows, other.windows)
    return Loss(
        vision=_agreement(exact.images, other.images),
        text=_agreement(exact.texts, other.texts),
        text_overlap=_overlap((exact.texts, exact.images), (other.texts, other.images), same=False),
        image_overlap=_overlap(
            (exact.images, exact.images), (other.images, other.images), same=True
        ),
        hits=hit_rates(other.texts @ other.images.T, owner, KS) if known else {},
        exact_hits=hit_rates(exact.texts @ exact.images.T, owner, KS) if known else {},
        windows=windows,
    )


def _agreement(first: Vectors, second: Vectors) -> Agreement:
    cosines = (first.astype(np.float64) * second).sum(axis=-1)
    return Agreement(float(cosines.mean()), float(cosines.min()))


def _overlap(exact: tuple[Vectors, Vectors], other: tuple[Vectors, Vectors], same: bool) -> float:
    """Mean share of the first ten that both agree on; pairs are (queries, pictures)."""
    count = len(exact[0])
    shares = []
    for start in range(0, count, _CHUNK):
        rows = slice(start, start + _CHUNK)
        lists = [
            _first(queries[rows], pictures, start, same) for queries, pictures in (exact, other)
        ]
        both = [len(np.intersect1d(one, two)) for one, two in zip(*lists, strict=True)]
        shares.extend(np.asarray(both) / lists[0].shape[1])
    return float(np.mean(shares))


def _first(queries: Vectors, pictures: Vectors, start: int, same: bool) -> npt.NDArray[np.int64]:
    """Columns of the first ten for each query, [queries, 10]."""
    scores = queries @ pictures.T
    if same:
        places = np.arange(len(queries))
        scores[places, start + places] = -np.inf
    size = min(FIRST, scores.shape[1] - same)
    return np.argpartition(-scores, size - 1, axis=1)[:, :size]
