# ruff: noqa: E402  (what is optional is asked for before it is imported)
import numpy as np
import pytest
from PIL import Image

torch = pytest.importorskip("torch", reason="training needs requirements-training.txt")
pytest.importorskip("ai_edge_litert.interpreter", reason="reading .tflite needs ai-edge-litert")

from export.networks.pooling import pool
from export.networks.sizes import POOLED_GROUPS
from training.heads import HeadPlan, Heads
from training.minilm import POOLED, model_folder, tokenizer_json
from training.pixels import to_pixels
from training.texts import make_tokenizer, tokenise
from training.towers import assemble, embed_pictures, embed_texts

PLAN = HeadPlan(groups=("last_max", "level_mean"), image_hidden=16, text_hidden=8)
TEXTS = ["a long sentence about a red dress on green grass", "dog", "two dogs"]


@pytest.fixture(scope="module")
def heads() -> Heads:
    torch.manual_seed(0)
    return Heads(PLAN, POOLED).eval().requires_grad_(False)


@pytest.fixture(scope="module")
def model(shared, heads):
    try:
        model_folder()
    except FileNotFoundError as error:
        pytest.skip(str(error))
    return assemble(heads, shared / "pretrained")


def test_texts_and_pictures_go_through_the_heads_as_in_training(model, heads, tmp_path):
    tokenizer = make_tokenizer(tokenizer_json(model_folder()))
    ids, mask = tokenise(tokenizer, TEXTS)
    pooled = model.text.network(torch.from_numpy(ids), torch.from_numpy(mask))
    rows = embed_texts(model.text, tokenizer, TEXTS, batch=2)
    assert np.allclose(rows, heads.text(pooled).numpy(), atol=1e-5)

    noise = np.random.default_rng(0).integers(0, 256, (60, 80, 3)).astype(np.uint8)
    path = tmp_path / "noise.png"
    Image.fromarray(noise).save(path)
    pixels = torch.from_numpy(to_pixels(Image.open(path))[None])
    statistics = pool(POOLED_GROUPS, *model.vision.network(pixels))
    rows = embed_pictures(model.vision, [path])
    assert np.allclose(rows, heads.image(statistics).numpy(), atol=1e-5)
