"""Two models joined by transformers (`model_type` "vision-text-dual-encoder")."""

import torch
from torch import nn
from transformers import VisionTextDualEncoderModel

from export.architectures.parts import (
    IDS,
    MASK,
    PIXELS,
    Inputs,
    TokenIds,
    image_tower,
    text_tower,
)
from export.architectures.parts import patches as make_patches
from export.checkpoints.checkpoint import Checkpoint
from export.checkpoints.loading import load_model
from export.errors import ExportError
from export.tower import Architecture, Patches, Towers


def load(checkpoint: Checkpoint) -> VisionTextDualEncoderModel:
    """The whole model."""
    return load_model(checkpoint, VisionTextDualEncoderModel)


def image_features(model: VisionTextDualEncoderModel, inputs: Inputs) -> torch.Tensor:
    """The projected pooled row of whatever vision model is inside."""
    return model.get_image_features(pixel_values=inputs[PIXELS])


def text_features(model: VisionTextDualEncoderModel, inputs: Inputs) -> torch.Tensor:
    """The projected pooled row of whatever text model is inside."""
    return model.get_text_features(input_ids=inputs[IDS], attention_mask=inputs[MASK])


def towers(model: VisionTextDualEncoderModel) -> Towers:
    """Both towers; the mask keeps padding out of a text's row.

    Raises:
        ExportError: config.json does not say how large pictures are.
    """
    text, vision = model.config.text_config, model.config.vision_config
    side = getattr(vision, "image_size", None)
    if not isinstance(side, int):
        raise ExportError(
            f"config.json: 'vision_config.image_size' is {side!r}; expected a number of pixels"
        )
    context = _context(model.text_model)
    pad = text.pad_token_id or 0
    end = text.eos_token_id if text.model_type == "clip_text_model" else None
    patches, last_layer = _patches(model)
    return Towers(
        vision=image_tower(model, image_features, (side, side), last_layer),
        text=text_tower(model, text_features, context, TokenIds(text.vocab_size, pad, end)),
        dim=model.config.projection_dim,
        image_size=(side, side),
        context_length=context,
        patches=patches,
    )


def _context(model: nn.Module) -> int:
    """Longest text; RoBERTa and its kin count places from behind the id of the padding."""
    for name, table in model.named_modules():
        if name.endswith("position_embeddings") and isinstance(table, nn.Embedding):
            first = 0 if table.padding_idx is None else table.padding_idx + 1
            return table.num_embeddings - first
    return int(model.config.max_position_embeddings)


def _patches(model: VisionTextDualEncoderModel) -> tuple[Patches | None, nn.Module | None]:
    """For the vision transformers that are common here; others go without."""
    vision, kind = model.config.vision_config, model.config.vision_config.model_type
    if kind not in _FINISH:
        return None, None
    grid = vision.image_size // vision.patch_size
    finish, skip = _FINISH[kind]
    clip = kind == "clip_vision_model"
    encoder = model.vision_model.vision_model.encoder if clip else model.vision_model.encoder
    last_layer = (encoder.layers if clip else encoder.layer)[-1]
    return make_patches(model, finish, grid, grid, skip), last_layer


def _clip_patches(model: VisionTextDualEncoderModel, states: torch.Tensor) -> torch.Tensor:
    vision = model.vision_model.vision_model
    (states,) = vision.encoder.layers[-1](states, None, None)
    return model.visual_projection(vision.post_layernorm(states[:, 0]))


def _vit_patches(model: VisionTextDualEncoderModel, states: torch.Tensor) -> torch.Tensor:
    vision = model.vision_model
    states = vision.layernorm(vision.encoder.layer[-1](states))
    return model.visual_projection(vision.pooler(states))  # which takes the first token: the only


_FINISH = {
    "clip_vision_model": (_clip_patches, 1),
    "vit": (_vit_patches, 1),
    "deit": (_vit_patches, 2),
}
"""What follows the states before the last layer, and the tokens before the first patch."""

ARCHITECTURE = Architecture(load, towers, image_features, text_features)
