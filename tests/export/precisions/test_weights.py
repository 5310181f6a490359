import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="exporting needs requirements-export.txt")
from onnx import numpy_helper  # noqa: E402

from export.precisions import make  # noqa: E402
from export.precisions.weights import LEAST, RUN, store_weights, to_bytes, to_runs  # noqa: E402


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_weights_are_exact_to_half_a_step_of_their_channel(axis):
    rng = np.random.default_rng(0)
    weight = rng.normal(size=(16, 8)).astype(np.float32)
    weight[3] = 0
    values, scales = to_bytes(weight, axis)
    assert values.dtype == np.int8
    assert scales.shape == ((16, 1) if axis == 0 else (1, 8))
    assert (np.abs(values * scales - weight) <= scales * 0.5001).all()


@pytest.mark.parametrize("window", [(), (3, 3)])
def test_each_run_of_a_kernel_has_a_scale(window):
    rng = np.random.default_rng(1)
    kernel = rng.normal(size=(4, 3 * RUN, *window)).astype(np.float32)
    kernel[:, :RUN] *= 100  # one loud run leaves the others exact
    values, scales = to_runs(kernel)
    assert scales.shape == (4, 3, 1, *(1 for _ in window))
    restored = (values * scales).reshape(kernel.shape)
    assert np.abs(restored - kernel)[:, RUN:].max() <= scales[:, 1:].max() * 0.5001
    values, scales = to_runs(kernel[:, 1:])
    assert scales.shape == (4, 1, *(1 for _ in window))
    assert values.shape == kernel[:, 1:].shape


def test_a_convolution_in_runs_computes_the_same(builder, run, tmp_path):
    builder.add("Conv", ["x", builder.weight("w", 64, 128, 1, 1)], "y")
    shape = (1, ["n", 128, 2, 2])
    source = builder.save(tmp_path / "a.onnx", {"x": shape}, {"y": (1, ["n", 64, 2, 2])})
    make("int8-weights", source, tmp_path / "b.onnx")
    found = {item.name: item for item in onnx.load(tmp_path / "b.onnx").graph.initializer}
    assert tuple(found["w:scale"].dims) == (64, 8, 1, 1, 1)
    feed = {"x": np.random.default_rng(2).normal(size=(3, 128, 2, 2)).astype(np.float32)}
    exact, stored = (run(tmp_path / name, [feed]) for name in ("a.onnx", "b.onnx"))
    assert np.abs(stored - exact).max() < 0.02 * np.abs(exact).max()


def test_each_output_channel_of_each_operator_has_a_scale(vision):
    model = onnx.load(vision)
    count = store_weights(model)
    tensors = {item.name: item for item in model.graph.initializer}
    assert count == 1 + 2 * 6  # a convolution and two layers; the projection is too small
    assert tuple(tensors["patches.weight:scale"].dims) == (64, 1, 1, 1)
    assert tuple(tensors["layer0.up.weight:scale"].dims) == (1, 256)
    assert "projection.weight" in tensors
    assert LEAST > 48 * 64


def test_the_arithmetic_stays_float32(vision, run, feeds, tmp_path):
    make("int8-weights", vision, tmp_path / "made.onnx")
    model = onnx.load(tmp_path / "made.onnx")
    kinds = {node.op_type for node in model.graph.node}
    assert {"Cast", "Mul", "MatMul", "Conv"} <= kinds
    assert not {kind for kind in kinds if "Integer" in kind or "Quantize" in kind or "Q" in kind}
    tensors = {item.name: numpy_helper.to_array(item) for item in model.graph.initializer}
    exact = onnx.load(vision)
    for tensor in exact.graph.initializer:  # the same graph with the weights as they come out
        if f"{tensor.name}:bytes" in tensors:
            value = tensors[f"{tensor.name}:bytes"] * tensors[f"{tensor.name}:scale"]
            tensor.CopyFrom(numpy_helper.from_array(value, tensor.name))
    onnx.save(exact, tmp_path / "rounded.onnx")
    rounded = run(tmp_path / "rounded.onnx", feeds["vision"])
    np.testing.assert_allclose(run(tmp_path / "made.onnx", feeds["vision"]), rounded, atol=1e-6)


def test_kept_nodes_and_what_they_share_stay_in_float(builder, tmp_path):
    weight = builder.weight("w", 64, 64)
    builder.add("MatMul", ["x", weight], "first")
    builder.add("MatMul", ["first", weight], "second")
    builder.add("MatMul", ["second", builder.weight("v", 64, 64)], "y")
    shape = (1, ["n", 64])
    source = builder.save(tmp_path / "a.onnx", {"x": shape}, {"y": shape})
    make("int8-weights", source, tmp_path / "b.onnx", keep=["second"])
    found = {item.name: item.data_type for item in onnx.load(tmp_path / "b.onnx").graph.initializer}
    assert found["w"] == onnx.TensorProto.FLOAT
    assert found["v:bytes"] == onnx.TensorProto.INT8
