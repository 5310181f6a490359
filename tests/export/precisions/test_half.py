import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="exporting needs requirements-export.txt")

from export.precisions import make  # noqa: E402


def test_weights_are_float16_and_ports_float32(text, tmp_path):
    make("fp16", text, tmp_path / "made.onnx")
    graph = onnx.load(tmp_path / "made.onnx").graph
    kinds = {item.name: item.data_type for item in graph.initializer}
    assert kinds["table"] == kinds["layer0.up.weight"] == onnx.TensorProto.FLOAT16
    assert graph.output[0].type.tensor_type.elem_type == onnx.TensorProto.FLOAT


def test_rows_have_unit_length_to_float32(text, vision, feeds, run, tmp_path):
    for name, source in (("text", text), ("vision", vision)):
        make("fp16", source, tmp_path / "made.onnx")
        lengths = np.linalg.norm(run(tmp_path / "made.onnx", feeds[name]).astype(float), axis=1)
        np.testing.assert_allclose(lengths, 1, atol=2e-7)


@pytest.mark.parametrize("norm", ["ReduceL2", "ReduceSumSquare", "Pow"])
def test_squares_beyond_float16_do_not_overflow(builder, run, tmp_path, norm):
    """Values of 2,000 fit into float16, their squares do not."""
    weight = builder.constant("w", (2000 * np.eye(8)).astype(np.float32))
    builder.add("MatMul", ["x", weight], "long")
    axes = builder.constant("axes", np.array([-1]))
    if norm == "Pow":
        builder.add("Pow", ["long", builder.constant("two", np.array(2, np.float32))], "squares")
        builder.add("ReduceMean", ["squares", axes], "sum", keepdims=1)
    else:
        builder.add(norm, ["long", axes], "sum", keepdims=1)
    if norm != "ReduceL2":
        builder.add("Sqrt", ["sum"], "length")
    builder.add("Div", ["long", "sum" if norm == "ReduceL2" else "length"], "y")
    shape = (1, ["n", 8])
    source = builder.save(tmp_path / "a.onnx", {"x": shape}, {"y": shape})
    make("fp16", source, tmp_path / "b.onnx")
    feed = [{"x": np.random.default_rng(0).normal(size=(5, 8)).astype(np.float32)}]
    np.testing.assert_allclose(run(tmp_path / "b.onnx", feed), run(source, feed), rtol=5e-3)


def test_kept_products_have_float32_weights(text, tmp_path):
    make("fp16", text, tmp_path / "made.onnx", keep=["layer1.down"])
    graph = onnx.load(tmp_path / "made.onnx").graph
    kinds = {item.name: item.data_type for item in graph.initializer}
    assert kinds["layer1.down.weight"] == onnx.TensorProto.FLOAT
    assert kinds["layer0.down.weight"] == onnx.TensorProto.FLOAT16


def test_rows_that_are_put_in_place_are_normalised_in_float32(builder, run, tmp_path):
    """As those of windows; the CPU computes in float32 anyway, so the graph itself is looked at."""
    weight = builder.weight("w", 8, 12)
    builder.add("MatMul", ["x", weight], "long")
    builder.add("ReduceL2", ["long", builder.constant("axes", np.array([-1]))], "length")
    builder.add("Div", ["long", "length"], "unit")
    builder.add("Reshape", ["unit", builder.constant("shape", np.array([-1, 2, 12]))], "pairs")
    ends = [builder.constant(name, np.array([at])) for name, at in (("from", 1), ("to", 2))]
    builder.add("Slice", ["pairs", *ends, builder.constant("second", np.array([1]))], "y")
    source = builder.save(tmp_path / "a.onnx", {"x": (1, ["n", 8])}, {"y": (1, ["m", 1, 12])})
    make("fp16", source, tmp_path / "b.onnx")
    nodes = {node.output[0]: node for node in onnx.load(tmp_path / "b.onnx").graph.node}
    before, name = [], "y"
    while not before or before[-1] != "Div":
        before.append(nodes[name].op_type)
        name = nodes[name].input[0]
    assert "Cast" not in before
    feed = [{"x": np.random.default_rng(0).normal(size=(6, 8)).astype(np.float32)}]
    np.testing.assert_allclose(run(tmp_path / "b.onnx", feed), run(source, feed), atol=1e-3)
