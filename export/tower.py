"""What an architecture hands to the exporter: two towers, ready to trace."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn


@dataclass(frozen=True)
class Tower:
    """One half of a dual encoder.

    Attributes:
        module: inputs to L2-normalised rows, projection included.
        inputs: names of the graph's inputs, in the module's order.
        output: name of the graph's output.
        axes: the dynamic axes of each input, as `torch.export` takes them.
        examples: random inputs of several shapes; the first is traced, all are compared.
    """

    module: nn.Module
    inputs: tuple[str, ...]
    output: str
    axes: tuple[dict[int, Any], ...]
    examples: tuple[tuple[torch.Tensor, ...], ...]


@dataclass(frozen=True)
class Towers:
    """A dual encoder: both towers, and the sizes that the rules must agree with.

    Attributes:
        dim: width of the common space.
        image_size: side of the square picture, in pixels.
        context_length: longest text in tokens, special tokens included.
    """

    vision: Tower
    text: Tower
    dim: int
    image_size: int
    context_length: int
