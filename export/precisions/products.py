"""The matrix products of a graph that have constant weights, brought into one form: `MatMul`."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import onnx
from onnx import NodeProto, helper, numpy_helper

FLOAT = onnx.TensorProto.FLOAT


def constants(model: onnx.ModelProto) -> dict[str, onnx.TensorProto]:
    """The initializers of the graph, by name."""
    return {tensor.name: tensor for tensor in model.graph.initializer}


def attribute(node: NodeProto, name: str, default: Any) -> Any:
    """What a node carries under a name."""
    found = [item for item in node.attribute if item.name == name]
    return helper.get_attribute_value(found[0]) if found else default


def uses(model: onnx.ModelProto) -> Counter[str]:
    """How often each value is read: by nodes, inside branches and loops, and as an output."""
    found = Counter(name for node in _all_nodes(model.graph) for name in node.input)
    found.update(output.name for output in model.graph.output)
    return found


def products(model: onnx.ModelProto) -> list[NodeProto]:
    """`MatMul` nodes whose second factor is a constant float32 matrix, in the graph's order."""
    weights = constants(model)
    return [
        node
        for node in model.graph.node
        if node.op_type == "MatMul"
        and node.domain in {"", "ai.onnx"}
        and node.input[0] not in weights
        and node.input[1] in weights
        and weights[node.input[1]].data_type == FLOAT
        and len(weights[node.input[1]].dims) == 2
    ]


def settle(model: onnx.ModelProto) -> None:
    """Bring `model` into the form that the int8 precisions work on, in place.

    Weights that reach a node by way of `Constant`, `Identity` or `Transpose` become initializers,
    `Gemm` with constant weights becomes `MatMul` and `Add`, and every product has a name and a
    known type. What the graph computes stays the same.
    """
    initial = {tensor.name for tensor in model.graph.initializer}
    inputs = [item for item in model.graph.input if item.name not in initial]
    del model.graph.input[:]  # graphs of old list their weights as inputs that could be replaced
    model.graph.input.extend(inputs)
    _fold(model)
    _split_gemms(model)
    drop_unused(model)
    _name(model)
    _note_types(model)


def drop_unused(model: onnx.ModelProto) -> None:
    """Remove initializers that nothing reads, and all but the first of one name."""
    read, seen, spare = uses(model), set(), []
    for index, tensor in enumerate(model.graph.initializer):
        if tensor.name in seen or not read[tensor.name]:
            spare.append(index)
        seen.add(tensor.name)
    for index in reversed(spare):  # in place: the weights may fill half the memory
        del model.graph.initializer[index]


def set_nodes(model: onnx.ModelProto, nodes: list[NodeProto]) -> None:
    """Give the graph these nodes, old and new."""
    graph = onnx.GraphProto(node=nodes)  # a copy: some are still in the model
    del model.graph.node[:]
    model.graph.node.extend(graph.node)


def _all_nodes(graph: onnx.GraphProto) -> Iterator[NodeProto]:
    for node in graph.node:
        yield node
        for item in node.attribute:
            for inner in (*item.graphs, *([item.g] if item.HasField("g") else [])):
                yield from _all_nodes(inner)


def _fold(model: onnx.ModelProto) -> None:
    """Make initializers of what `Constant`, `Identity` and `Transpose` give of constants."""
    known, outputs = constants(model), {output.name for output in model.graph.output}
    aliases: dict[str, str] = {}
    kept = []
    for node in model.graph.node:
        source = aliases.get(node.input[0], node.input[0]) if node.input else ""
        if node.output[0] in outputs:
            kept.append(node)
        elif node.op_type == "Identity" and source in known:
            aliases[node.output[0]] = source
        elif (tensor := _folded(node, known.get(source))) is not None:
            known[tensor.name] = tensor
            model.graph.initializer.append(tensor)
        else:
            kept.append(node)
    set_nodes(model, kept)
    for node in _all_nodes(model.graph):
        for index, name in enumerate(node.input):
            if name in aliases:
                node.input[index] = aliases[name]


def _folded(node: NodeProto, source: onnx.TensorProto | None) -> onnx.TensorProto | None:
    """The float value of a node that reads at most a constant, under the name of its output."""
    turns = node.op_type == "Transpose"
    if node.op_type == "Constant":
        source = next((item.t for item in node.attribute if item.name == "value"), None)
    if source is None or source.data_type != FLOAT or not (turns or node.op_type == "Constant"):
        return None
    value = numpy_helper.to_array(source)
    if turns:
        value = value.transpose(attribute(node, "perm", None))
    return numpy_helper.from_array(np.ascontiguousarray(value), node.output[0])


def _split_gemms(model: onnx.ModelProto) -> None:
    """Write `Gemm` with constant weights as `MatMul` of the same name, and `Add`."""
    weights, nodes = constants(model), []
    for node in model.graph.node:
        constant = all(name in weights for name in node.input[1:] if name)
        ready = (
            node.op_type == "Gemm"
            and not attribute(node, "transA", 0)
            and constant
            and weights[node.input[1]].data_type == FLOAT
        )
        nodes += _split(model, node, weights) if ready else [node]
    set_nodes(model, nodes)


def _split(
    model: onnx.ModelProto, node: NodeProto, weights: dict[str, onnx.TensorProto]
) -> list[NodeProto]:
    out, bias = node.output[0], [name for name in node.input[2:] if name]
    weight = numpy_helper.to_array(weights[node.input[1]])
    turned = weight.T if attribute(node, "transB", 0) else weight
    scaled = (turned * np.float32(attribute(node, "alpha", 1.0))).astype(np.float32)
    model.graph.initializer.append(
        numpy_helper.from_array(np.ascontiguousarray(scaled), f"{out}:weight")
    )
    product = f"{out}:product" if bias else out
    name = node.name or out
    made = [helper.make_node("MatMul", [node.input[0], f"{out}:weight"], [product], name=name)]
    if bias:
        added = numpy_helper.to_array(weights[bias[0]]) * np.float32(attribute(node, "beta", 1.0))
        model.graph.initializer.append(
            numpy_helper.from_array(np.asarray(added, np.float32), f"{out}:bias")
        )
        made.append(helper.make_node("Add", [product, f"{out}:bias"], [out], name=f"{name}:add"))
    return made


def _name(model: onnx.ModelProto) -> None:
    """Products without a name, or with one that is taken, are called as their output is."""
    taken = Counter(node.name for node in model.graph.node)
    for node in products(model):
        if not node.name or taken[node.name] > 1:
            node.name = node.output[0]


def _note_types(model: onnx.ModelProto) -> None:
    """Say that products read and give float32: inference cannot see past operators of others."""
    known = {
        item.name for item in (*model.graph.input, *model.graph.output, *model.graph.value_info)
    }
    for node in products(model):
        for name in (node.input[0], node.output[0]):
            if name not in known:
                known.add(name)
                model.graph.value_info.append(helper.make_tensor_value_info(name, FLOAT, None))
