"""CLIP (`model_type` "clip"): OpenAI's checkpoints, and others in the same form."""

import torch
from transformers import CLIPModel

from export.architectures.parts import IDS, MASK, PIXELS, Inputs, TokenIds, transformer_towers
from export.checkpoints.checkpoint import Checkpoint
from export.checkpoints.loading import load_model
from export.tower import Architecture, Towers

_LEGACY_EOS = 2
"""Configs with this wrong id pool at the largest id of a text instead, see CLIPTextModel."""


def load(checkpoint: Checkpoint) -> CLIPModel:
    """The whole model."""
    return load_model(checkpoint, CLIPModel)


def image_features(model: CLIPModel, inputs: Inputs) -> torch.Tensor:
    """The projected class token."""
    return model.get_image_features(pixel_values=inputs[PIXELS])


def text_features(model: CLIPModel, inputs: Inputs) -> torch.Tensor:
    """The projected end-of-text token."""
    return model.get_text_features(input_ids=inputs[IDS], attention_mask=inputs[MASK])


def lone_patches(model: CLIPModel, states: torch.Tensor) -> torch.Tensor:
    """See `parts.PatchHead`."""
    vision = model.vision_model
    (states,) = vision.encoder.layers[-1](states, None, None)
    return model.visual_projection(vision.post_layernorm(states[:, 0]))


def towers(model: CLIPModel) -> Towers:
    """Both towers of a loaded checkpoint.

    The text tower is causal and pools at the end-of-text token, so that neither padding nor its
    length changes a row.
    """
    text = model.config.text_config
    end = text.vocab_size - 1 if text.eos_token_id == _LEGACY_EOS else text.eos_token_id
    return transformer_towers(
        model,
        image_features,
        text_features,
        lone_patches,
        ids=TokenIds(text.vocab_size, end, end),
        context=text.max_position_embeddings,
        dim=model.config.projection_dim,
    )


ARCHITECTURE = Architecture(load, towers, image_features, text_features)
