"""Folders of ready-made ONNX towers: tiny graphs, and all the files beside them."""

import json
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing
from vs_onnx_towers import text_tower, vision_tower

SIDE, CONTEXT = 32, 12
WORDS = (
    "[pad]",
    "[unk]",
    "[end]",
    "a",
    "dog",
    "cat",
    "red",
    "shoes",
    "and",
    "!",
    ".",
    "_",
    "'",
    "s",
)
CLIP_LIKE = {
    "image_processor_type": "CLIPImageProcessor",
    "size": {"shortest_edge": SIDE},
    "crop_size": {"height": SIDE, "width": SIDE},
    "resample": 3,
    "image_mean": [0.5, 0.4, 0.3],
    "image_std": [0.2, 0.3, 0.4],
}
OPEN_CLIP_LIKE = {
    "size": [SIDE, SIDE],
    "mode": "RGB",
    "mean": [0.5, 0.4, 0.3],
    "std": [0.2, 0.3, 0.4],
    "interpolation": "bicubic",
    "resize_mode": "shortest",
    "fill_color": 0,
}


def transformers_js_folder(
    folder: Path, place: str = "onnx", vision: Any = None, text: Any = None, **config: Any
) -> Path:
    """A folder as transformers.js and optimum lay it out.

    Args:
        folder: where to write.
        place: the folder of the graphs inside.
        vision: what is special about the tower for pictures, see `vision_tower`.
        text: likewise, see `text_tower`.
        config: fields of config.json.
    """
    vision_tower(folder / place / "vision_model.onnx", side=SIDE, **(vision or {}))
    text_tower(folder / place / "text_model.onnx", **(text or {}))
    sizes = {
        "text_config": {"max_position_embeddings": CONTEXT},
        "vision_config": {"image_size": SIDE},
    }
    write_json(folder / "config.json", {"model_type": "clip", **sizes, **config})
    write_json(folder / "preprocessor_config.json", CLIP_LIKE)
    _write_tokenizer(folder)
    return folder


def immich_folder(folder: Path, clean: str | None = None, **text: Any) -> Path:
    """A folder as Immich's exporter lays it out: one picture or text at a time, of unit length."""
    fixed = {"batch": 1, "unit": True}
    names = ("image", "embedding")
    vision_tower(folder / "visual" / "model.onnx", side=SIDE, names=names, **fixed)
    told = {"length": CONTEXT, "kind": 6, "names": ("text", "embedding"), "masked": False}
    text_tower(folder / "textual" / "model.onnx", **fixed, **told | text)
    write_json(folder / "visual" / "preprocess_cfg.json", OPEN_CLIP_LIKE)
    settings: dict[str, Any] = {"context_length": CONTEXT}
    if clean:
        settings["tokenizer_kwargs"] = {"clean": clean}
    write_json(folder / "config.json", {"embed_dim": 16, "vision_cfg": {}, "text_cfg": settings})
    _write_tokenizer(folder / "textual")
    return folder


def write_json(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")


def _write_tokenizer(folder: Path) -> None:
    """Whole words; texts end with a token of their own."""
    vocabulary = {word: number for number, word in enumerate(WORDS)}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[unk]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.post_processor = TemplateProcessing(single="$A [end]", special_tokens=[("[end]", 2)])
    tokenizer.save(str(folder / "tokenizer.json"))
    write_json(folder / "tokenizer_config.json", {"pad_token": "[pad]", "model_max_length": 1e30})
