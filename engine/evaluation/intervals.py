"""How sure a mean is, and whether two ways to search differ; by SciPy.

Topics of one group (captions of one image, say) are easy or hard together, so whole groups are
drawn, not topics (the cluster bootstrap: Davison and Hinkley, "Bootstrap Methods and their
Application", 1997, section 3.8).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

CONFIDENCE = 0.95

_DRAWS = 2_000
_SWAPS = 1_999
_SEED = 0
_AT_ONCE = 100  # draws held in memory together

Values = npt.NDArray[np.float64]
Groups = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Difference:
    """How much better the second of two is than the first, on the same topics.

    Attributes:
        mean: of the differences.
        low: lower end of its 95 % interval.
        high: upper end.
        p: chance of a difference at least as large if they were equally good, two-sided.
    """

    mean: float
    low: float
    high: float
    p: float


def interval(values: Values, groups: Groups) -> tuple[float, float]:
    """Percentile bootstrap interval, 95 %, of the mean of `values` [topics]."""
    sums, counts = _by_group(values, groups)
    if len(sums) < 2 or np.ptp(values) == 0:
        return float(values.mean()), float(values.mean())
    from scipy import stats  # half a second, which no other command shall wait for

    found = stats.bootstrap(
        (sums, counts),
        _ratio,
        paired=True,
        vectorized=True,
        confidence_level=CONFIDENCE,
        n_resamples=_DRAWS,
        batch=_AT_ONCE,
        method="percentile",
        rng=_SEED,
    ).confidence_interval
    return float(found.low), float(found.high)


def difference(first: Values, second: Values, groups: Groups) -> Difference:
    """Compare two ways to search by their values [topics] on the same topics.

    `p` is that of a paired permutation test, which swaps the two for whole groups (Smucker, Allan
    and Carterette, "A Comparison of Statistical Significance Tests for Information Retrieval
    Evaluation", 2007).
    """
    differences = second - first
    low, high = interval(differences, groups)
    sums, _ = _by_group(differences, groups)
    if len(sums) < 2 or not sums.any():  # nothing to swap
        return Difference(float(differences.mean()), low, high, 1.0)
    from scipy import stats

    test = stats.permutation_test(
        (sums, np.zeros_like(sums)),
        _sum_of_differences,
        permutation_type="samples",
        vectorized=True,
        n_resamples=_SWAPS,
        batch=_AT_ONCE,
        rng=_SEED,
    )
    return Difference(float(differences.mean()), low, high, float(test.pvalue))


def _by_group(values: Values, groups: Groups) -> tuple[Values, Values]:
    """Sum of the values of each group, and how many they are."""
    _, places = np.unique(groups, return_inverse=True)
    sums, counts = (np.bincount(places, weights=each) for each in (values, np.ones_like(values)))
    return np.asarray(sums, np.float64), np.asarray(counts, np.float64)


def _ratio(sums: Values, counts: Values, axis: int = -1) -> Values:
    return np.asarray(sums.sum(axis=axis) / counts.sum(axis=axis))


def _sum_of_differences(first: Values, second: Values, axis: int = -1) -> Values:
    return np.asarray((first - second).sum(axis=axis))
