"""What cameras write, and what is made of it."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import ExifTags, Image, TiffImagePlugin

from engine.encoder import decode
from engine.metadata import PhotoFacts, photo_facts

Base, Gps = ExifTags.Base, ExifTags.GPS


def written(
    base: dict[int, object] | None = None,
    detail: dict[int, object] | None = None,
    gps: dict[int, object] | None = None,
    format_: str = "JPEG",
) -> PhotoFacts:
    """Facts of a picture that was saved with this EXIF, and read again."""
    exif = Image.Exif()
    exif.update(base or {})
    exif.get_ifd(ExifTags.IFD.Exif).update(detail or {})
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(gps or {})
    stream = BytesIO()
    Image.new("RGB", (8, 8)).save(stream, format_, exif=exif.tobytes())
    return photo_facts(decode(stream.getvalue()).blocks.exif)


def degrees(*parts: float) -> tuple[TiffImagePlugin.IFDRational, ...]:
    return tuple(TiffImagePlugin.IFDRational(part) for part in parts)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_every_format_tells_when_where_and_with_what(format_: str) -> None:
    facts = written(
        {Base.Make: "Google", Base.Model: "Pixel 8"},
        {Base.DateTimeOriginal: "2023:06:01 12:30:05", Base.LensModel: "6.9mm f/1.68"},
        {
            Gps.GPSLatitudeRef: "S",
            Gps.GPSLatitude: degrees(33, 51, 36),
            Gps.GPSLongitudeRef: "E",
            Gps.GPSLongitude: degrees(151, 12, 0),
        },
        format_,
    )
    assert facts.taken == datetime(2023, 6, 1, 12, 30, 5, tzinfo=UTC).timestamp()
    assert (facts.camera, facts.lens) == ("Google Pixel 8", "6.9mm f/1.68")
    assert facts.latitude == pytest.approx(-33.86)
    assert facts.longitude == pytest.approx(151.2)


@pytest.mark.parametrize(
    ("maker", "model", "camera"),
    [
        ("Canon", "Canon EOS R5", "Canon EOS R5"),
        ("NIKON CORPORATION", "NIKON D850", "NIKON D850"),
        ("SONY", "ILCE-7M4", "SONY ILCE-7M4"),
        ("", "Pixel", "Pixel"),
        ("Leica\0\0", "", "Leica"),
        ("", "", None),
    ],
)
def test_maker_and_model_are_one_name(maker: str, model: str, camera: str | None) -> None:
    assert written({Base.Make: maker, Base.Model: model}).camera == camera


@pytest.mark.parametrize(
    "said", ["0000:00:00 00:00:00", "2023:13:45 00:00:00", "yesterday", "", "0001:01:01 00:00:00"]
)
def test_a_clock_that_was_never_set_says_nothing(said: str) -> None:
    assert written(detail={Base.DateTimeOriginal: said}).taken is None


def test_the_moment_of_the_picture_counts_before_that_of_the_file() -> None:
    base, detail = {Base.DateTime: "2024:01:01 00:00:00"}, {}
    assert written(base, detail).taken == datetime(2024, 1, 1, tzinfo=UTC).timestamp()
    detail = {Base.DateTimeOriginal: "1999:12:31 00:00:00"}
    assert written(base, detail).taken == datetime(1999, 12, 31, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    "gps",
    [
        {Gps.GPSLatitude: degrees(0, 0, 0), Gps.GPSLongitude: degrees(0, 0, 0)},
        {Gps.GPSLatitude: degrees(91, 0, 0), Gps.GPSLongitude: degrees(1, 0, 0)},
        {Gps.GPSLatitude: degrees(48, 0, 0)},
        {},
    ],
)
def test_a_position_that_makes_no_sense_is_unknown(gps: dict[int, object]) -> None:
    assert written(gps=gps) == PhotoFacts()


def test_an_unknown_fraction_is_unknown() -> None:
    none = TiffImagePlugin.IFDRational(0, 0)
    exif = Image.Exif()
    gps = {Gps.GPSLatitude: (none, none, none), Gps.GPSLongitude: degrees(1, 2, 3)}
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(gps)
    assert photo_facts(exif) == PhotoFacts()


def test_a_picture_without_exif_says_nothing() -> None:
    assert photo_facts(decode(Image.new("RGB", (4, 4))).blocks.exif) == PhotoFacts()


def test_junk_in_names_is_left_out() -> None:
    facts = written({Base.Model: "A\x01B  C" + "x" * 500})
    assert facts.camera is not None
    assert facts.camera.startswith("A B Cx")
    assert len(facts.camera) == 200
