import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="exporting needs requirements-export.txt")
ort = pytest.importorskip("onnxruntime")

from onnx import TensorProto, helper  # noqa: E402
from vs_onnx_towers import text_tower, vision_tower  # noqa: E402

from export.errors import ExportError  # noqa: E402
from export.graphs import surgery  # noqa: E402
from export.graphs.canonical import find_ports, write_canonical  # noqa: E402
from export.graphs.files import graph_files, read  # noqa: E402

PIXELS = np.random.default_rng(1).standard_normal((3, 3, 32, 32), "f4")
IDS = np.random.default_rng(1).integers(0, 50, (3, 6))
MASK = np.array([[1, 1, 1, 1, 1, 1], [1, 1, 0, 0, 0, 0], [1, 1, 1, 0, 0, 0]])


def rewrite(source, target, feeds, outputs=("image_embeds", "text_embeds", "embedding", "rows")):
    """The canonical tower: what is said of it, its session, and its graph."""
    model = read(source)
    name = "image_embeds" if "pixel_values" in feeds[0] else "text_embeds"
    ports = find_ports(model, source, name, outputs)
    graph, dim = write_canonical(source, target, model, ports, feeds)
    return graph, dim, ort.InferenceSession(target), onnx.load(target)


def original(path, output, feed):
    (rows,) = ort.InferenceSession(path).run([output], feed)
    rows = rows.astype(np.float64)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_pictures_give_unit_rows_under_the_engines_names(tmp_path):
    source = vision_tower(tmp_path / "a.onnx", names=("image", "embedding"))
    feed = {"pixel_values": PIXELS}
    graph, dim, session, model = rewrite(source, tmp_path / "b.onnx", [feed])
    (rows,) = session.run(None, feed)
    assert (graph.inputs, graph.output, graph.batch, dim) == (
        ("pixel_values",),
        "image_embeds",
        None,
        16,
    )
    assert np.abs(rows - original(source, "embedding", {"image": PIXELS})).max() < 1e-6
    assert [value.shape for value in session.get_inputs()] == [["batch", 3, 32, 32]]
    assert [value.shape for value in session.get_outputs()] == [["batch", 16]]
    onnx.checker.check_model(model, full_check=True)


def test_texts_of_32_bits_are_taken_in_64(tmp_path):
    source = text_tower(tmp_path / "a.onnx", kind=TensorProto.INT32)
    feed = {"input_ids": IDS, "attention_mask": MASK}
    graph, _, session, _ = rewrite(source, tmp_path / "b.onnx", [feed])
    own = {name: values.astype(np.int32) for name, values in feed.items()}
    (rows,) = session.run(None, feed)
    assert graph.inputs == ("input_ids", "attention_mask")
    assert np.abs(rows - original(source, "text_embeds", own)).max() < 1e-6
    assert [(value.type, value.shape) for value in session.get_inputs()] == [
        ("tensor(int64)", ["batch", "length"])
    ] * 2


def test_half_precision_at_the_rim_becomes_float32(tmp_path):
    source = vision_tower(tmp_path / "a.onnx", kind=TensorProto.FLOAT16)
    _, _, session, _ = rewrite(source, tmp_path / "b.onnx", [{"pixel_values": PIXELS}])
    assert session.get_inputs()[0].type == session.get_outputs()[0].type == "tensor(float)"


@pytest.mark.parametrize("unit", [True, False])
def test_only_rows_that_need_it_are_normalised(tmp_path, unit):
    source = vision_tower(tmp_path / "a.onnx", unit=unit)
    _, _, session, model = rewrite(source, tmp_path / "b.onnx", [{"pixel_values": PIXELS}])
    (rows,) = session.run(None, {"pixel_values": PIXELS})
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-6)
    assert ("ReduceL2" in [node.op_type for node in model.graph.node]) is not unit


