"""The part of the image tower that is fine-tuned: it goes on from the maps of the frozen stages."""

import torch
from torch import Tensor, nn

from export.networks.pooling import pool
from export.networks.towers import VisionTower
from training.pooling import pooled_slice
from training.statistics import FROZEN_STAGES, FROZEN_WIDTH


def upper_stages(tower: VisionTower) -> list[nn.Module]:
    """The stages that learn, in the order they run."""
    return list(tower.network.stages[FROZEN_STAGES:])


def picture_rows(tower: VisionTower, pooled: Tensor, maps: Tensor) -> Tensor:
    """What `tower` makes of the pictures: unit rows [n, dim].

    Args:
        tower: its frozen stages are not run.
        pooled: statistics of the frozen network [n, POOLED]; those of the frozen stages are read.
        maps: what comes out of the last frozen stage [n, channels, side, side].
    """
    learnt = []
    for stage in upper_stages(tower):
        maps = stage(maps)
        learnt.append(maps.float())
    last = tower.network.last(maps).float()
    parts = []
    for group in tower.groups:
        if group.startswith("level_"):
            parts.append(pooled[:, pooled_slice(group)][:, :FROZEN_WIDTH])
        parts.append(pool([group], learnt, last))
    return tower.projection(torch.cat(parts, dim=1))
