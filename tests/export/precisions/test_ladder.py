import logging
from collections import Counter

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="exporting needs requirements-export.txt")

from export.errors import ExportError  # noqa: E402
from export.graphs import files  # noqa: E402
from export.precisions import PRECISIONS, make, quantizable  # noqa: E402

WORST = {
    "int8-dynamic": 0.997,
    "int8-blocks": 0.999,
    "int8-static": 0.995,
    "int8-weights": 0.999,
    "fp16": 0.99999,
    "fp32": 0.999999,
}
TOWERS = ("text", "vision")


@pytest.fixture(scope="module")
def made(text, vision, feeds, tmp_path_factory):
    """Both towers in every precision, by tower and precision."""
    folder, sources = tmp_path_factory.mktemp("made"), {"text": text, "vision": vision}
    found = {}
    for tower, source in sources.items():
        for precision in PRECISIONS:
            found[tower, precision] = folder / f"{tower}-{precision}.onnx"
            make(precision, source, found[tower, precision], feeds[tower])
    return found | {(tower, "source"): source for tower, source in sources.items()}


def operators(path) -> Counter:
    return Counter(node.op_type for node in onnx.load(path).graph.node)


@pytest.mark.parametrize("tower", TOWERS)
@pytest.mark.parametrize("precision", PRECISIONS)
def test_each_precision_answers_alike(made, feeds, run, tower, precision):
    exact = run(made[tower, "source"], feeds[tower])
    found = run(made[tower, precision], feeds[tower])
    assert (exact * found).sum(axis=1).min() > WORST[precision]
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


def test_the_bounds_would_notice_another_tower(text, vision, feeds, run):
    exact = run(text, feeds["text"])
    assert (exact * exact[::-1]).sum(axis=1).min() < min(WORST.values())


@pytest.mark.parametrize("tower", TOWERS)
@pytest.mark.parametrize("precision", PRECISIONS[:-1])
def test_files_become_smaller(made, tower, precision):
    share = made[tower, precision].stat().st_size / made[tower, "source"].stat().st_size
    assert share < (0.65 if precision == "fp16" else 0.45)


@pytest.mark.parametrize("precision", PRECISIONS)
def test_patch_states_stay_the_second_output(made, feeds, run, precision):
    exact = run(made["vision", "source"], feeds["vision"], "patch_states")
    found = run(made["vision", precision], feeds["vision"], "patch_states")
    assert found.dtype == np.float32
    assert np.linalg.norm(found - exact) < 0.05 * np.linalg.norm(exact)


@pytest.mark.parametrize("precision", PRECISIONS)
def test_convolutions_stay_in_float(made, precision):
    found = operators(made["vision", precision])
    assert found["Conv"] == 1
    assert not found.keys() & {"ConvInteger", "QLinearConv"}


@pytest.mark.parametrize("precision", ["int8-dynamic", "int8-static", "int8-blocks"])
def test_the_weights_of_convolutions_are_stored_in_8_bits(made, precision):
    tensors = {item.name: item for item in onnx.load(made["vision", precision]).graph.initializer}
    assert tensors["patches.weight:bytes"].data_type == onnx.TensorProto.INT8
    assert "patches.weight" not in tensors


@pytest.mark.parametrize("precision", PRECISIONS)
def test_files_carry_neither_notes_nor_paths(made, text, precision):
    model = onnx.load(made["text", precision])
    assert not model.graph.value_info
    assert not model.metadata_props
    assert str(text.parent).encode() not in made["text", precision].read_bytes()


def test_nothing_is_left_beside_the_files(made):
    folder = made["text", "fp32"].parent
    assert {path.name for path in folder.iterdir()} == {
        f"{tower}-{precision}.onnx" for tower in TOWERS for precision in PRECISIONS
    }


@pytest.mark.parametrize("precision", ["int8-dynamic", "int8-blocks", "int8-static"])
def test_kept_products_stay_in_float(vision, feeds, tmp_path, precision):
    keep = {"layer0.up", "projection"}
    make(precision, vision, tmp_path / "kept.onnx", feeds["vision"], keep)
    model = onnx.load(tmp_path / "kept.onnx")
    floats = {item.name for item in model.graph.initializer if item.data_type == 1}
    products = {node.name: node for node in model.graph.node if node.op_type == "MatMul"}
    assert all(products[name].input[1] in floats for name in keep)
    assert "layer1.up.weight" not in floats


