"""The trained part: from pooled vectors of a frozen network to the shared space."""

import torch
from torch import Tensor, nn

CLAMP = 8.0  # a standardised feature farther out is an outlier


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
    """A linear map plus a small network beside it, then unit length.

    Both dropouts do nothing outside of training, and need not be given there.
    """

    def __init__(
        self,
        inputs: int,
        hidden: int,
        dim: int,
        input_dropout: nn.Module | None = None,
        dropout: nn.Module | None = None,
    ) -> None:
        super().__init__()
        self.standardise = Standardise(inputs)
        self.drop = input_dropout or nn.Identity()
        self.straight = nn.Linear(inputs, dim)
        self.bent = nn.Sequential(
            nn.Linear(inputs, hidden), nn.GELU(), dropout or nn.Identity(), nn.Linear(hidden, dim)
        )

    def forward(self, rows: Tensor) -> Tensor:
        """Rows [n, inputs] to unit rows [n, dim]."""
        rows = self.drop(self.standardise(rows))
        return nn.functional.normalize(self.straight(rows) + self.bent(rows), dim=1)
