from collections import Counter

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="exporting needs requirements-export.txt")
from onnx import TensorProto, helper, numpy_helper  # noqa: E402
from onnxruntime import InferenceSession  # noqa: E402

from export.graphs.shapes import settle_shapes  # noqa: E402


def constant(name, value):
    return numpy_helper.from_array(np.array(value), name)


def graph(taken_from: str, places=(0, 1), rest=(2, 4)):
    """[n, length, 8] reshaped to sizes of `taken_from` and `rest`, as a traced view is."""
    nodes = [helper.make_node("Identity", ["x"], ["same"]), helper.make_node("Neg", ["x"], ["y"])]
    nodes.append(helper.make_node("Shape", [taken_from], ["sizes"]))
    for place in places:
        nodes.append(helper.make_node("Gather", ["sizes", f"i{place}"], [f"s{place}"]))
        nodes.append(helper.make_node("Unsqueeze", [f"s{place}", "axis"], [f"u{place}"]))
    sizes = [f"u{place}" for place in places]
    nodes.append(helper.make_node("Concat", [*sizes, "rest"], ["shape"], axis=0))
    nodes.append(helper.make_node("Reshape", ["y", "shape"], ["z"]))
    kind, names = TensorProto.FLOAT, ["n", "length", 8]
    made = helper.make_graph(
        nodes,
        "view",
        [
            helper.make_tensor_value_info("x", kind, names),
            helper.make_tensor_value_info("other", kind, ["m", "width", 8]),
        ],
        [helper.make_tensor_value_info("z", kind, [None] * (len(places) + len(rest)))],
        [
            constant("axis", [0]),
            constant("rest", list(rest)),
            *(constant(f"i{place}", place) for place in (0, 1, 2)),
        ],
    )
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)


def run(model, count, length):
    x = np.random.default_rng(0).normal(size=(count, length, 8)).astype(np.float32)
    session = InferenceSession(model.SerializeToString())
    (z,) = session.run(["z"], {"x": x, "other": x})
    return z


@pytest.mark.parametrize("rest", [(2, 4), (-1, 4), (8,)])
def test_sizes_that_stay_become_constants(rest):
    before, after = graph("y", rest=rest), graph("y", rest=rest)
    assert settle_shapes(after) == 1
    assert Counter(node.op_type for node in after.graph.node) == {"Neg": 1, "Reshape": 1}
    assert len(after.graph.initializer) == 1
    for count, length in ((1, 1), (3, 5)):
        assert np.array_equal(run(before, count, length), run(after, count, length))


def test_sizes_of_another_tensor_are_left_alone():
    model = graph("other")
    settle_shapes(model)
    assert run(model, 3, 5).shape == (3, 5, 2, 4)
    assert "Concat" in {node.op_type for node in model.graph.node}


def test_sizes_that_change_places_are_left_alone():
    model = graph("y", places=(1, 0))
    assert settle_shapes(model) == 0
    assert run(model, 3, 5).shape == (5, 3, 2, 4)
