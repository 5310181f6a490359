"""The window output from the network to the engine, in every precision."""
# ruff: noqa: E402  (what is optional is asked for before it is imported)

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import vs_tiny

torch = pytest.importorskip("torch", reason="exporting needs requirements-export.txt")
pytest.importorskip("optimum", reason="exporting needs requirements-export.txt")

from engine.encoder import load
from engine.encoder.manifest import PixelRules, TextRules
from export import precisions
from export.architectures.default import ARCHITECTURE
from export.errors import ExportError
from export.graphs.files import read, weight_bytes
from export.graphs.towers import write_graphs
from export.graphs.trace import trace
from export.manifest import write_draft
from export.networks.sizes import Sizes, TextSizes, VisionSizes
from export.networks.towers import DualEncoder
from export.sources.traced import Traceable, write_model
from export.spec import ModelSpec
from export.tower import Towers

SIDE = 28
SIZES = Sizes(
    dim=24,
    vision=VisionSizes(
        image_size=SIDE, stem=16, stages=((1, 16, 1, 1), (2, 16, 2, 2)), last=64, hidden=128
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
PIXELS = PixelRules(SIDE, SIDE, "squash", "bicubic", (0.5,) * 3, (0.5,) * 3)
TOKENS = TextRules(16, "longest", 0, False, "{}")


def model(sizes: Sizes = SIZES) -> DualEncoder:
    torch.manual_seed(0)
    return DualEncoder(sizes).eval().requires_grad_(False)


@pytest.fixture(scope="module")
def exported(tmp_path_factory) -> tuple[Path, ModelSpec]:
    """A folder in float32 with its draft of a manifest, and what is true of it; read only."""
    folder = tmp_path_factory.mktemp("windows") / "fp32"
    folder.mkdir()
    tokenizer = json.loads(vs_tiny.tokenizer().to_str())
    traceable = Traceable(ARCHITECTURE.towers(model()), PIXELS, TOKENS, tokenizer)
    spec = write_model(traceable, folder, lambda line: None)
    write_draft(folder, spec)
    return folder, spec


def pixels(count: int) -> list[np.ndarray]:
    noise = np.random.default_rng(0).uniform(-1, 1, (count, 3, SIDE, SIDE))
    return list(noise.astype(np.float32))


def test_the_manifest_says_the_grid_and_the_engine_gives_what_the_network_gives(exported):
    folder, spec = exported
    assert json.loads((folder / "model.json").read_text())["windows"] == {"rows": 3, "columns": 3}
    encoder = load(folder, device="cpu")
    assert encoder.window_grid == (3, 3)
    rows, windows = encoder.encode_with_windows(pixels(5))
    tower = ARCHITECTURE.towers(model()).vision.module
    expected = [each.numpy() for each in tower(torch.from_numpy(np.stack(pixels(5))))]
    assert rows == pytest.approx(expected[0], abs=1e-5)
    assert windows == pytest.approx(expected[1], abs=1e-5)
    assert spec.parity.keys() == {"vision", "windows", "text"}
    assert max(spec.parity.values()) <= 1e-5


def test_a_graph_whose_windows_differ_from_the_network_is_refused(tmp_path):
    towers = ARCHITECTURE.towers(model())

    class Slipping(torch.nn.Module):
        """Right while it is traced, and one picture later no more."""

        def forward(self, pixel_values):
            rows, windows = towers.vision.module(pixel_values)
            return rows, windows * (2.0 - len(pixel_values) / 2)

    vision = SimpleNamespace(**{**vars(towers.vision), "module": Slipping().eval()})
    with pytest.raises(ExportError, match=r"vision\.onnx: differs from PyTorch"):
        write_graphs(Towers(**{**vars(towers), "vision": vision}), tmp_path, lambda line: None)


def test_a_network_whose_maps_no_windows_cover_gives_none():
    sizes = Sizes(
        dim=24, vision=VisionSizes(image_size=32, stages=((1, 8, 1, 1),)), text=SIZES.text
    )
    towers = ARCHITECTURE.towers(model(sizes))
    assert towers.windows is None
    assert towers.vision.module(torch.zeros(1, 3, 32, 32)).shape == (1, 24)


@pytest.mark.parametrize("precision", precisions.PRECISIONS)
def test_every_precision_keeps_the_windows(exported, tmp_path, precision):
    floats, spec = exported
    folder = tmp_path / "model"
    folder.mkdir()
    for file in floats.iterdir():
        (folder / file.name).symlink_to(file)
    (folder / "vision.onnx").unlink()
    (folder / "model.json").unlink()
    feeds = [{"pixel_values": np.stack(pixels(4))}]
    precisions.make(precision, floats / "vision.onnx", folder / "vision.onnx", feeds)
    write_draft(folder, spec)
    rows, windows = load(folder, device="cpu").encode_with_windows(pixels(5))
    exact_rows, exact = load(floats, device="cpu").encode_with_windows(pixels(5))
    assert np.linalg.norm(windows, axis=2) == pytest.approx(1, abs=1e-5)
    assert (rows * exact_rows).sum(axis=1).min() > 0.99
    assert (windows * exact).sum(axis=2).min() > 0.99


@pytest.mark.parametrize("precision", ["int8-dynamic", "int8-blocks", "int8-weights"])
def test_the_heads_weights_are_stored_once(exported, tmp_path, precision):
    """They are most of the tower, and both outputs need them."""
    floats, _ = exported
    pictures, plain = torch.zeros(2, 3, SIDE, SIDE), tmp_path / "plain.onnx"
    trace(model().vision, {"pixel_values": {0: "batch"}}, ("image_embeds",), (pictures,), plain)
    weights = []
    for source in (plain, floats / "vision.onnx"):
        precisions.make(precision, source, tmp_path / "made.onnx")
        weights.append(weight_bytes(read(tmp_path / "made.onnx")))
    assert weights[1] - weights[0] < 2000  # shapes and the like; the head has 25,000
