"""Small changes to an ONNX graph in memory: leave out, rename, convert, normalise."""

from collections.abc import Iterator, Sequence
from typing import Any

import onnx
from onnx import TensorProto, helper

_SHORTEST = 1e-12
"""Rows shorter than this stay as they are, so that an empty row does not become NaN."""


def keep_output(graph: onnx.GraphProto, output: str) -> None:
    """Leave out all that `output` does not need: nodes, weights, inputs, other outputs."""
    needed = {output}
    kept = []
    for node in reversed(graph.node):
        if needed.intersection(node.output):
            kept.append(node)
            needed.update(name for part in _with_subgraphs(node) for name in part.input)
    if len(kept) < len(graph.node):
        nodes = [onnx.NodeProto.FromString(node.SerializeToString()) for node in reversed(kept)]
        del graph.node[:]
        graph.node.extend(nodes)
    weights = {tensor.name for tensor in graph.initializer}
    _keep(graph.initializer, needed)
    _keep(graph.output, {output})
    _keep(graph.input, needed - weights)  # old files list their weights as inputs too
    del graph.value_info[:]
    del graph.quantization_annotation[:]


def rename(graph: onnx.GraphProto, old: str, new: str) -> None:
    """Give a value another name; a different value of the new name gives way."""
    if old == new:
        return
    names = _value_names(graph)
    if new in names:
        _replace(graph, new, _free_name(names, new))
    _replace(graph, old, new)


def convert_input(graph: onnx.GraphProto, name: str, kind: int) -> None:
    """Let the graph take input `name` as `kind` (a TensorProto type), whatever it works with."""
    value = next(value for value in graph.input if value.name == name)
    inner = value.type.tensor_type.elem_type
    if inner == kind:
        return
    converted = _free_name(_value_names(graph), name)
    for node in graph.node:
        _replace_in_node(node, name, converted)
    value.type.tensor_type.elem_type = kind
    graph.node.insert(0, helper.make_node("Cast", [name], [converted], to=inner))


def convert_output(graph: onnx.GraphProto, name: str) -> None:
    """Let the graph give output `name` as float32."""
    raw = _take_output(graph, name)
    graph.node.append(helper.make_node("Cast", [raw], [name], to=TensorProto.FLOAT))


def normalise_output(graph: onnx.GraphProto, name: str, opset: int) -> None:
    """Divide the rows of output `name`, float32 [n, dim], by their Euclidean length."""
    raw = _take_output(graph, name)
    names = _value_names(graph)
    length, floor, divisor, axes = (
        _free_name(names, f"{name}_{part}") for part in ("length", "floor", "divisor", "axes")
    )
    graph.initializer.append(helper.make_tensor(floor, TensorProto.FLOAT, [], [_SHORTEST]))
    if opset >= 18:  # from here on the axes are an input
        graph.initializer.append(helper.make_tensor(axes, TensorProto.INT64, [1], [1]))
        reduce = helper.make_node("ReduceL2", [raw, axes], [length], keepdims=1)
    else:
        reduce = helper.make_node("ReduceL2", [raw], [length], axes=[1], keepdims=1)
    largest = helper.make_node("Max", [length, floor], [divisor])
    graph.node.extend([reduce, largest, helper.make_node("Div", [raw, divisor], [name])])


def set_shape(value: onnx.ValueInfoProto, kind: int, shape: Sequence[int | str]) -> None:
    """Declare type and shape of an input or output."""
    value.CopyFrom(helper.make_tensor_value_info(value.name, kind, shape))


def opset(model: onnx.ModelProto) -> int:
    """Version of the standard operators that the graph is written in."""
    return max(
        (entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")),
        default=1,
    )


def _take_output(graph: onnx.GraphProto, name: str) -> str:
    """Rename what makes an output, so that a further node can make it."""
    raw = _free_name(_value_names(graph), name)
    for node in graph.node:
        _replace_in_node(node, name, raw)
    return raw


def _with_subgraphs(node: onnx.NodeProto) -> Iterator[onnx.NodeProto]:
    """A node, and those inside its branches and loops."""
    yield node
    for attribute in node.attribute:
        for graph in (attribute.g, *attribute.graphs):
            for inner in graph.node:
                yield from _with_subgraphs(inner)


def _value_names(graph: onnx.GraphProto) -> set[str]:
    parts = [part for node in graph.node for part in _with_subgraphs(node)]
    names = {name for part in parts for name in (*part.input, *part.output)}
    return names | {value.name for value in (*graph.input, *graph.output, *graph.initializer)}


def _free_name(names: set[str], name: str) -> str:
    number = 1
    while f"{name}_{number}" in names:
        number += 1
    return f"{name}_{number}"


def _replace(graph: onnx.GraphProto, old: str, new: str) -> None:
    for value in (*graph.input, *graph.output, *graph.initializer, *graph.value_info):
        if value.name == old:
            value.name = new
    for node in graph.node:
        _replace_in_node(node, old, new)


def _replace_in_node(node: onnx.NodeProto, old: str, new: str) -> None:
    for names in (node.input, node.output):
        for place, name in enumerate(names):
            if name == old:
                names[place] = new
    for attribute in node.attribute:
        for graph in (attribute.g, *attribute.graphs):
            if graph.node or graph.output:
                _replace(graph, old, new)


def _keep(values: Any, names: set[str]) -> None:
    """Shorten a field in place: copying weights would need them twice in memory."""
    for place in reversed(range(len(values))):
        if values[place].name not in names:
            del values[place]
