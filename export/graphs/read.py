"""Reads ONNX files that others have made, with the weights that lie beside them."""

from pathlib import Path

import onnx

from export.errors import ExportError

_POINTER = b"version https://git-lfs"


def read_graph(path: Path) -> onnx.ModelProto:
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
    try:
        model = onnx.load(str(path))
    except Exception as error:  # protobuf, onnx and the file system each have their own types
        raise ExportError(f"{path}: damaged, or no ONNX graph: {error}") from error
    if not model.graph.node or not model.graph.output:
        raise ExportError(f"{path}: holds no graph: damaged, or no ONNX file")
    return model


def graph_files(path: Path) -> list[Path]:
    """An ONNX file and the files beside it that hold its weights.

    Raises:
        ExportError: the file is missing or damaged.
    """
    try:
        model = onnx.load(str(path), load_external_data=False)
    except Exception as error:
        raise ExportError(f"{path}: damaged, or no ONNX graph: {error}") from error
    names = {
        entry.value
        for tensor in model.graph.initializer
        for entry in tensor.external_data
        if entry.key == "location"
    }
    return [path, *(path.parent / name for name in sorted(names))]
