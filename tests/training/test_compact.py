# ruff: noqa: E402  (what is optional is asked for before it is imported)
import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="training needs requirements-training.txt")
onnxruntime = pytest.importorskip("onnxruntime")

from onnx import TensorProto, helper, numpy_helper

from training.compact import compact, strip, to_bytes


def product(weight: np.ndarray) -> onnx.ModelProto:
    """A graph that multiplies its input by `weight`."""
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"])],
        "product",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", len(weight)])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", weight.shape[1]])],
        [numpy_helper.from_array(weight, "w")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)


def run(model: onnx.ModelProto, rows: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return session.run(None, {"x": rows})[0]


def test_weights_that_were_8_bit_come_back_exactly():
    source = np.random.default_rng(0)
    values = source.integers(-127, 128, (4, 6)).astype(np.int8)
    values[0] = 127
    scales = np.float32([0.5, 0.25, 0.125, 2.0, 1.0, 4.0])
    found, found_scales = to_bytes(values * scales, axis=1)
    assert np.array_equal(found, values)
    assert np.array_equal(found_scales[0], scales)


def test_a_graph_shrinks_and_answers_alike():
    source = np.random.default_rng(0)
    weight = source.normal(size=(96, 64)).astype(np.float32)
    rows = source.normal(size=(5, 96)).astype(np.float32)
    model = product(weight)
    before, size = run(model, rows), len(model.SerializeToString())
    assert compact(model) == 1
    onnx.checker.check_model(model)
    assert len(model.SerializeToString()) < size / 3
    assert np.corrcoef(run(model, rows).ravel(), before.ravel())[0, 1] > 0.9999


def test_small_weights_stay_as_they_are():
    assert compact(product(np.ones((4, 4), np.float32))) == 0


def test_strip_removes_what_the_exporter_noted():
    model = product(np.ones((4, 4), np.float32))
    model.graph.node[0].metadata_props.add(key="stack_trace", value="/somewhere/model.py")
    model.graph.node[0].doc_string = "/somewhere/model.py"
    strip(model)
    assert b"somewhere" not in model.SerializeToString()
    assert run(model, np.ones((1, 4), np.float32)).tolist() == [[4.0] * 4]
