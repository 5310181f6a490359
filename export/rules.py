"""A checkpoint's own preprocessing files -> the rules of `model.json`. Pure functions on JSON."""

import json
from typing import Any

from engine.encoder.manifest import Interpolation, PixelRules, TextRules
from export.errors import ExportError

_INTERPOLATIONS: dict[int, Interpolation] = {
    0: "nearest",
    1: "lanczos",
    2: "bilinear",
    3: "bicubic",
}
"""Pillow's resampling codes, as far as the engine knows them."""

_BYTE = 1 / 255


def pixel_rules(config: dict[str, Any], image_size: int) -> PixelRules:
    """How pictures are prepared.

    Args:
        config: contents of `preprocessor_config.json`.
        image_size: side in pixels that the vision tower takes.

    Raises:
        ExportError: the engine cannot prepare pictures that way; names the field.
    """
    if not config.get("do_resize", True):
        raise _refuse("do_resize", False, "pictures must be resized")
    if not config.get("do_rescale", True):
        raise _refuse("do_rescale", False, "values must be scaled by 1/255")
    factor = config.get("rescale_factor", _BYTE)
    if abs(factor - _BYTE) > 1e-6:
        raise _refuse("rescale_factor", factor, "values must be scaled by 1/255")
    code = config.get("resample", 3)
    if code not in _INTERPOLATIONS:
        raise _refuse("resample", code, f"known are the codes {sorted(_INTERPOLATIONS)}")
    normalise = config.get("do_normalize", True)
    squash = _squashes(config, image_size)
    return PixelRules(
        width=image_size,
        height=image_size,
        resize="squash" if squash else "crop",
        interpolation=_INTERPOLATIONS[code],
        mean=_three(config, "image_mean") if normalise else (0.0, 0.0, 0.0),
        std=_three(config, "image_std") if normalise else (1.0, 1.0, 1.0),
    )


def text_rules(
    tokenizer: dict[str, Any], tokenizer_config: dict[str, Any], context_length: int
) -> TextRules:
    """How texts are prepared. Lower-casing is left to the tokenizer's own normaliser.

    Args:
        tokenizer: contents of `tokenizer.json`.
        tokenizer_config: contents of `tokenizer_config.json`, which names the padding token.
        context_length: longest text that the text tower takes, in tokens.

    Raises:
        ExportError: there is no padding token, or it has no id.
    """
    token = tokenizer_config.get("pad_token")
    text = token.get("content") if isinstance(token, dict) else token
    ids = {added["content"]: added["id"] for added in tokenizer.get("added_tokens", [])}
    vocabulary = tokenizer.get("model", {}).get("vocab", {})
    pad_id = ids.get(text, vocabulary.get(text) if isinstance(vocabulary, dict) else None)
    if pad_id is None:
        raise ExportError(f"tokenizer_config.json: 'pad_token' is {text!r}, which has no id")
    return TextRules(
        context_length=context_length,
        padding="longest",
        pad_id=pad_id,
        lowercase=False,
        prompt="{}",
    )


def bare_tokenizer(tokenizer: dict[str, Any]) -> str:
    """`tokenizer.json` without padding and truncation, which `model.json` decides."""
    return json.dumps({**tokenizer, "padding": None, "truncation": None}, ensure_ascii=False)


def _squashes(config: dict[str, Any], image_size: int) -> bool:
    """Whether resizing ignores the aspect ratio; refuses what does not end in the right square."""
    square = {"height": image_size, "width": image_size}
    size = config.get("size", image_size)
    if isinstance(size, int):  # CLIP's older configs: the shortest edge
        size = {"shortest_edge": size}
    crop = config.get("crop_size", image_size) if config.get("do_center_crop", True) else None
    if isinstance(crop, int):
        crop = {"height": crop, "width": crop}
    if crop is not None and crop != square:
        raise _refuse("crop_size", crop, f"the vision tower takes {image_size} x {image_size}")
    if size == square:
        return True
    if size == {"shortest_edge": image_size} and crop is not None:
        return False
    raise _refuse(
        "size", size, f"expected a shortest edge of {image_size} with a crop, or a square of it"
    )


def _three(config: dict[str, Any], name: str) -> tuple[float, float, float]:
    values = config.get(name)
    if not isinstance(values, list) or len(values) != 3:
        raise _refuse(name, values, "expected three numbers")
    return (float(values[0]), float(values[1]), float(values[2]))


def _refuse(name: str, value: object, why: str) -> ExportError:
    return ExportError(f"preprocessor_config.json: field '{name}' is {value!r}: {why}")
