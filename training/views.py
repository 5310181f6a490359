"""Altered copies of a training picture, so that a small data set goes further."""

import random

from PIL import Image, ImageEnhance

VIEWS = 6
FLIPPED = (False, True, False, True, False, True)  # views 0 and 1 are whole, the rest are crops


def view(image: Image.Image, index: int, source: random.Random) -> Image.Image:
    """View `index` of `image`: 0 as it is, 1 mirrored, later ones cropped and re-lit."""
    if index >= 2:
        image = relight(crop(image, source), source)
    if FLIPPED[index]:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return image


def crop(image: Image.Image, source: random.Random, smallest: float = 0.6) -> Image.Image:
    """A window of `smallest` to all of the area, its shape at most a fifth off."""
    area = source.uniform(smallest, 1.0)
    shape = source.uniform(0.8, 1.25) ** 0.5
    width = min(image.width, round(image.width * area**0.5 * shape))
    height = min(image.height, round(image.height * area**0.5 / shape))
    left = source.randint(0, image.width - width)
    top = source.randint(0, image.height - height)
    return image.crop((left, top, left + width, top + height))


def relight(image: Image.Image, source: random.Random, amount: float = 0.12) -> Image.Image:
    """Brightness, contrast and saturation each a little off; colour names stay true."""
    for enhance in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
        image = enhance(image).enhance(source.uniform(1 - amount, 1 + amount))
    return image
