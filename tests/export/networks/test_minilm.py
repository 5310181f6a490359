# ruff: noqa: E402  (what is optional is asked for before it is imported)
import pytest

torch = pytest.importorskip("torch", reason="the networks need requirements-export.txt")

from export.networks.minilm import MiniLM, pooled_width
from export.networks.sizes import TextSizes

SIZES = TextSizes(
    context_length=16, vocabulary=50, width=12, heads=3, layers=2, inner=20, states=(0, 2)
)


@pytest.fixture(scope="module")
def network() -> MiniLM:
    torch.manual_seed(0)
    return MiniLM(SIZES).eval().requires_grad_(False)


def test_a_pooled_vector_has_the_states_the_first_word_and_the_maximum(network):
    ids = torch.tensor([[7, 8, 9, 10]])
    found = network(ids, torch.ones_like(ids))
    assert found.shape == (1, pooled_width(SIZES)) == (1, 48)
    embedded = network.norm(network.words(ids) + network.positions[:4])
    assert torch.allclose(found[0, :12], embedded[0].mean(0), atol=1e-6)
    assert (found[0, 36:] >= found[0, 24:36]).all()  # the maximum over all, and the first


def test_padding_changes_nothing(network):
    ids, mask = torch.tensor([[7, 8, 9]]), torch.ones(1, 3, dtype=torch.long)
    padded = torch.tensor([[7, 8, 9, 0, 3], [1, 2, 3, 4, 5]])
    beside = network(padded, torch.tensor([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]]))
    assert torch.allclose(network(ids, mask)[0], beside[0], atol=1e-5)


def test_words_out_of_order_mean_something_else(network):
    ids = torch.tensor([[7, 8, 9], [7, 9, 8]])
    first, second = network(ids, torch.ones_like(ids))
    assert not torch.allclose(first, second, atol=1e-2)
