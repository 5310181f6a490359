"""What many questions agree on, with made-up images whose taste is known."""

import numpy as np
import pytest

from engine.query.scores.statistics import LibraryStatistics, Vector
from engine.query.taught.preference import LEAST_QUESTIONS, agreed

DIM = 24
Question = tuple[Vector, Vector]


class Person:
    """Marks images of one kind after the other; on axis `liked` is what they like of any kind."""

    def __init__(self, seed: int, taste: float) -> None:
        self.draw, self.taste = np.random.default_rng(seed), taste
        self.library = LibraryStatistics.of(self._rows(2000, np.zeros(DIM)))
        self.liked = np.eye(DIM)[DIM - 1]

    def _rows(self, count: int, middle: np.ndarray) -> Vector:
        rows = self.draw.normal(size=(count, DIM)) + middle
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    def asks(self, questions: int, marks: int = 3) -> list[Question]:
        found = []
        for _ in range(questions):
            kind = self.draw.normal(size=DIM) * 2
            ends = (kind + sign * self.taste * self.liked for sign in (1, -1))
            found.append(tuple(self._rows(marks, end) for end in ends))
        return found  # type: ignore[return-value]


def test_a_taste_is_found_and_points_to_what_is_liked() -> None:
    for seed in range(10):
        person = Person(seed, taste=1.5)
        preference = agreed(person.library, person.asks(12))
        assert preference is not None
        direction = preference.axis.directions[0]
        assert person.liked @ direction / np.linalg.norm(direction) > 0.6
        assert person.library.spread(direction) == pytest.approx(1, abs=0.01)
        assert preference.questions == 12
        assert 9 <= preference.agreeing <= 12


def test_who_has_no_taste_gets_none() -> None:
    found = [agreed((p := Person(seed, taste=0)).library, p.asks(12)) for seed in range(200)]
    assert sum(each is not None for each in found) <= 8


def test_opposite_tastes_are_no_agreement() -> None:
    person = Person(3, taste=1.5)
    half, other = person.asks(8), person.asks(8)
    mixed = half + [(disliked, liked) for liked, disliked in other]
    assert agreed(person.library, mixed) is None


def test_few_questions_are_not_enough_and_those_of_one_sort_do_not_count() -> None:
    person = Person(4, taste=2)
    questions = person.asks(LEAST_QUESTIONS)
    assert agreed(person.library, questions) is not None
    one_sided = [(liked, disliked[:0]) for liked, disliked in person.asks(20)]
    assert agreed(person.library, questions[:-1] + one_sided) is None
    assert agreed(person.library, []) is None


def test_the_same_thumbs_teach_the_same() -> None:
    person = Person(5, taste=1.5)
    questions = person.asks(10)
    one, other = agreed(person.library, questions), agreed(person.library, questions)
    assert one is not None
    assert other is not None
    assert np.array_equal(one.axis.directions, other.axis.directions)
