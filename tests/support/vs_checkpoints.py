"""Tiny checkpoints of every architecture: random weights, and processor files made on the spot.

Weights are larger than usual ones, so that the vectors of different texts and pictures differ.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from vs_tokenizers import (
    save_bert_tokenizer,
    save_clip_tokenizer,
    save_gemma_tokenizer,
    save_siglip_tokenizer,
    save_xlm_roberta_tokenizer,
)

SIDE, PATCH, DIM, CONTEXT = 64, 16, 24, 32
LAYERS = {"num_hidden_layers": 3, "num_attention_heads": 2}
WIDTH = 128  # large enough for every precision to find something to make small
WIDTHS = {"hidden_size": WIDTH, "intermediate_size": 2 * WIDTH}
TEXT = LAYERS | WIDTHS | {"max_position_embeddings": CONTEXT}
VISION = LAYERS | WIDTHS | {"image_size": SIDE, "patch_size": PATCH}
SQUARE = {"height": SIDE, "width": SIDE}
README = "---\nlicense: apache-2.0\n---\n# A tiny model\n\nIts weights are random.\n"


def make_checkpoint(model_type: str, folder: Path, seed: int = 0) -> Path:
    """Write a checkpoint in the layout of transformers; returns `folder`.

    Args:
        model_type: one of MODEL_TYPES.
        folder: where to write; made where it is missing.
        seed: decides the weights.
    """
    import torch

    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(seed)
    model = _MAKERS[model_type](folder)
    randomise(model)
    model.eval().save_pretrained(folder)
    (folder / "README.md").write_text(README, encoding="utf-8")
    return folder


def randomise(model: Any) -> None:
    """Random weights under which a row depends much on its picture or text."""
    import torch

    embeddings = {
        f"{name}.weight"
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.Embedding)
    }
    with torch.no_grad():
        for name, value in model.named_parameters():
            if name in embeddings or name.endswith(("probe", "class_embedding", "cls_token")):
                value.normal_(0, 1)
            elif value.dim() > 1:
                value.normal_(0, 1.4 / value[0].numel() ** 0.5)
            elif value.dim() == 1 and name.endswith("weight"):  # of a normalisation
                value.uniform_(0.8, 1.2)
            elif value.dim() == 1:
                value.normal_(0, 0.1)
        for module in model.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.running_mean.normal_(0, 0.1)
                module.running_var.uniform_(0.5, 1.5)


def _clip(folder: Path) -> Any:
    from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel

    tokenizer = save_clip_tokenizer(folder, CONTEXT)
    CLIPImageProcessor(
        size={"shortest_edge": SIDE}, crop_size=SQUARE, use_fast=False
    ).save_pretrained(folder)
    ids = {"bos_token_id": tokenizer.bos_token_id, "eos_token_id": tokenizer.eos_token_id}
    text = TEXT | ids | {"vocab_size": len(tokenizer), "pad_token_id": tokenizer.pad_token_id}
    return CLIPModel(CLIPConfig(text_config=text, vision_config=VISION, projection_dim=DIM))


def _siglip(folder: Path) -> Any:
    from transformers import SiglipConfig, SiglipImageProcessor, SiglipModel

    SiglipImageProcessor(size=SQUARE, do_convert_rgb=None).save_pretrained(folder)
    text = TEXT | {
        "vocab_size": len(save_siglip_tokenizer(folder, CONTEXT)),
        "projection_size": WIDTH,
    }
    return SiglipModel(SiglipConfig(text_config=text, vision_config=VISION))


def _siglip_with_gemma(folder: Path) -> Any:
    """The checkpoints of SigLIP 2 with a fixed resolution, whose `model_type` is still "siglip"."""
    from transformers import SiglipConfig, SiglipImageProcessor, SiglipModel

    SiglipImageProcessor(size=SQUARE, resample=2).save_pretrained(folder)
    text = TEXT | {"vocab_size": len(save_gemma_tokenizer(folder)), "projection_size": 96}
    return SiglipModel(SiglipConfig(text_config=text, vision_config=VISION | {"hidden_size": 96}))


def _siglip2(folder: Path) -> Any:
    from transformers import Siglip2Config, Siglip2ImageProcessor, Siglip2Model

    patches = (SIDE // PATCH) ** 2
    Siglip2ImageProcessor(patch_size=PATCH, max_num_patches=patches).save_pretrained(folder)
    text = TEXT | {"vocab_size": len(save_gemma_tokenizer(folder)), "projection_size": WIDTH}
    # The table of positions is for another grid, as in google/siglip2-base-patch16-naflex.
    vision = LAYERS | WIDTHS | {"patch_size": PATCH, "num_patches": 9}
    return Siglip2Model(Siglip2Config(text_config=text, vision_config=vision))


def _align(folder: Path) -> Any:
    from transformers import AlignConfig, AlignModel, EfficientNetImageProcessor

    # As for kakaobrain/align-base: squashed, then the centre is cut out; values in [-1, 1].
    EfficientNetImageProcessor(
        size={"height": 77, "width": 77},
        do_center_crop=True,
        crop_size=SQUARE,
        resample=2,
        rescale_factor=1 / 127.5,
        rescale_offset=True,
        do_normalize=False,
        include_top=False,
    ).save_pretrained(folder)
    vision = {
        "image_size": 100,
        "width_coefficient": 1.0,
        "depth_coefficient": 1.0,
        "kernel_sizes": [3, 5, 3],
        "in_channels": [32, 16, 24],
        "out_channels": [16, 24, DIM],
        "strides": [1, 2, 2],
        "num_block_repeats": [1, 2, 1],
        "expand_ratios": [1, 6, 6],
        "depthwise_padding": [1],
        "hidden_dim": DIM,
    }
    text = TEXT | {"vocab_size": len(save_bert_tokenizer(folder, CONTEXT))}
    return AlignModel(AlignConfig(text_config=text, vision_config=vision, projection_dim=DIM))


def _blip(folder: Path) -> Any:
    from transformers import BlipConfig, BlipForImageTextRetrieval, BlipImageProcessor

    BlipImageProcessor(size=SQUARE).save_pretrained(folder)
    tokenizer = save_bert_tokenizer(folder, CONTEXT)
    text = TEXT | {"vocab_size": len(tokenizer), "encoder_hidden_size": WIDTH}
    config = BlipConfig(text_config=text, vision_config=VISION, image_text_hidden_size=DIM)
    return BlipForImageTextRetrieval(config)


def _chinese_clip(folder: Path) -> Any:
    from transformers import ChineseCLIPConfig, ChineseCLIPImageProcessor, ChineseCLIPModel

    ChineseCLIPImageProcessor(size=SQUARE, do_center_crop=False).save_pretrained(folder)
    text = TEXT | {"vocab_size": len(save_bert_tokenizer(folder, CONTEXT))}
    return ChineseCLIPModel(
        ChineseCLIPConfig(text_config=text, vision_config=VISION, projection_dim=DIM)
    )


def _altclip(folder: Path) -> Any:
    from transformers import AltCLIPConfig, AltCLIPModel, CLIPImageProcessor

    CLIPImageProcessor(size={"shortest_edge": SIDE + 9}, crop_size=SQUARE).save_pretrained(folder)
    tokenizer = save_xlm_roberta_tokenizer(folder, CONTEXT)
    # Positions of RoBERTa start behind that of the padding.
    text = TEXT | {"vocab_size": len(tokenizer), "max_position_embeddings": CONTEXT + 2}
    return AltCLIPModel(
        AltCLIPConfig(
            text_config=text | {"project_dim": DIM}, vision_config=VISION, projection_dim=DIM
        )
    )


def _dual_encoder(folder: Path) -> Any:
    """A ViT with BERT, as `VisionTextDualEncoderModel` joins them."""
    from transformers import BertConfig, ViTConfig, ViTImageProcessor

    ViTImageProcessor(size=SQUARE).save_pretrained(folder)
    tokenizer = save_bert_tokenizer(folder, CONTEXT)
    return _joined(ViTConfig(**VISION), BertConfig(**TEXT, vocab_size=len(tokenizer)))


def _dual_encoder_of_clip(folder: Path) -> Any:
    """CLIP's vision tower with XLM-RoBERTa."""
    from transformers import CLIPImageProcessor, CLIPVisionConfig, XLMRobertaConfig

    CLIPImageProcessor(size={"shortest_edge": SIDE}, crop_size=SQUARE).save_pretrained(folder)
    tokenizer = save_xlm_roberta_tokenizer(folder, CONTEXT)
    text = TEXT | {"vocab_size": len(tokenizer), "max_position_embeddings": CONTEXT + 2}
    roberta = XLMRobertaConfig(**text, pad_token_id=1, bos_token_id=0, eos_token_id=2)
    return _joined(CLIPVisionConfig(**VISION), roberta)


def _joined(vision: Any, text: Any) -> Any:
    from transformers import VisionTextDualEncoderConfig, VisionTextDualEncoderModel

    config = VisionTextDualEncoderConfig.from_vision_text_configs(vision, text, projection_dim=DIM)
    return VisionTextDualEncoderModel(config)


_MAKERS: dict[str, Callable[[Path], Any]] = {
    "clip": _clip,
    "siglip": _siglip,
    "siglip-gemma": _siglip_with_gemma,
    "siglip2": _siglip2,
    "align": _align,
    "blip": _blip,
    "chinese_clip": _chinese_clip,
    "altclip": _altclip,
    "vision-text-dual-encoder": _dual_encoder,
    "vision-text-dual-encoder-clip": _dual_encoder_of_clip,
}

MODEL_TYPES = tuple(_MAKERS)
"""What can be made: each `model_type`, and two with other parts inside."""
