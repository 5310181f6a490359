import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image
from vs_awkward import GOOD, TO_STORED, bomb_png, heic, turned
from vs_drawing import draw, encode
from vs_powers import file_permissions_count

from engine.encoder import SUFFIXES, ImageError, decode, read_bytes
from engine.encoder.decode import FORMATS, LARGE_PIXELS, MAX_BYTES, MAX_PIXELS

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # the engine silences them

LOSSLESS: dict[str, dict[str, object]] = {
    "PNG": {},
    "TIFF": {},
    "WEBP": {"lossless": True},
}


def difference(first: Image.Image, second: Image.Image) -> float:
    """Mean difference of two pictures of one size, in levels of 255."""
    assert first.size == second.size
    values = (np.asarray(image.convert("RGB"), dtype=np.float32) for image in (first, second))
    return float(np.abs(np.subtract(*values)).mean())


@pytest.mark.parametrize("name", GOOD, ids=lambda name: ascii(os.fsdecode(name))[:40])
def test_every_kind_of_file_becomes_rgb(name: bytes) -> None:
    picture = decode(GOOD[name](draw(5)))
    assert picture.image.mode == "RGB"
    assert picture.image.size == (picture.width, picture.height)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", LOSSLESS)
def test_exif_orientation_is_obeyed_to_the_pixel(kind: str, orientation: int) -> None:
    upright = draw(6)
    picture = decode(turned(upright, orientation, kind, **LOSSLESS[kind]))
    assert difference(picture.image, upright) == 0
    assert (picture.width, picture.height) == upright.size


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "AVIF"])
def test_exif_orientation_is_obeyed_by_lossy_formats(kind: str, orientation: int) -> None:
    upright = draw(6)
    picture = decode(turned(upright, orientation, kind, quality=95))
    assert (picture.width, picture.height) == upright.size
    assert difference(picture.image, upright) < 5


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_of_heic_is_obeyed(orientation: int) -> None:
    upright = draw(6)
    stored = upright.transpose(TO_STORED[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    stream = BytesIO()
    pillow_heif.from_pillow(stored).save(stream, quality=95, exif=exif.tobytes())
    picture = decode(stream.getvalue())
    assert (picture.width, picture.height) == upright.size
    assert difference(picture.image, upright) < 5


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_and_smaller_decoding_go_together(orientation: int) -> None:
    upright = draw(6, (1600, 1200))
    picture = decode(turned(upright, orientation, quality=90), at_least=200)
    assert (picture.width, picture.height) == (1600, 1200)
    assert picture.image.size == (400, 300)
    assert difference(picture.image, upright.reduce(4)) < 5


@given(
    width=st.integers(1, 700),
    height=st.integers(1, 700),
    at_least=st.integers(1, 300),
    kind=st.sampled_from(["JPEG", "PNG", "WEBP"]),
)
@example(width=448, height=448, at_least=224, kind="JPEG")
@example(width=1, height=700, at_least=1, kind="JPEG")
def test_smaller_decoding_never_goes_below_what_was_asked(
    width: int, height: int, at_least: int, kind: str
) -> None:
    picture = decode(encode(Image.new("RGB", (width, height), "teal"), kind), at_least)
    assert (picture.width, picture.height) == (width, height)
    assert picture.image.width >= min(width, at_least)
    assert picture.image.height >= min(height, at_least)
    assert picture.image.width <= width
    assert picture.image.height <= height


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "TIFF"])
def test_a_large_picture_is_decoded_smaller(kind: str) -> None:
    upright = draw(8, (1200, 900))
    picture = decode(encode(upright, kind), at_least=224)
    assert (picture.width, picture.height) == (1200, 900)
    assert picture.image.size == (300, 225)
    assert difference(picture.image, upright.reduce(4)) < 4


