import json

import numpy as np
import pytest
from PIL import Image

from engine import Adapter
from engine.encoder import ScoreCurve
from engine.evaluation import Setting
from training.adapting.trial import try_on_data


def test_pictures_that_ask_say_nothing_of_an_adapter(tmp_path, encoder) -> None:
    for name in ("a.png", "b.png"):
        Image.new("RGB", (60, 60), "red").save(tmp_path / name)
    saved = tmp_path / "saved.jsonl"
    saved.write_text(json.dumps({"reference": "a.png", "targets": ["b.png"]}))
    turn = np.zeros((encoder.dim, encoder.dim), np.float32)
    with pytest.raises(ValueError, match="pictures ask here"):
        try_on_data(saved, Setting(), encoder, Adapter("none", turn, ScoreCurve(20.0, 0.3)))
