"""What flows into the products of a graph when real inputs run through it."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper

from export.graphs.files import open_session, write
from export.precisions.products import FLOAT, products

Feeds = Sequence[Mapping[str, npt.NDArray]]
"""Real inputs of a graph: for each run, the name of an input to its array."""

ROWS = 8  # rows of a feed that run at a time, where the graph takes any number


def observed(
    model: onnx.ModelProto, feeds: Feeds, scratch: Path
) -> Iterator[dict[str, npt.NDArray[np.float32]]]:
    """For each piece of the feeds: the name of an activation to its values.

    The activations are the first factors of `products`. Only one piece is held at a time, and
    feeds may differ in shape; the calibrators of onnxruntime keep all, and want equal shapes.
    """
    names = list(dict.fromkeys(node.input[0] for node in products(model)))
    given = {item.name for item in (*model.graph.input, *model.graph.output)}
    session = open_session(
        _write_with_outputs(model, [n for n in names if n not in given], scratch)
    )
    fixed = any(isinstance(item.shape[0], int) for item in session.get_inputs() if item.shape)
    inputs = {item.name for item in session.get_inputs()}
    for feed in feeds:
        for piece in _pieces(feed, fixed):
            found = {name: piece[name] for name in names if name in inputs}
            asked = [name for name in names if name not in inputs]
            if asked:  # for an empty list, onnxruntime gives all outputs
                found.update(zip(asked, session.run(asked, piece), strict=True))
            yield found


def _write_with_outputs(model: onnx.ModelProto, names: list[str], scratch: Path) -> Path:
    path, count = scratch / "observed.onnx", len(model.graph.output)
    model.graph.output.extend(helper.make_tensor_value_info(name, FLOAT, None) for name in names)
    try:
        write(model, path)
    finally:
        del model.graph.output[count:]
    return path


def _pieces(feed: Mapping[str, npt.NDArray], fixed: bool) -> Iterator[dict[str, npt.NDArray]]:
    count = min(len(value) for value in feed.values())
    step = count if fixed else ROWS
    for start in range(0, count, step):
        yield {name: value[start : start + step] for name, value in feed.items()}
