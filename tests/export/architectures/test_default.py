# ruff: noqa: E402  (what is optional is asked for before it is imported)
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="exporting needs requirements-export.txt")
onnxruntime = pytest.importorskip("onnxruntime")

from safetensors.torch import load_file, save_file

from engine.encoder import ScoreCurve
from export.architectures.default import ARCHITECTURE
from export.errors import ExportError
from export.graphs.trace import trace
from export.networks.sizes import Sizes, TextSizes, VisionSizes, as_config
from export.networks.towers import DualEncoder

SIZES = Sizes(
    dim=24,
    vision=VisionSizes(
        image_size=32, stem=8, stages=((1, 4, 1, 1), (2, 6, 2, 2)), last=12, hidden=16
    ),
    text=TextSizes(
        context_length=16,
        vocabulary=40,
        width=12,
        heads=3,
        layers=2,
        inner=20,
        states=(0, 2),
        hidden=16,
    ),
)
CURVES = {"text": {"scale": 22.5, "midpoint": 0.375}, "image": {"scale": 11.5, "midpoint": 0.7}}


@pytest.fixture
def folder(tmp_path) -> Path:
    """A tiny checkpoint with random weights."""
    torch.manual_seed(0)
    save_file(DualEncoder(SIZES).state_dict(), tmp_path / "model.safetensors")
    write_config(tmp_path, score_curves=CURVES)
    return tmp_path


def write_config(folder: Path, **more) -> None:
    config = {"model_type": "visual-search-default", **as_config(SIZES), **more}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")


def load(folder: Path) -> DualEncoder:
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return ARCHITECTURE.load(SimpleNamespace(folder=folder, config=config))


def test_towers_have_the_sizes_and_curves_of_the_config(folder):
    towers = ARCHITECTURE.towers(load(folder))
    assert (towers.dim, towers.image_size, towers.context_length) == (24, (32, 32), 16)
    assert towers.padding == "longest"
    assert towers.curves == {"text": ScoreCurve(22.5, 0.375), "image": ScoreCurve(11.5, 0.7)}


def test_a_checkpoint_without_curves_leaves_them_to_the_exporter(folder):
    write_config(folder)
    assert ARCHITECTURE.towers(load(folder)).curves == {}


def test_features_are_the_rows_of_the_towers(folder):
    model = load(folder)
    towers = ARCHITECTURE.towers(model)
    (pixels,), (ids, mask) = towers.vision.examples[0], towers.text.examples[0]
    images = ARCHITECTURE.image_features(model, {"pixel_values": pixels})
    texts = ARCHITECTURE.text_features(
        model, {"input_ids": ids, "attention_mask": mask, "token_type_ids": ids * 0}
    )
    assert torch.equal(images, towers.vision.module(pixels))
    assert torch.equal(texts, towers.text.module(ids, mask))
    assert images.shape == texts.shape == (2, 24)


@pytest.mark.parametrize("part", ["vision", "text"])
def test_a_traced_tower_gives_the_same_rows_at_every_shape(folder, tmp_path, part):
    tower = getattr(ARCHITECTURE.towers(load(folder)), part)
    path = tmp_path / f"{part}.onnx"
    axes = dict(zip(tower.inputs, tower.axes, strict=True))
    trace(tower.module, axes, (tower.output,), tower.examples[0], path)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    for example in tower.examples:
        feeds = {name: value.numpy() for name, value in zip(tower.inputs, example, strict=True)}
        (found,) = session.run([tower.output], feeds)
        assert np.abs(found - tower.module(*example).numpy()).max() < 1e-5
        assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


def test_a_missing_tensor_is_named(folder):
    weights = load_file(folder / "model.safetensors")
    del weights["text.network.words.weight"]
    save_file(weights, folder / "model.safetensors")
    with pytest.raises(ExportError, match=r"text\.network\.words\.weight"):
        load(folder)


def test_a_tensor_of_another_size_is_named(folder):
    config = as_config(SIZES) | {"dim": 25}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(ExportError, match=r"vision\.projection\.straight\.weight"):
        load(folder)


def test_a_damaged_weight_file_is_named(folder):
    (folder / "model.safetensors").write_bytes(b"no tensors")
    with pytest.raises(ExportError, match=r"model\.safetensors: cannot be read"):
        load(folder)
    (folder / "model.safetensors").unlink()
    with pytest.raises(ExportError, match=r"model\.safetensors: missing"):
        load(folder)


@pytest.mark.parametrize("curves", [{"text": CURVES["text"]}, {**CURVES, "image": 3}, [1]])
def test_half_of_the_curves_are_refused(folder, curves):
    write_config(folder, score_curves=curves)
    with pytest.raises(ExportError, match="field 'score_curves'"):
        load(folder)
