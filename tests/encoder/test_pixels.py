from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from vs_drawing import draw

from engine.encoder.manifest import PixelRules
from engine.encoder.pixels import prepare

RULES = PixelRules(
    width=32,
    height=32,
    resize="squash",
    interpolation="bicubic",
    mean=(0.5, 0.4, 0.3),
    std=(0.5, 0.25, 0.2),
)


def levels(pixels: npt.NDArray[np.float32], rules: PixelRules) -> npt.NDArray[np.float64]:
    """The model's input back as levels of 255, [height, width, 3]."""
    rows = pixels.transpose(1, 2, 0).astype(np.float64)
    return (rows * np.array(rules.std) + np.array(rules.mean)) * 255


def rules(resize: str, width: int = 32, height: int = 32) -> PixelRules:
    return replace(RULES, resize=resize, width=width, height=height)


@pytest.mark.parametrize("resize", ["squash", "crop", "pad"])
@pytest.mark.parametrize("interpolation", ["nearest", "bilinear", "bicubic", "lanczos"])
def test_one_colour_is_normalised_by_the_formula(resize: str, interpolation: str) -> None:
    chosen = replace(rules(resize), interpolation=interpolation)
    pixels = prepare(Image.new("RGB", (50, 50), (255, 102, 0)), chosen)
    expected = [(1 - 0.5) / 0.5, (0.4 - 0.4) / 0.25, (0 - 0.3) / 0.2]
    for channel, value in zip(pixels, expected, strict=True):
        assert channel == pytest.approx(value, abs=1e-5)


@given(
    size=st.tuples(st.integers(1, 300), st.integers(1, 300)),
    target=st.tuples(st.integers(1, 64), st.integers(1, 64)),
    resize=st.sampled_from(["squash", "crop", "pad"]),
)
def test_any_picture_gets_the_shape_of_the_model(
    size: tuple[int, int], target: tuple[int, int], resize: str
) -> None:
    pixels = prepare(Image.new("RGB", size, "olive"), rules(resize, *target))
    assert pixels.shape == (3, target[1], target[0])
    assert pixels.dtype == np.float32
    assert pixels.flags["C_CONTIGUOUS"]
    assert np.isfinite(pixels).all()


def test_squash_keeps_everything() -> None:
    image = Image.new("RGB", (64, 32))
    image.paste("white", (32, 0, 64, 32))
    grey = levels(prepare(image, rules("squash")), RULES).mean(axis=2)
    assert grey[:, :15].max() < 5
    assert grey[:, 17:].min() > 250


@pytest.mark.parametrize(("width", "height"), [(96, 32), (32, 96)])
def test_crop_keeps_the_centre(width: int, height: int) -> None:
    image = Image.new("RGB", (width, height), "red")
    left, top = (width - 32) // 2, (height - 32) // 2
    centre = draw(30, (32, 32))
    image.paste(centre, (left, top))
    got = levels(prepare(image, rules("crop")), RULES)
    assert got == pytest.approx(np.asarray(centre, dtype=float), abs=1e-3)


@pytest.mark.parametrize(("width", "height"), [(97, 64), (64, 97), (333, 222), (65, 64)])
def test_crop_follows_the_reference_of_clip(width: int, height: int) -> None:
    """The shortest edge is scaled to the target, the long one truncated, the centre cut out."""
    image = draw(31, (width, height))
    short = min(width, height)
    size = (int(32 * width / short), int(32 * height / short))
    resized = image.resize(size, Image.Resampling.BICUBIC)
    left, top = round((size[0] - 32) / 2), round((size[1] - 32) / 2)
    expected = resized.crop((left, top, left + 32, top + 32))
    got = levels(prepare(image, rules("crop")), RULES)
    assert got == pytest.approx(np.asarray(expected, dtype=float), abs=1e-3)


@pytest.mark.parametrize("size", [(97, 64), (64, 97), (333, 222), (65, 64), (49, 98), (33, 100)])
def test_crop_with_an_edge_cuts_the_centre_of_a_larger_picture(size: tuple[int, int]) -> None:
    """What transformers' processors do with `shortest_edge` 37 and `crop_size` 32."""
    image = draw(33, size)
    chosen = replace(rules("crop"), edge=37, crop_rounding="down")
    width, height = (int(37 * side / min(size)) for side in size)
    left, top = (width - 32) // 2, (height - 32) // 2
    resized = image.resize((width, height), Image.Resampling.BICUBIC)
    expected = resized.crop((left, top, left + 32, top + 32))
    got = levels(prepare(image, chosen), RULES)
    assert got == pytest.approx(np.asarray(expected, dtype=float), abs=1e-3)


@pytest.mark.parametrize(("width", "first"), [(33, 0), (35, 2), (37, 2)])
def test_an_odd_rest_is_halved_as_the_model_wants_it(width: int, first: int) -> None:
    """32 columns are kept; torchvision cuts `first` off on the left."""
    image = Image.new("RGB", (width, 32))
    for column in range(width):
        image.paste((column, column, column), (column, 0, column + 1, 32))
    even = levels(prepare(image, rules("crop")), RULES)[0, 0, 0]
    down = levels(prepare(image, replace(rules("crop"), crop_rounding="down")), RULES)[0, 0, 0]
    assert (round(even), round(down)) == (first, (width - 32) // 2)


def test_the_long_edge_is_exact_where_the_sides_have_a_whole_ratio() -> None:
    """32 / 49 has no exact float: 98 times it is a little less than 64."""
    image = draw(34, (98, 49))
    expected = image.resize((64, 32), Image.Resampling.BICUBIC).crop((16, 0, 48, 32))
    got = levels(prepare(image, rules("crop")), RULES)
    assert got == pytest.approx(np.asarray(expected, dtype=float), abs=1e-3)


def test_pad_keeps_everything_between_bars_of_the_mean_colour() -> None:
    pixels = prepare(Image.new("RGB", (64, 32), "white"), rules("pad"))
    assert np.abs(pixels[:, :8]).max() < 0.02
    assert np.abs(pixels[:, 24:]).max() < 0.02
    assert levels(pixels, RULES)[8:24].min() > 254


def test_a_target_that_is_not_square_is_filled() -> None:
    image = draw(32, (40, 20))
    for resize in ("squash", "crop", "pad"):
        got = levels(prepare(image, rules(resize, 40, 20)), RULES)
        assert got == pytest.approx(np.asarray(image, dtype=float), abs=1e-3)
