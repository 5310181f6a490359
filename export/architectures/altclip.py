"""AltCLIP (`model_type` "altclip"): CLIP's vision tower and a multilingual XLM-RoBERTa."""

import torch
from transformers import AltCLIPModel

from export.architectures.clip import lone_patches
from export.architectures.parts import (
    IDS,
    MASK,
    PIXELS,
    Inputs,
    TokenIds,
    image_tower,
    patches,
    text_tower,
)
from export.sources.checkpoint import Checkpoint, load_model
from export.tower import Architecture, Towers


def load(checkpoint: Checkpoint) -> AltCLIPModel:
    """The whole model."""
    return load_model(checkpoint, AltCLIPModel)


def image_features(model: AltCLIPModel, inputs: Inputs) -> torch.Tensor:
    """The projected class token."""
    return model.get_image_features(pixel_values=inputs[PIXELS])


def text_features(model: AltCLIPModel, inputs: Inputs) -> torch.Tensor:
    """The projected class token."""
    return model.get_text_features(input_ids=inputs[IDS], attention_mask=inputs[MASK])


def towers(model: AltCLIPModel) -> Towers:
    """Both towers; the mask keeps padding out of a text's row.

    RoBERTa counts places from behind the id of the padding, so that it has fewer than its table.
    """
    text, vision = model.config.text_config, model.config.vision_config
    side, context = vision.image_size, text.max_position_embeddings - text.pad_token_id - 1
    grid = side // vision.patch_size
    ids = TokenIds(text.vocab_size, text.pad_token_id)
    last_layer = model.vision_model.encoder.layers[-1]
    return Towers(
        vision=image_tower(model, image_features, (side, side), last_layer),
        text=text_tower(model, text_features, context, ids),
        dim=model.config.projection_dim,
        image_size=(side, side),
        context_length=context,
        patches=patches(model, lone_patches, grid, grid),
    )


ARCHITECTURE = Architecture(load, towers, image_features, text_features)
