# ruff: noqa: E402  (what is optional is asked for before it is imported)
import json

import pytest

torch = pytest.importorskip("torch", reason="training needs requirements-training.txt")

from training.minilm import POOLED, model_folder, read_minilm, tokenizer_json


@pytest.fixture(scope="module")
def folder():
    try:
        return model_folder()
    except FileNotFoundError as error:
        pytest.skip(str(error))


def test_the_tokenizer_neither_pads_nor_cuts(folder):
    rules = json.loads(tokenizer_json(folder))
    assert rules["padding"] is None
    assert rules["truncation"] is None


def test_the_network_agrees_with_transformers(folder):
    transformers = pytest.importorskip(
        "transformers", reason="training needs requirements-training.txt"
    )
    ids = torch.tensor([[101, 2417, 6007, 2006, 5568, 102], [101, 3899, 102, 0, 0, 0]])
    mask = (ids > 0).long()
    bert = transformers.BertModel.from_pretrained(str(folder), add_pooling_layer=False).eval()
    with torch.inference_mode():
        found = read_minilm(folder)(ids, mask)
        states = bert(ids, mask, output_hidden_states=True).hidden_states
    assert found.shape == (2, POOLED)
    for row, length in enumerate((6, 3)):
        words = [state[row, :length] for state in states]
        means = [words[index].mean(0) for index in (0, 2, 4, 6)]
        expected = torch.cat([*means, words[6][0], words[6].amax(0)])
        assert torch.allclose(found[row], expected, atol=1e-5)
