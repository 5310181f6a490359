"""Tiny ONNX towers of both kinds with random weights, in the many shapes that others make them."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

WIDTH = 8


def vision_tower(
    path: Path,
    *,
    dim: int = 16,
    side: int = 32,
    batch: int | None = None,
    names: tuple[str, str] = ("pixel_values", "image_embeds"),
    kind: int = TensorProto.FLOAT,
    unit: bool = False,
    said: bool = True,
) -> Path:
    """A convolution, its mean over the picture, and a projection.

    Args:
        path: where to write.
        dim: width of the rows.
        side: of the pictures.
        batch: fixed number of pictures; any by default.
        names: of input and output.
        kind: of input, weights and output.
        unit: whether rows have length 1.
        said: whether the graph says how large pictures are.
    """
    taken, given = names
    weights = [
        _weights("kernel", (WIDTH, 3, 8, 8), kind),
        _weights("bias", (WIDTH,), kind),
        _weights("projection", (WIDTH, dim), kind),
    ]
    nodes = [
        helper.make_node("Conv", [taken, "kernel", "bias"], ["patches"], strides=[8, 8]),
        helper.make_node("Tanh", ["patches"], ["active"]),
        helper.make_node("GlobalAveragePool", ["active"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["flat"]),
    ]
    size = [side, side] if said else ["height", "width"]
    pixels = helper.make_tensor_value_info(taken, kind, [batch or "n", 3, *size])
    _write(path, [*nodes, *_projected("flat", given, unit)], [pixels], given, kind, dim, weights)
    return path


def text_tower(
    path: Path,
    *,
    dim: int = 16,
    vocabulary: int = 50,
    batch: int | None = None,
    length: int | None = None,
    names: tuple[str, str] = ("input_ids", "text_embeds"),
    kind: int = TensorProto.INT64,
    masked: bool = True,
    unit: bool = False,
) -> Path:
    """The mean of the embedded tokens, and a projection.

    Args:
        path: where to write.
        dim: width of the rows.
        vocabulary: number of tokens.
        batch: fixed number of texts; any by default.
        length: fixed number of tokens; any by default.
        names: of the ids and the output.
        kind: of ids and mask.
        masked: whether there is an `attention_mask`; otherwise padding changes a row.
        unit: whether rows have length 1.
    """
    taken, given = names
    shape = [batch or "n", length or "tokens"]
    inputs = [helper.make_tensor_value_info(taken, kind, shape)]
    nodes = [helper.make_node("Gather", ["table", taken], ["embedded"])]
    if masked:
        inputs.append(helper.make_tensor_value_info("attention_mask", kind, shape))
        nodes += [
            helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
            helper.make_node("Unsqueeze", ["mask", "last"], ["column"]),
            helper.make_node("Mul", ["embedded", "column"], ["kept"]),
            helper.make_node("ReduceSum", ["kept", "middle"], ["sum"], keepdims=0),
            helper.make_node("ReduceSum", ["mask", "middle"], ["count"], keepdims=1),
            helper.make_node("Div", ["sum", "count"], ["mean"]),
        ]
    else:
        nodes.append(helper.make_node("ReduceMean", ["embedded"], ["mean"], axes=[1], keepdims=0))
    weights = [
        _weights("table", (vocabulary, WIDTH), TensorProto.FLOAT),
        _weights("projection", (WIDTH, dim), TensorProto.FLOAT),
        numpy_helper.from_array(np.array([-1]), "last"),
        numpy_helper.from_array(np.array([1]), "middle"),
    ]
    float_ = TensorProto.FLOAT
    _write(path, [*nodes, *_projected("mean", given, unit)], inputs, given, float_, dim, weights)
    return path


def _projected(mean: str, given: str, unit: bool) -> list[onnx.NodeProto]:
    """Also a second output, as many exporters leave one."""
    rows = "rows" if unit else given
    nodes = [
        helper.make_node("MatMul", [mean, "projection"], [rows]),
        helper.make_node("Exp", [mean], ["last_hidden_state"]),
    ]
    if unit:
        nodes.append(helper.make_node("LpNormalization", [rows], [given], axis=-1, p=2))
    return nodes


def _weights(name: str, shape: tuple[int, ...], kind: int) -> onnx.TensorProto:
    random = np.random.default_rng(len(name))
    values = random.standard_normal(shape) / np.sqrt(shape[0])
    return numpy_helper.from_array(values.astype(helper.tensor_dtype_to_np_dtype(kind)), name)


def _write(path, nodes, inputs, given, kind, dim, weights) -> None:
    outputs = [
        helper.make_tensor_value_info("last_hidden_state", kind, [None, None]),
        helper.make_tensor_value_info(given, kind, [None, dim]),
    ]
    graph = helper.make_graph(nodes, "tower", inputs, outputs, weights)
    opset = helper.make_opsetid("", 17)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=8)
    onnx.checker.check_model(model)
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, str(path))
