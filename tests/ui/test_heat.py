import numpy as np
import pytest

from engine import HeatMap
from ui import heat


def levels(*rows: list[float]) -> list[list[int]]:
    return heat.levels(HeatMap(np.array(rows, dtype=np.float32)))


def test_rows_are_told_from_the_top_in_per_cent():
    assert levels([0.0, 1.0], [0.5, 0.25]) == [[0, 100], [50, 25]]


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_where_all_places_match_alike_all_have_the_same_light(value: float):
    assert levels([value, value]) == [[100 * value, 100 * value]]


def test_what_has_little_of_the_words_stays_dark():
    assert levels([0.0, 0.3, 0.1]) == [[0, 30, 10]]
