import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="exporting needs requirements-export.txt")

from export.precisions import make  # noqa: E402
from export.precisions.observe import ROWS, observed  # noqa: E402
from export.precisions.products import settle  # noqa: E402
from export.precisions.static import calibrated  # noqa: E402


@pytest.fixture
def residual(builder, tmp_path):
    """y = x w + x: the product reads what the sum reads too."""
    builder.add("Identity", ["x"], "copy")
    builder.add("MatMul", ["copy", builder.weight("w", 32, 32)], "product")
    builder.add("Add", ["product", "copy"], "y")
    shape = (1, ["n", 32])
    return builder.save(tmp_path / "residual.onnx", {"x": shape}, {"y": shape})


def test_only_the_product_reads_rounded_values(residual, run, tmp_path):
    values = np.random.default_rng(0).normal(size=(9, 32)).astype(np.float32)
    make("int8-static", residual, tmp_path / "made.onnx", [{"x": values}])
    loud = [{"x": 10 * values}]  # far out of the measured range: the product is cut off
    exact, found = run(residual, loud), run(tmp_path / "made.onnx", loud)
    nodes = {node.name: node for node in onnx.load(tmp_path / "made.onnx").graph.node}
    assert nodes["y"].input[1] == nodes["product"].input[0].split("_DequantizeLinear")[0]
    assert np.abs(found - exact).max() > 1


def test_ranges_span_all_feeds_and_zero(residual, tmp_path):
    model = onnx.load(residual)
    settle(model)
    feeds = [{"x": np.full((1, 32), 2, np.float32)}, {"x": np.full((20, 32), 3, np.float32)}]
    assert calibrated(model, feeds, tmp_path) == {"copy": (0.0, 3.0)}


def test_few_rows_run_at_a_time(residual, tmp_path):
    model = onnx.load(residual)
    settle(model)
    outputs = [item.name for item in model.graph.output]
    feeds = [{"x": np.zeros((2 * ROWS + 1, 32), np.float32)}]
    assert [len(piece["copy"]) for piece in observed(model, feeds, tmp_path)] == [ROWS, ROWS, 1]
    assert [item.name for item in model.graph.output] == outputs


def test_a_fixed_batch_stays_whole(builder, tmp_path):
    builder.add("MatMul", ["x", builder.weight("w", 32, 32)], "y")
    shape = (1, [ROWS + 3, 32])
    model = onnx.load(builder.save(tmp_path / "a.onnx", {"x": shape}, {"y": shape}))
    feeds = [{"x": np.zeros((ROWS + 3, 32), np.float32)}]
    assert [len(piece["x"]) for piece in observed(model, feeds, tmp_path)] == [ROWS + 3]
