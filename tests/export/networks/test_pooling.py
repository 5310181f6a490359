# ruff: noqa: E402  (what is optional is asked for before it is imported)
import pytest

torch = pytest.importorskip("torch", reason="the networks need requirements-export.txt")

from export.networks.pooling import group_width, pool
from export.networks.sizes import POOLED_GROUPS, VisionSizes

SIZES = VisionSizes(stages=((1, 2, 1, 1), (1, 3, 1, 1)), last=4)
STAGES = [torch.randn(5, 2, 8, 8), torch.randn(5, 3, 4, 4)]
LAST = torch.randn(5, 4, 2, 2)


@pytest.mark.parametrize("group", POOLED_GROUPS)
def test_a_group_is_as_wide_as_it_says(group):
    assert pool([group], STAGES, LAST).shape == (5, group_width(group, SIZES))


def test_statistics_are_those_over_space():
    flat = torch.cat([maps.flatten(2).mean(2) for maps in STAGES], dim=1)
    assert torch.allclose(pool(["level_mean"], STAGES, LAST), flat, atol=1e-6)
    spread = LAST.flatten(2).std(2, correction=0)
    assert torch.allclose(pool(["last_std"], STAGES, LAST), spread, atol=1e-6)
    assert torch.equal(pool(["last_max"], STAGES, LAST), LAST.flatten(2).amax(2))


def test_groups_lie_in_the_order_asked_for():
    both = pool(["last_max", "level_std"], STAGES, LAST)
    assert torch.equal(both[:, :4], pool(["last_max"], STAGES, LAST))
    assert torch.equal(both[:, 4:], pool(["level_std"], STAGES, LAST))
