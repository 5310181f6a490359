"""SigLIP (`model_type` "siglip"), and SigLIP 2 of a fixed resolution, which calls itself so too."""

from typing import Any, NamedTuple

import torch
from transformers import SiglipModel

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
from export.checkpoints.checkpoint import Checkpoint
from export.checkpoints.loading import load_model
from export.tower import Architecture, Tower, Towers


class Loaded(NamedTuple):
    """A model, and what its tokenizer gives: SigLIP has learnt without a mask of the padding."""

    model: SiglipModel
    text_inputs: tuple[str, ...]


def load(checkpoint: Checkpoint) -> Loaded:
    """The model and the names of its text inputs."""
    return Loaded(load_model(checkpoint, SiglipModel), text_inputs(checkpoint))


def text_inputs(checkpoint: Checkpoint) -> tuple[str, ...]:
    """The inputs that the checkpoint's tokenizer gives; without its word, the ids alone."""
    named = checkpoint.tokenizer_config.get("model_input_names", [IDS])
    return tuple(name for name in (IDS, MASK) if name in named)


def image_features(loaded: Loaded, inputs: Inputs) -> torch.Tensor:
    """What the pooling head makes of all patches."""
    return picture_rows(loaded.model, inputs)


def text_features(loaded: Loaded, inputs: Inputs) -> torch.Tensor:
    """The last token's row, which is mostly padding."""
    return text_rows(loaded.model, {name: inputs[name] for name in loaded.text_inputs})


def picture_rows(model: SiglipModel, inputs: Inputs) -> torch.Tensor:
    """As `image_features`, for the bare model."""
    return model.get_image_features(pixel_values=inputs[PIXELS])


def text_rows(model: SiglipModel, inputs: Inputs) -> torch.Tensor:
    """As `text_features`, for the bare model."""
    return model.get_text_features(input_ids=inputs[IDS], attention_mask=inputs.get(MASK))


def lone_patches(model: SiglipModel, states: torch.Tensor) -> torch.Tensor:
    """See `parts.PatchHead`; the pooling head pools each patch alone."""
    vision = model.vision_model
    states = vision.encoder.layers[-1](states, None)
    return vision.head(vision.post_layernorm(states))


def towers(loaded: Loaded) -> Towers:
    """Both towers."""
    model, vision = loaded.model, loaded.model.config.vision_config
    side, last_layer = vision.image_size, model.vision_model.encoder.layers[-1]
    tower = image_tower(model, picture_rows, (side, side), last_layer)
    return around(tower, model, side, loaded.text_inputs, pad=1)


def around(vision: Tower, model: Any, side: int, text_inputs: tuple[str, ...], pad: int) -> Towers:
    """Both towers, given the one for pictures of `side` x `side` pixels.

    The text tower pools at the last place, so that all texts are of one length.
    """
    text, vision_config = model.config.text_config, model.config.vision_config
    grid, context = side // vision_config.patch_size, text.max_position_embeddings
    ids = TokenIds(text.vocab_size, pad)
    return Towers(
        vision=vision,
        text=text_tower(model, text_rows, context, ids, text_inputs, fixed=True),
        dim=vision_config.hidden_size,
        image_size=(side, side),
        context_length=context,
        padding="max_length",
        patches=patches(model, lone_patches, grid, grid, skip=0),
    )


ARCHITECTURE = Architecture(load, towers, image_features, text_features)
