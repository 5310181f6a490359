"""A checkpoint's own preprocessing files -> the rules of `model.json`. Pure functions on JSON."""

import json
from math import isqrt
from typing import Any

from tokenizers import Tokenizer

from engine.encoder.manifest import Interpolation, Padding, PixelRules, TextRules
from export.errors import ExportError

_INTERPOLATIONS: dict[int, Interpolation] = {
    0: "nearest",
    1: "lanczos",
    2: "bilinear",
    3: "bicubic",
}
"""Pillow's resampling codes, as far as the engine knows them."""

_SHORTEST_EDGE = {"CLIP", "ChineseCLIP", "ConvNext", "Bit"}
_SQUARE = {"Siglip", "Siglip2", "ViT", "EfficientNet", "Blip", "DeiT"}
"""What a bare number means as `size`, by image processor."""

_CROP_PCT_BELOW = 384  # ConvNext takes larger pictures whole
_ENDLESS = 1_000_000  # transformers writes 1e30 where a tokenizer sets no limit

Box = tuple[int, int]
"""Height and width in pixels."""


def pixel_rules(config: dict[str, Any], image_size: int | Box) -> PixelRules:
    """How pictures are prepared.

    Args:
        config: contents of `preprocessor_config.json`.
        image_size: side, or height and width, in pixels of what the vision tower takes.

    Raises:
        ExportError: the engine cannot prepare pictures that way; names the field.
    """
    for name in ("do_resize", "do_rescale"):
        if not config.get(name, True):
            raise _refuse(config, name, "pictures have to be resized and scaled to [0, 1]")
    for name in ("do_pad", "do_flip_channel_order"):
        if config.get(name):
            raise _refuse(config, name, "the engine does not do that")
    filter_ = config.get("resample", 3)
    if not isinstance(filter_, int) or filter_ not in _INTERPOLATIONS:
        raise _refuse(config, "resample", f"known are the codes {sorted(_INTERPOLATIONS)}")
    box, edge = _geometry(config)
    wanted = (image_size, image_size) if isinstance(image_size, int) else image_size
    cropped = edge is not None or centre_crop(config) is not None
    if box != wanted:
        name = "crop_size" if cropped and "crop_size" in config else "size"
        raise _refuse(config, name, f"the vision tower takes {wanted[0]} x {wanted[1]}")
    mean, std = _normalisation(config)
    return PixelRules(
        width=box[1],
        height=box[0],
        resize="squash" if edge is None else "crop",
        interpolation=_INTERPOLATIONS[filter_],
        mean=mean,
        std=std,
        edge=None if edge == min(box) else edge,
        crop_rounding="down",
    )


def centre_crop(config: dict[str, Any]) -> Box | None:
    """What is cut out of the middle of a squashed picture; the engine leaves that to the graph."""
    size, crop = _size(config), _crop(config)
    return crop if size is not None and crop is not None and crop != size else None


def text_rules(
    tokenizer: dict[str, Any],
    tokenizer_config: dict[str, Any],
    context_length: int,
    padding: Padding = "longest",
) -> TextRules:
    """How texts are prepared.

    Lower-casing is the tokenizer's own work, unless `do_lower_case` asks for what its normaliser
    does not do (Gemma's, as SigLIP 2 uses it).

    Args:
        tokenizer: contents of `tokenizer.json`.
        tokenizer_config: contents of `tokenizer_config.json`, which names the padding token.
        context_length: longest text that the text tower takes, in tokens.
        padding: see `TextRules`.

    Raises:
        ExportError: there is no padding token, or it has no id.
    """
    token = tokenizer_config.get("pad_token")
    text = token.get("content") if isinstance(token, dict) else token
    pad_id = _token_id(tokenizer, text) if isinstance(text, str) else None
    if pad_id is None:
        raise ExportError(f"tokenizer_config.json: 'pad_token' is {text!r}, which has no id")
    limit = tokenizer_config.get("model_max_length") or _ENDLESS
    if not isinstance(limit, int | float):
        raise ExportError(
            f"tokenizer_config.json: field 'model_max_length' is {limit!r}: expected a number"
        )
    return TextRules(
        context_length=min(context_length, int(min(limit, _ENDLESS))),
        padding=padding,
        pad_id=pad_id,
        lowercase=bool(tokenizer_config.get("do_lower_case")) and not _lowers(tokenizer),
        prompt="{}",
    )


def bare_tokenizer(tokenizer: dict[str, Any]) -> str:
    """`tokenizer.json` without padding and truncation, which `model.json` decides."""
    return json.dumps({**tokenizer, "padding": None, "truncation": None}, ensure_ascii=False)


def _token_id(tokenizer: dict[str, Any], text: str) -> int | None:
    for added in tokenizer.get("added_tokens", []):
        if added["content"] == text:
            return int(added["id"])
    vocabulary = tokenizer.get("model", {}).get("vocab", {})
    if isinstance(vocabulary, list):  # unigrams: pairs of piece and score
        vocabulary = {piece: number for number, (piece, _) in enumerate(vocabulary)}
    return vocabulary.get(text)


def _lowers(tokenizer: dict[str, Any]) -> bool:
    try:
        normaliser = Tokenizer.from_str(json.dumps(tokenizer)).normalizer
    except Exception as error:  # the library raises bare Exception
        raise ExportError(f"tokenizer.json: not a tokenizer: {error}") from error
    return normaliser is not None and "A" not in normaliser.normalize_str("A")


