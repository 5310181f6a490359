from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms
from vs_drawing import draw, encode
from vs_profile import wide_gamut_profile

from engine.encoder import decode
from engine.encoder.colour import to_srgb

RGB = tuple[int, int, int]


def filled(mode: str, value: object) -> Image.Image:
    return Image.new(mode, (4, 3), value)  # type: ignore[arg-type]


def colour_of(image: Image.Image, icc_profile: bytes | None = None) -> RGB:
    """The one colour of a picture after conversion."""
    converted = to_srgb(image, icc_profile)
    assert converted.mode == "RGB"
    assert converted.size == image.size
    ((_, colour),) = converted.getcolors()
    return colour


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (filled("RGB", (10, 20, 30)), (10, 20, 30)),
        (filled("L", 77), (77, 77, 77)),
        (filled("1", 1), (255, 255, 255)),
        (filled("1", 0), (0, 0, 0)),
        (filled("RGBA", (10, 20, 30, 255)), (10, 20, 30)),
        (filled("RGBA", (10, 20, 30, 0)), (255, 255, 255)),
        (filled("RGBA", (0, 0, 0, 51)), (204, 204, 204)),
        (filled("LA", (0, 51)), (204, 204, 204)),
        (filled("RGBa", (0, 0, 0, 51)), (204, 204, 204)),
        (filled("CMYK", (0, 0, 0, 0)), (255, 255, 255)),
        (filled("CMYK", (0, 255, 255, 0)), (255, 0, 0)),
        (filled("HSV", (0, 255, 255)), (255, 0, 0)),
        (filled("YCbCr", (255, 128, 128)), (255, 255, 255)),
        (filled("I;16", 65535), (255, 255, 255)),
        (filled("I;16", 32896), (128, 128, 128)),
        (filled("I", 257 * 9), (9, 9, 9)),
        (filled("F", 0.5), (128, 128, 128)),
        (filled("F", 200.0), (200, 200, 200)),
        (filled("F", float("nan")), (0, 0, 0)),
    ],
    ids=lambda part: part.mode if isinstance(part, Image.Image) else str(part),
)
def test_a_mode_becomes_the_colour_that_a_viewer_shows(image: Image.Image, expected: RGB) -> None:
    assert colour_of(image) == expected


def test_sixteen_bit_grey_keeps_all_its_shades() -> None:
    ramp = np.linspace(0, 65535, 256).astype(np.uint16)[None]
    grey = np.asarray(to_srgb(Image.fromarray(ramp), None))[0, :, 0]
    assert grey.tolist() == list(range(256))


@pytest.mark.parametrize("kind", ["I;16", "I;16B"])
def test_both_byte_orders_of_sixteen_bits_are_read(kind: str) -> None:
    image = Image.frombytes(kind, (1, 1), b"\x80\x00" if kind == "I;16B" else b"\x00\x80")
    assert colour_of(image) == (128, 128, 128)


@pytest.mark.parametrize(("low", "high"), [(-3.0, 9.0), (0.0, 4000.0), (-1e30, 1e30)])
def test_floats_of_an_unknown_range_are_stretched(low: float, high: float) -> None:
    values = np.array([[low, (low + high) / 2, high]], dtype=np.float32)
    grey = np.asarray(to_srgb(Image.fromarray(values), None))[0, :, 0]
    assert grey.tolist() == pytest.approx([0, 127.5, 255], abs=0.5)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([-np.inf, np.nan, 0.0, 0.2, 1.0, np.inf], [0, 0, 0, 51, 255, 255]),
        ([-np.inf, -1.0, 0.0, 1.0, np.inf, np.nan], [0, 0, 127.5, 255, 255, 0]),
        ([-3e38, 0.0, 3e38], [0, 127.5, 255]),
        ([np.nan, np.nan], [0, 0]),
        ([np.inf, -np.inf], [0, 0]),
    ],
)
def test_floats_that_are_no_numbers_take_the_ends_of_the_range(
    values: list[float], expected: list[float]
) -> None:
    image = Image.fromarray(np.array([values], dtype=np.float32))
    grey = np.asarray(to_srgb(image, None))[0, :, 0]
    assert grey.tolist() == pytest.approx(expected, abs=0.5)


