"""Parts of a text over windows of pictures."""

import numpy as np
import pytest

from engine.query.parts.binding import Parts
from engine.query.scores.ranking import unit
from engine.query.scores.statistics import LibraryStatistics

DIM = 48
_AXES = {
    word: np.eye(DIM, dtype=np.float32)[place]
    for place, word in enumerate(["red", "white", "shoes", "laces", "dog", "sofa"])
}


def encode(texts: list[str]) -> np.ndarray:
    """Words as directions: a bag of words, as models of this kind are."""
    return np.stack(
        [
            unit(sum((_AXES.get(word.lower(), 0) for word in t.split()), np.zeros(DIM)))
            for t in texts
        ]
    ).astype(np.float32)


@pytest.fixture
def statistics() -> LibraryStatistics:
    rows = np.random.default_rng(0).normal(size=(3000, DIM)).astype(np.float32)
    return LibraryStatistics.of(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def picture(*windows: str) -> tuple[np.ndarray, np.ndarray]:
    """The vector of a picture and of its windows, each with something in it."""
    rows = encode(list(windows))
    return unit(rows.sum(axis=0)), rows


def gains(text: str, statistics: LibraryStatistics, *pictures: tuple[str, ...]) -> list[float]:
    parts = Parts.of(text, encode, statistics, statistics)
    assert parts is not None
    vectors, windows = zip(*(picture(*one) for one in pictures), strict=True)
    return parts.gains(np.stack(vectors), np.stack(windows)).tolist()


def test_the_right_thing_has_the_right_colour(statistics: LibraryStatistics) -> None:
    right, swapped = gains(
        "red shoes with white laces",
        statistics,
        ("red shoes", "white laces", "sofa"),
        ("white shoes", "red laces", "sofa"),
    )
    assert right > swapped + 1


def test_a_part_that_is_missing_costs(statistics: LibraryStatistics) -> None:
    both, one, none = gains(
        "a dog on a sofa", statistics, ("dog", "sofa"), ("dog", "dog"), ("laces", "laces")
    )
    assert both > one > none


@pytest.mark.parametrize("text", ["red shoes", "shoes", ""])
def test_a_text_of_one_part_is_left_alone(text: str, statistics: LibraryStatistics) -> None:
    assert Parts.of(text, encode, statistics, statistics) is None
