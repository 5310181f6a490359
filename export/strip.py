"""Leaves out of an ONNX file what the exporter notes beside the graph."""

from pathlib import Path

import onnx


def strip(model: onnx.ModelProto) -> None:
    """Remove stack traces, which name paths of the exporting machine, and inferred shapes."""
    graph = model.graph
    for part in (model, graph, *graph.node, *graph.input, *graph.output, *graph.initializer):
        del part.metadata_props[:]
        part.doc_string = ""
    del graph.value_info[:]


def strip_file(path: Path) -> None:
    """`strip` in place; weights that lie beside the file stay there."""
    model = onnx.load(str(path), load_external_data=False)
    strip(model)
    onnx.save(model, str(path))
