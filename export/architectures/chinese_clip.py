"""Chinese-CLIP (`model_type` "chinese_clip"): CLIP's vision tower and a Chinese BERT."""

import torch
from transformers import ChineseCLIPModel

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


def load(checkpoint: Checkpoint) -> ChineseCLIPModel:
    """The whole model."""
    return load_model(checkpoint, ChineseCLIPModel)


def image_features(model: ChineseCLIPModel, inputs: Inputs) -> torch.Tensor:
    """The projected class token."""
    return model.get_image_features(pixel_values=inputs[PIXELS])


def text_features(model: ChineseCLIPModel, inputs: Inputs) -> torch.Tensor:
    """The projected class token, as in the model's `forward`.

    Its `get_text_features` asks for a pooling layer that these models do not have.
    """
    states = model.text_model(input_ids=inputs[IDS], attention_mask=inputs[MASK])
    return model.text_projection(states.last_hidden_state[:, 0])


def lone_patches(model: ChineseCLIPModel, states: torch.Tensor) -> torch.Tensor:
    """See `parts.PatchHead`."""
    vision = model.vision_model
    (states,) = vision.encoder.layers[-1](states)
    return model.visual_projection(vision.post_layernorm(states[:, 0]))


def towers(model: ChineseCLIPModel) -> Towers:
    """Both towers; the mask keeps padding out of a text's row."""
    text, vision = model.config.text_config, model.config.vision_config
    side, context = vision.image_size, text.max_position_embeddings
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