@pytest.mark.parametrize("version", [17, 18])
def test_normalising_speaks_the_graphs_own_version(version):
    value = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 2])
    rows = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 2])
    graph = helper.make_graph([helper.make_node("Neg", ["x"], ["y"])], "g", [value], [rows])
    surgery.normalise_output(graph, "y", version)
    opsets = [helper.make_opsetid("", version)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    session = ort.InferenceSession(model.SerializeToString())
    (found,) = session.run(None, {"x": np.array([[3, 4], [0, 0]], np.float32)})
    assert found == pytest.approx(np.array([[-0.6, -0.8], [0, 0]]))


def test_what_the_rows_do_not_need_is_left_out(tmp_path):
    source = vision_tower(tmp_path / "a.onnx")
    _, _, session, model = rewrite(source, tmp_path / "b.onnx", [{"pixel_values": PIXELS}])
    assert [value.name for value in session.get_outputs()] == ["image_embeds"]
    assert "Exp" not in [node.op_type for node in model.graph.node]


def test_an_input_that_the_rows_do_not_need_is_left_out(tmp_path):
    path = text_tower(tmp_path / "a.onnx", masked=False)
    model = onnx.load(path)
    idle = helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["n", "tokens"])
    model.graph.input.append(idle)
    onnx.save(model, path)
    graph, _, _, _ = rewrite(path, tmp_path / "b.onnx", [{"input_ids": IDS}])
    assert graph.inputs == ("input_ids",)


def test_branches_keep_the_values_they_use(tmp_path):
    """They read a value made outside of them, which makes way for an output of its name."""
    then, other = (
        helper.make_graph(
            [helper.make_node(kind, ["image_embeds"], [kind])],
            kind,
            [],
            [helper.make_tensor_value_info(kind, TensorProto.FLOAT, None)],
        )
        for kind in ("Identity", "Neg")
    )
    nodes = [
        helper.make_node("Flatten", ["image"], ["image_embeds"]),
        helper.make_node("ReduceSum", ["image"], ["sum"], keepdims=0),
        helper.make_node("Cast", ["sum"], ["is_set"], to=TensorProto.BOOL),
        helper.make_node("If", ["is_set"], ["rows"], then_branch=then, else_branch=other),
    ]
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, 2, 2])
    rows = helper.make_tensor_value_info("rows", TensorProto.FLOAT, ["n", 12])
    graph = helper.make_graph(nodes, "tower", [image], [rows])
    opsets = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=8), tmp_path / "a.onnx")
    pixels = PIXELS[:, :, :2, :2]
    _, dim, session, _ = rewrite(
        tmp_path / "a.onnx", tmp_path / "b.onnx", [{"pixel_values": pixels}]
    )
    assert dim == 12
    (found,) = session.run(None, {"pixel_values": pixels})
    assert np.abs(found - original(tmp_path / "a.onnx", "rows", {"image": pixels})).max() < 1e-6


def test_a_fixed_batch_stays_and_is_said(tmp_path):
    source = vision_tower(tmp_path / "a.onnx", batch=1)
    graph, _, session, _ = rewrite(source, tmp_path / "b.onnx", [{"pixel_values": PIXELS[:1]}])
    assert graph.batch == 1
    assert session.get_inputs()[0].shape == [1, 3, 32, 32]


def test_weights_beside_the_file_are_read_and_named(tmp_path):
    source = vision_tower(tmp_path / "a.onnx")
    model = onnx.load(source)
    (tmp_path / "big").mkdir()
    big = tmp_path / "big" / "a.onnx"
    onnx.save(model, big, save_as_external_data=True, location="a.onnx_data", size_threshold=0)
    assert graph_files(big) == [big, big.parent / "a.onnx_data"]
    _, _, session, _ = rewrite(big, tmp_path / "b.onnx", [{"pixel_values": PIXELS}])
    (rows,) = session.run(None, {"pixel_values": PIXELS})
    assert np.abs(rows - original(source, "image_embeds", {"pixel_values": PIXELS})).max() < 1e-6
    (big.parent / "a.onnx_data").unlink()
    with pytest.raises(ExportError, match=r"big/a\.onnx: damaged"):
        read(big)


@pytest.mark.parametrize("place", ["/dev/zero", "../a.onnx_data", "further/../../a.onnx_data"])
def test_weights_outside_of_the_folder_are_refused_before_they_are_read(tmp_path, place):
    path = tmp_path / "a.onnx"
    model = onnx.load(vision_tower(path))
    onnx.save(model, path, save_as_external_data=True, location="a.onnx_data", size_threshold=0)
    model = onnx.load(path, load_external_data=False)
    for tensor in model.graph.initializer:
        for entry in tensor.external_data:
            entry.value = place if entry.key == "location" else entry.value
    path.write_bytes(model.SerializeToString())
    with pytest.raises(ExportError, match=rf"a\.onnx: its weights are said to lie in {place}, out"):
        graph_files(path)


