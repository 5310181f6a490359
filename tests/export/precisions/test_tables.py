import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="exporting needs requirements-export.txt")
from onnx import numpy_helper  # noqa: E402

from export.precisions.tables import LEAST, store_tables  # noqa: E402

WORDS, WIDTH = 4096, 64
IDS = np.array([[0, 5, 4095], [7, 7, -1]])


def lookup(builder, path, table, **attributes):
    builder.add("Gather", [builder.constant("table", table), "ids"], "found", **attributes)
    return builder.save(path, {"ids": (7, ["n", "m"])}, {"found": (1, ["n", "m", WIDTH])})


def rewritten(source, target, **settings):
    model = onnx.load(source)
    count = store_tables(model, **settings)
    onnx.checker.check_model(model)
    onnx.save(model, target)
    return count, {item.name: item for item in model.graph.initializer}


@pytest.fixture
def table():
    rng = np.random.default_rng(0)
    rows = rng.normal(0, 1, (WORDS, WIDTH)) * rng.uniform(1e-3, 1e3, (WORDS, 1))
    rows[7] = 0
    return rows.astype(np.float32)


def test_rows_are_exact_to_half_a_step_of_their_largest_value(builder, table, run, tmp_path):
    source = lookup(builder, tmp_path / "a.onnx", table)
    assert rewritten(source, tmp_path / "b.onnx")[0] == 1
    found = run(tmp_path / "b.onnx", [{"ids": IDS}])
    largest = np.abs(table[IDS]).max(axis=-1, keepdims=True)
    assert found.dtype == np.float32
    assert (np.abs(found - table[IDS]) <= largest / 127 * 0.5001).all()
    assert not found[1, 0].any()


def test_no_float_table_is_left(builder, table, tmp_path):
    source = lookup(builder, tmp_path / "a.onnx", table)
    _, tensors = rewritten(source, tmp_path / "b.onnx")
    assert {name: tuple(item.dims) for name, item in tensors.items()} == {
        "table:rows": (WORDS, WIDTH),
        "table:scales": (WORDS, 1),
    }
    assert numpy_helper.to_array(tensors["table:rows"]).dtype == np.int8


def test_a_table_that_others_read_is_left_alone(builder, table, tmp_path):
    builder.add("Transpose", ["table"], "turned", perm=[1, 0])
    builder.add("MatMul", ["found", "turned"], "logits")
    source = lookup(builder, tmp_path / "a.onnx", table)
    model = onnx.load(source)
    model.graph.node.extend([model.graph.node[0], model.graph.node[1]])
    del model.graph.node[0:2]
    model.graph.output.append(onnx.helper.make_tensor_value_info("logits", 1, ["n", "m", WORDS]))
    onnx.save(model, source)
    assert rewritten(source, tmp_path / "b.onnx")[0] == 0


def test_a_table_that_is_looked_up_twice_is_stored_once(builder, table, run, tmp_path):
    builder.add("Gather", ["table", "ids"], "again")
    builder.add("Add", ["found", "again"], "sum")
    source = lookup(builder, tmp_path / "a.onnx", table)
    model = onnx.load(source)
    order = [model.graph.node[2], model.graph.node[0], model.graph.node[1]]
    copies = onnx.GraphProto(node=order)
    del model.graph.node[:]
    model.graph.node.extend(copies.node)
    model.graph.output[0].name = "sum"
    onnx.save(model, source)
    assert rewritten(source, tmp_path / "b.onnx")[0] == 1
    found = run(tmp_path / "b.onnx", [{"ids": IDS}])
    exact = 2 * table[IDS]
    assert np.linalg.norm(found - exact) < 0.01 * np.linalg.norm(exact)


@pytest.mark.parametrize("attributes", [{"axis": 1}])
def test_columns_are_left_alone(builder, table, tmp_path, attributes):
    source = lookup(builder, tmp_path / "a.onnx", table, **attributes)
    assert rewritten(source, tmp_path / "b.onnx")[0] == 0


def test_small_tables_are_left_alone(builder, table, tmp_path):
    source = lookup(builder, tmp_path / "a.onnx", table[: LEAST // WIDTH - 1])
    assert rewritten(source, tmp_path / "b.onnx")[0] == 0
    assert rewritten(source, tmp_path / "b.onnx", least=1)[0] == 1