def _kind(config: dict[str, Any]) -> str:
    """The image processor without the endings that its name had over time."""
    names = ("image_processor_type", "feature_extractor_type")
    name = next((config[name] for name in names if config.get(name)), "CLIPImageProcessor")
    kind = str(name)
    for ending in ("Fast", "Pil", "ImageProcessor", "FeatureExtractor"):
        kind = kind.removesuffix(ending)
    if kind not in _SHORTEST_EDGE | _SQUARE:
        known = ", ".join(sorted(f"{kind}ImageProcessor" for kind in _SHORTEST_EDGE | _SQUARE))
        raise _refuse({names[0]: name}, names[0], f"known are: {known}")
    return kind


def _geometry(config: dict[str, Any]) -> tuple[Box, int | None]:
    """The prepared picture, and to how many pixels its shortest edge is scaled before the crop.

    None stands for no crop: the aspect ratio is ignored.
    """
    squashed, crop = _size(config), _crop(config)
    if squashed is not None:
        return squashed, None
    edge = config["size"]
    edge = edge["shortest_edge"] if isinstance(edge, dict) else edge
    if _kind(config) == "ConvNext":
        return (edge, edge), int(edge / _positive(config, "crop_pct", 224 / 256))
    if crop is None:
        raise _refuse(config, "size", "without a crop, pictures keep different shapes")
    if max(crop) > edge:
        raise _refuse(config, "crop_size", f"larger than the shortest edge of {edge}")
    return crop, edge


def _size(config: dict[str, Any]) -> Box | None:
    """The size that pictures are squashed to; None where their shortest edge is scaled."""
    kind = _kind(config)
    if kind == "Siglip2":  # takes any grid of so many patches; we take the square one
        side = isqrt(_count(config, "max_num_patches", config.get("max_num_patches")))
        side *= _count(config, "patch_size", config.get("patch_size"))
        return side, side
    size = config.get("size")
    if isinstance(size, int):
        size = {"shortest_edge": size} if kind in _SHORTEST_EDGE else _box(size)
    if isinstance(size, dict) and set(size) == {"height", "width"}:
        height, width = (_count(config, "size", size[side]) for side in ("height", "width"))
        return height, width
    if isinstance(size, dict) and set(size) == {"shortest_edge"}:
        edge = _count(config, "size", size["shortest_edge"])
        return (edge, edge) if kind == "ConvNext" and edge >= _CROP_PCT_BELOW else None
    raise _refuse(config, "size", "expected a shortest edge, or height and width")


def _crop(config: dict[str, Any]) -> Box | None:
    crop = config.get("crop_size")
    if not config.get("do_center_crop", crop is not None) or _kind(config) == "ConvNext":
        return None
    crop = _box(crop) if isinstance(crop, int) else crop
    if not isinstance(crop, dict) or set(crop) != {"height", "width"}:
        raise _refuse(config, "crop_size", "expected height and width")
    height, width = (_count(config, "crop_size", crop[side]) for side in ("height", "width"))
    return height, width


def _box(side: int) -> dict[str, int]:
    return {"height": side, "width": side}


def _normalisation(
    config: dict[str, Any],
) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Mean and standard deviation as of values in [0, 1], with other scales folded in.

    EfficientNet's processor gives `value * rescale_factor - 1`, which it may normalise, and divide
    by the standard deviation once more.
    """
    scale = 255 * _positive(config, "rescale_factor", 1 / 255)
    scale = 1.0 if abs(scale - 1) < 1e-6 else scale
    offset = 1.0 if config.get("rescale_offset") else 0.0
    normalise, again = config.get("do_normalize", True), config.get("include_top", False)
    mean = _three(config, "image_mean") if normalise else (0.0, 0.0, 0.0)
    std = _three(config, "image_std") if normalise else (1.0, 1.0, 1.0)
    if min(std) <= 0:
        raise _refuse(config, "image_std", "expected three numbers larger than 0")
    last = _three(config, "image_std") if again else (1.0, 1.0, 1.0)
    first, second, third = ((offset + value) / scale for value in mean)
    spread = [value * other / scale for value, other in zip(std, last, strict=True)]
    return (first, second, third), (spread[0], spread[1], spread[2])


def _count(config: dict[str, Any], name: str, value: object) -> int:
    """A value of field `name`, which has to be a count."""
    if not isinstance(value, int) or value < 1:
        raise _refuse(config, name, "expected whole numbers larger than 0")
    return value


def _positive(config: dict[str, Any], name: str, default: float) -> float:
    value = config.get(name, default)
    if not isinstance(value, int | float) or value <= 0:
        raise _refuse(config, name, "expected a number larger than 0")
    return value


def _three(config: dict[str, Any], name: str) -> tuple[float, float, float]:
    values = config.get(name)
    if (
        not isinstance(values, list | tuple)
        or len(values) != 3
        or not all(isinstance(value, int | float) for value in values)
    ):
        raise _refuse(config, name, "expected three numbers")
    return (float(values[0]), float(values[1]), float(values[2]))


def _refuse(config: dict[str, Any], name: str, why: str) -> ExportError:
    return ExportError(f"preprocessor_config.json: field '{name}' is {config.get(name)!r}: {why}")
