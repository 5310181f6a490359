"""The layout of transformers.js and optimum: one graph a tower, and transformers' own settings."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.encoder.manifest import PixelRules, TextRules
from export.checkpoints.files import CONFIG, PREPROCESSOR, TOKENIZER, TOKENIZER_CONFIG, read_json
from export.errors import ExportError
from export.rules import centre_crop, pixel_rules, text_rules
from export.sources.onnx_layout import Sides, check_files

VISION, TEXT = "vision_model.onnx", "text_model.onnx"
VISION_OUTPUTS = ("image_embeds", "pooler_output")
TEXT_OUTPUTS = ("text_embeds", "pooler_output")
"""CLIP's graphs have projected rows. SigLIP has no projection: there, what is pooled is the row."""

_LONGEST = 100_000  # tokenizers without a limit say 10^30


def is_laid_out(folder: Path) -> bool:
    """See `onnx_layout.Layout`."""
    return any(_variants(place) for place in _places(folder))


def towers(folder: Path) -> tuple[Path, Path]:
    """See `onnx_layout.Layout`. Other precisions are refused: what they lost cannot be measured."""
    place = next(place for place in _places(folder) if _variants(place))
    missing = [name for name in (VISION, TEXT) if not (place / name).is_file()]
    if missing:
        raise ExportError(
            f"{place}: missing: {', '.join(missing)}; found: {', '.join(_variants(place))}. "
            "The export starts from the float32 graphs and makes smaller ones itself, measured "
            "against these"
        )
    return place / VISION, place / TEXT


def pixels(folder: Path, sides: Sides | None) -> PixelRules:
    """See `onnx_layout.Layout`."""
    check_files(folder, (CONFIG, PREPROCESSOR))
    config, preprocessor = read_json(folder / CONFIG), read_json(folder / PREPROCESSOR)
    if centre_crop(preprocessor) is not None:
        raise ExportError(
            f"{PREPROCESSOR}: field 'crop_size': squashed pictures cannot be cropped; export the "
            "checkpoint instead of ready-made graphs"
        )
    return pixel_rules(preprocessor, sides or _sides(config, preprocessor))


def tokens(folder: Path, length: int | None) -> tuple[TextRules, dict[str, Any]]:
    """See `onnx_layout.Layout`."""
    check_files(folder, (CONFIG, TOKENIZER, TOKENIZER_CONFIG))
    tokenizer, config = read_json(folder / TOKENIZER), read_json(folder / TOKENIZER_CONFIG)
    context = length or _context_length(read_json(folder / CONFIG), config)
    found = text_rules(tokenizer, config, context)
    return (replace(found, context_length=length) if length else found), tokenizer


def _places(folder: Path) -> tuple[Path, Path]:
    return folder / "onnx", folder


def _variants(place: Path) -> list[str]:
    """Towers of any precision: `text_model_quantized.onnx` and so on."""
    stems = (Path(VISION).stem, Path(TEXT).stem)
    return sorted(path.name for stem in stems for path in place.glob(f"{stem}*.onnx"))


def _sides(config: dict[str, Any], preprocessor: dict[str, Any]) -> Sides:
    """Height and width of pictures; what the model says goes before what is done to pictures."""
    size = (config.get("vision_config") or {}).get("image_size")
    for value in (size, preprocessor.get("crop_size"), preprocessor.get("size")):
        if isinstance(value, int) and value > 0:
            return value, value
        if isinstance(value, dict) and {"height", "width"} <= value.keys():
            return value["height"], value["width"]
    raise ExportError(
        f"{PREPROCESSOR}: says no size; expected 'crop_size' or 'size' with height and width"
    )


def _context_length(config: dict[str, Any], tokenizer_config: dict[str, Any]) -> int:
    text = config.get("text_config") or config
    stated = (text.get("max_position_embeddings"), tokenizer_config.get("model_max_length"))
    limits = [int(size) for size in stated if isinstance(size, int | float) and 0 < size < _LONGEST]
    if not limits:
        raise ExportError(
            f"{CONFIG}: field 'text_config.max_position_embeddings' is missing, and so is "
            f"'model_max_length' in {TOKENIZER_CONFIG}: how long may a text be?"
        )
    return min(limits)
