from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.index.bound import recall_bound, wilson_lower

Recalls = npt.NDArray[np.float64]
SHARES, COUNTS = st.floats(0, 1), st.integers(1, 10_000)
TENTHS = st.lists(st.integers(0, 10), min_size=1, max_size=60).map(lambda hits: np.array(hits) / 10)


@given(mean=SHARES, n=COUNTS)
def test_a_bound_lies_between_nothing_and_the_mean(mean: float, n: int) -> None:
    assert 0 <= wilson_lower(mean, n) <= mean


@given(means=st.tuples(SHARES, SHARES), n=COUNTS)
def test_a_bound_rises_with_the_mean(means: tuple[float, float], n: int) -> None:
    low, high = sorted(means)
    assert wilson_lower(low, n) <= wilson_lower(high, n) + 1e-12


@given(mean=SHARES, ns=st.tuples(COUNTS, COUNTS))
def test_a_bound_rises_with_the_number_of_queries(mean: float, ns: tuple[int, int]) -> None:
    few, many = sorted(ns)
    assert wilson_lower(mean, few) <= wilson_lower(mean, many) + 1e-12


def test_a_bound_of_shares_is_wilsons() -> None:
    assert wilson_lower(0.5, 100, z=1.96) == pytest.approx(0.4038, abs=1e-4)
    assert wilson_lower(1.0, 100) == pytest.approx(100 / (100 + 1.645**2))
    assert wilson_lower(1.0, 0) == 0


@given(recalls=TENTHS)
def test_recalls_are_bounded_at_least_as_closely_as_shares(recalls: Recalls) -> None:
    mean = float(recalls.mean())
    assert wilson_lower(mean, len(recalls)) - 1e-9 <= recall_bound(recalls) <= mean


def test_of_yes_and_no_it_is_wilsons() -> None:
    recalls = np.repeat([1.0, 0.0], [97, 3])
    assert recall_bound(recalls) == pytest.approx(wilson_lower(0.97, 100))
    assert recall_bound(np.ones(50)) == pytest.approx(wilson_lower(1.0, 50))


def test_without_queries_nothing_is_known() -> None:
    assert recall_bound(np.zeros(0)) == 0


Draw = Callable[[np.random.Generator, int], Recalls]


def even(rng: np.random.Generator, n: int) -> Recalls:
    return rng.binomial(10, 0.97, n) / 10


def skewed(rng: np.random.Generator, n: int) -> Recalls:
    return rng.binomial(10, rng.beta(2, 0.06, n)) / 10


def with_failures(rng: np.random.Generator, n: int) -> Recalls:
    """One in a hundred finds nothing."""
    return np.where(rng.random(n) < 0.01, 0, rng.binomial(10, 0.98, n) / 10)


@pytest.mark.parametrize("n", [20, 100, 500])
@pytest.mark.parametrize("draw", [even, skewed, with_failures])
def test_the_true_mean_is_above_the_bound_19_times_of_20(draw: Draw, n: int) -> None:
    rng = np.random.default_rng(0)
    true = draw(rng, 1_000_000).mean()
    holds = [recall_bound(draw(rng, n)) <= true for _ in range(3000)]
    assert np.mean(holds) >= 0.94


def test_recalls_close_together_need_fewer_queries() -> None:
    recalls = even(np.random.default_rng(1), 500)
    assert recall_bound(recalls) > wilson_lower(float(recalls.mean()), 1500)
