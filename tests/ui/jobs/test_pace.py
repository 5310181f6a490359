from itertools import pairwise

import pytest

from ui.jobs.pace import Pace, in_words


def told(pace: Pace, *steps: tuple[float, int], stage: str = "adding", total: int = 100) -> Pace:
    for now, done in steps:
        pace.note(now, stage, done, total)
    return pace


def test_a_steady_pace_gives_the_time_that_is_left():
    pace = told(Pace(), *((float(second), 2 * second) for second in range(11)))
    assert pace.left(10) == pytest.approx(40)
    assert pace.left(15) == pytest.approx(35), "it counts down between two reports"
    assert pace.left(1000) == 0


@pytest.mark.parametrize(
    "steps", [[], [(0.0, 1)], [(0.0, 1), (1.0, 9)], [(0.0, 5), (9.0, 5)]], ids=str
)
def test_too_little_says_nothing(steps: list[tuple[float, int]]):
    assert told(Pace(), *steps).left(10) is None


def test_without_a_total_nothing_is_said():
    assert told(Pace(), (0, 0), (10, 10), total=0).left(10) is None


def test_a_new_stage_begins_anew():
    pace = told(Pace(), (0, 0), (10, 90))
    assert pace.left(10) is not None
    told(pace, (11, 1), stage="measuring")
    assert pace.left(11) is None
    told(pace, (21, 11), stage="measuring")
    assert pace.left(21) == pytest.approx(89)


def test_a_change_of_pace_is_followed_within_a_minute_or_so_and_calmly():
    pace, said = Pace(), []
    for second in range(60):
        told(pace, (second, second * 10), total=2000)
    for second in range(60, 200):
        told(pace, (second, 600 + (second - 60)), total=2000)
        left = pace.left(second)
        assert left is not None
        said.append(left)
    assert said[-1] == pytest.approx((2000 - 739) / 1, rel=0.1)
    jumps = [abs(b - a) / a for a, b in pairwise(said)]
    assert max(jumps) < 0.2


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "a few seconds left"),
        (33, "about 30 seconds left"),
        (70, "about a minute left"),
        (130, "about 2 minutes left"),
        (22 * 60, "about 20 minutes left"),
        (3700, "about an hour left"),
        (9000, "about 2 hours left"),
    ],
)
def test_time_in_words(seconds: float, words: str):
    assert in_words(seconds) == words
