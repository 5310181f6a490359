import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="exporting needs requirements-export.txt")

from export.errors import ExportError  # noqa: E402
from export.precisions import make  # noqa: E402


def rows_alone_and_together(path, feeds, run):
    feed = next(iter(feeds))
    name, values = next(iter(feed.items()))
    alone = [{name: values[index : index + 1]} for index in range(len(values))]
    return run(path, alone), run(path, [feed])


def test_a_row_does_not_depend_on_its_batch(vision, feeds, run, tmp_path):
    make("int8-blocks", vision, tmp_path / "made.onnx")
    alone, together = rows_alone_and_together(tmp_path / "made.onnx", feeds["vision"], run)
    np.testing.assert_allclose(alone, together, atol=2e-6)


def test_with_dynamic_ranges_it_does(vision, feeds, run, tmp_path):
    make("int8-dynamic", vision, tmp_path / "made.onnx")
    alone, together = rows_alone_and_together(tmp_path / "made.onnx", feeds["vision"], run)
    assert np.abs(alone - together).max() > 1e-4


def test_blocks_are_as_large_as_the_weights_allow(text, vision, tmp_path):
    make("int8-blocks", text, tmp_path / "made.onnx")
    sizes = {
        node.name: next(item.i for item in node.attribute if item.name == "block_size")
        for node in onnx.load(tmp_path / "made.onnx").graph.node
        if node.op_type == "MatMulNBits"
    }
    assert len(sizes) == 13
    assert sizes["layer0.down_Q8"] == 128  # of 256 rows
    assert sizes["layer0.up_Q8"] == 64  # of 64 rows


def product(builder, path, rows):
    builder.add("MatMul", ["x", builder.weight("w", rows, 64)], "y")
    return builder.save(path, {"x": (1, ["n", rows])}, {"y": (1, ["n", 64])})


def test_a_product_too_small_for_blocks_is_refused(builder, tmp_path):
    source = product(builder, tmp_path / "a.onnx", rows=16)
    with pytest.raises(ExportError, match="large enough for blocks"):
        make("int8-blocks", source, tmp_path / "b.onnx")


@pytest.mark.parametrize("rows", [32, 100, 200])
def test_rows_that_do_not_fill_the_last_block_are_computed(builder, run, tmp_path, rows):
    source = product(builder, tmp_path / "a.onnx", rows)
    make("int8-blocks", source, tmp_path / "b.onnx")
    feed = [{"x": np.random.default_rng(0).normal(size=(5, rows)).astype(np.float32)}]
    exact, found = run(source, feed), run(tmp_path / "b.onnx", feed)
    assert np.linalg.norm(found - exact) < 0.02 * np.linalg.norm(exact)


def test_two_products_may_share_their_weights(builder, run, tmp_path):
    weight = builder.weight("w", 64, 64)
    builder.add("MatMul", ["x", weight], "once")
    builder.add("MatMul", ["once", weight], "y")
    shape = (1, ["n", 64])
    source = builder.save(tmp_path / "a.onnx", {"x": shape}, {"y": shape})
    make("int8-blocks", source, tmp_path / "b.onnx")
    feed = [{"x": np.random.default_rng(0).normal(size=(5, 64)).astype(np.float32)}]
    exact, found = run(source, feed), run(tmp_path / "b.onnx", feed)
    assert np.linalg.norm(found - exact) < 0.03 * np.linalg.norm(exact)
