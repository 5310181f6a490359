"""Any Pillow mode and ICC profile -> 8-bit sRGB in mode RGB, alpha laid over white."""

from io import BytesIO

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms

Values = npt.NDArray[np.float32]

_SRGB = ImageCms.createProfile("sRGB")
_WHITE = (255, 255, 255, 255)


def to_srgb(image: Image.Image, icc_profile: bytes | None) -> Image.Image:
    """A picture of any mode as RGB.

    Args:
        image: loaded picture.
        icc_profile: the embedded profile, or None; a damaged or unfit one is ignored, as
            viewers do.
    """
    image = _to_8_bit(image)
    if image.mode == "P" or (image.mode in ("L", "RGB") and "transparency" in image.info):
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    if image.mode in ("PA", "LA", "La", "RGBa"):
        image = image.convert("RGBA")
    if icc_profile:
        image = _apply_profile(image, icc_profile)
    if image.mode == "RGBA":
        backdrop = Image.new("RGBA", image.size, _WHITE)
        image = Image.alpha_composite(backdrop, image)
    return image if image.mode == "RGB" else image.convert("RGB")


def _to_8_bit(image: Image.Image) -> Image.Image:
    """Pillow's own conversion clips 16-bit grey to white; scale by range instead."""
    if image.mode != "F" and not image.mode.startswith("I"):
        return image
    values: Values = np.asarray(image, dtype=np.float32)
    finite = np.isfinite(values)
    low, high = 0.0, 0.0
    if finite.any():
        low = float(values.min(where=finite, initial=np.inf))
        high = float(values.max(where=finite, initial=-np.inf))
    values = np.nan_to_num(values, nan=low, posinf=high, neginf=low)
    if image.mode == "F":
        # Floats have no stated range: [0, 1] and [0, 255] are usual, the rest is stretched.
        if low < 0 or high > 255:
            values = _stretched(values, low, high)
        elif high <= 1:
            values = values * np.float32(255)
    elif low < 0 or high > 65535:
        values = _stretched(values, low, high)
    else:
        values = values / np.float32(257)
    return Image.fromarray(np.rint(values).astype(np.uint8))


def _stretched(values: Values, low: float, high: float) -> Values:
    """[low, high] to [0, 255]; halved first, as the range may exceed the largest float32."""
    halves = values * np.float32(0.5)
    halves -= np.float32(low / 2)
    halves *= np.float32(255 / max(high / 2 - low / 2, 1e-12))
    return halves


def _apply_profile(image: Image.Image, icc_profile: bytes) -> Image.Image:
    if image.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return image
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(icc_profile))
        if image.mode == "RGBA":
            colours = ImageCms.profileToProfile(
                image.convert("RGB"), source, _SRGB, outputMode="RGB"
            )
            if colours is not None:
                colours.putalpha(image.getchannel("A"))
            return colours or image
        converted = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
        return converted or image
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image
