"""Made copies of a library's own pictures: how alike the model finds a picture and its copy."""

from collections.abc import Callable, Iterable
from io import BytesIO

import numpy as np
from PIL import Image, ImageEnhance

from engine.encoder import Encoder
from engine.query.scores.statistics import Vector

MISSED = 0.01
"""Share of the made copies that the threshold lets pass."""

_TOLD = 16  # pictures between two reports


def made_copies(image: Image.Image) -> list[Image.Image]:
    """What happens to pictures on their way: sent small, saved again, trimmed, brightened."""
    width, height = image.size
    half = image.resize((max(1, width // 2), max(1, height // 2)), Image.Resampling.BICUBIC)
    x, y = round(0.015 * width), round(0.015 * height)
    trimmed = image.crop((x, y, width - x, height - y))
    brighter = ImageEnhance.Brightness(image).enhance(1.2)
    return [_saved(half, 85), _saved(image, 40), _saved(trimmed, 85), _saved(brighter, 85)]


def calibrated_threshold(
    encoder: Encoder,
    pictures: Iterable[tuple[Image.Image, Vector]],
    tell: Callable[[int], None],
) -> float | None:
    """The cosine that all but `MISSED` of the made copies reach.

    Args:
        encoder: the library's model.
        pictures: pictures of the library, and their stored vectors.
        tell: called with how many pictures are done.

    Returns:
        The threshold; None without pictures.
    """
    cosines: list[float] = []
    for done, (image, stored) in enumerate(pictures, 1):
        cosines.extend((encoder.encode_images(made_copies(image)) @ stored).tolist())
        if done % _TOLD == 0:
            tell(done)
    return float(np.quantile(cosines, MISSED)) if cosines else None


def _saved(image: Image.Image, quality: int) -> Image.Image:
    stream = BytesIO()
    image.save(stream, "JPEG", quality=quality)
    return Image.open(BytesIO(stream.getvalue())).convert("RGB")
