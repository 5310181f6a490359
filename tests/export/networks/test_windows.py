# ruff: noqa: E402  (what is optional is asked for before it is imported)
import pytest

torch = pytest.importorskip("torch", reason="the networks need requirements-export.txt")

from export.networks.pooling import pool
from export.networks.sizes import POOLED_GROUPS, Sizes, TextSizes, VisionSizes
from export.networks.towers import VisionTower
from export.networks.windows import WindowTower, pool_windows, window_grid
from export.spec import Grid

STAGES = [torch.randn(2, 3, 14, 14), 5 + torch.randn(2, 4, 7, 7)]
LAST = torch.randn(2, 6, 7, 7)
CORNERS = [(row, column) for row in (0, 2, 4) for column in (0, 2, 4)]
"""Of the windows in cells, row by row from the top left."""


def cut(maps, row, column):
    """A window's part of the maps [n, channels, side, side]."""
    scale = maps.shape[-1] // 7
    rows = slice(row * scale, (row + 3) * scale)
    return maps[:, :, rows, column * scale : (column + 3) * scale]


@pytest.mark.parametrize("group", POOLED_GROUPS)
def test_a_windows_statistics_are_those_of_its_part_of_the_maps(group):
    found = pool_windows((group,), STAGES, LAST)
    for place, corner in enumerate(CORNERS):
        parts = [cut(maps, *corner) for maps in STAGES]
        expected = pool((group,), parts, cut(LAST, *corner))
        assert torch.allclose(found[:, place], expected, atol=1e-5)


def test_groups_lie_in_the_order_asked_for():
    groups = ("last_max", "level_mean")
    both = pool_windows(groups, STAGES, LAST)
    apart = [pool_windows((group,), STAGES, LAST) for group in groups]
    assert torch.equal(both, torch.cat(apart, dim=2))


def sizes(side, stages=((1, 4, 1, 1), (2, 6, 2, 2))):
    vision = VisionSizes(image_size=side, stem=8, stages=stages, last=12, hidden=16)
    return Sizes(dim=10, vision=vision, text=TextSizes())


def test_the_rows_of_the_picture_are_those_without_windows():
    torch.manual_seed(0)
    tower = VisionTower(sizes(28)).eval().requires_grad_(False)
    pixels = torch.rand(3, 3, 28, 28) * 2 - 1
    rows, windows = WindowTower(tower)(pixels)
    assert torch.allclose(rows, tower(pixels), atol=1e-6)
    assert windows.shape == (3, 9, 10)
    assert torch.allclose(windows.norm(dim=2), torch.ones(3, 9), atol=1e-5)
    stages, last = tower.network(pixels)
    first = pool(tower.groups, [cut(maps, 2, 4) for maps in stages], cut(last, 2, 4))
    assert torch.allclose(windows[:, 5], tower.projection(first), atol=1e-5)


@pytest.mark.parametrize(
    ("vision", "grid"),
    [
        (VisionSizes(), Grid(3, 3)),
        (sizes(28).vision, Grid(3, 3)),
        (sizes(20).vision, Grid(2, 2)),
        (sizes(12).vision, Grid(1, 1)),
        (sizes(32).vision, None),  # 8 cells: the last would be in no window
        (sizes(8).vision, None),  # 2 cells are less than a window
        (sizes(26).vision, None),  # maps of 13 x 13 are not cut into 7 x 7 cells
    ],
)
def test_windows_are_given_where_they_cover_the_maps(vision, grid):
    assert window_grid(vision) == grid
    if grid:
        stages, last = VisionTower(Sizes(vision=vision)).network(
            torch.zeros(1, 3, vision.image_size, vision.image_size)
        )
        found = pool_windows(("last_mean",), stages, last)
        assert found.shape == (1, grid.rows * grid.columns, vision.last)
