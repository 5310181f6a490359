"""int8 weights, float32 arithmetic: the file is small, the answers come at the speed of float32.

Each weight becomes int8 values and one scale for each output channel, in convolutions one for each
`RUN` input channels of it; `Cast`, `Mul` and `Reshape` restore the weight. onnxruntime folds them
when it opens the file, so that the arithmetic is float32 on every processor: no activation is
rounded, and 8-bit products cannot saturate.
"""

from collections.abc import Collection

import numpy as np
import onnx
from onnx import NodeProto, helper, numpy_helper

from export.precisions.products import FLOAT, attribute, constants, set_nodes

LEAST = 4096  # values; smaller tensors stay as they are

RUN = 16
"""Input channels of a convolution that share a scale. Their weights differ in size much more than
those of a layer of a transformer: the default model's pictures, tuned, keep a cosine of 0.9991 to
float32 with runs of 16, 0.9989 with 32, and 0.9913 with one scale for all."""


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
    kernels = {node.input[1] for node in model.graph.node if node.op_type == "Conv"}
    spared = {name for node in model.graph.node if node.name in keep for name in node.input}
    small = [
        _store(model, weights[name], axes[name], name in kernels)
        for name in axes
        if name not in spared
        and weights[name].data_type == FLOAT
        and np.prod(weights[name].dims) >= LEAST
    ]
    if small:
        set_nodes(model, [*(node for nodes in small for node in nodes), *model.graph.node])
    return len(small)


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
    return _rounded(weight, tuple(set(range(weight.ndim)) - {axis % weight.ndim}))


def to_runs(kernel: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same for the weight [outputs, inputs, ...] of a convolution, a scale for each run.

    Values and scales have one more axis, [outputs, runs, RUN, ...]; if the inputs cannot be
    divided so, there is one scale for each output.
    """
    outputs, inputs, *window = kernel.shape
    if inputs % RUN:
        return to_bytes(kernel, axis=0)
    apart = kernel.reshape(outputs, inputs // RUN, RUN, *window)
    return _rounded(apart, tuple(range(2, apart.ndim)))


def _rounded(weight: np.ndarray, others: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """int8 values, and scales shared along the axes `others`."""
    highest = np.abs(weight).max(axis=others, keepdims=True)
    scales = (np.maximum(highest, 1e-12) / 127).astype(np.float32)
    return np.round(weight / scales).astype(np.int8), scales


def _store(
    model: onnx.ModelProto, tensor: onnx.TensorProto, axis: int, is_kernel: bool
) -> list[NodeProto]:
    """Add the small tensors; the nodes that restore the weight under its own name."""
    name, weight = tensor.name, numpy_helper.to_array(tensor)
    values, scales = to_runs(weight) if is_kernel else to_bytes(weight, axis)
    model.graph.initializer.remove(tensor)
    parts = {"bytes": values, "scale": scales}
    scaled = name
    nodes = []
    if values.shape != weight.shape:
        parts["shape"], scaled = np.array(weight.shape, dtype=np.int64), f"{name}:runs"
        nodes.append(
            helper.make_node("Reshape", [scaled, f"{name}:shape"], [name], name=f"{name}:restored")
        )
    model.graph.initializer.extend(
        numpy_helper.from_array(part, f"{name}:{suffix}") for suffix, part in parts.items()
    )
    return [
        helper.make_node(
            "Cast", [f"{name}:bytes"], [f"{name}:cast"], name=f"{name}:cast", to=FLOAT
        ),
        helper.make_node("Mul", [f"{name}:cast", f"{name}:scale"], [scaled], name=f"{name}:scaled"),
        *nodes,
    ]
