from pathlib import Path

import numpy as np

from export.guard.calibration import Calibration
from export.guard.candidates import Candidate
from export.guard.choice import Choice
from export.guard.loss import Agreement, Bounds, Loss
from export.measure import Speed
from export.record import about_the_choice

ALIKE = Agreement(1.0, 1.0)


def candidate(tower, windows=None):
    loss = Loss(ALIKE, ALIKE, 1.0, 1.0, {10: 0.5}, {10: 0.5}, windows)
    rows = np.ones((1, 1), np.float32)
    return Candidate(tower, "fp32", Path(), frozenset(), 1.0, Speed(1.0, 1.0, 9.0), rows, loss)


def rows(vision, text):
    """The table of precisions, of two candidates that are both taken."""
    choice = Choice(vision, text, text.loss, (vision, text), ())
    calibration = Calibration("a set", (), (), None)
    return about_the_choice(choice, calibration, Bounds())["precisions"]


def test_windows_stand_beside_the_vision_tower_alone():
    windows = Agreement(0.9981234, 0.98)
    vision, text = rows(candidate("vision", windows), candidate("text", ALIKE))
    assert (vision["window_cosine_mean"], vision["window_cosine_worst"]) == (0.998123, 0.98)
    assert (vision["cosine_mean"], vision["cosine_worst"]) == (1.0, 1.0)
    assert not {name for name in text if name.startswith("window")}


def test_a_model_without_windows_has_no_figures_of_them():
    for row in rows(candidate("vision"), candidate("text")):
        assert not {name for name in row if name.startswith("window")}
