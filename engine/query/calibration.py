"""Scores for people: the probability that an image is what was asked for.

Each model carries two curves, cosine to probability, for texts and for images (`model.json`,
fitted when the model was made). A query of one term is scored by its curve. A query of several is
scored by the same line in log-odds, with slope and offset averaged by weight, so that scores
fall with the rank and stay comparable between queries and models.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.encoder import ScoreCurve
from engine.query.statistics import LibraryStatistics, Vector

Verdict = Literal["strong", "weak", "none"]

STRONG = 0.5
WEAK = 0.2
WEAK_PICTURE = 0.05
"""Lower: a match of an example is nearly its twin, but merely similar images are of use, too."""


@dataclass(frozen=True)
class Calibration:
    """Log-odds of a match: `slope * score + offset`, for scores of `Ranking`."""

    slope: float
    offset: float

    def probability(self, scores: Vector) -> Vector:
        """Probability of a match, [n] in (0, 1)."""
        log_odds = np.clip(self.slope * scores.astype(np.float64) + self.offset, -50, 50)
        return (1 / (1 + np.exp(-log_odds))).astype(np.float32)


def calibrate(
    vectors: Sequence[Vector],
    weights: Sequence[float],
    curves: Sequence[ScoreCurve],
    library: LibraryStatistics,
) -> Calibration:
    """The line for a query.

    Args:
        vectors: unit vector of each positive term.
        weights: their weights, which add up to 1.
        curves: the model's curve for the kind of each term.
        library: the library that scores were standardised against.
    """
    slope = offset = 0.0
    for vector, weight, curve in zip(vectors, weights, curves, strict=True):
        slope += weight * curve.scale * library.spread(vector)
        offset += weight * curve.scale * (library.average(vector) - curve.midpoint)
    return Calibration(slope, offset)


def verdict(best_score: float | None, has_picture: bool = False) -> Verdict:
    """What the best result's probability says of the whole page.

    Args:
        best_score: None for an empty page.
        has_picture: whether a picture is part of the query.
    """
    if best_score is None or best_score < (WEAK_PICTURE if has_picture else WEAK):
        return "none"
    return "strong" if best_score >= STRONG else "weak"
