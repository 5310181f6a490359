"""SigLIP 2 with pictures of any shape ("NaFlex", `model_type` "siglip2").

Its processor keeps the aspect ratio and cuts a picture into at most `max_num_patches` patches, in
a grid that differs from picture to picture. A graph takes one shape: the square grid. Pictures
are squashed to it, as SigLIP does, and the model sees them as its own processor would show it
such a square picture.
"""

from math import isqrt
from typing import NamedTuple

import torch
from torch import nn
from transformers import Siglip2Model

from export.architectures.parts import PIXELS, Inputs, image_tower
from export.architectures.siglip import around, text_inputs, text_rows
from export.checkpoints.checkpoint import Checkpoint
from export.checkpoints.loading import load_model
from export.tower import Architecture, Towers


class Loaded(NamedTuple):
    """A model, the side of its square grid in patches, and what its tokenizer gives."""

    model: Siglip2Model
    grid: int
    text_inputs: tuple[str, ...]


class SquareVision(nn.Module):
    """The vision model for one square grid, on pixels [n, 3, side, side] instead of patches."""

    def __init__(self, model: Siglip2Model, grid: int) -> None:
        super().__init__()
        self.vision_model = model.vision_model
        embeddings, config = model.vision_model.embeddings, model.config.vision_config
        size = config.patch_size
        # The product of patches [row, column, channel] with a matrix is a convolution.
        matrix = embeddings.patch_embedding.weight
        kernel = matrix.reshape(-1, size, size, config.num_channels).permute(0, 3, 1, 2)
        self.convolution = nn.Conv2d(config.num_channels, config.hidden_size, size, stride=size)
        self.convolution.weight = nn.Parameter(kernel.detach().contiguous())
        self.convolution.bias = embeddings.patch_embedding.bias
        side = embeddings.position_embedding_size
        with torch.no_grad():
            places = embeddings.resize_positional_embeddings(
                embeddings.position_embedding.weight.reshape(side, side, -1),
                torch.tensor([[grid, grid]]),
                max_length=grid * grid,
            )
        self.register_buffer("places", places)

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        """What the pooling head makes of all patches, [n, dim]."""
        vision = self.vision_model
        states = self.convolution(pixel_values).flatten(2).transpose(1, 2) + self.places
        states = vision.encoder(inputs_embeds=states, attention_mask=None).last_hidden_state
        return vision.head(vision.post_layernorm(states))


def load(checkpoint: Checkpoint) -> Loaded:
    """The model, and the square grid of as many patches as its processor allows."""
    grid = isqrt(checkpoint.image_processor["max_num_patches"])
    return Loaded(load_model(checkpoint, Siglip2Model), grid, text_inputs(checkpoint))


def image_features(loaded: Loaded, inputs: Inputs) -> torch.Tensor:
    """The framework's own row, of the patches that its processor has cut."""
    return loaded.model.get_image_features(
        pixel_values=inputs[PIXELS],
        pixel_attention_mask=inputs["pixel_attention_mask"],
        spatial_shapes=inputs["spatial_shapes"],
    )


def text_features(loaded: Loaded, inputs: Inputs) -> torch.Tensor:
    """The last token's row, which is mostly padding."""
    return text_rows(loaded.model, {name: inputs[name] for name in loaded.text_inputs})


def towers(loaded: Loaded) -> Towers:
    """Both towers."""
    model, grid = loaded.model, loaded.grid
    side = grid * model.config.vision_config.patch_size
    square = SquareVision(model, grid).eval()
    last_layer = model.vision_model.encoder.layers[-1]
    tower = image_tower(square, lambda part, inputs: part(inputs[PIXELS]), (side, side), last_layer)
    return around(tower, model, side, loaded.text_inputs, pad=0)


ARCHITECTURE = Architecture(load, towers, image_features, text_features)
