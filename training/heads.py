"""The pair of heads in training: with dropout, and with the temperature of the loss."""

from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor, nn

from export.networks.heads import Projection
from export.networks.sizes import Sizes, VisionSizes
from training.pooling import pooled_slice

DIM = Sizes().dim


@dataclass(frozen=True)
class HeadPlan:
    """Sizes of a pair of heads.

    Attributes:
        groups: pooled groups the image head reads, of POOLED_GROUPS.
        image_hidden, text_hidden: width of the hidden layer.
    """

    groups: tuple[str, ...] = VisionSizes().groups
    image_hidden: int = 1024
    text_hidden: int = 1024
    input_dropout: float = 0.25
    dropout: float = 0.5


@cache
def _noise(size: int) -> Tensor:
    """The same bytes in every process, so that a run that was stopped goes on as it would have."""
    return torch.randint(
        256, (size,), dtype=torch.uint8, generator=torch.Generator().manual_seed(0)
    )


class QuickDropout(nn.Module):
    """Dropout that takes its randomness from a stored block, at a place drawn by chance: drawing
    all of it anew each step costs a CPU more than the matrices do.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, rows: Tensor) -> Tensor:
        """Rows of any shape; a part of about `share` is 0 in training."""
        if not self.training or self.share == 0:
            return rows
        noise = _noise(1 << (4 * rows.numel()).bit_length())
        start = int(torch.randint(len(noise) - rows.numel(), ()))
        least = round(256 * self.share)
        kept = noise[start : start + rows.numel()].view(rows.shape) >= least
        return rows * kept * (256 / (256 - least))


class ImageHead(nn.Module):
    """Pooled [n, POOLED] to unit rows [n, DIM]."""

    def __init__(self, plan: HeadPlan) -> None:
        super().__init__()
        columns = [torch.arange(10**6)[pooled_slice(group)] for group in plan.groups]
        self.register_buffer("columns", torch.cat(columns), persistent=False)
        self.projection = _projection(len(self.columns), plan.image_hidden, plan)

    def forward(self, pooled: Tensor) -> Tensor:
        """Unit rows."""
        return self.projection(pooled[:, self.columns])


class TextHead(nn.Module):
    """Pooled text vectors [n, width] to unit rows [n, DIM]."""

    def __init__(self, width: int, plan: HeadPlan) -> None:
        super().__init__()
        self.projection = _projection(width, plan.text_hidden, plan)

    def forward(self, pooled: Tensor) -> Tensor:
        """Unit rows."""
        return self.projection(pooled)


class Heads(nn.Module):
    """Both heads and the temperature that they are trained with."""

    def __init__(self, plan: HeadPlan, text_width: int) -> None:
        super().__init__()
        self.plan = plan
        self.image = ImageHead(plan)
        self.text = TextHead(text_width, plan)
        self.log_scale = nn.Parameter(torch.tensor(3.0))  # logits are cosines times e^3 at first


def _projection(inputs: int, hidden: int, plan: HeadPlan) -> Projection:
    drop, bent_drop = QuickDropout(plan.input_dropout), QuickDropout(plan.dropout)
    return Projection(inputs, hidden, DIM, drop, bent_drop)
