import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="exporting needs requirements-export.txt")
from onnx import helper, numpy_helper  # noqa: E402

from export.precisions import make, quantizable  # noqa: E402
from export.precisions.products import products, settle  # noqa: E402

SHAPES = {"x": (1, ["n", 32])}, {"y": (1, ["n", 48])}
FEED = [{"x": np.random.default_rng(0).normal(size=(5, 32)).astype(np.float32)}]


def settled(source, target):
    model = onnx.load(source)
    settle(model)
    onnx.checker.check_model(model)
    onnx.save(model, target)
    return model


@pytest.mark.parametrize("attributes", [{}, {"alpha": 0.5}, {"beta": 2.0}, {"transB": 1}])
@pytest.mark.parametrize("bias", [True, False])
def test_gemm_becomes_a_product_of_the_same_name(builder, run, tmp_path, attributes, bias):
    shape = (48, 32) if attributes.get("transB") else (32, 48)
    inputs = ["x", builder.weight("w", *shape)] + ([builder.weight("b", 1, 48)] if bias else [])
    builder.add("Gemm", inputs, "y", **attributes)
    source = builder.save(tmp_path / "a.onnx", *SHAPES)
    model = settled(source, tmp_path / "b.onnx")
    assert [node.op_type for node in model.graph.node] == ["MatMul", "Add"][: 1 + bias]
    assert quantizable(source) == ("y",)
    np.testing.assert_allclose(run(tmp_path / "b.onnx", FEED), run(source, FEED), atol=1e-5)


@pytest.mark.parametrize("way", ["Constant", "Identity", "Transpose"])
def test_weights_are_found_behind_nodes_that_only_pass_them_on(builder, run, tmp_path, way):
    if way == "Constant":
        value = builder.rng.normal(size=(32, 48)).astype(np.float32)
        builder.add("Constant", [], "w", value=numpy_helper.from_array(value))
    elif way == "Identity":
        builder.add("Identity", [builder.weight("first", 32, 48)], "w")
    else:
        builder.add("Transpose", [builder.weight("turned", 48, 32)], "w", perm=[1, 0])
    builder.add("MatMul", ["x", "w"], "y")
    source = builder.save(tmp_path / "a.onnx", *SHAPES)
    model = settled(source, tmp_path / "b.onnx")
    assert [node.op_type for node in model.graph.node] == ["MatMul"]
    assert len(model.graph.initializer) == 1
    np.testing.assert_allclose(run(tmp_path / "b.onnx", FEED), run(source, FEED), atol=1e-5)


def test_products_without_a_name_of_their_own_go_by_their_output(builder, tmp_path):
    builder.add("MatMul", ["x", builder.weight("w", 32, 32)], "middle")
    builder.add("MatMul", ["middle", builder.weight("v", 32, 48)], "y")
    source = builder.save(tmp_path / "a.onnx", *SHAPES)
    for names in (("", ""), ("same", "same")):
        model = onnx.load(source)
        for node, name in zip(model.graph.node, names, strict=True):
            node.name = name
        onnx.save(model, source)
        assert quantizable(source) == ("middle", "y")
        make("int8-dynamic", source, tmp_path / "b.onnx", keep=["middle"])
        kinds = {node.op_type for node in onnx.load(tmp_path / "b.onnx").graph.node}
        assert {"MatMul", "MatMulInteger"} <= kinds


def test_weights_that_are_listed_as_inputs_are_constants(builder, run, tmp_path):
    builder.add("MatMul", ["x", builder.weight("w", 32, 48)], "y")
    source = builder.save(tmp_path / "a.onnx", *SHAPES)
    model = onnx.load(source)
    model.graph.input.append(helper.make_tensor_value_info("w", 1, [32, 48]))
    onnx.save(model, source)
    make("int8-dynamic", source, tmp_path / "b.onnx")
    assert [item.name for item in onnx.load(tmp_path / "b.onnx").graph.input] == ["x"]


def test_a_weight_that_is_no_matrix_is_left_alone(builder, tmp_path):
    cube = builder.constant("w", np.ones((1, 32, 48), np.float32))
    builder.add("MatMul", ["x", cube], "y")
    source = builder.save(tmp_path / "a.onnx", SHAPES[0], {"y": (1, [1, "n", 48])})
    assert quantizable(source) == ()


def test_operators_of_other_domains_do_not_hide_types(builder, run, tmp_path):
    builder.add("Gelu", ["x"], "active", domain="com.microsoft")
    builder.add("MatMul", ["active", builder.weight("w", 32, 48)], "y")
    source = builder.save(tmp_path / "a.onnx", *SHAPES)
    model = onnx.load(source)
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    onnx.save(model, source)
    for precision in ("int8-dynamic", "int8-static", "int8-blocks"):
        make(precision, source, tmp_path / "b.onnx", FEED)
        exact, found = run(source, FEED), run(tmp_path / "b.onnx", FEED)
        assert np.linalg.norm(found - exact) < 0.03 * np.linalg.norm(exact)


def test_a_settled_graph_stays_as_it_is(text, tmp_path):
    once = settled(text, tmp_path / "once.onnx")
    twice = settled(tmp_path / "once.onnx", tmp_path / "twice.onnx")
    assert [node.name for node in products(once)] == [node.name for node in products(twice)]
    assert once.graph.node == twice.graph.node
