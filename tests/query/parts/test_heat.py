"""Where a text matches: on pictures whose halves are known."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from benchmarks.where import Case, drawn, judged
from engine import SearchEngine
from engine.encoder import Encoder
from engine.query.parts.heat import HeatMap, heat_map
from engine.query.parts.picture_parts import CROPS, PictureParts, parts_of_picture
from engine.query.scores.calibration import Background
from engine.query.scores.neutral import neutral_queries
from engine.query.scores.statistics import LibraryStatistics

Drawn = Callable[[str, str], Image.Image]
Scenes = tuple[SearchEngine, list[tuple[int, Case]]]


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


@pytest.fixture
def plain() -> Background:
    """Under which the evidence is near 3 for a part like the text, and 0 for one that is not."""
    zeros = np.zeros(2, dtype=np.float32)
    return Background(zeros, zeros, usual=0.0, trust=1.0, spread=1 / 3)


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


def test_of_a_damaged_thumbnail_the_kept_windows_are_shown(engine: SearchEngine) -> None:
    kept = engine.heat_maps("a red disc", [1])[1].values
    record = engine.image(1)
    assert record is not None
    file = engine.thumbnail(record.digest, record.path)
    assert file is not None
    assert engine.heat_maps("a red disc", [1], closely=True)[1].values.shape > kept.shape
    file.write_bytes(b"no picture")
    found = engine.heat_maps("a red disc", [1], closely=True)[1].values
    np.testing.assert_array_equal(found, kept)


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
    parts = parts_of_picture(encoder, halves("red", "blue"))
    assert parts.vectors.shape == (CROPS * CROPS, encoder.dim)
    red = encoder.encode_texts(["a red disc"])[0]
    library = LibraryStatistics.of(parts.vectors)
    background = Background.of(neutral_queries(encoder, "texts"), library, 1)
    assert warmer_side(heat_map(parts, red, background)) == "left"
    small = parts_of_picture(encoder, Image.new("RGB", (1, 1)))
    assert small.vectors.shape == parts.vectors.shape


@pytest.fixture(scope="module")
def scenes(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scenes]:
    """Scenes with a small thing each, and a library of them."""
    folder = tmp_path_factory.mktemp("scenes")
    cases = list(drawn(12))
    for place, case in enumerate(cases):
        case.picture.save(folder / f"{place:02}.png")
    with SearchEngine.with_encoder(encoder, folder / "library") as opened:
        opened.index([folder])
        ids = {Path(r.path).stem: r.id for r in (opened.image(i) for i in range(1, 13)) if r}
        yield opened, [(ids[f"{place:02}"], case) for place, case in enumerate(cases)]


def test_a_close_look_finds_small_things(scenes: Scenes) -> None:
    engine, cases = scenes
    right = []
    for id, case in cases:
        (found,) = engine.heat_maps(case.text, [id], closely=True).values()
        right.append(judged(found, case.box)[0])
    assert sum(right) >= 8  # of 12; less than one by chance


def test_what_is_not_in_a_picture_is_dark(scenes: Scenes) -> None:
    engine, cases = scenes
    for closely in (False, True):
        brightest = [
            [
                float(engine.heat_maps(text, [id], closely)[id].values.max())
                for text in (case.text, case.absent)
            ]
            for id, case in cases
        ]
        there, absent = np.mean(brightest, axis=0)
        assert absent < 0.2
        assert there > 3 * absent


def test_the_evidence_is_what_a_search_is_judged_by(encoder: Encoder) -> None:
    rows = encoder.encode_texts(["a dog", "a red ball", "grass"])
    neutral = neutral_queries(encoder, "texts")
    background = Background.of(neutral, LibraryStatistics.of(rows), 3)
    expected = [
        (float(rows[0] @ row) - background.general(rows[0], row)) / background.spread
        for row in rows
    ]
    np.testing.assert_allclose(background.evidence(rows[0], rows), expected, rtol=1e-4)


def test_parts_count_where_they_are(plain: Background) -> None:
    text = np.array([1, 0], dtype=np.float32)
    vectors = np.array([[0, 1], [0, 1], [1, 0]], dtype=np.float32)
    corner, middle = [0.125, 0.125, 0.25, 0.25], [0.5, 0.5, 0.25, 0.25]
    places = np.array([[0.5, 0.5, 1, 1], corner, middle], dtype=np.float32)
    found = heat_map(PictureParts(vectors, places), text, plain).values
    assert found.shape == (12, 12)
    assert found[6, 6] == found.max() > 0
    assert not found[:3, :3].any()  # which it does not reach
    found = heat_map(PictureParts(vectors[[0, 2, 1]], places), text, plain).values
    assert found[0, 0] == found.max() > 0  # no darker than the middle of the outermost part
    assert not found[6:, 6:].any()


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ((1.0, 1.2), (0.0, 0.0)),  # nothing is there
        ((0.0, 2.125), (0.0, 0.5)),
        ((1.5, 3.0), (0.0, 1.0)),
        ((3.0, 3.0), (1.0, 1.0)),  # all of the picture is of it
        ((3.0, 6.0), (0.0, 1.0)),  # what is half as sure is beside it
        ((4.5, 6.0), (0.5, 1.0)),
    ],
)
def test_brightness_is_of_the_evidence(
    evidence: tuple[float, float], expected: tuple[float, float]
) -> None:
    zeros = np.zeros(1, dtype=np.float32)
    background = Background(zeros, zeros, usual=0.0, trust=1.0, spread=1.0)
    places = np.array([[0.25, 0.5, 0.5, 1], [0.75, 0.5, 0.5, 1]], dtype=np.float32)
    parts = PictureParts(np.array(evidence, dtype=np.float32)[:, None], places)
    values = heat_map(parts, np.ones(1, dtype=np.float32), background).values
    np.testing.assert_allclose([values[1, 0], values[1, -1]], expected, atol=0.04)


def test_a_map_has_the_shape_of_its_parts(plain: Background) -> None:
    windows = PictureParts.windows(np.zeros((9, 2), dtype=np.float32), (3, 3))
    text = np.array([1, 0], dtype=np.float32)
    assert heat_map(windows, text, plain).values.shape == (7, 7)
    many = PictureParts.windows(np.zeros((400, 2), dtype=np.float32), (20, 20))
    assert heat_map(many, text, plain).values.shape == (14, 14)


def test_a_mask_has_the_size_of_the_picture() -> None:
    mask = HeatMap(np.array([[0.0, 1.0]], dtype=np.float32)).mask(90, 60)
    assert (mask.size, mask.mode) == ((90, 60), "L")
    values = np.asarray(mask)
    assert values[:, 0].max() < 40
    assert values[:, -1].min() > 215
