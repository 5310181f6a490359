"""float16, for GPUs: half the bytes, and products on tensor cores."""

from collections.abc import Collection
from pathlib import Path

import onnx
from onnx import NodeProto

from export.graphs.files import write
from export.precisions.products import set_nodes, uses

SUMS = frozenset(
    {"LpNormalization", "Pow", "ReduceL2", "ReduceMean", "ReduceSum", "ReduceSumSquare", "Sqrt"}
)
"""Operators that leave the range of float16 (65,504) although their inputs are within it: squares,
and sums of many. `LayerNormalization` and `Softmax` add in float32 by themselves."""

PLACING = frozenset({"Gather", "Reshape", "Slice"})
"""What puts finished rows into another place; no number changes."""

NORMALISING = (
    SUMS | PLACING | {"Abs", "Clip", "Div", "Expand", "Identity", "Max", "Mul", "Reciprocal"}
)


def to_half(model: onnx.ModelProto, keep: Collection[str], scratch: Path) -> onnx.ModelProto:
    """Constants and arithmetic in float16; inputs, outputs and `keep` stay in float32.

    The L2 normalisation at the end stays in float32 as well, so that rows have unit length.
    """
    from onnxruntime.transformers.float16 import DEFAULT_OP_BLOCK_LIST, convert_float_to_float16
    from onnxruntime.transformers.onnx_model import OnnxModel

    for index, node in enumerate(model.graph.node):
        node.name = node.name or f"{node.op_type}.{index}"
    path = scratch / "source.onnx"
    write(model, path)  # from a file, types are inferred at any size
    made = convert_float_to_float16(
        str(path),
        keep_io_types=True,
        op_block_list=[*DEFAULT_OP_BLOCK_LIST, *SUMS],
        node_block_list=[*keep, *_normalisation(model)],
    )
    _skip_round_trips(made)
    OnnxModel(made).topological_sort()
    return made


def _normalisation(model: onnx.ModelProto) -> set[str]:
    """Names of the nodes between the outputs and the last product, where they only normalise."""
    makers = {name: node for node in model.graph.node for name in node.output}
    found: set[str] = set()
    open_names = [output.name for output in model.graph.output]
    while open_names:
        node = makers.get(open_names.pop())
        if node is not None and node.op_type in NORMALISING and node.name not in found:
            found.add(node.name)
            open_names += node.input
    return found


def _skip_round_trips(model: onnx.ModelProto) -> None:
    """Between nodes that stay in float32, remove the conversion to float16 and back."""
    makers = {name: node for node in model.graph.node for name in node.output}

    def exact(name: str) -> str:
        up = makers.get(name)
        if up is None or not _casts(up, onnx.TensorProto.FLOAT):
            return name
        down = makers.get(up.input[0])
        ours = down is not None and down.name.endswith("_cast_to_fp16_node")
        return down.input[0] if ours else name

    for node in model.graph.node:
        for index, name in enumerate(node.input):
            node.input[index] = exact(name)
    for output in model.graph.output:
        if (source := exact(output.name)) != output.name:
            makers[output.name].op_type = "Identity"
            makers[output.name].input[0] = source
            del makers[output.name].attribute[:]
    read = uses(model)
    while unread := [n for n in model.graph.node if n.op_type == "Cast" and not read[n.output[0]]]:
        gone = {node.output[0] for node in unread}
        set_nodes(model, [node for node in model.graph.node if node.output[0] not in gone])
        read = uses(model)


def _casts(node: NodeProto, kind: int) -> bool:
    return node.op_type == "Cast" and any(a.name == "to" and a.i == kind for a in node.attribute)
