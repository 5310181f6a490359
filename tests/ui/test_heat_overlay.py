from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from engine import HeatMap
from ui.heat_overlay import overlaid


def test_what_matches_is_bright_and_the_rest_is_grey(tmp_path: Path) -> None:
    Image.new("RGB", (300, 200), (40, 160, 220)).save(tmp_path / "a.jpg", quality=95)
    found = overlaid(tmp_path / "a.jpg", HeatMap(np.array([[0.0, 1.0]], dtype=np.float32)))
    shown = np.asarray(Image.open(BytesIO(found)).convert("RGB")).astype(int)
    assert shown.shape == (200, 300, 3)
    assert np.ptp(shown[:, 5].mean(axis=0)) < 12
    assert np.ptp(shown[:, -5].mean(axis=0)) > 40
    assert shown[:, -5].mean() > shown[:, 5].mean()
