"""The pixels the default model is trained on: the engine's own, by the default model's rules."""

import numpy as np
from PIL import Image

from engine.encoder.manifest import PixelRules
from engine.encoder.pixels import prepare
from export.networks.sizes import VisionSizes

SIZE = VisionSizes().image_size
MEAN = 0.5
STD = 0.5
RULES = PixelRules(SIZE, SIZE, "squash", "bicubic", (MEAN,) * 3, (STD,) * 3)


def to_pixels(image: Image.Image) -> np.ndarray:
    """float32 [3, SIZE, SIZE] in [-1, 1] of a picture in any mode."""
    return prepare(image.convert("RGB"), RULES)
