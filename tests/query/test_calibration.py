import numpy as np
import pytest

from engine.encoder import ScoreCurve
from engine.query.calibration import STRONG, WEAK, WEAK_PICTURE, calibrate, verdict
from engine.query.ranking import rank, unit
from engine.query.statistics import LibraryStatistics

TEXT, IMAGE = ScoreCurve(scale=20, midpoint=0.3), ScoreCurve(scale=12, midpoint=0.8)


@pytest.fixture
def rows() -> np.ndarray:
    rows = np.random.default_rng(0).normal(size=(2000, 16)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_one_term_is_scored_by_its_own_curve(rows: np.ndarray) -> None:
    library, query = LibraryStatistics.of(rows), unit(np.ones(16, dtype=np.float32))
    scores = rank([query], [3], library).term_scores(rows).sum(axis=1)
    found = calibrate([query], [1], [TEXT], library).probability(scores)
    expected = 1 / (1 + np.exp(-20 * (rows @ query - 0.3)))
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_scores_of_a_mix_fall_with_the_rank(rows: np.ndarray) -> None:
    library = LibraryStatistics.of(rows)
    vectors = [unit(np.arange(16, dtype=np.float32)), unit(np.ones(16, dtype=np.float32))]
    scores = np.sort(rank(vectors, [1, 3], library).term_scores(rows).sum(axis=1))
    found = calibrate(vectors, [0.25, 0.75], [TEXT, IMAGE], library).probability(scores)
    assert (np.diff(found) >= 0).all()
    assert 0 < found[0] < found[-1] < 1


def test_extreme_scores_stay_probabilities(rows: np.ndarray) -> None:
    library = LibraryStatistics.of(rows)
    query = unit(np.ones(16, dtype=np.float32))
    curve = calibrate([query], [1], [ScoreCurve(1e6, 0.0)], library)
    found = curve.probability(np.array([-1e6, 1e6], dtype=np.float32))
    assert np.isfinite(found).all()
    assert found[0] < 1e-9
    assert found[1] == pytest.approx(1)


@pytest.mark.parametrize(
    ("best", "expected"),
    [
        (None, "none"),
        (WEAK / 2, "none"),
        (WEAK, "weak"),
        (STRONG - 0.01, "weak"),
        (STRONG, "strong"),
    ],
)
def test_the_verdict_follows_the_best_score(best: float | None, expected: str) -> None:
    assert verdict(best) == expected


def test_similar_images_are_of_use_below_a_match() -> None:
    assert verdict(WEAK_PICTURE) == "none"
    assert verdict(WEAK_PICTURE, has_picture=True) == "weak"
    assert verdict(WEAK_PICTURE / 2, has_picture=True) == "none"
