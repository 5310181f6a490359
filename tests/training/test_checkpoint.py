# ruff: noqa: E402  (what is optional is asked for before it is imported)
import json
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

torch = pytest.importorskip("torch", reason="training needs requirements-training.txt")
pytest.importorskip("ai_edge_litert.interpreter", reason="reading .tflite needs ai-edge-litert")
transformers = pytest.importorskip("transformers")

from engine.sample import MANIFEST, recipes, render
from export.architectures.default import ARCHITECTURE
from export.checkpoints.checkpoint import open_checkpoint
from training.checkpoint import write_checkpoint
from training.corpus import SAMPLES, read_pictures
from training.heads import HeadPlan, Heads
from training.minilm import POOLED, model_folder, tokenizer_json
from training.pixels import to_pixels
from training.texts import CONTEXT, make_tokenizer, tokenise
from training.towers import assemble

FILES = {
    "README.md",
    "config.json",
    "model.safetensors",
    "preprocessor_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
}


@pytest.fixture(scope="module")
def heads() -> Heads:
    torch.manual_seed(0)
    return Heads(HeadPlan(image_hidden=16, text_hidden=8), POOLED).eval().requires_grad_(False)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory) -> Path:
    """Two pictures of each of twelve meanings, and their manifest."""
    groups = defaultdict(list)
    for recipe in recipes(600, seed=2):
        facts = recipe.item.attributes
        groups[facts["kind"], facts.get("colour")].append(recipe)
    chosen = [recipe for group in groups.values() if len(group) > 1 for recipe in group[:2]][:24]
    folder = tmp_path_factory.mktemp("drawn")
    for recipe in chosen:
        path = folder / recipe.item.file
        path.parent.mkdir(exist_ok=True)
        render(recipe).convert("RGB").save(path)
    lines = [json.dumps(asdict(recipe.item)) for recipe in chosen]
    (folder / MANIFEST).write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def checkpoint(shared, heads, drawn, tmp_path_factory) -> Path:
    """A checkpoint with heads that were not trained; its folder held something before."""
    try:
        model_folder()
    except FileNotFoundError as error:
        pytest.skip(str(error))
    out = tmp_path_factory.mktemp("checkpoints") / "made"
    out.mkdir()
    (out / "README.md").write_text("of an earlier run", encoding="utf-8")
    dev = {SAMPLES: read_pictures(drawn, SAMPLES, "dev")}
    model = assemble(heads, shared / "pretrained")
    report = write_checkpoint(model, out, dev, {SAMPLES: drawn}, {"web hit@10": (0.1, 0.2)})
    assert 0 <= report[SAMPLES]["hit@10"] < 0.9  # what heads that were not trained reach
    return out


def test_the_folder_is_whole_and_nothing_lies_beside_it(checkpoint):
    assert {path.name for path in checkpoint.iterdir()} == FILES
    assert list(checkpoint.parent.iterdir()) == [checkpoint]
    assert len({path.stat().st_mode for path in checkpoint.iterdir()}) == 1  # all can be read
    assert "| samples | 0." in (checkpoint / "README.md").read_text(encoding="utf-8")


def test_the_exporter_loads_the_same_model_with_its_curves(checkpoint, shared, heads):
    loaded = ARCHITECTURE.load(open_checkpoint(str(checkpoint)))
    expected = assemble(heads, shared / "pretrained").state_dict()
    assert all(torch.equal(value, expected[name]) for name, value in loaded.state_dict().items())
    assert set(loaded.curves) == {"text", "image"}


def test_the_config_says_what_it_is_and_under_which_licence(checkpoint):
    config = json.loads((checkpoint / "config.json").read_text(encoding="utf-8"))
    assert config["model_type"] == "visual-search-default"
    assert "Apache-2.0" in config["license"]["code"]
    assert "non-commercial" in config["license"]["weights"]


def test_the_processors_of_the_folder_prepare_as_training_did(checkpoint, drawn):
    picture = Image.open(next(drawn.glob("**/*.jpg")))
    processor = transformers.AutoImageProcessor.from_pretrained(checkpoint, use_fast=False)
    (pixels,) = processor(picture, return_tensors="np")["pixel_values"]
    assert np.abs(pixels - to_pixels(picture)).max() < 1e-5

    texts = ["A Café, by the sea", "dog", "word " * 100]
    tokenizer = transformers.AutoTokenizer.from_pretrained(checkpoint)
    found = tokenizer(texts, padding=True, truncation=True, return_tensors="np")
    ids, mask = tokenise(make_tokenizer(tokenizer_json(model_folder())), texts)
    assert ids.shape == (3, CONTEXT)
    assert np.array_equal(found["input_ids"], ids)
    assert np.array_equal(found["attention_mask"], mask)
    assert set(found) == {"input_ids", "attention_mask"}
