"""ALIGN (`model_type` "align"): an EfficientNet and a BERT."""

from typing import NamedTuple

import torch
from transformers import AlignModel

from export.architectures.parts import (
    IDS,
    MASK,
    PIXELS,
    Inputs,
    TokenIds,
    image_tower,
    text_tower,
)
from export.checkpoints.checkpoint import Checkpoint
from export.checkpoints.loading import load_model
from export.rules import centre_crop
from export.tower import Architecture, Towers


class Loaded(NamedTuple):
    """A model, and height and width of its pictures: a network of convolutions takes any."""

    model: AlignModel
    size: tuple[int, int]


def load(checkpoint: Checkpoint) -> Loaded:
    """The model, and the size that the checkpoint's own processor gives to pictures."""
    config = checkpoint.image_processor
    cut = centre_crop(config)
    size = cut or (config["size"]["height"], config["size"]["width"])
    return Loaded(load_model(checkpoint, AlignModel), size)


def image_features(loaded: Loaded, inputs: Inputs) -> torch.Tensor:
    """The mean over all places."""
    return _picture_rows(loaded.model, inputs)


def text_features(loaded: Loaded, inputs: Inputs) -> torch.Tensor:
    """The projected class token."""
    return _text_rows(loaded.model, inputs)


def _picture_rows(model: AlignModel, inputs: Inputs) -> torch.Tensor:
    return model.get_image_features(pixel_values=inputs[PIXELS])


def _text_rows(model: AlignModel, inputs: Inputs) -> torch.Tensor:
    return model.get_text_features(input_ids=inputs[IDS], attention_mask=inputs[MASK])


def towers(loaded: Loaded) -> Towers:
    """Both towers; the mask keeps padding out of a text's row."""
    model, size = loaded
    text = model.config.text_config
    context, ids = text.max_position_embeddings, TokenIds(text.vocab_size, text.pad_token_id)
    return Towers(
        vision=image_tower(model, _picture_rows, size),
        text=text_tower(model, _text_rows, context, ids),
        dim=model.config.projection_dim,
        image_size=size,
        context_length=context,
    )


ARCHITECTURE = Architecture(load, towers, image_features, text_features)
