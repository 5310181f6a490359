"""A checkpoint of transformers as the source of an export."""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from torch import nn

from export.architectures import architecture_for
from export.checkpoints.checkpoint import model_type, open_checkpoint
from export.checkpoints.loading import load_tokenizer
from export.rules import centre_crop, pixel_rules, text_rules
from export.sources.reference import TransformersReference
from export.sources.tokenizer import describe_tokenizer
from export.sources.traced import Traceable, write_model
from export.spec import ModelSpec, Say
from export.tower import Tower, Towers


@dataclass(frozen=True)
class _Loaded:
    """The framework's model, and all that follows from it and from the settings beside it."""

    model: Any
    traceable: Traceable


class TransformersSource:
    """A local folder, or a hub id, in the layout of transformers. See `spec.Source`."""

    def __init__(self, source: str) -> None:
        """Find the files; the weights are loaded when they are first needed.

        Raises:
            ExportError: files are missing, or the architecture is unknown.
        """
        self._architecture = architecture_for(model_type(source))
        self._checkpoint = open_checkpoint(source)
        self.provenance = self._checkpoint.provenance

    def write(self, folder: Path, say: Say) -> ModelSpec:
        """See `spec.Source`."""
        say(f"loading {self.provenance.source}")
        traceable = self._loaded.traceable
        pixels = traceable.pixels
        if self._checkpoint.image_processor["image_processor_type"].startswith("Siglip2"):
            say(
                f"pictures are squashed to {pixels.width} x {pixels.height}; the model's own "
                "processor would keep their aspect ratio, which one graph cannot"
            )
        return write_model(traceable, folder, say)

    def reference(self) -> TransformersReference:
        """The framework's own model and processors."""
        model, rules = self._loaded.model, self._loaded.traceable
        return TransformersReference(
            self._checkpoint, self._architecture, model, rules.pixels, rules.tokens
        )

    @cached_property
    def _loaded(self) -> _Loaded:
        checkpoint = self._checkpoint
        settings = checkpoint.image_processor
        model = self._architecture.load(checkpoint)
        towers = self._architecture.towers(model)
        cut = centre_crop(settings)
        if cut is not None and cut == towers.image_size:
            squashed = settings["size"]["height"], settings["size"]["width"]
            towers = _with_crop(towers, squashed)
        tokenizer, config = describe_tokenizer(checkpoint, load_tokenizer(checkpoint))
        pixels = pixel_rules(settings, towers.image_size)
        tokens = text_rules(tokenizer, config, towers.context_length, towers.padding)
        return _Loaded(model, Traceable(towers, pixels, tokens, tokenizer))


class _Crop(nn.Module):
    """A vision tower behind a cut-out of the middle, which the engine does not do to a squash."""

    def __init__(self, tower: nn.Module, size: tuple[int, int], squashed: tuple[int, int]) -> None:
        super().__init__()
        self.tower = tower
        self.height, self.width = size
        self.top, self.left = (
            (outer - inner) // 2 for outer, inner in zip(squashed, size, strict=True)
        )

    def forward(self, pixel_values: torch.Tensor) -> Any:
        """The tower's own outputs."""
        rows = slice(self.top, self.top + self.height)
        columns = slice(self.left, self.left + self.width)
        return self.tower(pixel_values[:, :, rows, columns])


def _with_crop(towers: Towers, squashed: tuple[int, int]) -> Towers:
    """Towers that take pictures of the size before the cut."""
    vision = towers.vision
    cropped = Tower(
        module=_Crop(vision.module, towers.image_size, squashed).eval(),
        inputs=vision.inputs,
        output=vision.output,
        axes=vision.axes,
        examples=tuple((torch.randn(len(pixels), 3, *squashed),) for (pixels,) in vision.examples),
    )
    return replace(towers, vision=cropped, image_size=squashed)
