"""The layout of Immich's models: `textual/` and `visual/`, exported from OpenCLIP or M-CLIP."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.encoder.manifest import PixelRules, TextRules
from export.checkpoints.files import CONFIG, read_json
from export.errors import ExportError
from export.rules import text_rules
from export.sources.onnx_layout import Sides, check_files
from export.sources.open_clip_rules import open_clip_pixels, with_cleaning

PREPROCESS = "visual/preprocess_cfg.json"
TOKENIZER, TOKENIZER_CONFIG = "textual/tokenizer.json", "textual/tokenizer_config.json"
VISION, TEXT = "visual/model.onnx", "textual/model.onnx"
VISION_OUTPUTS = TEXT_OUTPUTS = ("embedding",)

_CONTEXT = 77  # OpenCLIP's default, for configs that do not say


def is_laid_out(folder: Path) -> bool:
    """See `onnx_layout.Layout`."""
    return (folder / VISION).is_file() or (folder / TEXT).is_file()


def towers(folder: Path) -> tuple[Path, Path]:
    """See `onnx_layout.Layout`."""
    check_files(folder, (VISION, TEXT))
    return folder / VISION, folder / TEXT


def pixels(folder: Path, sides: Sides | None) -> PixelRules:
    """See `onnx_layout.Layout`."""
    check_files(folder, (PREPROCESS,))
    found = open_clip_pixels(read_json(folder / PREPROCESS), PREPROCESS)
    if sides not in (None, (found.height, found.width)):
        raise ExportError(
            f"{PREPROCESS}: field 'size' is {found.height} x {found.width}, but {VISION} takes "
            f"{sides[0]} x {sides[1]}"
        )
    return found


def tokens(folder: Path, length: int | None) -> tuple[TextRules, dict[str, Any]]:
    """See `onnx_layout.Layout`."""
    check_files(folder, (CONFIG, TOKENIZER, TOKENIZER_CONFIG))
    config = read_json(folder / CONFIG).get("text_cfg") or {}
    clean = (config.get("tokenizer_kwargs") or {}).get("clean", "whitespace")
    tokenizer = with_cleaning(read_json(folder / TOKENIZER), clean)
    context = length or config.get("context_length") or _CONTEXT
    found = text_rules(tokenizer, read_json(folder / TOKENIZER_CONFIG), context)
    # OpenCLIP goes by its own configuration, whatever that of the tokenizer says.
    return replace(found, context_length=context, lowercase=False), tokenizer
