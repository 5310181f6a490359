"""Stores the large float weights of an ONNX graph as int8, to be made float when it is loaded.

Each matrix becomes int8 values and one scale for each output channel; `Cast` and `Mul` restore it.
onnxruntime folds the two when it opens the file, so that the arithmetic is float32 on every
processor: no activation is rounded, and 8-bit products cannot saturate.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

from export.strip import strip

LEAST = 4096  # smaller tensors stay as they are


def output_axis(node: onnx.NodeProto) -> int | None:
    """The axis of the output channels in the weight of `node`, None for other operators."""
    if node.op_type == "Conv":
        return 0
    if node.op_type == "MatMul":
        return -1
    if node.op_type == "Gemm":
        turned = any(item.name == "transB" and item.i for item in node.attribute)
        return 0 if turned else 1
    return None


def to_bytes(weight: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """(int8 values, float32 scales that broadcast): `weight` is about their product."""
    others = tuple(index for index in range(weight.ndim) if index != axis % weight.ndim)
    highest = np.abs(weight).max(axis=others, keepdims=True)
    scales = (np.maximum(highest, 1e-12) / 127).astype(np.float32)
    return np.round(weight / scales).astype(np.int8), scales


def compact(model: onnx.ModelProto) -> int:
    """Rewrite `model` in place; returns how many weights were made small."""
    weights = {tensor.name: tensor for tensor in model.graph.initializer}
    axes: dict[str, int] = {}
    for node in model.graph.node:
        axis = output_axis(node)
        if axis is not None and node.input[1] in weights:
            axes[node.input[1]] = axis
    restoring = []
    for name, axis in axes.items():
        weight = numpy_helper.to_array(weights[name])
        if weight.dtype != np.float32 or weight.size < LEAST:
            continue
        values, scales = to_bytes(weight, axis)
        model.graph.initializer.remove(weights[name])
        model.graph.initializer.extend(
            [
                numpy_helper.from_array(values, f"{name}.bytes"),
                numpy_helper.from_array(scales, f"{name}.scale"),
            ]
        )
        restoring += [
            helper.make_node(
                "Cast", [f"{name}.bytes"], [f"{name}.cast"], to=onnx.TensorProto.FLOAT
            ),
            helper.make_node("Mul", [f"{name}.cast", f"{name}.scale"], [name]),
        ]
    nodes = list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend([*restoring, *nodes])
    return len(restoring) // 2


def compact_file(source: Path, target: Path) -> int:
    """`compact` and `strip`, from file to file."""
    model = onnx.load(str(source))
    count = compact(model)
    strip(model)
    onnx.checker.check_model(model)
    onnx.save(model, str(target))
    return count
