# ruff: noqa: E402  (what is optional is asked for before it is imported)
import pytest

torch = pytest.importorskip("torch", reason="the networks need requirements-export.txt")

from export.networks.heads import CLAMP, Projection, Standardise


def test_standardise_takes_its_figures_from_rows():
    rows = torch.randn(500, 3) * torch.tensor([1.0, 10.0, 100.0]) + 7
    layer = Standardise(3)
    layer.fit(rows)
    found = layer(rows)
    assert torch.allclose(found.mean(0), torch.zeros(3), atol=1e-4)
    assert torch.allclose(found.std(0), torch.ones(3), atol=1e-2)


def test_outliers_are_cut():
    assert Standardise(2)(torch.tensor([[100.0, -100.0]])).tolist() == [[CLAMP, -CLAMP]]


def test_a_projection_gives_unit_rows():
    found = Projection(6, 8, 4)(torch.randn(5, 6))
    assert found.shape == (5, 4)
    assert torch.allclose(found.norm(dim=1), torch.ones(5), atol=1e-5)
