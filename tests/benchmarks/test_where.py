import numpy as np

from benchmarks.where import drawn, judged, measure
from engine import HeatMap
from engine.encoder import Encoder


def test_the_light_is_told_from_the_truth() -> None:
    values = np.zeros((4, 4), dtype=np.float32)
    values[0, 3] = 0.5
    found = HeatMap(values)
    is_right, share, brightest = judged(found, (0.5, 0.0, 1.0, 0.5))
    assert is_right
    assert share > 0.9
    assert brightest == 0.5
    is_right, share, _ = judged(found, (0.0, 0.5, 0.5, 1.0))
    assert not is_right
    assert share < 0.1


def test_a_dark_map_is_never_right() -> None:
    assert judged(HeatMap(np.zeros((3, 3), dtype=np.float32)), (0, 0, 1, 1)) == (False, 0.0, 0.0)


def test_of_a_drawn_thing_is_known_where_it_is() -> None:
    cases = list(drawn(6))
    assert len(cases) == 6
    for case in cases:
        left, top, right, bottom = case.box
        assert 0 <= left < right <= 1
        assert 0 <= top < bottom <= 1
        assert (right - left) * (bottom - top) < 0.4
        assert case.absent != case.text


def test_a_table_is_printed(encoder: Encoder) -> None:
    said = measure(encoder, 3)
    assert "| a small thing in a scene | 3 | windows |" in said
    assert "| a close look |" in said
