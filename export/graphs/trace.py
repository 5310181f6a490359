"""A PyTorch module -> an ONNX file, by optimum's exporter.

optimum knows dual encoders as one graph with both inputs; `_GraphConfig` describes one tower of
them. Its exporter also replaces what transformers does in ways that cannot be traced, such as the
masks of attention. All architectures here can be traced by it, so that `torch.onnx.export` is
never called directly.
"""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from optimum.exporters.onnx.base import OnnxConfig
from optimum.exporters.onnx.convert import export_pytorch
from optimum.utils import NormalizedConfig
from torch import nn
from transformers import PretrainedConfig

from export.errors import ExportError
from export.graphs.files import read, write
from export.graphs.shapes import settle_shapes
from export.graphs.strip import strip
from export.quiet import quiet

OPSET = 20
"""The first with an operator for GELU; onnxruntime knows its approximation only as one."""

Axes = Mapping[int, str]
_BATCH: Axes = {0: "batch"}


class _GraphConfig(OnnxConfig):
    """Names and dynamic axes of one graph, and the tensors to trace it with."""

    NORMALIZED_CONFIG_CLASS = NormalizedConfig

    def __init__(
        self,
        axes: Mapping[str, Axes],
        outputs: tuple[str, ...],
        example: tuple[torch.Tensor, ...],
    ) -> None:
        super().__init__(PretrainedConfig(), task="feature-extraction")
        self._axes, self._outputs = axes, outputs
        self._example = dict(zip(axes, example, strict=True))

    @property
    def inputs(self) -> dict[str, dict[int, str]]:
        return {name: dict(axes) for name, axes in self._axes.items()}

    @property
    def outputs(self) -> dict[str, dict[int, str]]:
        return {name: dict(_BATCH) for name in self._outputs}

    def generate_dummy_inputs(self, framework: str = "pt", **shapes: Any) -> dict[str, Any]:
        return dict(self._example)


def trace(
    module: nn.Module,
    axes: Mapping[str, Axes],
    outputs: tuple[str, ...],
    example: tuple[torch.Tensor, ...],
    path: Path,
) -> None:
    """Write `path`, without notes of the machine it was made on.

    Args:
        module: its parameters have the names of the graph's inputs.
        axes: the dynamic axes of each input, in the module's order.
        outputs: names of the graph's outputs; the first axis of each is the batch.
        example: the inputs to trace with.
        path: where to write.

    Raises:
        ExportError: the module cannot be expressed as ONNX.
    """
    module.config = PretrainedConfig()  # the exporter sets its own fields there
    config = _GraphConfig(axes, outputs, example)
    with TemporaryDirectory(prefix=".trace-", dir=path.parent) as place:
        traced = Path(place) / path.name
        try:
            # The tracer warns of Python values in the graph; `parity` checks what comes of them.
            with quiet():
                export_pytorch(module, config, OPSET, traced)
        except OSError:
            raise
        except Exception as error:  # torch, optimum and the model's code raise their own
            raise ExportError(f"{path.name}: cannot be expressed as ONNX: {error}") from error
        model = read(traced)
        strip(model)
        settle_shapes(model)
        write(model, path)
