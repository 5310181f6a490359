"""The trained part: one head a tower, from pooled features to the shared space."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.pooling import pooled_slice

DIM = 512
CLAMP = 8.0  # a standardised feature farther out is an outlier


@dataclass(frozen=True)
class HeadPlan:
    """Sizes of a pair of heads.

    Attributes:
        groups: pooled groups the image head reads (see `pooling.GROUPS`).
        image_hidden, text_hidden: width of the hidden layer.
    """

    groups: tuple[str, ...] = ("level_mean", "level_std", "last_mean", "last_max")
    image_hidden: int = 1024
    text_hidden: int = 1024
    input_dropout: float = 0.25
    dropout: float = 0.5


class QuickDropout(nn.Module):
    """Dropout that takes its randomness from one stored block: drawing it anew each step costs a
    CPU more than the matrices do.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share
        self.noise = torch.empty(0, dtype=torch.uint8)

    def forward(self, rows: Tensor) -> Tensor:
        """Rows of any shape; a part of about `share` is 0 in training."""
        if not self.training or self.share == 0:
            return rows
        if len(self.noise) < 4 * rows.numel():
            self.noise = torch.randint(256, (4 * rows.numel(),), dtype=torch.uint8)
        start = int(torch.randint(len(self.noise) - rows.numel(), ()))
        least = round(256 * self.share)
        kept = self.noise[start : start + rows.numel()].view(rows.shape) >= least
        return rows * kept * (256 / (256 - least))


class Standardise(nn.Module):
    """Zero mean and unit variance by figures of the train split, outliers cut."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.register_buffer("centre", torch.zeros(width))
        self.register_buffer("scale", torch.ones(width))

    def fit(self, rows: Tensor) -> None:
        """Take the figures from `rows` [n, ..., width]."""
        flat = rows.flatten(0, -2).float()
        self.centre.copy_(flat.mean(0))
        self.scale.copy_(1.0 / flat.std(0).clamp_min(1e-3))

    def forward(self, rows: Tensor) -> Tensor:
        """Rows [..., width], standardised."""
        return ((rows - self.centre) * self.scale).clamp(-CLAMP, CLAMP)


class Projection(nn.Module):
    """A linear map plus a small network beside it, then unit length."""

    def __init__(self, inputs: int, hidden: int, plan: HeadPlan) -> None:
        super().__init__()
        self.standardise = Standardise(inputs)
        self.drop = QuickDropout(plan.input_dropout)
        self.straight = nn.Linear(inputs, DIM)
        self.bent = nn.Sequential(
            nn.Linear(inputs, hidden), nn.GELU(), QuickDropout(plan.dropout), nn.Linear(hidden, DIM)
        )

    def forward(self, rows: Tensor) -> Tensor:
        """Rows [n, inputs] to [n, DIM], of any length."""
        rows = self.drop(self.standardise(rows))
        return self.straight(rows) + self.bent(rows)


class ImageHead(nn.Module):
    """Pooled [n, POOLED] to unit rows [n, DIM]."""

    def __init__(self, plan: HeadPlan) -> None:
        super().__init__()
        columns = [torch.arange(10**6)[pooled_slice(group)] for group in plan.groups]
        self.register_buffer("columns", torch.cat(columns), persistent=False)
        self.projection = Projection(len(self.columns), plan.image_hidden, plan)

    def forward(self, pooled: Tensor) -> Tensor:
        """Unit rows."""
        return functional.normalize(self.projection(pooled[:, self.columns]), dim=1)


class TextHead(nn.Module):
    """Pooled text vectors [n, width] to unit rows [n, DIM]."""

    def __init__(self, width: int, plan: HeadPlan) -> None:
        super().__init__()
        self.projection = Projection(width, plan.text_hidden, plan)

    def forward(self, pooled: Tensor) -> Tensor:
        """Unit rows."""
        return functional.normalize(self.projection(pooled), dim=1)


class Heads(nn.Module):
    """Both heads and the temperature that they are trained with."""

    def __init__(self, plan: HeadPlan, text_width: int) -> None:
        super().__init__()
        self.plan = plan
        self.image = ImageHead(plan)
        self.text = TextHead(text_width, plan)
        self.log_scale = nn.Parameter(torch.tensor(3.0))  # logits are cosines times e^3 at first
