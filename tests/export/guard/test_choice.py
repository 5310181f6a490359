from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from export.__main__ import Precision
from export.guard.candidates import Candidate
from export.guard.choice import CHOICES, INT8, allowed, by_merit
from export.guard.loss import Agreement, Loss
from export.measure import Speed
from export.precisions import PRECISIONS

ALIKE = Agreement(1.0, 1.0)


def candidate(precision, ms_one, ms_batch, megabytes, tower="text", overlap=1.0):
    loss = Loss(ALIKE, ALIKE, overlap, 1.0, {}, {})
    speed = Speed(ms_one, ms_batch, 100.0)
    rows = np.ones((1, 1), np.float32)
    return Candidate(tower, precision, Path(), frozenset(), megabytes, speed, rows, loss)


def merits(*candidates):
    return [one.precision for one in by_merit(candidates)]


def test_the_fastest_goes_first():
    assert merits(candidate("a", 30, 3, 1), candidate("b", 10, 3, 9), candidate("c", 20, 3, 5)) == [
        "b",
        "c",
        "a",
    ]


def test_of_equally_fast_ones_the_smallest_goes_first():
    assert merits(candidate("a", 10.0, 3, 9), candidate("b", 10.9, 3, 1)) == ["b", "a"]
    assert merits(candidate("a", 10.0, 3, 9), candidate("b", 11.1, 3, 1)) == ["a", "b"]


def test_less_time_than_anybody_notices_does_not_count():
    assert merits(candidate("a", 0.8, 3, 9), candidate("b", 1.7, 3, 1)) == ["b", "a"]
    assert merits(candidate("a", 0.8, 3, 9), candidate("b", 1.9, 3, 1)) == ["a", "b"]


def test_the_time_of_pictures_adds_up():
    quick, small = candidate("a", 9, 5.0, 9, "vision"), candidate("b", 9, 5.9, 1, "vision")
    assert merits(quick, small) == ["a", "b"]


def test_of_equally_fast_and_small_ones_what_loses_least_goes_first():
    lossy, good = candidate("a", 1, 3, 26.9, overlap=0.92), candidate("b", 1.05, 3, 27.3)
    assert merits(lossy, good) == ["b", "a"]


def test_a_text_is_waited_for_alone_and_pictures_come_in_batches():
    texts = candidate("a", 1, 9, 1), candidate("b", 2, 3, 1)
    assert merits(*texts) == ["a", "b"]
    pictures = candidate("a", 1, 9, 1, "vision"), candidate("b", 2, 3, 1, "vision")
    assert merits(*pictures) == ["b", "a"]


def test_every_candidate_is_kept_once():
    several = [candidate(name, number % 3, 1, number % 2) for number, name in enumerate("abcdef")]
    assert sorted(merits(*several)) == list("abcdef")


def test_half_precision_is_tried_by_itself_only_where_there_is_a_gpu():
    assert "fp16" not in allowed("auto", cuda=False)
    assert "fp16" in allowed("auto", cuda=True)
    assert allowed("fp16", cuda=False) == ("fp16",)


def test_auto_can_always_fall_back_to_float32():
    assert allowed("auto", cuda=False)[-1] == "fp32"
    assert allowed("int8", cuda=False) == INT8


@pytest.mark.parametrize("choice", CHOICES)
def test_every_choice_stands_for_precisions_that_can_be_made(choice):
    assert set(allowed(choice, cuda=True)) <= set(PRECISIONS)


def test_the_command_line_offers_every_choice():
    assert set(get_args(Precision)) == set(CHOICES)
