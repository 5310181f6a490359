"""Where the words match, laid over a thumbnail."""

from io import BytesIO
from pathlib import Path

from PIL import Image

from engine import HeatMap

_HOT = (255, 60, 0)
_COVER = 0.65  # at most


def overlaid(thumbnail: Path, found: HeatMap) -> bytes:
    """The thumbnail as JPEG: what matches in colour, the rest darker and grey."""
    with Image.open(thumbnail) as image:
        picture = image.convert("RGB")
    mask = found.mask(*picture.size)
    dull = Image.blend(picture.convert("L").convert("RGB"), Image.new("RGB", picture.size), 0.35)
    shown = Image.composite(picture, dull, mask)
    hot = Image.blend(picture, Image.new("RGB", picture.size, _HOT), 0.3)
    shown.paste(hot, mask=mask.point(lambda level: int(level * _COVER)))
    stream = BytesIO()
    shown.save(stream, "JPEG", quality=85)
    return stream.getvalue()
