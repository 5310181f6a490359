"""What the image head reads: statistics over space of every level of the network.

The deep levels say what is there; the shallow ones carry colour and texture.
"""

import torch
from torch import Tensor, nn

from training.mobilenet import LAST_CHANNELS, STAGE_CHANNELS, MobileNetV2

_LEVELS = sum(STAGE_CHANNELS)
GROUPS = (  # name and width of each part of a pooled vector, in order
    ("level_mean", _LEVELS),
    ("level_std", _LEVELS),
    ("level_max", _LEVELS),
    ("last_mean", LAST_CHANNELS),
    ("last_max", LAST_CHANNELS),
    ("last_std", LAST_CHANNELS),
)
POOLED = sum(width for _, width in GROUPS)


def pooled_slice(name: str) -> slice:
    """Where the group `name` lies in a pooled vector."""
    start = 0
    for group, width in GROUPS:
        if group == name:
            return slice(start, start + width)
        start += width
    raise KeyError(f"no pooled group {name!r}; there are {[group for group, _ in GROUPS]}")


def spread(maps: Tensor) -> Tensor:
    """Standard deviation over space, [n, channels]; written out so that it exports plainly."""
    mean = maps.mean((2, 3), keepdim=True)
    return ((maps - mean) ** 2).mean((2, 3)).clamp_min(1e-12).sqrt()


def pool(stages: list[Tensor], last: Tensor) -> Tensor:
    """All groups of `GROUPS`, side by side: [n, POOLED]."""
    return torch.cat(
        [maps.mean((2, 3)) for maps in stages]
        + [spread(maps) for maps in stages]
        + [maps.amax((2, 3)) for maps in stages]
        + [last.mean((2, 3)), last.amax((2, 3)), spread(last)],
        dim=1,
    )


class Statistics(nn.Module):
    """Pixels [n, 3, 224, 224] to (pooled [n, POOLED], logits [n, 1001])."""

    def __init__(self, network: MobileNetV2) -> None:
        super().__init__()
        self.network = network

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """Both for a batch."""
        stages, last = self.network(pixels)
        return pool(stages, last), self.network.logits(last)
