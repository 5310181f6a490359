"""int8 weights, float32 arithmetic: the file is small, the answers come at the speed of float32.

Each weight becomes int8 values and one scale for each output channel; `Cast` and `Mul` restore it.
onnxruntime folds the two when it opens the file, so that the arithmetic is float32 on every
processor: no activation is rounded, and 8-bit products cannot saturate.
"""

from collections.abc import Collection

import numpy as np
import onnx
from onnx import NodeProto, helper, numpy_helper

from export.precisions.products import FLOAT, attribute, constants, set_nodes

LEAST = 4096  # values; smaller tensors stay as they are


def store_weights(
    model: onnx.ModelProto,
    operators: Collection[str] = ("Conv", "MatMul", "Gemm"),
    keep: Collection[str] = (),
) -> int:
    """Rewrite the weights of `operators`, in place; the nodes named in `keep` stay as they are.

    Returns:
        How many weights were made small.
    """
    weights = constants(model)
    axes: dict[str, int] = {}
    for node in model.graph.node:
        axis = output_axis(node) if node.op_type in operators else None
        if axis is not None and node.input[1] in weights and node.name not in keep:
            axes[node.input[1]] = axis
    spared = {name for node in model.graph.node if node.name in keep for name in node.input}
    restoring: list[NodeProto] = []
    for name in [name for name in axes if name not in spared]:
        tensor = weights[name]
        if tensor.data_type == FLOAT and np.prod(tensor.dims) >= LEAST:
            restoring += _store(model, tensor, axes[name])
    if restoring:
        set_nodes(model, [*restoring, *model.graph.node])
    return len(restoring) // 2


def output_axis(node: NodeProto) -> int | None:
    """The axis of the output channels in the weight of `node`, None for other operators."""
    if node.op_type == "Conv":
        return 0
    if node.op_type == "MatMul":
        return -1
    if node.op_type == "Gemm":
        return 0 if attribute(node, "transB", 0) else 1
    return None


def to_bytes(weight: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """(int8 values, float32 scales that broadcast): `weight` is about their product."""
    others = tuple(index for index in range(weight.ndim) if index != axis % weight.ndim)
    highest = np.abs(weight).max(axis=others, keepdims=True)
    scales = (np.maximum(highest, 1e-12) / 127).astype(np.float32)
    return np.round(weight / scales).astype(np.int8), scales


def _store(model: onnx.ModelProto, tensor: onnx.TensorProto, axis: int) -> list[NodeProto]:
    """Add the small tensors; the nodes that restore the weight under its own name."""
    name = tensor.name
    values, scales = to_bytes(numpy_helper.to_array(tensor), axis)
    model.graph.initializer.remove(tensor)
    model.graph.initializer.extend(
        [
            numpy_helper.from_array(values, f"{name}:bytes"),
            numpy_helper.from_array(scales, f"{name}:scale"),
        ]
    )
    cast = helper.make_node(
        "Cast", [f"{name}:bytes"], [f"{name}:cast"], name=f"{name}:cast", to=FLOAT
    )
    scaled = helper.make_node(
        "Mul", [f"{name}:cast", f"{name}:scale"], [name], name=f"{name}:restored"
    )
    return [cast, scaled]
