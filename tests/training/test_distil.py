# ruff: noqa: E402  (what is optional is asked for before it is imported)
import pytest

torch = pytest.importorskip("torch", reason="training needs requirements-training.txt")

from torch.nn import functional

from training.distil import recognise, relate


def unit(*shape):
    return functional.normalize(torch.randn(*shape), dim=-1)


def test_nothing_is_lost_where_both_say_the_same():
    torch.manual_seed(0)
    pictures, names, scale = unit(5, 8), unit(7, 8), torch.tensor(12.0)
    agreed = scale * pictures @ names.T + 3.0  # a constant says nothing about the classes
    assert recognise(pictures, names, agreed, scale).item() == pytest.approx(0, abs=1e-5)
    other = recognise(pictures, names, agreed.flip(1), scale)
    assert other.item() > 0.1


def test_the_divergence_is_that_of_the_classifier_from_the_space():
    torch.manual_seed(1)
    pictures, names, logits = unit(4, 8), unit(6, 8), torch.randn(4, 6)
    taught, found = logits.softmax(1), (9.0 * pictures @ names.T).softmax(1)
    expected = (taught * (taught / found).log()).sum(1).mean()
    got = recognise(pictures, names, logits, torch.tensor(9.0))
    assert got.item() == pytest.approx(expected.item(), rel=1e-4)


def test_texts_that_keep_their_place_lose_nothing():
    torch.manual_seed(2)
    texts = unit(6, 5)
    turned = texts @ torch.linalg.qr(torch.randn(5, 5))[0]  # similarities are the same
    assert relate(turned, texts).item() == pytest.approx(0, abs=1e-5)
    assert relate(texts[torch.tensor([1, 0, 3, 2, 5, 4])], texts).item() > 0.01


def test_a_text_is_not_compared_with_itself():
    taught, found = unit(2, 4), unit(2, 4)
    assert relate(found, taught).item() == pytest.approx(0, abs=1e-5), "there is one other"