def test_a_path_its_bytes_and_an_open_image_are_the_same_picture(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(encode(draw(9)))
    with Image.open(path) as opened:
        sources = [path, str(path), path.read_bytes(), opened, draw(9)]
        pictures = [decode(source).image for source in sources]
    assert all(difference(image, draw(9)) == 0 for image in pictures)


def test_an_image_that_is_passed_in_is_left_as_it_is() -> None:
    image = draw(10).convert("RGBA")
    image.putalpha(60)
    before = (image.mode, image.size, image.tobytes(), dict(image.info))
    decode(image, at_least=10)
    assert (image.mode, image.size, image.tobytes(), dict(image.info)) == before


def test_an_image_opened_from_a_damaged_file_is_an_image_error() -> None:
    content = encode(draw(11, (300, 300)))
    with pytest.raises(ImageError, match="damaged"):
        decode(Image.open(BytesIO(content[: len(content) // 2])))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_file_is_an_image_error(kind: str, share: float) -> None:
    content = encode(draw(12, (300, 200)), kind)
    with pytest.raises(ImageError):
        decode(content[: int(len(content) * share)])


def _sample(kind: str) -> bytes:
    return heic(draw(13)) if kind == "HEIC" else encode(draw(13), kind)


SAMPLES = {
    kind: _sample(kind) for kind in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIC")
}


@given(
    kind=st.sampled_from(sorted(SAMPLES)),
    places=st.lists(st.floats(0.02, 0.999), min_size=1, max_size=6),
    value=st.integers(0, 255),
)
def test_damaged_bytes_give_a_picture_or_an_image_error(
    kind: str, places: list[float], value: int
) -> None:
    content = bytearray(SAMPLES[kind])
    for place in places:
        content[int(place * len(content))] = value
    try:
        assert decode(bytes(content)).image.mode == "RGB"
    except ImageError as error:
        assert str(error)


@given(content=st.binary(max_size=200), head=st.sampled_from(sorted(SAMPLES)))
def test_a_right_start_with_nonsense_behind_is_an_image_error(content: bytes, head: str) -> None:
    with pytest.raises(ImageError):
        decode(SAMPLES[head][:16] + content)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"\n  <?xml version='1.0'?><svg/>", "markup"),
        (b"<svg width='3'/>", "markup"),
        (b"<!DOCTYPE html>", "markup"),
        (b"<HTML><body>", "markup"),
        (b"hello", "text"),
        (b"\x00\x01\x02" * 99, "known format"),
    ],
)
def test_what_is_no_picture_is_called_what_it_is(content: bytes, word: str) -> None:
    with pytest.raises(ImageError, match=word):
        decode(content)


@pytest.mark.parametrize("kind", ["EPS", "PDF", "PPM", "ICO", "TGA", "PCX"])
def test_other_formats_are_not_opened(kind: str) -> None:
    assert kind not in FORMATS
    with pytest.raises(ImageError, match="not a picture"):
        decode(encode(draw(14, (64, 64)), kind))


@pytest.mark.parametrize("side", [15_900, 30_000, 60_000])
def test_a_bomb_is_refused_with_its_size(side: int) -> None:
    content = bomb_png(side)
    assert len(content) < 1_000_000
    with pytest.raises(ImageError, match=f"too large: {side * side // 10**6} megapixels"):
        decode(content)


def test_a_picture_within_the_limit_is_decoded() -> None:
    content = bomb_png(7100)
    assert LARGE_PIXELS < 7100 * 7100 < MAX_PIXELS
    with ThreadPoolExecutor(2) as pool:  # large ones wait for each other
        for picture in pool.map(lambda _: decode(content, at_least=448), range(2)):
            assert (picture.width, picture.height) == (7100, 7100)


def test_a_bomb_that_is_passed_in_as_an_image_is_refused() -> None:
    with pytest.raises(ImageError, match="too large: 256 megapixels"):
        decode(Image.new("1", (16_000, 16_000)))


def test_read_bytes_gives_the_content(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"content")
    assert read_bytes(tmp_path / "a") == b"content"


def _locked(path: Path) -> None:
    path.write_bytes(b"secret")
    path.chmod(0)


def _huge(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)  # a hole: takes no room on the disk


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda path: None, "no such file"),
        (Path.mkdir, "not a regular file"),
        (os.mkfifo, "not a regular file"),
        (Path.touch, "empty"),
        (_locked, "permission denied"),
        (_huge, "limit is 1024 MB"),
        (lambda path: path.symlink_to(path), "no such file|cannot be read"),
    ],
    ids=["missing", "folder", "pipe", "empty", "locked", "huge", "loop"],
)
def test_a_file_that_cannot_be_read_says_why(
    make: Callable[[Path], None], word: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.jpg"
    make(path)
    with pytest.raises(ImageError, match=word), file_permissions_count():
        read_bytes(path)


def test_a_file_in_a_folder_without_permission_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(b"secret")
    folder.chmod(0)
    with pytest.raises(ImageError, match="permission denied"), file_permissions_count():
        read_bytes(folder / "a.jpg")


def test_suffixes_are_lower_case_with_a_dot() -> None:
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in SUFFIXES)
    assert {".jpg", ".jpeg", ".png", ".heic", ".avif", ".webp", ".tif"} <= SUFFIXES
