"""ONNX files of any size: read, written, and proven to open."""

import shutil
from pathlib import Path

import onnx
import onnxruntime
from onnx.external_data_helper import load_external_data_for_model

from export.errors import ExportError

SINGLE_FILE_BYTES = 2_000_000_000
"""A protobuf file ends at 2 GB; the weights of larger graphs lie beside it in `<name>.data`."""

_SMALL_BYTES = 1024  # tensors that stay in the graph when the weights lie beside it
_POINTER = b"version https://git-lfs"


def read(path: Path) -> onnx.ModelProto:
    """A graph with all its weights in memory.

    Raises:
        ExportError: the file, or one that it names for its weights, is missing or damaged.
    """
    try:
        with path.open("rb") as stream:
            pointer = stream.read(len(_POINTER)) == _POINTER
    except OSError as error:
        raise ExportError(f"{path}: cannot be read: {error.strerror}") from error
    if pointer:
        raise ExportError(f"{path}: only the pointer of Git LFS; `git lfs pull` fetches the file")
    model = _load(path, weights=True)
    if not model.graph.node or not model.graph.output:
        raise ExportError(f"{path}: holds no graph: damaged, or no ONNX file")
    return model


def graph_files(path: Path) -> list[Path]:
    """An ONNX file and the files beside it that hold its weights.

    Raises:
        ExportError: the file is missing or damaged, or names weights outside of its folder.
    """
    names = {
        entry.value
        for tensor in _load(path, weights=False).graph.initializer
        for entry in tensor.external_data
        if entry.key == "location"
    }
    for name in names:  # onnx looks at this too, but only when it loads the weights
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise ExportError(f"{path}: its weights are said to lie in {name}, outside its folder")
    return [path, *(path.parent / name for name in sorted(names))]


def write(model: onnx.ModelProto, path: Path) -> None:
    """Write `path`, and `<path>.data` where the weights do not fit."""
    remove(path)  # onnx would append to weights that lie there
    data = path.with_name(f"{path.name}.data")
    if weight_bytes(model) <= SINGLE_FILE_BYTES:
        onnx.save(model, str(path))
        return
    onnx.save(
        model,
        str(path),
        save_as_external_data=True,
        location=data.name,
        size_threshold=_SMALL_BYTES,
    )
    if data.exists():
        shutil.copymode(path, data)  # onnx lets nobody but its owner read it
    load_external_data_for_model(model, str(path.parent))  # saving took the weights out of it


def remove(path: Path) -> None:
    """Remove a graph and the weights beside it, where they exist."""
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}.data").unlink(missing_ok=True)


def megabytes(path: Path) -> float:
    """Size of a graph on the disk, with the weights beside it."""
    both = (path, path.with_name(f"{path.name}.data"))
    return sum(file.stat().st_size for file in both if file.exists()) / 1e6


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
    except Exception as error:  # onnx has no common base for its errors
        raise ExportError(f"{path.name}: not a valid graph: {error}") from error
    open_session(path)
    expected, found = _signature(source), _signature(path)
    if found != expected:
        raise ExportError(f"{path.name}: inputs and outputs are {found}, not {expected}")


def open_session(path: Path) -> onnxruntime.InferenceSession:
    """A session on the CPU that logs errors only.

    Raises:
        ExportError: onnxruntime cannot load the file.
    """
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime has its own unrelated exception types
        raise ExportError(f"{path}: onnxruntime cannot load it: {error}") from error


def _load(path: Path, weights: bool) -> onnx.ModelProto:
    try:
        return onnx.load(str(path), load_external_data=weights)
    except Exception as error:  # protobuf, onnx and the file system each have their own types
        raise ExportError(f"{path}: damaged, or no ONNX graph: {error}") from error


def _signature(path: Path) -> list[tuple[str, int]]:
    """Names and element types of all inputs and outputs, in their order."""
    graph = _load(path, weights=False).graph
    weights = {tensor.name for tensor in graph.initializer}  # inputs too, in graphs of old
    values = [item for item in (*graph.input, *graph.output) if item.name not in weights]
    return [(item.name, item.type.tensor_type.elem_type) for item in values]
