"""A folder of the files that break picture software, drawn on the spot."""

import os
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image, PngImagePlugin
from vs_drawing import SIZE, draw, encode
from vs_profile import wide_gamut_profile

ORIENTATION = 0x0112
TO_STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""EXIF orientation to the turn that a camera held so makes of the upright picture."""


@dataclass
class AwkwardFolder:
    """What was drawn.

    Attributes:
        good: files that have to be found again by themselves.
        twins: files with the same picture as a good one, under another path.
        bad: files that have to be skipped, with a word that the reason must hold.
        ignored: files that are none of the engine's business.
    """

    folder: Path
    good: list[Path] = field(default_factory=list[Path])
    twins: list[Path] = field(default_factory=list[Path])
    bad: dict[Path, str] = field(default_factory=dict[Path, str])
    ignored: list[Path] = field(default_factory=list[Path])


def draw_awkward_folder(folder: Path) -> AwkwardFolder:
    """Fill a new folder; each good file has a picture of its own."""
    folder.mkdir(parents=True)
    awkward = AwkwardFolder(folder)
    for seed, (name, make) in enumerate(GOOD.items(), start=1000):
        path = Path(os.fsdecode(os.fsencode(folder) + b"/" + name))
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(make(draw(seed)))
        awkward.good.append(path)
    for name, (content, reason) in _damaged().items():
        (folder / name).write_bytes(content)
        awkward.bad[folder / name] = reason
    _add_what_is_no_plain_file(awkward)
    return awkward


def turned(upright: Image.Image, orientation: int, kind: str = "JPEG", **options: object) -> bytes:
    """A file that shows `upright` once its EXIF orientation is obeyed."""
    stored = upright.transpose(TO_STORED[orientation]) if orientation in TO_STORED else upright
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return encode(stored, kind, exif=exif, **options)


def jpeg(image: Image.Image, **options: object) -> bytes:
    return encode(image, "JPEG", quality=92, **options)


def heic(image: Image.Image) -> bytes:
    stream = BytesIO()
    pillow_heif.from_pillow(image).save(stream, quality=90)
    return stream.getvalue()


def rgb_png_16(image: Image.Image) -> bytes:
    """A 16-bit RGB PNG, which Pillow can read but not write."""
    values = np.asarray(image.convert("RGB"), dtype=np.uint16) * 257
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    return _png(image.size, depth=16, colour=2, rows=zlib.compress(rows))


def bomb_png(side: int) -> bytes:
    """A small file of `side` x `side` black pixels, one bit each."""
    packer = zlib.compressobj(9)
    row = b"\0" * (1 + -(-side // 8))
    rows = b"".join(packer.compress(row * 100) for _ in range(side // 100)) + packer.flush()
    return _png((side, side), depth=1, colour=0, rows=rows)


def grey_png_16(image: Image.Image) -> bytes:
    values = np.asarray(image.convert("L"), dtype=np.uint16) * 257
    return encode(Image.fromarray(values))


def without_adobe_marker(content: bytes) -> bytes:
    """A JPEG without its APP14 segment."""
    start = content.index(b"\xff\xee")
    length = int.from_bytes(content[start + 2 : start + 4], "big")
    return content[:start] + content[start + 2 + length :]


def commented_jpeg(image: Image.Image) -> bytes:
    """A JPEG behind 2 MB of comments and a full EXIF block."""
    content = jpeg(image, exif=b"Exif\0\0" + b"II*\0\x08\0\0\0\0\0" + b"\0" * 60_000)
    comment = b"\xff\xfe" + struct.pack(">H", 65_535) + b"x" * 65_533
    return content[:2] + comment * 32 + content[2:]


def commented_png(image: Image.Image) -> bytes:
    """A PNG with two megabytes of compressed text, as some programs store their settings."""
    text = PngImagePlugin.PngInfo()
    text.add_text("workflow", "x" * 2_000_000, zip=True)
    return encode(image, pnginfo=text)


def _transparent(image: Image.Image) -> Image.Image:
    alpha = Image.new("L", image.size, 255)
    alpha.paste(90, (0, 0, image.width // 3, image.height))
    alpha.paste(0, (0, 0, image.width // 3, image.height // 3))
    image = image.copy()
    image.putalpha(alpha)
    return image


def _palette_transparent(image: Image.Image) -> bytes:
    return encode(image.quantize(64), transparency=3)


def _animation(image: Image.Image, kind: str, **options: object) -> bytes:
    others = [draw(seed, image.size) for seed in (1, 2)]
    return encode(image, kind, save_all=True, append_images=others, **options)


def _float_tiff(image: Image.Image) -> bytes:
    return encode(Image.fromarray(np.asarray(image.convert("L"), dtype=np.float32) / 255), "TIFF")


def _with_damaged_exif(image: Image.Image) -> bytes:
    return jpeg(image, exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\x01\x12\xff\xff" * 9)


def _png(size: tuple[int, int], depth: int, colour: int, rows: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def _pixel(image: Image.Image) -> bytes:
    return encode(image.resize((1, 1)))


def _strip(image: Image.Image) -> bytes:
    return encode(image.resize((1, 5000)))


Maker = Callable[[Image.Image], bytes]
GOOD: dict[bytes, Maker] = {
    b"cmyk.jpg": lambda image: jpeg(image.convert("CMYK")),
    b"cmyk no marker.jpg": lambda image: without_adobe_marker(jpeg(image.convert("CMYK"))),
    b"grey 16 bit.png": grey_png_16,
    b"rgb 16 bit.png": rgb_png_16,
    b"palette transparent.png": _palette_transparent,
    b"rgba.png": lambda image: encode(_transparent(image)),
    b"grey alpha.png": lambda image: encode(_transparent(image).convert("LA")),
    b"one bit.png": lambda image: encode(image.convert("1")),
    b"animated.gif": lambda image: _animation(image, "GIF"),
    b"animated.webp": lambda image: _animation(image, "WEBP", lossless=True),
    b"animated.png": lambda image: _animation(image, "PNG"),
    b"pages.tif": lambda image: _animation(image, "TIFF"),
    b"float.tif": _float_tiff,
    b"lzw.tiff": lambda image: encode(image, "TIFF", compression="tiff_lzw"),
    b"cmyk.tif": lambda image: encode(image.convert("CMYK"), "TIFF"),
    b"lab.tif": lambda image: encode(image.convert("LAB"), "TIFF"),
    b"plain.bmp": lambda image: encode(image, "BMP"),
    b"phone.heic": heic,
    b"modern.avif": lambda image: encode(image, "AVIF"),
    b"progressive.jpg": lambda image: jpeg(image, progressive=True),
    b"wide gamut.jpg": lambda image: jpeg(image, icc_profile=wide_gamut_profile()),
    b"damaged profile.jpg": lambda image: jpeg(image, icc_profile=wide_gamut_profile()[:90]),
    b"damaged exif.jpg": _with_damaged_exif,
    b"stereo.mpo": lambda image: _animation(image, "MPO", quality=92),
    b"comments.jpg": commented_jpeg,
    b"comments.png": commented_png,
    b"really a png.jpg": encode,
    b"UPPER.JPG": jpeg,
    b"one pixel.png": _pixel,
    b"strip.png": _strip,
    b"line\nbreak.png": encode,
    "emoji \N{CAMERA WITH FLASH}.png".encode(): encode,
    b'it\'s "quoted" [red]$(x).png': encode,
    b"not utf-8 \xff\xe9.png": encode,
    b"n" * 246 + b".png": encode,
    b"-k.png": encode,
    b"folder.jpg/inside.png": encode,
}
for _value in range(1, 9):
    GOOD[b"turned %d.jpg" % _value] = lambda image, value=_value: turned(image, value, quality=92)


def _damaged() -> dict[str, tuple[bytes, str]]:
    photo, drawing = jpeg(draw(1, (640, 480))), encode(draw(2, (640, 480)))
    return {
        "half.jpg": (photo[: len(photo) // 2], "truncated"),
        "half.png": (drawing[: len(drawing) // 2], "truncated"),
        "zero.jpg": (b"", "empty"),
        "text.jpg": (b"Dear diary,\nno picture today.\n", "text"),
        "page.png": (b"<!DOCTYPE html><html><body>404</body></html>", "markup"),
        "drawing.png": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "markup"),
        "noise.webp": (bytes(range(256)) * 9, "not a picture"),
        "bomb.png": (bomb_png(30_000), "900 megapixels"),
        "bomb header.png": (_png((30_000, 30_000), 8, 2, b""), "900 megapixels"),
    }


def _add_what_is_no_plain_file(awkward: AwkwardFolder) -> None:
    folder = awkward.folder
    (folder / "locked.png").write_bytes(encode(draw(3)))
    (folder / "locked.png").chmod(0)
    awkward.bad[folder / "locked.png"] = "permission denied"
    os.mkfifo(folder / "pipe.jpg")
    awkward.bad[folder / "pipe.jpg"] = "not a regular file"
    (folder / "broken link.jpg").symlink_to("nowhere.jpg")
    awkward.bad[folder / "broken link.jpg"] = "No such file"
    (folder / "link to itself.jpg").symlink_to("link to itself.jpg")
    awkward.bad[folder / "link to itself.jpg"] = "symbolic links"
    (folder / "round").symlink_to(folder, target_is_directory=True)
    (folder / "link.bmp").symlink_to("plain.bmp")
    awkward.twins.append(folder / "link.bmp")
    (folder / ".hidden.png").write_bytes(encode(draw(4)))
    (folder / "notes.txt").write_bytes(b"nothing to see")
    awkward.ignored += [folder / ".hidden.png", folder / "notes.txt"]


assert SIZE[0] != SIZE[1], "a square picture would not show that it lies on its side"
