import numpy as np
import pytest

from engine.evaluation.intervals import difference, interval

DRAW = np.random.default_rng(3)


def alone(count: int) -> np.ndarray:
    return np.arange(count)


def test_the_interval_of_independent_values_is_that_of_the_normal_law() -> None:
    values = DRAW.random(2_000)
    low, high = interval(values, alone(2_000))
    error = 1.96 * values.std() / np.sqrt(2_000)
    assert low == pytest.approx(values.mean() - error, abs=0.1 * error)
    assert high == pytest.approx(values.mean() + error, abs=0.1 * error)


def test_topics_that_go_together_are_worth_less() -> None:
    """Five captions of one image that are found together are one observation."""
    images = (DRAW.random(200) < 0.5).astype(float)
    low, high = interval(np.repeat(images, 5), np.repeat(alone(200), 5))
    naive_low, naive_high = interval(np.repeat(images, 5), alone(1_000))
    assert (high - low) / (naive_high - naive_low) == pytest.approx(np.sqrt(5), rel=0.15)


def test_it_covers_the_truth_as_often_as_it_says() -> None:
    covered = 0
    for _ in range(120):
        hard = DRAW.random(60)  # of each group
        values = (DRAW.random((60, 4)) < hard[:, None]).astype(float).ravel()
        low, high = interval(values, np.repeat(alone(60), 4))
        covered += low <= 0.5 <= high
    assert 105 <= covered <= 120


def test_values_that_are_all_the_same_have_no_spread() -> None:
    assert interval(np.ones(5), alone(5)) == (1, 1)
    assert interval(np.array([0.25]), alone(1)) == (0.25, 0.25)
    assert interval(np.array([0.0, 1.0]), np.zeros(2, dtype=np.int64)) == (0.5, 0.5)


def test_a_real_difference_is_told_from_none() -> None:
    first = (DRAW.random(600) < 0.5).astype(float)
    better = np.where(DRAW.random(600) < 0.2, 1.0, first)
    found = difference(first, better, alone(600))
    assert found.mean == pytest.approx((better - first).mean())
    assert 0 < found.low < found.mean < found.high
    assert found.p < 0.01
    swapped = np.where(DRAW.random(600) < 0.5, first, first[::-1])
    assert difference(first, swapped, alone(600)).p > 0.01
    same = difference(first, first, alone(600))
    assert (same.mean, same.low, same.high, same.p) == (0, 0, 0, 1)


def test_one_topic_proves_nothing() -> None:
    found = difference(np.zeros(1), np.ones(1), alone(1))
    assert (found.mean, found.low, found.high, found.p) == (1, 1, 1, 1)


def test_the_same_numbers_give_the_same_answer() -> None:
    values, groups = DRAW.random(50), alone(50)
    assert interval(values, groups) == interval(values, groups)
    assert difference(values, values**2, groups) == difference(values, values**2, groups)
