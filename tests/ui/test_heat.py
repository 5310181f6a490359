import numpy as np
import pytest

from engine import HeatMap
from ui import heat


def levels(*rows: list[float]) -> list[list[int]]:
    return heat.levels(HeatMap(np.array(rows, dtype=np.float32)))


def test_rows_are_told_from_the_top_in_per_cent():
    assert levels([0.0, 1.0], [0.5, 0.25]) == [[0, 100], [50, 25]]


@pytest.mark.parametrize("value", [0.0, 0.1, 1.0])
def test_where_all_parts_match_alike_none_stands_out(value: float):
    assert levels([value, value]) == [[0, 0]]


def test_small_differences_stay_small():
    assert levels([0.8, 0.85])[0][1] == 20


def test_what_hardly_matches_hardly_stands_out():
    assert levels([0.0, 0.25])[0][1] == 50
