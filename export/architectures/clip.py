"""CLIP (`model_type` "clip"): OpenAI's checkpoints, and others in the same form."""

import torch
from torch import nn
from transformers import CLIPModel

from export.tower import Tower, Towers

_LEGACY_EOS = 2
"""Configs with this wrong id pool at the largest id of a text instead, see CLIPTextModel."""


class ImageTower(nn.Module):
    """Pixels [n, 3, side, side] to unit rows [n, dim]."""

    def __init__(self, model: CLIPModel) -> None:
        super().__init__()
        self.tower, self.projection = model.vision_model, model.visual_projection

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        """The projected class token, of length 1."""
        pooled = self.tower(pixel_values=pixel_values).pooler_output
        return nn.functional.normalize(self.projection(pooled), dim=-1)


class TextTower(nn.Module):
    """Token ids and attention mask, both [n, length], to unit rows [n, dim].

    The tower is causal and pools at the end-of-text token, so that neither padding nor its length
    changes a row: texts need not be padded to the context length.
    """

    def __init__(self, model: CLIPModel) -> None:
        super().__init__()
        self.tower, self.projection = model.text_model, model.text_projection

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """The projected end-of-text token, of length 1."""
        pooled = self.tower(input_ids=input_ids, attention_mask=attention_mask).pooler_output
        return nn.functional.normalize(self.projection(pooled), dim=-1)


def towers(model: CLIPModel) -> Towers:
    """Both towers of a loaded checkpoint."""
    text, vision = model.config.text_config, model.config.vision_config
    side, context = vision.image_size, text.max_position_embeddings
    batch = torch.export.Dim("batch")
    end = text.vocab_size - 1 if text.eos_token_id == _LEGACY_EOS else text.eos_token_id
    text_axes = {0: batch, 1: torch.export.Dim("length", max=context)}
    return Towers(
        vision=Tower(
            module=ImageTower(model).eval(),
            inputs=("pixel_values",),
            output="image_embeds",
            axes=({0: batch},),
            examples=tuple((torch.randn(count, 3, side, side),) for count in (2, 1)),
        ),
        text=Tower(
            module=TextTower(model).eval(),
            inputs=("input_ids", "attention_mask"),
            output="text_embeds",
            axes=(text_axes, text_axes),
            examples=tuple(_random_texts(lengths, end) for lengths in ((9, 5), (2,), (context, 3))),
        ),
        dim=model.config.projection_dim,
        image_size=side,
        context_length=context,
    )


def _random_texts(lengths: tuple[int, ...], end: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Random ids that close with `end`, padded with it to the longest, and their mask."""
    ids = torch.randint(0, end, (len(lengths), max(lengths)))
    places = torch.arange(max(lengths))
    ends = torch.tensor(lengths)[:, None] - 1
    return torch.where(places < ends, ids, end), (places <= ends).long()