def test_large_integers_are_stretched() -> None:
    values = np.array([[-(2**31), 0, 2**31 - 1]], dtype=np.int32)
    grey = np.asarray(to_srgb(Image.fromarray(values), None))[0, :, 0]
    assert grey.tolist() == pytest.approx([0, 127.5, 255], abs=0.5)


def test_transparent_parts_of_a_palette_lie_on_white() -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([10, 20, 30, 40, 50, 60])
    image.putpixel((1, 0), 1)
    picture = decode(encode(image, transparency=0)).image
    assert [picture.getpixel((x, 0)) for x in (0, 1)] == [(255, 255, 255), (40, 50, 60)]


def test_a_transparent_colour_of_an_rgb_picture_lies_on_white() -> None:
    image = Image.new("RGB", (2, 1), (1, 2, 3))
    image.putpixel((1, 0), (9, 8, 7))
    picture = decode(encode(image, transparency=(1, 2, 3))).image
    assert [picture.getpixel((x, 0)) for x in (0, 1)] == [(255, 255, 255), (9, 8, 7)]


def test_an_srgb_profile_changes_next_to_nothing() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = draw(20)
    change = np.asarray(to_srgb(image, profile), dtype=int) - np.asarray(image, dtype=int)
    assert np.abs(change).max() <= 2


def test_a_wide_gamut_profile_brings_colours_out() -> None:
    red, green, blue = colour_of(filled("RGB", (100, 150, 50)), wide_gamut_profile())
    assert red < 85  # the same mixture means a stronger green there
    assert 140 < green < 160
    assert blue < 45
    grey = colour_of(filled("RGB", (128, 128, 128)), wide_gamut_profile())
    assert max(grey) - min(grey) <= 2
    assert abs(grey[0] - 128) <= 3


def test_a_profile_keeps_transparency() -> None:
    image = filled("RGBA", (100, 150, 50, 128))
    opaque = colour_of(filled("RGB", (100, 150, 50)), wide_gamut_profile())
    expected = [round((value * 128 + 255 * 127) / 255) for value in opaque]
    got = colour_of(image, wide_gamut_profile())
    assert max(abs(a - b) for a, b in zip(got, expected, strict=True)) <= 1


@pytest.mark.parametrize(
    "profile",
    [b"x", b"\0" * 200, wide_gamut_profile()[:100], wide_gamut_profile()[:-90]],
    ids=["letter", "zeros", "header only", "cut"],
)
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "CMYK"])
def test_a_damaged_profile_is_ignored(profile: bytes, mode: str) -> None:
    image = draw(21).convert(mode)
    assert to_srgb(image, profile).tobytes() == to_srgb(image, None).tobytes()


@pytest.mark.parametrize("mode", ["L", "CMYK", "1", "P"])
def test_a_profile_of_another_colour_space_is_ignored(mode: str) -> None:
    image = draw(22).convert(mode)
    converted = to_srgb(image, wide_gamut_profile())
    assert converted.mode == "RGB"
    assert converted.size == image.size


def test_the_profile_of_a_file_is_used() -> None:
    image = filled("RGB", (100, 150, 50))
    plain = decode(encode(image)).image.getpixel((0, 0))
    wide = decode(encode(image, icc_profile=wide_gamut_profile())).image.getpixel((0, 0))
    assert plain == (100, 150, 50)
    assert wide != plain


def test_inks_as_adobe_stores_them_come_out_right() -> None:
    """JPEG files hold CMYK inverted; Pillow writes and reads them so."""
    stream = BytesIO()
    draw(23).convert("CMYK").save(stream, "JPEG", quality=95, subsampling=0)
    got = np.asarray(decode(stream.getvalue()).image, dtype=int)
    assert np.abs(got - np.asarray(draw(23), dtype=int)).mean() < 6
