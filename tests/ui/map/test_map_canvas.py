import numpy as np
import pytest

from engine import Atlas
from ui.map.map_canvas import chosen


@pytest.fixture
def atlas() -> Atlas:
    places = np.array([[0.1, 0.1], [0.2, 0.1], [0.9, 0.9]], dtype=np.float32)
    return Atlas.of(np.array([4, 7, 8]), places, np.array([0, 0, 1]), ["dogs", ""], 3, 1, 1)


def test_a_cluster_is_chosen_by_its_place(atlas: Atlas) -> None:
    assert chosen(atlas, {"cluster": 0}) == ((4, 7), "dogs")
    assert chosen(atlas, {"cluster": 1}) == ((8,), "unnamed")


def test_a_lasso_chooses_what_lies_within(atlas: Atlas) -> None:
    assert chosen(atlas, {"polygon": [[0, 0], [0.15, 0], [0.15, 1], [0, 1]]}) == ((4,), "")


@pytest.mark.parametrize(
    "said",
    [
        None,
        "dogs",
        [],
        {},
        {"cluster": 2},
        {"cluster": -1},
        {"cluster": "0"},
        {"polygon": None},
        {"polygon": "x"},
        {"polygon": [1, 2, 3]},
        {"polygon": [[0, 0], [1, 1]]},
        {"polygon": [[0, 0], [1, 1], [2]]},
        {"polygon": [[0, 0], [1, "a"], [2, 2]]},
        {"polygon": [[0, 0, 0]] * 4},
        {"polygon": [[0, 0], [float("nan"), 1], [1, 1]]},
        {"polygon": [[0, 0], [1, 0], [1, 1]] * 1_000},
    ],
)
def test_what_makes_no_sense_chooses_nothing(atlas: Atlas, said: object) -> None:
    assert chosen(atlas, said) == ((), "")
