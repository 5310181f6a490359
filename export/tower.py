"""What an architecture hands to the exporter: two towers of PyTorch, ready to trace."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn

from engine.encoder import ScoreCurve
from engine.encoder.manifest import Padding
from export.spec import Grid


@dataclass(frozen=True)
class Tower:
    """One half of a dual encoder.

    Attributes:
        module: inputs to L2-normalised rows, projection included.
        inputs: names of the graph's inputs, in the module's order.
        output: name of the graph's output.
        axes: names of the dynamic axes of each input: `{0: "batch", 1: "length"}`.
        examples: random inputs of several shapes; the first is traced, all are compared.
    """

    module: nn.Module
    inputs: tuple[str, ...]
    output: str
    axes: tuple[dict[int, str], ...]
    examples: tuple[tuple[torch.Tensor, ...], ...]


@dataclass(frozen=True)
class Patches:
    """Patch embeddings of a vision transformer, in the common space.

    Attributes:
        module: the hidden states before the last layer, float32 [n, tokens, width], to unit rows
            [n, patches, dim]. The vision tower's module gives these states as its second output.
        grid: how the patches lie.
    """

    module: nn.Module
    grid: Grid


@dataclass(frozen=True)
class Towers:
    """A dual encoder: both towers, and the sizes that the rules must agree with.

    Attributes:
        dim: width of the common space.
        image_size: height and width of the picture that the vision tower takes, in pixels.
        context_length: longest text in tokens, special tokens included.
        padding: `longest` where a text's row does not depend on padding, `max_length` otherwise.
        patches: where the vision tower is a transformer on patches.
        windows: where the vision tower's module gives unit rows of windows, float32 [n, windows,
            dim], as its second output; never beside `patches`.
        curves: the score curves `text` and `image`, where the checkpoint brings its own.
    """

    vision: Tower
    text: Tower
    dim: int
    image_size: tuple[int, int]
    context_length: int
    padding: Padding = "longest"
    patches: Patches | None = None
    windows: Grid | None = None
    curves: dict[str, ScoreCurve] = field(default_factory=dict)


@dataclass(frozen=True)
class Architecture:
    """How to load one `model_type`, take it apart, and ask the framework itself.

    Attributes:
        load: a `checkpoint.Checkpoint` to the model of the framework, float32, in eval mode.
        towers: that model to its two towers.
        image_features: the model and the image processor's output to rows, by the framework's own
            way; not yet of unit length.
        text_features: likewise for the tokenizer's output.
    """

    load: Callable[[Any], Any]
    towers: Callable[[Any], Towers]
    image_features: Callable[[Any, dict[str, torch.Tensor]], torch.Tensor]
    text_features: Callable[[Any, dict[str, torch.Tensor]], torch.Tensor]
