"""Scores for people, and the verdict: is what a query asks for in the library at all?

A cosine alone says little: some queries are near to everything, some images too, cosines of one
model are larger than those of another, and the best of many images is near by chance. So the
evidence that an image x is what a query t asks for is

    e = (t.x - (t.m + n.x) / 2) / s - 0.7 b(N)

- t.m: how near the query is to the library in general, m its mean;
- n.x: how near the image is to neutral queries in general, n their mean;
- s: standard deviation of that difference over neutral queries and the images of the library;
- b(N): median of the largest of N standard normal numbers, for N images.

A constant added to all cosines drops out, and so does a factor: one setting serves all models.
docs/search.md has figures. Of several wanted terms, the sum that they are ranked by is judged
against sums of neutral queries: differences add up with their factors, spreads in squares.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np

from engine.products import inner_products
from engine.query.scores.neutral import Neutral
from engine.query.scores.statistics import LibraryStatistics, Vector

Verdict = Literal["strong", "weak", "none"]

STRONG = 0.5
WEAK = 0.2
"""Least score of the best result."""

_NOTHING, _CERTAIN = 1.1, 3.0  # evidence that has these scores
_CENTRING = 0.5  # share of what query and image have with everything, that is taken off
_SIZE = 0.7  # of what chance adds to the best of N; the best are no independent normal numbers
_TIE = 1e-4  # probabilities that differ by less may come in any order
_FEW = 10.0  # images; below, the library's mean is not trusted alone
_SLOPE = math.log(STRONG / (1 - STRONG) * (1 - WEAK) / WEAK) / (_CERTAIN - _NOTHING)


@dataclass(frozen=True)
class Background:
    """What queries of one kind find in one library by chance.

    Attributes:
        neutral: mean of the neutral queries, float32 [dim].
        mean: of the library's vectors, float32 [dim].
        usual: inner product of both.
        trust: in the library's mean, from 0 for no images to 1 for many.
        spread: s above.
    """

    neutral: Vector
    mean: Vector
    usual: float
    trust: float
    spread: float

    @classmethod
    def of(cls, neutral: Neutral, library: LibraryStatistics, count: int) -> "Background":
        """Of a library of so many images.

        s^2 is the mean of y'Cy over y = x - m/2, C the covariance of the neutral queries.
        """
        trust = count / (count + _FEW)
        rest = 1 - _CENTRING * trust
        variance = float(np.vdot(neutral.covariance, library.covariance))
        variance += rest**2 * float(library.mean @ neutral.covariance @ library.mean)
        usual = library.average(neutral.mean)
        return cls(neutral.mean, library.mean, usual, trust, math.sqrt(max(variance, 1e-12)))

    def general(self, query: Vector, image: Vector) -> float:
        """(t.m + n.x) / 2."""
        return _CENTRING * (self._towards_all(query) + float(np.vecdot(self.neutral, image)))

    def evidence(self, query: Vector, images: Vector) -> Vector:
        """(t.x - (t.m + n.x) / 2) / s of each image, [n, dim] to float32 [n]."""
        near, general = inner_products(images, np.stack([query, self.neutral])).T
        general = _CENTRING * (np.float32(self._towards_all(query)) + general)
        return np.asarray((near - general) / np.float32(self.spread), dtype=np.float32)

    def _towards_all(self, query: Vector) -> float:
        """t.m, as far as the library's mean can be trusted."""
        return self.usual + self.trust * (float(np.vecdot(query, self.mean)) - self.usual)


@dataclass(frozen=True)
class Wanted:
    """A wanted term, and what is found for such terms by chance.

    Attributes:
        vectors: unit vectors of its alternatives, float32 [n, dim].
        weight: in the ranking.
        background: of queries of its kind.
    """

    vectors: Vector
    weight: float
    background: Background


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
    terms: Sequence[Wanted],
    best: Vector,
    score: float,
    penalty: float,
    library: LibraryStatistics,
    count: int,
) -> Calibration:
    """The line for a query. With it, scores fall with the rank.

    The evidence is that of the best image; from there on it goes with the score, as it would if
    all images were equally near to neutral queries. What is not wanted and there counts against it.

    Args:
        terms: that are wanted, at least one.
        best: vector of the best image, float32 [dim].
        score: of that image in the ranking.
        penalty: what the terms that are not wanted have added to it, 0 or less.
        library: that scores were standardised against.
        count: of images that were searched.
    """
    evidence = spread = 0.0
    for term in terms:
        # Of the alternatives the one that fits best counts. A ranking's score is c (t.x - t.m).
        vector = term.vectors[int((term.vectors @ (best - library.mean)).argmax())]
        factor = term.weight / library.spread(vector)
        general = term.background.general(vector, best)
        evidence += factor * (float(np.vecdot(vector, best)) - general)
        spread = math.hypot(spread, factor * term.background.spread)
    evidence = (evidence + penalty) / spread - _SIZE * _best_of(count)
    slope = _SLOPE / spread
    return Calibration(slope, _SLOPE * (evidence - _CERTAIN) - slope * score)


def ends(probabilities: Vector, is_all: bool) -> tuple[int, int] | None:
    """Where likely matches end, and where possible ones do.

    Likely ones end at the widest gap, in log-odds, between `STRONG` and `WEAK`. There is none
    without one that is `STRONG`.

    Args:
        probabilities: of the best results to be a match, in the order of the results, [n].
        is_all: no others follow.

    Returns:
        How many come before each end; None if the results are not in the order of these, or if
        possible ones follow.
    """
    if (np.diff(probabilities) > _TIE).any():
        return None
    strong, possible = (int((probabilities >= least).sum()) for least in (STRONG, WEAK))
    if possible == len(probabilities) and not is_all:
        return None
    if not strong:
        return 0, possible
    around = np.append(probabilities, np.float32(WEAK))[strong - 1 : possible + 1]
    log_odds = np.log(around) - np.log1p(-around)
    return strong + int((log_odds[:-1] - log_odds[1:]).argmax()), possible


def verdict(best_score: float | None) -> Verdict:
    """What the best result's score says of the whole page; None is an empty page."""
    if best_score is None or best_score < WEAK:
        return "none"
    return "strong" if best_score >= STRONG else "weak"


def _best_of(count: int) -> float:
    """Median of the largest of `count` standard normal numbers."""
    return NormalDist().inv_cdf(0.5 ** (1 / max(count, 1)))
