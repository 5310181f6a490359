"""ONNX files of any size: read, written, and proven to open."""

from pathlib import Path

import onnx
import onnxruntime
from onnx.external_data_helper import load_external_data_for_model

from export.errors import ExportError

SINGLE_FILE_BYTES = 2_000_000_000
"""A protobuf file ends at 2 GB; the weights of larger graphs lie beside it in `<name>.data`."""

_SMALL_BYTES = 1024  # tensors that stay in the graph when the weights lie beside it


def read(path: Path) -> onnx.ModelProto:
    """A graph with all its weights.

    Raises:
        ExportError: the file, or the weights beside it, cannot be read.
    """
    try:
        return onnx.load(str(path))
    except Exception as error:  # protobuf, onnx and the file system raise types of their own
        raise ExportError(f"{path}: cannot be read as ONNX: {error}") from error


def write(model: onnx.ModelProto, path: Path) -> None:
    """Write `path`, and `<path>.data` where the weights do not fit."""
    remove(path)  # onnx would append to weights that lie there
    data = f"{path.name}.data"
    if weight_bytes(model) <= SINGLE_FILE_BYTES:
        onnx.save(model, str(path))
        return
    onnx.save(
        model,
        str(path),
        save_as_external_data=True,
        location=data,
        size_threshold=_SMALL_BYTES,
    )
    load_external_data_for_model(model, str(path.parent))  # saving took the weights out of it


def remove(path: Path) -> None:
    """Remove a graph and the weights beside it, where they exist."""
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}.data").unlink(missing_ok=True)


def weight_bytes(model: onnx.ModelProto) -> int:
    """Size of the constants, in bytes."""
    return sum(tensor.ByteSize() for tensor in model.graph.initializer)


def check(path: Path, source: Path) -> None:
    """Prove that `path` is valid, opens, and is fed and read as `source` is.

    Raises:
        ExportError: it is not so.
    """
    try:
        onnx.checker.check_model(str(path))
        open_session(path)
    except Exception as error:  # neither library has a common base for its errors
        raise ExportError(f"{path.name}: not a graph that onnxruntime can run: {error}") from error
    expected, found = _signature(source), _signature(path)
    if found != expected:
        raise ExportError(f"{path.name}: inputs and outputs are {found}, not {expected}")


def open_session(path: Path) -> onnxruntime.InferenceSession:
    """A session on the CPU that logs errors only."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _signature(path: Path) -> list[tuple[str, int]]:
    """Names and element types of all inputs and outputs, in their order."""
    graph = onnx.load(str(path), load_external_data=False).graph
    weights = {tensor.name for tensor in graph.initializer}  # inputs too, in graphs of old
    values = [item for item in (*graph.input, *graph.output) if item.name not in weights]
    return [(item.name, item.type.tensor_type.elem_type) for item in values]
