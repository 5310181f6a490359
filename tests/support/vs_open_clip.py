"""Tiny checkpoints of OpenCLIP with random weights, in the layout of its models at the hub."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from vs_checkpoints import randomise
from vs_tokenizers import save_bert_tokenizer

SIDE, PATCH, DIM, CONTEXT = 48, 16, 24, 20
VISION = {"image_size": SIDE, "patch_size": PATCH, "layers": 2, "width": 64, "head_width": 32}
TEXT = {"context_length": CONTEXT, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 2}
BOTH_WAYS = {"no_causal_mask": True, "pool_type": "last", "proj_bias": True}
PREPROCESS = {
    "size": SIDE,
    "mode": "RGB",
    "mean": [0.48, 0.46, 0.41],
    "std": [0.27, 0.26, 0.28],
    "interpolation": "bicubic",
    "resize_mode": "shortest",
    "fill_color": 0,
}
BERT = {"hf_tokenizer_name": "tokenizer"}
KINDS: dict[str, dict[str, Any]] = {
    "CLIP": {},
    "CLIP with quick GELU": {"quick_gelu": True},
    "ResNet": {"vision_cfg": {**VISION, "layers": [1, 1, 1, 1], "image_size": 64, "width": 16}},
    "average of the patches": {"vision_cfg": {**VISION, "pool_type": "avg"}},
    "text tower of its own": {
        "custom_text": True,
        "text_cfg": {**TEXT, "pool_type": "eos", "eos_id": 49407},
    },
    "SigLIP": {
        "custom_text": True,
        "vision_cfg": {"image_size": 160, "timm_model_name": "test_vit"},
        "text_cfg": {**TEXT, **BOTH_WAYS, **BERT, "tokenizer_kwargs": {"clean": "canonicalize"}},
    },
    "CLIPA": {
        "text_cfg": {**TEXT, **BOTH_WAYS, **BERT, "tokenizer_kwargs": {"strip_sep_token": True}},
    },
    "BERT": {"text_cfg": {"context_length": CONTEXT, **BERT, "hf_pooler_type": "mean_pooler"}},
    "CoCa": {
        "custom_text": True,
        "text_cfg": {**TEXT, "embed_cls": True, "output_tokens": True},
        "vision_cfg": {
            **VISION,
            "attentional_pool": True,
            "attn_pooler_heads": 2,
            "output_tokens": True,
        },
        "multimodal_cfg": {**TEXT, "attn_pooler_heads": 2},
    },
}
"""What is special about each kind."""


def make_open_clip(folder: Path, kind: str = "CLIP", **preprocess: Any) -> Path:
    """Write a checkpoint; returns `folder`.

    Args:
        folder: where to write; made where it is missing.
        kind: one of KINDS.
        preprocess: what is special about the preparation of pictures.
    """
    import open_clip
    import torch
    from safetensors.torch import save_file

    folder.mkdir(parents=True)
    config = deepcopy({"embed_dim": DIM, "vision_cfg": VISION, "text_cfg": TEXT, **KINDS[kind]})
    if kind == "BERT":
        _save_bert_config(folder / "text")
        config["text_cfg"] |= {"hf_model_name": str(folder / "text")}
    settings = {"model_cfg": config, "preprocess_cfg": PREPROCESS | preprocess}
    (folder / "open_clip_config.json").write_text(json.dumps(settings), encoding="utf-8")
    if "hf_tokenizer_name" in config["text_cfg"]:
        save_bert_tokenizer(folder, CONTEXT)
    torch.manual_seed(0)
    model = open_clip.create_model(f"local-dir:{folder}", load_weights=False, pretrained_text=False)
    randomise(model)
    weights = {name: value.contiguous() for name, value in model.state_dict().items()}
    save_file(weights, folder / "open_clip_model.safetensors")
    (folder / "README.md").write_text("---\nlicense: apache-2.0\n---\n# Tiny\n", encoding="utf-8")
    return folder


def _save_bert_config(folder: Path) -> None:
    from transformers import BertConfig

    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    BertConfig(vocab_size=200, intermediate_size=64, **sizes).save_pretrained(folder)
