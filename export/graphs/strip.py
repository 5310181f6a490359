"""Leaves out of an ONNX file what the exporter notes beside the graph."""

import onnx


def strip(model: onnx.ModelProto) -> None:
    """Remove stack traces, which name paths of the exporting machine, and inferred shapes."""
    graph = model.graph
    for part in (model, graph, *graph.node, *graph.input, *graph.output, *graph.initializer):
        del part.metadata_props[:]
        part.doc_string = ""
    del graph.value_info[:]
