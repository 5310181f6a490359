"""Embedding tables as int8 rows: what is looked up is made float, the table never is."""

import numpy as np
import onnx
from onnx import NodeProto, helper, numpy_helper

from export.precisions.products import FLOAT, attribute, constants, drop_unused, set_nodes, uses
from export.precisions.weights import to_bytes

LEAST = 1 << 18  # values; smaller tables are not worth the two additional nodes


def store_tables(model: onnx.ModelProto, least: int = LEAST) -> int:
    """Rewrite `Gather` of rows from large constant matrices, in place.

    Each row becomes int8 values and one scale; a value is off by at most 1/254 of the largest in
    its row. Tables that other nodes read as well stay as they are.

    Returns:
        How many tables were rewritten.
    """
    read, weights, lookups = uses(model), constants(model), _lookups(model)
    restored: dict[str, list[NodeProto]] = {}
    count = 0
    for name, found in lookups.items():
        tensor = weights.get(name)
        if tensor is None or tensor.data_type != FLOAT or len(tensor.dims) != 2:
            continue
        if len(found) != read[name] or np.prod(tensor.dims) < least:
            continue
        rows, scales = to_bytes(numpy_helper.to_array(tensor), axis=0)
        model.graph.initializer.extend(
            [
                numpy_helper.from_array(rows, f"{name}:rows"),
                numpy_helper.from_array(scales, f"{name}:scales"),
            ]
        )
        for node in found:
            restored[node.output[0]] = _restored(node, name)
        count += 1
    if count:
        old = list(model.graph.node)
        set_nodes(model, [new for node in old for new in restored.get(node.output[0], [node])])
        drop_unused(model)
    return count


def _lookups(model: onnx.ModelProto) -> dict[str, list[NodeProto]]:
    """The `Gather` nodes along the first axis, by the name of their table."""
    found: dict[str, list[NodeProto]] = {}
    for node in model.graph.node:
        if node.op_type == "Gather" and not attribute(node, "axis", 0):
            found.setdefault(node.input[0], []).append(node)
    return found


def _restored(node: NodeProto, table: str) -> list[NodeProto]:
    """The rows and scales of the same ids, multiplied."""
    ids, out = node.input[1], node.output[0]
    name = node.name or out
    return [
        helper.make_node("Gather", [f"{table}:rows", ids], [f"{out}:rows"], name=f"{name}:rows"),
        helper.make_node("Cast", [f"{out}:rows"], [f"{out}:cast"], name=f"{name}:cast", to=FLOAT),
        helper.make_node(
            "Gather", [f"{table}:scales", ids], [f"{out}:scales"], name=f"{name}:scales"
        ),
        helper.make_node("Mul", [f"{out}:cast", f"{out}:scales"], [out], name=name),
    ]
