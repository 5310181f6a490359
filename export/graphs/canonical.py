"""A ready-made ONNX tower -> the same tower as the engine feeds it, proven to compute the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto

from export.errors import ExportError
from export.graphs import surgery
from export.graphs.files import open_session, write
from export.graphs.strip import strip
from export.spec import Graph, Vectors

LARGEST_DIFFERENCE = 1e-5
HALF_DIFFERENCE = 1e-3
"""The same for graphs that compute in float16, which onnxruntime does in float32 here and there."""

BATCHES = (1, 2, 5)

_KINDS = {"pixel_values": TensorProto.FLOAT}  # all others are int64
_ALIASES = {
    "pixel_values": ("pixel_values", "image", "images", "pixels"),
    "input_ids": ("input_ids", "text", "tokens"),
    "attention_mask": ("attention_mask",),
    "token_type_ids": ("token_type_ids",),
}
_UNIT = 1e-3  # rows this near to length 1 were normalised by the graph itself

Feed = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class Ports:
    """A tower inside a foreign graph.

    Attributes:
        inputs: the graph's own names by those that the engine uses, in the graph's order.
        sizes: of each input, by the engine's name: its axes, None where any size goes.
        output: the graph's own name of the output with the rows.
        name: how the engine calls that output.
    """

    inputs: Mapping[str, str]
    sizes: Mapping[str, tuple[int | None, ...]]
    output: str
    name: str

    @property
    def batch(self) -> int | None:
        """Rows that the graph takes at a time, where that number is fixed."""
        return next((sizes[0] for sizes in self.sizes.values() if sizes and sizes[0]), None)


def find_ports(model: onnx.ModelProto, path: Path, name: str, outputs: Sequence[str]) -> Ports:
    """What of a graph makes the tower's rows; everything else is dropped from `model`.

    Args:
        model: changed in place.
        path: where it is from, for messages.
        name: `image_embeds` or `text_embeds`.
        outputs: names under which rows of the common space are known, the best first.

    Raises:
        ExportError: there is no such output, or it needs an input that the engine does not have.
    """
    graph = model.graph
    given = [value.name for value in graph.output]
    output = next((known for known in outputs if known in given), None)
    if output is None:
        raise ExportError(
            f"{path}: its outputs are {', '.join(given)}; expected {' or '.join(outputs)}"
        )
    surgery.keep_output(graph, output)
    model.ir_version = max(model.ir_version, 4)  # before, weights had to be inputs as well
    inputs: dict[str, str] = {}
    for value in graph.input:
        known = next((new for new, names in _ALIASES.items() if value.name in names), None)
        if known is None or known in inputs:
            found = ", ".join(value.name for value in graph.input)
            raise ExportError(f"{path}: its inputs are {found}; expected some of {_known()}")
        inputs[known] = value.name
    needed = "pixel_values" if name == "image_embeds" else "input_ids"
    if needed not in inputs or (needed == "pixel_values" and len(inputs) > 1):
        found = ", ".join(inputs.values()) or "none"
        raise ExportError(f"{path}: {output} is computed from {found}; expected {needed}")
    sizes = {known: _sizes(graph, own, known, path) for known, own in inputs.items()}
    return Ports(inputs, sizes, output, name)


def write_canonical(
    source: Path, target: Path, model: onnx.ModelProto, ports: Ports, feeds: Sequence[Feed]
) -> tuple[Graph, int]:
    """Write `target`: the engine's names and types, rows of unit length.

    Args:
        source: the file that `model` was read from; its graph is what `target` must agree with.
        target: where to write.
        model: as `find_ports` has left it; changed in place.
        ports: what `find_ports` has found.
        feeds: inputs by the engine's names, of several batch sizes where the graph takes them.

    Returns:
        The graph, and the width of its rows.

    Raises:
        ExportError: a graph does not run, or both do not agree to LARGEST_DIFFERENCE.
    """
    expected = run_original(source, ports, feeds)
    lengths = np.concatenate([np.linalg.norm(rows.astype(np.float64), axis=1) for rows in expected])
    if not np.isfinite(lengths).all() or not lengths.all():
        raise ExportError(f"{source}: gives rows of length 0 or with NaN on random input")
    if model.graph.output[0].type.tensor_type.elem_type != TensorProto.FLOAT:
        surgery.convert_output(model.graph, ports.output)
    if np.abs(lengths - 1).max() > _UNIT:
        surgery.normalise_output(model.graph, ports.output, surgery.opset(model))
    dim = expected[0].shape[1]
    _declare(model.graph, ports, feeds[0], dim)
    strip(model)
    write(model, target)
    graph = Graph(tuple(ports.inputs), ports.name, ports.batch)
    _compare(target, graph, feeds, expected)
    return graph, dim


def run_original(source: Path, ports: Ports, feeds: Sequence[Feed]) -> list[npt.NDArray[Any]]:
    """Rows [n, dim] of the foreign graph, as it gives them.

    Raises:
        ExportError: onnxruntime cannot load or run it, or it gives no rows.
    """
    session = open_session(source)
    kinds = {value.name: _DTYPES.get(value.type) for value in session.get_inputs()}
    answers = []
    for feed in feeds:
        own = {own: feed[name].astype(kinds[own]) for name, own in ports.inputs.items()}
        first = next(iter(own.values()))
        # onnxruntime wants even those inputs that the rows do not depend on.
        idle = {name: np.ones(first.shape, kind) for name, kind in kinds.items() if name not in own}
        try:
            (rows,) = session.run([ports.output], {**idle, **own})
        except Exception as error:  # onnxruntime has its own unrelated exception types
            shapes = {name: value.shape for name, value in own.items()}
            raise ExportError(f"{source}: cannot be run on inputs of {shapes}: {error}") from error
        if rows.ndim != 2 or len(rows) != len(first):
            raise ExportError(
                f"{source}: output {ports.output} has the shape {rows.shape}; expected [n, dim]"
            )
        answers.append(rows)
    return answers


_DTYPES = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(double)": np.float64,
    "tensor(int32)": np.int32,
    "tensor(int64)": np.int64,
    "tensor(bool)": np.bool_,
}


def _compare(
    target: Path, graph: Graph, feeds: Sequence[Feed], expected: Sequence[npt.NDArray[Any]]
) -> None:
    session = open_session(target)
    for feed, original in zip(feeds, expected, strict=True):
        rows: Vectors
        (rows,) = session.run([graph.output], {name: feed[name] for name in graph.inputs})
        exact = original.astype(np.float64)
        exact /= np.linalg.norm(exact, axis=1, keepdims=True)
        worst = float(np.abs(rows - exact).max())
        allowed = HALF_DIFFERENCE if original.dtype == np.float16 else LARGEST_DIFFERENCE
        if rows.dtype != np.float32 or not worst <= allowed:  # also refuses NaN
            raise ExportError(
                f"{target.name}: differs by {worst:.1e} from the graph that it was made from; "
                f"at most {allowed:.0e} is allowed"
            )


def _declare(graph: onnx.GraphProto, ports: Ports, feed: Feed, dim: int) -> None:
    """Give inputs and output the engine's names, types and axes."""
    for name, own in ports.inputs.items():
        surgery.rename(graph, own, name)
        kind = _KINDS.get(name, TensorProto.INT64)
        surgery.convert_input(graph, name, kind)
        value = next(value for value in graph.input if value.name == name)
        picture = name == "pixel_values"
        rest = feed[name].shape[1:] if picture else (ports.sizes[name][1] or "length",)
        surgery.set_shape(value, kind, [ports.batch or "batch", *rest])
    surgery.rename(graph, ports.output, ports.name)
    surgery.set_shape(graph.output[0], TensorProto.FLOAT, [ports.batch or "batch", dim])


def _sizes(graph: onnx.GraphProto, own: str, known: str, path: Path) -> tuple[int | None, ...]:
    value = next(value for value in graph.input if value.name == own)
    axes = 4 if known == "pixel_values" else 2
    if not value.type.tensor_type.HasField("shape"):
        return (None,) * axes
    sizes = tuple(axis.dim_value or None for axis in value.type.tensor_type.shape.dim)
    if len(sizes) != axes or (axes == 4 and sizes[1] not in (None, 3)):
        wanted = "[n, 3, height, width]" if axes == 4 else "[n, length]"
        raise ExportError(f"{path}: input {own} has the shape {sizes}; expected {wanted}")
    return sizes


def _known() -> str:
    return ", ".join(_ALIASES)
