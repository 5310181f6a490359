"""Vectors of windows of a picture, from the same pass of the image network.

A window's vector is what the head makes of the statistics that it reads, when they are taken over
the window instead of the whole picture.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from export.networks.pooling import pool, readings
from export.networks.sizes import VisionSizes
from export.networks.towers import VisionTower
from export.spec import Grid

SIDE, STRIDE = 3, 2
"""Of a window, in cells of the last map: of 7 x 7 cells there are 3 x 3 overlapping windows."""


def window_grid(sizes: VisionSizes) -> Grid | None:
    """How the windows lie; None where they would not cover the maps evenly."""
    sides = _map_sides(sizes)
    cells = sides[-1]
    if cells < SIDE or (cells - SIDE) % STRIDE or any(side % cells for side in sides):
        return None
    count = (cells - SIDE) // STRIDE + 1
    return Grid(count, count)


class WindowTower(nn.Module):
    """float32 [n, 3, side, side] in [-1, 1] to unit rows [n, dim], and [n, windows, dim].

    A picture and its windows go through the head as rows of one product, so that its weights, most
    of the tower's, are stored and read once.
    """

    def __init__(self, tower: VisionTower) -> None:
        super().__init__()
        self.tower = tower

    def forward(self, pixel_values: Tensor) -> tuple[Tensor, Tensor]:
        """The picture's rows, and the windows' row by row from the top left."""
        groups = self.tower.groups
        stages, last = self.tower.network(pixel_values)
        whole = pool(groups, stages, last)
        both = torch.cat([whole[:, None], pool_windows(groups, stages, last)], dim=1)
        rows = self.tower.projection(both.flatten(0, 1))
        rows = rows.reshape(-1, int(both.shape[1]), rows.shape[-1])
        return rows[:, 0], rows[:, 1:]


def pool_windows(groups: tuple[str, ...], stages: list[Tensor], last: Tensor) -> Tensor:
    """As `pooling.pool`, for each window: [n, windows, sum of the groups' widths]."""
    cells = int(last.shape[-1])
    parts = [_statistic(name, maps, cells) for name, maps in readings(groups, stages, last)]
    return torch.cat(parts, dim=1).flatten(2).transpose(1, 2)


def _statistic(name: str, maps: Tensor, cells: int) -> Tensor:
    """Of each window of maps [n, channels, side, side]; `side` is a multiple of `cells`."""
    scale = int(maps.shape[-1]) // cells
    side, stride = SIDE * scale, STRIDE * scale
    if name == "max":
        return functional.max_pool2d(maps, side, stride)
    mean = functional.avg_pool2d(maps, side, stride)
    if name == "mean":
        return mean
    centre = maps.mean((2, 3), keepdim=True)  # large squares would cancel each other
    square = functional.avg_pool2d((maps - centre) ** 2, side, stride)
    return (square - (mean - centre) ** 2).clamp_min(1e-12).sqrt()


def _map_sides(sizes: VisionSizes) -> list[int]:
    """Sides of the maps of all stages, in order; the last map is as large as the last of them."""
    side, found = -(-sizes.image_size // 2), []
    for _, _, _, stride in sizes.stages:
        side = -(-side // stride)
        found.append(side)
    return found