@pytest.mark.parametrize("precision", PRECISIONS)
def test_with_everything_kept_products_compute_as_before(vision, feeds, run, tmp_path, precision):
    make(precision, vision, tmp_path / "kept.onnx", feeds["vision"], quantizable(vision))
    exact, found = run(vision, feeds["vision"]), run(tmp_path / "kept.onnx", feeds["vision"])
    assert (exact * found).sum(axis=1).min() > 0.9999


def test_products_of_two_activations_are_not_quantizable(text):
    names = quantizable(text)
    assert len(names) == 2 * 6 + 1
    assert "layer0.scores" not in names
    assert names[-1] == "projection"


@pytest.mark.parametrize("precision", PRECISIONS)
def test_large_weights_lie_beside_the_file(monkeypatch, text, feeds, run, tmp_path, precision):
    from export.precisions import dynamic

    for module in (files, dynamic):
        monkeypatch.setattr(module, "SINGLE_FILE_BYTES", 100_000)
    source, target = tmp_path / "big.onnx", tmp_path / "made" / "small.onnx"
    target.parent.mkdir()
    make("fp32", text, source)
    assert source.with_name("big.onnx.data").stat().st_size > 1_000_000
    make(precision, source, target, feeds["text"])
    assert sorted(path.name for path in target.parent.iterdir()) == [
        "small.onnx",
        "small.onnx.data",
    ]
    cosines = (run(text, feeds["text"]) * run(target, feeds["text"])).sum(axis=1)
    assert cosines.min() > WORST[precision]


def test_an_earlier_file_is_replaced_in_full(monkeypatch, text, run, feeds, tmp_path):
    with monkeypatch.context() as patch:
        patch.setattr(files, "SINGLE_FILE_BYTES", 100_000)
        make("fp32", text, tmp_path / "text.onnx")
        size = (tmp_path / "text.onnx.data").stat().st_size
        make("fp32", text, tmp_path / "text.onnx")
        assert (tmp_path / "text.onnx.data").stat().st_size == size
    make("fp32", text, tmp_path / "text.onnx")
    assert not (tmp_path / "text.onnx.data").exists()


def test_without_optimum_the_result_is_the_same(monkeypatch, text, run, feeds, tmp_path):
    make("int8-dynamic", text, tmp_path / "with.onnx")
    monkeypatch.setitem(__import__("sys").modules, "optimum.onnxruntime", None)
    make("int8-dynamic", text, tmp_path / "without.onnx")
    with_it, without = (run(tmp_path / f"{n}.onnx", feeds["text"]) for n in ("with", "without"))
    np.testing.assert_array_equal(with_it, without)


def test_the_libraries_say_nothing(text, feeds, tmp_path, capfd, caplog):
    handlers, level = list(logging.getLogger().handlers), logging.getLogger().level
    for precision in PRECISIONS:
        make(precision, text, tmp_path / "text.onnx", feeds["text"])
    assert capfd.readouterr() == ("", "")
    assert not caplog.records
    assert logging.getLogger().handlers == handlers
    assert logging.getLogger().level == level


def test_an_unknown_precision_is_refused_with_those_that_exist(text, tmp_path):
    with pytest.raises(ExportError, match=r"int4.*int8-dynamic"):
        make("int4", text, tmp_path / "text.onnx")


def test_an_unknown_name_to_keep_is_refused(text, tmp_path):
    with pytest.raises(ExportError, match=r"text\.onnx: no matrix product is called layer9"):
        make("int8-dynamic", text, tmp_path / "made.onnx", keep=["layer9"])


def test_static_needs_feeds(text, tmp_path):
    with pytest.raises(ExportError, match="need inputs"):
        make("int8-static", text, tmp_path / "made.onnx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("precision", [name for name in PRECISIONS if name.startswith("int8")])
def test_a_graph_without_products_is_refused(builder, tmp_path, precision):
    builder.add("Relu", ["x"], "y")
    shape = {"x": (1, ["n", 4])}
    source = builder.save(tmp_path / "relu.onnx", shape, {"y": (1, ["n", 4])})
    with pytest.raises(ExportError, match=r"no matrix product|no weights"):
        make(precision, source, tmp_path / "made.onnx", [{"x": np.ones((1, 4), np.float32)}])
    assert not (tmp_path / "made.onnx").exists()


def test_a_file_that_is_no_graph_is_refused_by_name(tmp_path):
    (tmp_path / "bad.onnx").write_bytes(b"no graph")
    with pytest.raises(ExportError, match=r"bad\.onnx"):
        make("fp16", tmp_path / "bad.onnx", tmp_path / "made.onnx")
    with pytest.raises(ExportError, match=r"absent\.onnx"):
        make("fp16", tmp_path / "absent.onnx", tmp_path / "made.onnx")
