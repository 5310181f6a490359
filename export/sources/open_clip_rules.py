"""OpenCLIP's own settings -> the rules of `model.json`. Pure functions on JSON, no PyTorch."""

import string
from typing import Any

from engine.encoder.manifest import Interpolation, PixelRules, ResizeMode
from export.errors import ExportError

_MEAN = (0.48145466, 0.4578275, 0.40821073)
_STD = (0.26862954, 0.26130258, 0.27577711)
"""OpenCLIP's defaults, for settings that do not say: OpenAI's."""

_RESIZE: dict[str, ResizeMode] = {"shortest": "crop", "squash": "squash", "longest": "pad"}
_INTERPOLATION: dict[str, Interpolation] = {
    "bicubic": "bicubic",
    "bilinear": "bilinear",
    "random": "bicubic",  # random in training only
}
CLEANINGS = ("whitespace", "lower", "canonicalize")
_TYPOGRAPHY = {
    "[\u02bc\u2018-\u201b]": "'",
    "[\u201c-\u201f]": '"',
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb06": "st",
}
_PUNCTUATION = "".join(f"\\{mark}" for mark in string.punctuation if mark != "_")


def open_clip_pixels(settings: dict[str, Any], file: str) -> PixelRules:
    """How pictures are prepared.

    Args:
        settings: `preprocess_cfg`, or the contents of `preprocess_cfg.json`.
        file: where they are from, for messages.

    Raises:
        ExportError: the engine cannot prepare pictures that way; names the field.
    """
    height, width = _two(settings.get("size", 224), file)
    mode = settings.get("resize_mode") or "shortest"
    interpolation = settings.get("interpolation") or "bicubic"
    if mode not in _RESIZE:
        raise _refuse(file, "resize_mode", mode, f"known are {', '.join(_RESIZE)}")
    if interpolation not in _INTERPOLATION:
        raise _refuse(file, "interpolation", interpolation, f"known are {list(_INTERPOLATION)}")
    if settings.get("mode", "RGB") != "RGB":
        raise _refuse(file, "mode", settings["mode"], "only RGB is known")
    if mode == "shortest" and height != width:
        raise _refuse(file, "size", settings["size"], "only squares can be cut out of a picture")
    mean = _three(settings, "mean", _MEAN, file)
    fill = settings.get("fill_color", 0)
    if mode == "longest" and any(round(value * 255) != fill for value in mean):
        raise _refuse(file, "fill_color", fill, "margins can have the colour of 'mean' only")
    return PixelRules(
        width=width,
        height=height,
        resize=_RESIZE[mode],
        interpolation=_INTERPOLATION[interpolation],
        mean=mean,
        std=_three(settings, "std", _STD, file),
        crop_rounding="half_even",
    )


def with_cleaning(tokenizer: dict[str, Any], clean: str) -> dict[str, Any]:
    """A `tokenizer.json` that itself cleans texts as OpenCLIP does before its tokenizer.

    Of what OpenCLIP leaves to `ftfy`, this does the composed characters (NFC), straight quotes and
    Latin ligatures. It does not repair wrongly decoded text, undo HTML entities, narrow full-width
    letters or drop control characters; and a capital sigma becomes the same letter everywhere.

    Args:
        tokenizer: contents of `tokenizer.json`.
        clean: `whitespace`, `lower`, or `canonicalize`: no capitals, no punctuation.

    Raises:
        ExportError: `clean` is none of these.
    """
    if clean not in CLEANINGS:
        raise ExportError(
            f"tokenizer_kwargs: field 'clean' is {clean!r}; known are {', '.join(CLEANINGS)}"
        )
    steps: list[dict[str, Any]] = [{"type": "NFC"}]
    steps += [_replaced(pattern, content) for pattern, content in _TYPOGRAPHY.items()]
    if clean == "canonicalize":
        steps += [_replaced("_", " "), _replaced(f"[{_PUNCTUATION}]", "")]
    steps.append(_replaced(r"\s+", " "))
    if clean != "whitespace":
        steps.append({"type": "Lowercase"})
    steps.append({"type": "Strip", "strip_left": True, "strip_right": True})
    own = tokenizer.get("normalizer")
    steps += [own] if own else []
    return {**tokenizer, "normalizer": {"type": "Sequence", "normalizers": steps}}


def _replaced(pattern: str, content: str) -> dict[str, Any]:
    return {"type": "Replace", "pattern": {"Regex": pattern}, "content": content}


def _two(size: Any, file: str) -> tuple[int, int]:
    sizes = size if isinstance(size, list | tuple) else [size]
    if len(sizes) not in (1, 2) or not all(isinstance(side, int) and side > 0 for side in sizes):
        raise _refuse(file, "size", size, "expected one or two numbers of pixels")
    return sizes[0], sizes[-1]


def _three(
    settings: dict[str, Any], name: str, default: tuple[float, ...], file: str
) -> tuple[float, float, float]:
    values = settings.get(name) or default
    if not isinstance(values, list | tuple) or len(values) != 3:
        raise _refuse(file, name, values, "expected three numbers")
    return (float(values[0]), float(values[1]), float(values[2]))


def _refuse(file: str, name: str, value: object, why: str) -> ExportError:
    return ExportError(f"{file}: field '{name}' is {value!r}: {why}")
