import numpy as np
import pytest

from engine import HeatMap
from ui import heat


def levels(*rows: list[float]) -> list[list[int]]:
    return heat.levels(HeatMap(np.array(rows, dtype=np.float32)))


def test_rows_are_told_from_the_top_in_per_cent():
    assert levels([0.0, 1.0], [0.5, 0.25]) == [[0, 100], [50, 25]]


@pytest.mark.parametrize("value", [0.0, 0.1, 1.0])
def test_where_all_parts_match_alike_all_stay_as_they_are(value: float):
    assert levels([value, value]) == [[100, 100]]


def test_small_differences_mean_nothing():
    assert levels([0.8, 0.85]) == [[100, 100]]


def test_the_best_part_is_bright_however_well_it_matches():
    assert levels([0.0, 0.3, 0.15]) == [[0, 100, 50]]
