"""Blocks of data that stand in a picture file beside the pixels."""

from contextlib import suppress
from dataclasses import dataclass, field

from PIL import ExifTags, Image, TiffImagePlugin

_IPTC_OF_PHOTOSHOP = 0x0404  # among the resources that a JPEG keeps as Photoshop does
_IPTC_OF_TIFF = 33723


@dataclass(frozen=True)
class Blocks:
    """What cameras and photo programs wrote into a picture; empty without, or where damaged.

    Attributes:
        exif: of the camera.
        xmp: a packet of XML, as it is.
        iptc: an IPTC-IIM block, as it is; JPEG and TIFF have one.
    """

    exif: Image.Exif = field(default_factory=Image.Exif)
    xmp: bytes = b""
    iptc: bytes = b""


def blocks_of(image: Image.Image) -> Blocks:
    """Those of a picture that was opened. Of a TIFF, ask before it is loaded, of others after."""
    exif = _exif(image)  # first: it loads a PNG, whose blocks may come after its pixels
    return Blocks(exif, _bytes(image.info.get("xmp")), _iptc(image))


def _exif(image: Image.Image) -> Image.Exif:
    try:
        exif = image.getexif()
    except Exception:  # a damaged EXIF block says nothing about the pixels
        return Image.Exif()
    for part in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo):
        with suppress(Exception):
            exif.get_ifd(part)  # now: later, the file is closed
    return exif


def _iptc(image: Image.Image) -> bytes:
    try:
        if isinstance(image, TiffImagePlugin.TiffImageFile):
            return _bytes(image.tag_v2.get(_IPTC_OF_TIFF))
        return _bytes(image.info.get("photoshop", {}).get(_IPTC_OF_PHOTOSHOP))
    except Exception:  # damaged, as above
        return b""


def _bytes(value: object) -> bytes:
    if isinstance(value, str):
        return value.encode("utf-8", "replace")
    return value if isinstance(value, bytes) else b""
