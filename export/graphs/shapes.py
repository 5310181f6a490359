"""Writes down the shapes that a traced graph would work out anew in every run.

PyTorch's `view(batch, length, heads, width)` becomes a dozen nodes that take the sizes of a tensor
apart and put them together, for each reshaping of each layer: a tenth of the time of a short text.
Where shape inference proves which sizes stay, a constant says the same: 0 keeps a size, and -1 is
what remains.
"""

import numpy as np
import onnx
from onnx import helper, numpy_helper

_LARGE = 4096  # weights beyond these bytes do not take part in shapes

Sizes = list[int | str | None]
"""Numbers, names of unknown sizes, or nothing known."""


def settle_shapes(model: onnx.ModelProto) -> int:
    """Rewrite `model` in place; returns how many shapes were written down."""
    if any(item.HasField("g") for node in model.graph.node for item in node.attribute):
        return 0  # what inner graphs use cannot be seen from here
    sizes = _infer(model)
    constants = {tensor.name for tensor in model.graph.initializer}
    settled = 0
    for node in model.graph.node:
        if node.op_type != "Reshape" or node.input[1] in constants:
            continue
        shape = _constant(sizes.get(node.input[0]), sizes.get(node.output[0]))
        if shape is not None:
            name = f"{node.output[0]}.shape"
            model.graph.initializer.append(numpy_helper.from_array(np.array(shape), name))
            node.input[1] = name
            settled += 1
    _drop_unused(model.graph)
    return settled


def _infer(model: onnx.ModelProto) -> dict[str, Sizes]:
    """The sizes of every tensor; large weights are left out, so that any model fits."""
    light = onnx.ModelProto()
    light.ir_version = model.ir_version
    light.opset_import.extend(model.opset_import)
    light.graph.name = model.graph.name
    light.graph.node.extend(model.graph.node)
    light.graph.input.extend(model.graph.input)
    light.graph.output.extend(model.graph.output)
    for tensor in model.graph.initializer:
        if tensor.ByteSize() < _LARGE:
            light.graph.initializer.append(tensor)
        else:
            shape = helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims)
            light.graph.input.append(shape)
    graph = onnx.shape_inference.infer_shapes(light, data_prop=True).graph
    return {
        value.name: [_size(size) for size in value.type.tensor_type.shape.dim]
        for value in (*graph.value_info, *graph.input, *graph.output)
    }


def _size(size: onnx.TensorShapeProto.Dimension) -> int | str | None:
    return size.dim_value if size.HasField("dim_value") else (size.dim_param or None)


def _constant(before: Sizes | None, after: Sizes | None) -> list[int] | None:
    """The shape for `Reshape`; None where more than one size would be left open."""
    if not before or not after or 0 in after:
        return None
    shape = []
    for place, size in enumerate(after):
        kept = place < len(before) and size is not None and before[place] == size
        shape.append(size if isinstance(size, int) else 0 if kept else -1)
    return shape if shape.count(-1) <= 1 else None


def _drop_unused(graph: onnx.GraphProto) -> None:
    used = {value.name for value in graph.output}
    kept = []
    for node in reversed(graph.node):
        if used & set(node.output):
            kept.append(node)
            used |= set(node.input)
    del graph.node[:]
    graph.node.extend(reversed(kept))
    constants = [tensor for tensor in graph.initializer if tensor.name in used]
    del graph.initializer[:]
    graph.initializer.extend(constants)
