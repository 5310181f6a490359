"""BLIP for retrieval (`model_type` "blip"): the rows that its contrastive loss compares."""

import torch
from transformers import BlipForImageTextRetrieval

from export.architectures.parts import IDS, MASK, PIXELS, Inputs, TokenIds, transformer_towers
from export.checkpoints.checkpoint import Checkpoint
from export.checkpoints.loading import load_model
from export.tower import Architecture, Towers


def load(checkpoint: Checkpoint) -> BlipForImageTextRetrieval:
    """The model; checkpoints for captions or questions lack its projections and are refused."""
    return load_model(checkpoint, BlipForImageTextRetrieval)


def image_features(model: BlipForImageTextRetrieval, inputs: Inputs) -> torch.Tensor:
    """The projected class token."""
    states = model.vision_model(pixel_values=inputs[PIXELS]).last_hidden_state
    return model.vision_proj(states[:, 0])


def text_features(model: BlipForImageTextRetrieval, inputs: Inputs) -> torch.Tensor:
    """The projected class token; the text encoder sees no picture."""
    states = model.text_encoder(
        input_ids=inputs[IDS], attention_mask=inputs[MASK]
    ).last_hidden_state
    return model.text_proj(states[:, 0])


def lone_patches(model: BlipForImageTextRetrieval, states: torch.Tensor) -> torch.Tensor:
    """See `parts.PatchHead`."""
    vision = model.vision_model
    states = vision.encoder.layers[-1](states, None)
    return model.vision_proj(vision.post_layernorm(states[:, 0]))


def towers(model: BlipForImageTextRetrieval) -> Towers:
    """Both towers; the mask keeps padding out of a text's row."""
    text = model.config.text_config
    return transformer_towers(
        model,
        image_features,
        text_features,
        lone_patches,
        ids=TokenIds(text.vocab_size, text.pad_token_id),
        context=text.max_position_embeddings,
        dim=model.config.image_text_hidden_size,
    )


ARCHITECTURE = Architecture(load, towers, image_features, text_features)
