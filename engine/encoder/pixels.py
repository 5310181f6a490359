"""An upright RGB picture -> the vision tower's input, by the model's own rules."""

import numpy as np
import numpy.typing as npt
from PIL import Image

from engine.encoder.manifest import PixelRules

_FILTERS = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}


def prepare(image: Image.Image, rules: PixelRules) -> npt.NDArray[np.float32]:
    """Resize and normalise.

    Args:
        image: mode RGB.
        rules: `squash` ignores the aspect ratio, `crop` scales the shortest edge (to `edge`
            pixels) and cuts the centre out (the CLIP reference transform), `pad` fits the longest
            edge on the mean colour.

    Returns:
        float32 [3, height, width]: `(value / 255 - mean) / std`.
    """
    resized = _RESIZERS[rules.resize](image, rules)
    values = np.asarray(resized, dtype=np.float32)
    mean = np.asarray(rules.mean, dtype=np.float32) * 255
    std = np.asarray(rules.std, dtype=np.float32) * 255
    return np.ascontiguousarray(((values - mean) / std).transpose(2, 0, 1))


def _squash(image: Image.Image, rules: PixelRules) -> Image.Image:
    return image.resize((rules.width, rules.height), _FILTERS[rules.interpolation])


def _crop(image: Image.Image, rules: PixelRules) -> Image.Image:
    width, height = _size_before_crop(image, rules)
    resized = image.resize((width, height), _FILTERS[rules.interpolation])
    left = _half(width - rules.width, rules)
    top = _half(height - rules.height, rules)
    return resized.crop((left, top, left + rules.width, top + rules.height))


def _size_before_crop(image: Image.Image, rules: PixelRules) -> tuple[int, int]:
    """The long edge is truncated, as transformers and torchvision do."""
    width, height = image.size
    if rules.edge is not None:
        short = min(image.size)
        return rules.edge * width // short, rules.edge * height // short
    if rules.width * height >= rules.height * width:
        return rules.width, height * rules.width // width
    return width * rules.height // height, rules.height


def _half(cut_off: int, rules: PixelRules) -> int:
    return cut_off // 2 if rules.crop_rounding == "down" else round(cut_off / 2)


def _pad(image: Image.Image, rules: PixelRules) -> Image.Image:
    scale = min(rules.width / image.width, rules.height / image.height)
    width = max(1, round(image.width * scale))
    height = max(1, round(image.height * scale))
    red, green, blue = (round(value * 255) for value in rules.mean)
    canvas = Image.new("RGB", (rules.width, rules.height), (red, green, blue))
    resized = image.resize((width, height), _FILTERS[rules.interpolation])
    canvas.paste(resized, ((rules.width - width) // 2, (rules.height - height) // 2))
    return canvas


_RESIZERS = {"squash": _squash, "crop": _crop, "pad": _pad}
