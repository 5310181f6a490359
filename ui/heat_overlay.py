"""Where the words match, laid over a thumbnail."""

from io import BytesIO
from pathlib import Path

from PIL import Image

from engine import HeatMap

_DARK = 0.45  # how far the rest is put back
_EVEN = 0.25  # differences below it are little more than noise


def overlaid(thumbnail: Path, found: HeatMap) -> bytes:
    """The thumbnail as JPEG: what matches as it is, the rest grey and darker."""
    with Image.open(thumbnail) as image:
        picture = image.convert("RGB")
    low, high = float(found.values.min()), float(found.values.max())
    shown = (found.values - low) / max(high - low, _EVEN) * min(1.0, 2 * high)
    mask = HeatMap(shown).mask(*picture.size)
    grey = picture.convert("L").convert("RGB")
    dull = Image.blend(grey, Image.new("RGB", picture.size), _DARK)
    stream = BytesIO()
    Image.composite(picture, dull, mask).save(stream, "JPEG", quality=85)
    return stream.getvalue()
