"""Where a text matches: on pictures whose halves are known."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from engine import SearchEngine
from engine.encoder import Encoder
from engine.query.heat import CROPS, HeatMap, heat_map, parts_of_picture
from engine.query.statistics import LibraryStatistics

Drawn = Callable[[str, str], Image.Image]


@pytest.fixture
def halves() -> Drawn:
    """A picture with a disc of one colour on the left, and of another on the right."""

    def draw(left: str, right: str) -> Image.Image:
        image = Image.new("RGB", (320, 240), "white")
        pen = ImageDraw.Draw(image)
        pen.ellipse((20, 60, 140, 180), fill=left)
        pen.ellipse((180, 60, 300, 180), fill=right)
        return image

    return draw


@pytest.fixture
def engine(encoder: Encoder, halves: Drawn, tmp_path: Path) -> Iterator[SearchEngine]:
    (tmp_path / "pictures").mkdir()
    for place, pair in enumerate((("red", "blue"), ("blue", "red"), ("green", "yellow"))):
        halves(*pair).save(tmp_path / "pictures" / f"{place}.png")
    with SearchEngine.with_encoder(encoder, tmp_path / "library") as opened:
        opened.index([tmp_path / "pictures"])
        yield opened


def warmer_side(found: HeatMap) -> str:
    middle = found.values.shape[1] // 2
    left, right = found.values[:, :middle].sum(), found.values[:, -middle:].sum()
    return "left" if left > right else "right"


def test_the_heat_is_where_the_thing_is(engine: SearchEngine) -> None:
    found = engine.heat_maps("a red disc", [1, 2, 99])
    assert found.keys() == {1, 2}
    assert [warmer_side(found[i]) for i in (1, 2)] == ["left", "right"]
    blue = engine.heat_maps("a blue disc", [1, 2])
    assert [warmer_side(blue[i]) for i in (1, 2)] == ["right", "left"]


def test_without_kept_windows_they_are_made(
    engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = engine.heat_maps("a red disc", [1])[1].values
    monkeypatch.setattr("engine.library.windows.WindowStore.of", lambda self, digests: {})
    made = engine.heat_maps("a red disc", [1])[1].values
    np.testing.assert_allclose(kept, made, atol=0.15)


def test_a_model_without_parts_is_shown_crops(
    encoder: Encoder, halves: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Encoder, "window_grid", None)
    monkeypatch.setattr(Encoder, "patch_grid", None)
    parts, grid = parts_of_picture(encoder, halves("red", "blue"))
    assert grid == (CROPS, CROPS)
    assert parts.shape == (CROPS * CROPS, encoder.dim)
    red = encoder.encode_texts(["a red disc"])[0]
    library = LibraryStatistics.of(parts)
    assert warmer_side(heat_map(parts, grid, red, library)) == "left"
    assert parts_of_picture(encoder, Image.new("RGB", (1, 1)))[0].shape == parts.shape


def test_a_mask_has_the_size_of_the_picture() -> None:
    mask = HeatMap(np.array([[0.0, 1.0]], dtype=np.float32)).mask(90, 60)
    assert (mask.size, mask.mode) == ((90, 60), "L")
    values = np.asarray(mask)
    assert values[:, 0].max() < 40
    assert values[:, -1].min() > 215
