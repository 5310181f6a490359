# ruff: noqa: E402  (what is optional is asked for before it is imported)
import json

import pytest

torch = pytest.importorskip("torch", reason="training needs requirements-training.txt")

from training.minilm import POOLED, ByteEmbedding, MiniLM, model_folder, tokenizer_json


@pytest.fixture(scope="module")
def folder():
    try:
        return model_folder()
    except FileNotFoundError as error:
        pytest.skip(str(error))


def test_byte_rows_are_near_the_table():
    table = torch.randn(50, 16) * torch.linspace(0.1, 3, 50)[:, None]
    small = ByteEmbedding(table)
    ids = torch.tensor([[3, 49], [0, 7]])
    assert small.rows.dtype == torch.int8
    half_a_step = table[ids].abs().amax(-1, keepdim=True) / 127 / 2
    assert ((small(ids) - table[ids]).abs() <= half_a_step * 1.001).all()


def test_the_tokenizer_neither_pads_nor_cuts(folder):
    rules = json.loads(tokenizer_json(folder))
    assert rules["padding"] is None
    assert rules["truncation"] is None


def test_padding_changes_nothing(folder):
    pytest.importorskip("transformers", reason="training needs requirements-training.txt")
    tower = MiniLM(folder)
    ids = torch.tensor([[101, 2417, 6007, 102]])
    padded = torch.tensor([[101, 2417, 6007, 102, 0, 0, 0]])
    mask = torch.tensor([[1, 1, 1, 1, 0, 0, 0]])
    with torch.inference_mode():
        alone, beside = tower(ids, torch.ones_like(ids)), tower(padded, mask)
    assert alone.shape == (1, POOLED)
    assert torch.allclose(alone, beside, atol=1e-4)
