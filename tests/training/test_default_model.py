"""The folder that ships is whole, small, and does what its `model.json` says."""

import hashlib
import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "models" / "default"


@pytest.fixture(scope="module")
def manifest() -> dict:
    return json.loads((FOLDER / "model.json").read_text(encoding="utf-8"))


def session(name: str) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(FOLDER / name, providers=["CPUExecutionProvider"])


def test_the_folder_is_at_most_40_mb():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= 40_000_000


@pytest.mark.parametrize("part", ["vision", "text", "tokenizer"])
def test_files_have_the_digests_of_the_manifest(manifest, part):
    data = (FOLDER / manifest[part]["file"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == manifest[part]["sha256"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_vision_tower_gives_unit_rows(manifest, count):
    pixels = np.random.default_rng(0).uniform(-1, 1, (count, 3, 224, 224)).astype(np.float32)
    tower = session("vision.onnx")
    (rows,) = tower.run([manifest["vision"]["output"]], {"pixel_values": pixels})
    assert rows.shape == (count, manifest["dim"])
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    (alone,) = tower.run([manifest["vision"]["output"]], {"pixel_values": pixels[:1]})
    # Inputs of a product are quantized as a batch: noise beside photos is the worst of company.
    assert alone[0] @ rows[0] > 0.999


def test_the_vision_tower_gives_unit_rows_of_windows_too(manifest):
    assert manifest["windows"] == {"rows": 3, "columns": 3}
    pixels = np.random.default_rng(0).uniform(-1, 1, (2, 3, 224, 224)).astype(np.float32)
    (windows,) = session("vision.onnx").run(["window_embeds"], {"pixel_values": pixels})
    assert windows.shape == (2, 9, manifest["dim"])
    assert np.allclose(np.linalg.norm(windows, axis=2), 1, atol=1e-5)


def test_the_card_says_what_windows_are_for(manifest):
    (row,) = [
        row
        for row in manifest["measured"]["precisions"]
        if row["tower"] == "vision" and row["chosen"]
    ]
    assert row["window_cosine_worst"] > 0.99
    card = (FOLDER / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "## Windows of a picture" in card
    assert f"{row['window_cosine_mean']:.5f} on average" in card


def test_a_text_has_one_vector_whatever_it_is_batched_with(manifest):
    tower = session("text.onnx")
    ids = np.array([[101, 2417, 6007, 102, 0, 0], [101, 1037, 3899, 1999, 5568, 102]])
    mask = (ids > 0).astype(np.int64)
    (rows,) = tower.run([manifest["text"]["output"]], {"input_ids": ids, "attention_mask": mask})
    (alone,) = tower.run(None, {"input_ids": ids[:1, :4], "attention_mask": mask[:1, :4]})
    assert rows.shape == (2, manifest["dim"])
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert np.allclose(alone[0], rows[0], atol=1e-4)


def test_the_longest_allowed_text_is_read(manifest):
    length = manifest["tokens"]["context_length"]
    feeds = {"input_ids": np.full((1, length), 2417), "attention_mask": np.ones((1, length), int)}
    (rows,) = session("text.onnx").run(None, feeds)
    assert np.isfinite(rows).all()


@pytest.mark.parametrize("name", ["vision.onnx", "text.onnx", "model.json", "MODEL_CARD.md"])
def test_no_path_of_the_machine_that_made_it_is_inside(name):
    data = (FOLDER / name).read_bytes()
    assert b"site-packages" not in data
    assert b"stack_trace" not in data


def test_the_tokenizer_neither_pads_nor_cuts():
    rules = json.loads((FOLDER / "tokenizer.json").read_text(encoding="utf-8"))
    assert rules["padding"] is None
    assert rules["truncation"] is None


def test_the_card_names_the_revision(manifest):
    card = (FOLDER / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert manifest["revision"] in card
