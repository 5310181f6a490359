# ruff: noqa: E402  (what is optional is asked for before it is imported)
import pytest

torch = pytest.importorskip("torch", reason="training needs requirements-training.txt")

from training.heads import DIM, HeadPlan, Heads, QuickDropout
from training.pooling import POOLED, pooled_slice

PLANS = [
    HeadPlan(image_hidden=8, text_hidden=8),
    HeadPlan(groups=("last_mean",), image_hidden=8, text_hidden=8),
]


@pytest.mark.parametrize("plan", PLANS)
def test_both_heads_give_unit_rows(plan):
    heads = Heads(plan, text_width=12).eval()
    pictures = heads.image(torch.randn(3, POOLED))
    texts = heads.text(torch.randn(5, 12))
    assert pictures.shape == (3, DIM)
    assert texts.shape == (5, DIM)
    for found in (pictures, texts):
        assert torch.allclose(found.norm(dim=1), torch.ones(len(found)), atol=1e-5)


def test_the_image_head_reads_only_its_groups():
    heads = Heads(HeadPlan(groups=("last_max",), image_hidden=8, text_hidden=8), 4).eval()
    rows = torch.randn(2, POOLED)
    changed = rows.clone()
    changed[:, pooled_slice("level_mean")] += 5
    assert torch.equal(heads.image(rows), heads.image(changed))


def test_dropout_drops_its_share_in_training_only():
    layer = QuickDropout(0.25)
    ones = torch.ones(200, 100)
    assert (layer(ones) == 0).float().mean().item() == pytest.approx(0.25, abs=0.02)
    assert layer(ones).mean().item() == pytest.approx(1.0, abs=0.03)
    assert torch.equal(layer.eval()(ones), ones)


def test_an_unknown_group_is_named():
    with pytest.raises(KeyError, match="no pooled group 'colour'"):
        pooled_slice("colour")


def test_dropout_is_part_of_training_only():
    heads = Heads(HeadPlan(image_hidden=8, text_hidden=8, input_dropout=0.5), 12)
    rows = torch.randn(4, 12)
    assert not torch.equal(heads.text(rows), heads.text(rows))
    heads.eval()
    assert torch.equal(heads.text(rows), heads.text(rows))
