"""Chinese-CLIP (`model_type` "chinese_clip"): CLIP's vision tower and a Chinese BERT."""

import torch
from transformers import ChineseCLIPModel

from export.architectures.parts import IDS, MASK, PIXELS, Inputs, TokenIds, transformer_towers
from export.checkpoints.checkpoint import Checkpoint
from export.checkpoints.loading import load_model
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
    text = model.config.text_config
    return transformer_towers(
        model,
        image_features,
        text_features,
        lone_patches,
        ids=TokenIds(text.vocab_size, text.pad_token_id),
        context=text.max_position_embeddings,
        dim=model.config.projection_dim,
    )


ARCHITECTURE = Architecture(load, towers, image_features, text_features)
