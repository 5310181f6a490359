"""Any picture file -> one upright RGB image. The only place that opens pictures.

The order of the steps matters: size limits before any pixel is decoded, the JPEG decoder's own
down-scaling before the rest, then EXIF orientation, 8 bits, ICC profile to sRGB, and alpha over
white.
"""

import os
import re
import threading
import warnings
from contextlib import nullcontext
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import pillow_heif
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    ExifTags,
    GifImagePlugin,
    Image,
    ImageOps,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from engine.encoder.blocks import Blocks, blocks_of
from engine.encoder.colour import to_srgb

ImageSource = str | os.PathLike[str] | bytes | Image.Image

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "DIB", "TIFF", "HEIF", "AVIF")
"""Decoders that may run. Others of Pillow (EPS starts Ghostscript) never see a user's file."""

_PLUGINS = (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)  # imported by name: Pillow would load them at the first picture, in several threads at once

SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".apng", ".webp", ".gif", ".bmp", ".dib"}
    | {".tif", ".tiff", ".heic", ".heif", ".hif", ".avif"}
)
"""Names under which pictures of these formats are found, in lower case."""

MAX_PIXELS = 250_000_000
"""Larger pictures are refused: today's largest phone sensors give 200 million pixels."""

MAX_BYTES = 1 << 30
"""Larger files are refused before they are read."""

LARGE_PIXELS = 50_000_000
_one_large_at_a_time = threading.Lock()

# Pillow raises above twice this value, and that is the limit stated above.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2
warnings.simplefilter("ignore", Image.DecompressionBombWarning)
# A damaged EXIF block is no news to the user, and Pillow's warning would not name the file.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")
# Programs keep megabytes of settings in a PNG's text; that is no reason to refuse the picture.
PngImagePlugin.MAX_TEXT_CHUNK = PngImagePlugin.MAX_TEXT_MEMORY
pillow_heif.register_heif_opener()


@dataclass(frozen=True)
class Picture:
    """A decoded picture.

    Attributes:
        image: upright, mode RGB, sRGB; may be smaller than the original.
        width: pixels of the original when upright.
        height: pixels of the original when upright.
        blocks: what cameras and photo programs wrote into it.
    """

    image: Image.Image
    width: int
    height: int
    blocks: Blocks = field(default_factory=Blocks)


class ImageError(Exception):
    """A picture that cannot be used; the message is a reason a user understands."""


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """The file's content.

    Raises:
        ImageError: not a regular file, empty, too large, or not readable.
    """
    file = Path(path)
    try:
        if not file.is_file():
            raise ImageError("not a regular file" if file.exists() else "no such file")
        size = file.stat().st_size
        if size > MAX_BYTES:
            raise ImageError(f"file of {size / 2**20:.0f} MB; the limit is {MAX_BYTES >> 20} MB")
        content = file.read_bytes()
    except PermissionError:
        raise ImageError("permission denied") from None
    except OSError as error:
        raise ImageError(f"cannot be read: {error.strerror or error}") from error
    if not content:
        raise ImageError("empty file (0 bytes)")
    return content


def decode(source: ImageSource, at_least: int | None = None) -> Picture:
    """Any picture as upright sRGB.

    Args:
        source: a path, the bytes of a file, or a Pillow image (which is left as it is).
        at_least: both sides of the result need no more pixels than this, so that a much larger
            picture may be decoded smaller. None decodes in full.

    Raises:
        ImageError: the picture cannot or must not be decoded.
    """
    if isinstance(source, Image.Image):
        return _decode_open(_copy(source), at_least)
    content = source if isinstance(source, bytes) else read_bytes(source)
    if not content:
        raise ImageError("empty file (0 bytes)")
    try:
        image = Image.open(BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise _too_large(int(next(iter(re.findall(r"\d+", str(error))), 0))) from None
    except UnidentifiedImageError:
        raise ImageError(_why_unidentified(content)) from None
    except Exception as error:
        raise ImageError(f"damaged: {_sentence(error)}") from error
    with image:
        return _decode_open(image, at_least)


def read_blocks(path: str | os.PathLike[str]) -> Blocks | None:
    """What was written into a picture, without decoding it; None if there is no such file."""
    try:
        if not Path(path).is_file():
            return None
        with Image.open(path, formats=FORMATS) as image:
            return blocks_of(image)
    except Exception:  # as in `decode`; who asks wants to know nothing else
        return Blocks()


def _copy(image: Image.Image) -> Image.Image:
    try:
        return image.copy()  # an image that was opened, but not loaded, is decoded here
    except Exception as error:
        raise ImageError(f"damaged: {_sentence(error)}") from error


def _decode_open(image: Image.Image, at_least: int | None) -> Picture:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise _too_large(width * height)
    try:
        if at_least is not None and image.format in ("JPEG", "MPO"):
            mode = image.mode if image.mode in ("L", "RGB") else None  # CMYK keeps its inks
            image.draft(mode, (at_least, at_least))
        pixels = image.size[0] * image.size[1]
        # A few huge pictures decoded side by side would not fit into memory.
        with _one_large_at_a_time if pixels > LARGE_PIXELS else nullcontext():
            # A TIFF's tags are gone once it is loaded; a PNG's may come after its pixels.
            blocks = blocks_of(image) if image.format == "TIFF" else None
            image.load()
            blocks = blocks or blocks_of(image)
            profile = image.info.get("icc_profile")
            if blocks.exif.get(ExifTags.Base.Orientation) in (5, 6, 7, 8):
                width, height = height, width
            image = _upright(_shrink(image, at_least))
            return Picture(to_srgb(image, profile), width, height, blocks)
    except ImageError:
        raise
    except MemoryError:
        raise ImageError(f"not enough memory for {width} x {height} pixels") from None
    except Exception as error:  # decoders raise anything: OSError, SyntaxError, struct.error, ...
        raise ImageError(f"damaged: {_sentence(error)}") from error


def _shrink(image: Image.Image, at_least: int | None) -> Image.Image:
    """Average whole blocks of pixels as far as both sides stay at or above `at_least`."""
    if at_least is None or image.mode not in ("L", "LA", "RGB", "RGBA", "CMYK"):
        return image
    factor = min(image.size) // at_least
    return image.reduce(factor) if factor >= 2 else image


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # a damaged EXIF block says nothing about the pixels
        return image


def _too_large(pixels: int) -> ImageError:
    return ImageError(
        f"too large: {pixels // 10**6} megapixels; the limit is {MAX_PIXELS // 10**6}"
    )


def _why_unidentified(content: bytes) -> str:
    head = content[:512]
    if head.lstrip()[:5].lower() in (b"<?xml", b"<svg ", b"<html", b"<!doc"):
        return "not a picture: the content is markup (SVG, HTML or XML)"
    if head.isascii() and b"\0" not in head:
        return "not a picture: the content is text"
    return "not a picture in a known format, or damaged at its start"


def _sentence(error: BaseException) -> str:
    return str(error) or type(error).__name__
