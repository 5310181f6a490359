"""AltCLIP (`model_type` "altclip"): CLIP's vision tower and a multilingual XLM-RoBERTa."""

import torch
from transformers import AltCLIPModel

from export.architectures.clip import lone_patches
from export.architectures.parts import IDS, MASK, PIXELS, Inputs, TokenIds, transformer_towers
from export.checkpoints.checkpoint import Checkpoint
from export.checkpoints.loading import load_model
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
    text = model.config.text_config
    return transformer_towers(
        model,
        image_features,
        text_features,
        lone_patches,
        ids=TokenIds(text.vocab_size, text.pad_token_id),
        context=text.max_position_embeddings - text.pad_token_id - 1,
        dim=model.config.projection_dim,
    )


ARCHITECTURE = Architecture(load, towers, image_features, text_features)
