import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="exporting needs requirements-export.txt")
from onnx import numpy_helper  # noqa: E402

from export.errors import ExportError  # noqa: E402
from export.precisions import PRECISIONS, make, quantizable, sensitivity  # noqa: E402

READERS = ("layer1.q", "layer1.k", "layer1.v")


def damaged(source, target, factor):
    """The same function, with one channel of an activation `factor` times as loud.

    What is added to the gain before three products is taken from a row of their weights.
    """
    model = onnx.load(source)
    changes = {"layer1.gain": factor} | {f"{name}.weight": 1 / factor for name in READERS}
    for tensor in model.graph.initializer:
        if tensor.name in changes:
            values = numpy_helper.to_array(tensor).copy()
            values[3] *= changes[tensor.name]
            tensor.CopyFrom(numpy_helper.from_array(values, tensor.name))
    onnx.save(model, target)
    return target


@pytest.mark.parametrize("precision", PRECISIONS)
def test_every_product_is_ranked_the_worst_first(text, feeds, precision):
    ranked = sensitivity(precision, text, feeds["text"])
    errors = [error for _, error in ranked]
    assert {name for name, _ in ranked} == set(quantizable(text))
    assert errors == sorted(errors, reverse=True)
    assert errors[0] < 0.05
    assert (errors[-1] > 0) == (precision != "fp32")


@pytest.mark.parametrize(
    ("precision", "factor"),
    [
        ("int8-dynamic", 1000),  # an outlier in the activations takes up their range
        ("int8-static", 1000),
        ("int8-dynamic", 1 / 1000),  # an outlier in the weights takes up that of their columns
        ("int8-static", 1 / 1000),
        ("int8-blocks", 1 / 1000),
        ("int8-weights", 1 / 1000),
    ],
)
def test_products_with_an_outlier_are_the_worst(text, feeds, run, tmp_path, precision, factor):
    bad = damaged(text, tmp_path / "bad.onnx", factor)
    np.testing.assert_allclose(run(bad, feeds["text"]), run(text, feeds["text"]), atol=1e-4)
    ranked = sensitivity(precision, bad, feeds["text"])
    assert {name for name, _ in ranked[:3]} == set(READERS)
    assert ranked[2][1] > 5 * ranked[3][1]


def test_keeping_the_worst_products_restores_a_damaged_tower(text, feeds, run, tmp_path):
    bad, target = damaged(text, tmp_path / "bad.onnx", 1000), tmp_path / "made.onnx"
    exact, worst = run(bad, feeds["text"]), []
    for keep in ([], [name for name, _ in sensitivity("int8-dynamic", bad, feeds["text"])[:3]]):
        make("int8-dynamic", bad, target, keep=keep)
        worst.append((exact * run(target, feeds["text"])).sum(axis=1).min())
    assert worst[0] < 0.99
    assert worst[1] > 0.997


@pytest.mark.parametrize("precision", ["int8-dynamic", "int8-static", "int8-blocks"])
def test_the_estimate_agrees_with_the_graph_that_is_made(text, feeds, run, tmp_path, precision):
    """Only the last product is quantized, and only one row runs: then both see the same range."""
    feed = [{"input_ids": feeds["text"][0]["input_ids"][:1]}]
    keep = set(quantizable(text)) - {"projection"}
    model = onnx.load(text)
    model.graph.output.append(onnx.helper.make_tensor_value_info("projection", 1, ["batch", 48]))
    for tensor in model.graph.initializer:
        if tensor.name == "table":  # tables lose a little in all int8 precisions
            rows = np.round(numpy_helper.to_array(tensor) * 64) / 64
            rows[:, 0] = 127 / 64
            tensor.CopyFrom(numpy_helper.from_array(np.clip(rows, -127 / 64, 127 / 64), "table"))
    onnx.save(model, tmp_path / "plain.onnx")
    make(precision, tmp_path / "plain.onnx", tmp_path / "made.onnx", feed, keep)
    exact = run(tmp_path / "plain.onnx", feed, "projection")
    found = run(tmp_path / "made.onnx", feed, "projection")
    measured = np.linalg.norm(found - exact) / np.linalg.norm(exact)
    estimate = dict(sensitivity(precision, tmp_path / "plain.onnx", feed))["projection"]
    assert estimate == pytest.approx(measured, rel=0.15)


def test_without_feeds_or_with_an_unknown_precision_it_is_refused(text):
    with pytest.raises(ExportError, match="needs inputs"):
        sensitivity("int8-dynamic", text, [])
    with pytest.raises(ExportError, match=r"int4.*int8-dynamic"):
        sensitivity("int4", text, [{}])
