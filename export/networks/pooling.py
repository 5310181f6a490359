"""What the image head reads: statistics over space of every level of the network.

The deep levels say what is there; the shallow ones carry colour and texture.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

import torch
from torch import Tensor

from export.networks.sizes import VisionSizes


def _mean(maps: Tensor) -> Tensor:
    return maps.mean((2, 3))


def _std(maps: Tensor) -> Tensor:
    """Written out so that it exports plainly."""
    mean = maps.mean((2, 3), keepdim=True)
    return ((maps - mean) ** 2).mean((2, 3)).clamp_min(1e-12).sqrt()


def _max(maps: Tensor) -> Tensor:
    return maps.amax((2, 3))


_STATISTICS: Mapping[str, Callable[[Tensor], Tensor]] = {"mean": _mean, "std": _std, "max": _max}


def pool(groups: Sequence[str], stages: list[Tensor], last: Tensor) -> Tensor:
    """The statistics named by `groups`, side by side: [n, sum of their widths].

    A group is `level_` (the maps of all stages) or `last_` (the last map) and a statistic.
    """
    parts = [_STATISTICS[statistic](maps) for statistic, maps in readings(groups, stages, last)]
    return torch.cat(parts, dim=1)


def readings(
    groups: Sequence[str], stages: list[Tensor], last: Tensor
) -> Iterator[tuple[str, Tensor]]:
    """Each statistic with the map [n, channels, side, side] that it is taken of, in order."""
    for group in groups:
        level, statistic = group.split("_")
        for maps in stages if level == "level" else [last]:
            yield statistic, maps


def group_width(group: str, sizes: VisionSizes) -> int:
    """How many numbers a group has."""
    if group.startswith("level_"):
        return sum(channels for _, channels, _, _ in sizes.stages)
    return sizes.last