def test_weights_beyond_one_file_are_written_beside_it(tmp_path, monkeypatch):
    monkeypatch.setattr("export.graphs.files.SINGLE_FILE_BYTES", 100)
    source = vision_tower(tmp_path / "a.onnx")
    rewrite(source, tmp_path / "b.onnx", [{"pixel_values": PIXELS}])
    data = (tmp_path / "b.onnx.data").stat()
    assert data.st_size > 1000
    assert data.st_mode == (tmp_path / "b.onnx").stat().st_mode  # whoever reads one reads both


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no graph"),
        (b"not a graph at all", "damaged"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "pointer of Git LFS"),
    ],
)
def test_a_damaged_file_is_named(tmp_path, content, message):
    path = tmp_path / "vision.onnx"
    path.write_bytes(content)
    with pytest.raises(ExportError, match=rf"vision\.onnx: .*{message}"):
        read(path)


def test_a_truncated_file_is_named(tmp_path):
    path = vision_tower(tmp_path / "vision.onnx")
    path.write_bytes(path.read_bytes()[:-500])
    with pytest.raises(ExportError, match=r"vision\.onnx: damaged"):
        read(path)


def test_outputs_that_are_not_known_are_listed(tmp_path):
    path = vision_tower(tmp_path / "a.onnx", names=("image", "logits"))
    with pytest.raises(ExportError, match="outputs are last_hidden_state, logits; expected image_"):
        find_ports(read(path), path, "image_embeds", ["image_embeds"])


def test_inputs_that_are_not_known_are_listed(tmp_path):
    path = vision_tower(tmp_path / "a.onnx", names=("mel", "image_embeds"))
    with pytest.raises(ExportError, match="inputs are mel; expected some of pixel_values"):
        find_ports(read(path), path, "image_embeds", ["image_embeds"])


@pytest.mark.parametrize("shape", [["n", 32, 32, 3], ["n", 3, 32]])
def test_pictures_of_another_shape_are_refused(tmp_path, shape):
    path = vision_tower(tmp_path / "a.onnx")
    model = onnx.load(path)
    surgery.set_shape(model.graph.input[0], TensorProto.FLOAT, shape)
    with pytest.raises(ExportError, match=r"has the shape .*; expected \[n, 3, height, width\]"):
        find_ports(model, path, "image_embeds", ["image_embeds"])


def test_a_tower_for_texts_is_none_for_pictures(tmp_path):
    path = text_tower(tmp_path / "a.onnx", names=("input_ids", "image_embeds"))
    with pytest.raises(ExportError, match="from input_ids, attention_mask; expected pixel_values"):
        find_ports(read(path), path, "image_embeds", ["image_embeds"])


def test_a_graph_that_computes_something_else_is_refused(tmp_path):
    """The weights of the graph in memory change after it was read."""
    path = vision_tower(tmp_path / "a.onnx")
    model = read(path)
    ports = find_ports(model, path, "image_embeds", ["image_embeds"])
    weights = next(each for each in model.graph.initializer if each.name == "projection")
    changed = onnx.numpy_helper.to_array(weights).copy()
    changed[0, 0] += 0.01
    weights.CopyFrom(onnx.numpy_helper.from_array(changed, "projection"))
    with pytest.raises(ExportError, match=r"b\.onnx: differs by .* from the graph"):
        write_canonical(path, tmp_path / "b.onnx", model, ports, [{"pixel_values": PIXELS}])


def test_rows_that_are_no_numbers_are_refused(tmp_path):
    path = vision_tower(tmp_path / "a.onnx")
    model = read(path)
    weights = next(each for each in model.graph.initializer if each.name == "bias")
    weights.CopyFrom(onnx.numpy_helper.from_array(np.full(8, np.nan, np.float32), "bias"))
    onnx.save(model, path)
    with pytest.raises(ExportError, match=r"a\.onnx: gives rows of length 0 or with NaN"):
        rewrite(path, tmp_path / "b.onnx", [{"pixel_values": PIXELS}])


def test_a_graph_that_does_not_run_is_named_with_what_it_was_given(tmp_path):
    path = vision_tower(tmp_path / "a.onnx")
    small = {"pixel_values": PIXELS[:, :, :20, :20]}
    with pytest.raises(ExportError, match=r"a\.onnx: cannot be run on inputs of .*20, 20"):
        rewrite(path, tmp_path / "b.onnx", [small])
