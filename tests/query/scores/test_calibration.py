"""Scores for people, and the verdict."""

from itertools import pairwise

import numpy as np
import pytest

from engine.query.scores.calibration import (
    STRONG,
    WEAK,
    Background,
    Calibration,
    Wanted,
    calibrate,
    ends,
    verdict,
)
from engine.query.scores.neutral import Neutral
from engine.query.scores.ranking import Ranking, rank, unit
from engine.query.scores.statistics import LibraryStatistics

DIM = 64


def drawn(count: int, seed: int, shift: float = 0.0) -> np.ndarray:
    """Unit rows around a common direction."""
    rows = np.random.default_rng(seed).normal(size=(count, DIM)).astype(np.float32)
    rows[:, 0] += shift
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def images() -> np.ndarray:
    return drawn(2000, 0, shift=3)


@pytest.fixture
def neutral() -> Neutral:
    return Neutral.of(drawn(300, 1, shift=-2))


def scored(
    images: np.ndarray, neutral: Neutral, vectors: list[np.ndarray], weights: list[float]
) -> tuple[Ranking, Calibration, np.ndarray]:
    library = LibraryStatistics.of(images)
    ranking = rank(vectors, weights, library)
    fits = ranking.term_scores(images).sum(axis=1)
    background = Background.of(neutral, library, len(images))
    parts = zip(vectors, ranking.terms, weights, strict=True)
    wanted = [Wanted(row[None], axis.weight, background) for row, axis, w in parts if w > 0]
    best = int(fits.argmax())
    shares = ranking.term_scores(images[best : best + 1])[0]
    penalty = float(shares[np.array(weights) < 0].sum())
    line = calibrate(wanted, images[best], float(fits[best]), penalty, library, len(images))
    return ranking, line, fits


def best(images: np.ndarray, neutral: Neutral, vectors: list[np.ndarray]) -> float:
    _, line, fits = scored(images, neutral, vectors, [1.0] * len(vectors))
    return float(line.probability(fits).max())


def test_the_formula_is_as_it_is_written(images: np.ndarray, neutral: Neutral) -> None:
    (text,) = drawn(1, 5, shift=-2)
    _, line, fits = scored(images, neutral, [text], [2.0])
    x, m, n = images[int(fits.argmax())], images.mean(axis=0), neutral.mean
    # The library counts like 2,000 of 2,010 images; the rest is what is usual.
    general = float(n @ m) + 2000 / 2010 * float(text @ m - n @ m)
    rest = images - 0.5 * 2000 / 2010 * m
    spread = np.sqrt(np.mean(np.sum((rest @ neutral.covariance) * rest, axis=1)))
    chance = np.median(np.random.default_rng(0).normal(size=(4000, 2000)).max(axis=1))
    evidence = (text @ x - (general + n @ x) / 2) / spread - 0.7 * chance
    log_odds = np.log(4) / 1.9 * (evidence - 3.0)
    assert line.probability(fits).max() == pytest.approx(1 / (1 + np.exp(-log_odds)), abs=0.01)


def test_what_is_there_is_told_from_what_is_not(images: np.ndarray, neutral: Neutral) -> None:
    strangers = [best(images, neutral, [text]) for text in drawn(100, 7, shift=-2)]
    assert np.mean(np.array(strangers) < WEAK) > 0.5
    assert max(strangers) < STRONG
    known = [unit(text + image) for text, image in zip(drawn(50, 8, -2), images, strict=False)]
    assert np.median([best(images, neutral, [text]) for text in known]) > STRONG


@pytest.mark.parametrize("factor", [0.3, 3.0])
def test_cosines_of_another_size_change_nothing(
    images: np.ndarray, neutral: Neutral, factor: float
) -> None:
    text = unit(drawn(1, 5)[0] + images[0])
    plain = best(images, neutral, [text])
    assert best(images * np.float32(factor), neutral, [text]) == pytest.approx(plain, abs=0.05)


def test_scores_of_a_mix_fall_with_the_rank(images: np.ndarray, neutral: Neutral) -> None:
    vectors = [*drawn(3, 9, shift=-2)]
    ranking, line, _ = scored(images, neutral, vectors, [1.0, 3.0, -1.0])
    found = line.probability(np.sort(ranking.term_scores(images).sum(axis=1)))
    assert (np.diff(found) >= 0).all()
    assert 0 < found[0] < found[-1] < 1


def test_two_strangers_are_no_better_than_one(images: np.ndarray, neutral: Neutral) -> None:
    texts = drawn(40, 11, shift=-2)
    pairs = [best(images, neutral, [one, other]) for one, other in pairwise(texts)]
    assert max(pairs) < STRONG


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_few_images_have_a_verdict(neutral: Neutral, count: int) -> None:
    images = drawn(count, 3, shift=3)
    for text in (*drawn(5, 4), unit(images[0] + drawn(1, 6)[0])):
        assert 0 <= best(images, neutral, [text]) <= 1


def test_extreme_scores_stay_probabilities() -> None:
    found = Calibration(1e6, 0.0).probability(np.array([-1e6, 1e6], dtype=np.float32))
    assert np.isfinite(found).all()
    assert found[0] < 1e-9
    assert found[1] == pytest.approx(1)


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (None, "none"),
        (WEAK / 2, "none"),
        (WEAK, "weak"),
        (STRONG - 0.01, "weak"),
        (STRONG, "strong"),
    ],
)
def test_the_verdict_follows_the_best_score(score: float | None, expected: str) -> None:
    assert verdict(score) == expected


@pytest.mark.parametrize(
    ("probabilities", "is_all", "expected"),
    [
        ([], True, (0, 0)),
        ([], False, None),
        ([0.9, 0.5, 0.3, 0.2, 0.1], False, (2, 4)),
        ([0.9, 0.5, 0.48, 0.3, 0.28, 0.1], False, (5, 5)),
        ([0.9, 0.5, 0.48, 0.3, 0.28, 0.18], False, (3, 5)),
        ([0.4, 0.3, 0.1], False, (0, 2)),
        ([0.1], False, (0, 0)),
        ([0.6, 0.60005, 0.1], False, (2, 2)),
        ([0.6, 0.1, 0.6], False, None),
        ([0.6, 0.55], False, None),
        ([0.6, 0.55], True, (2, 2)),
        ([0.6, 0.5, 0.3], True, (2, 3)),
    ],
)
def test_likely_matches_end_at_the_widest_gap(
    probabilities: list[float], is_all: bool, expected: tuple[int, int] | None
) -> None:
    assert ends(np.array(probabilities, dtype=np.float32), is_all) == expected
