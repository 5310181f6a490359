"""MobileNetV2 with its classifier, filled from a TensorFlow Lite file of 8-bit tensors.

Batch norm is already folded into the convolutions of the file.
"""

import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from export.networks.mobilenet import MobileNetV2, SameConv
from export.networks.sizes import VisionSizes

NETWORK = "tf2_mobilenet_v2_1.0_224_ptq.tflite"
CLASSES = 1001  # label 0 is the background


@dataclass(frozen=True)
class Layer:
    """Float weights of one convolution: `weight` [out, in/groups, kh, kw], `bias` [out]."""

    weight: np.ndarray
    bias: np.ndarray


def dequantise(
    values: np.ndarray, scales: np.ndarray, zero_points: np.ndarray, axis: int
) -> np.ndarray:
    """`scale * (value - zero_point)`, one scale for the tensor or one for each index of `axis`."""
    shape = [1] * values.ndim
    if len(scales) > 1:
        shape[axis] = len(scales)
    offsets = values.astype(np.float64) - zero_points.reshape(shape)
    return (offsets * scales.astype(np.float64).reshape(shape)).astype(np.float32)


def read_layers(path: Path) -> list[Layer]:
    """The convolutions of a `.tflite` file in the order they run, dequantised.

    Weights lie in the file as [out, kh, kw, in], or [1, kh, kw, channels] for depthwise ones;
    each is followed by its int32 bias.
    """
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(path))
    interpreter.allocate_tensors()
    details = sorted(interpreter.get_tensor_details(), key=lambda detail: detail["index"])
    layers = []
    for weight, bias in itertools.pairwise(details):
        if weight["dtype"] != np.int8 or bias["dtype"] != np.int32 or len(weight["shape"]) != 4:
            continue
        kernel = _constant(interpreter, weight)
        depthwise = weight["quantization_parameters"]["quantized_dimension"] == 3
        order = (3, 0, 1, 2) if depthwise else (0, 3, 1, 2)
        layers.append(Layer(kernel.transpose(order).copy(), _constant(interpreter, bias)))
    return layers


def _constant(interpreter, detail) -> np.ndarray:
    rule = detail["quantization_parameters"]
    values = interpreter.get_tensor(detail["index"])
    return dequantise(values, rule["scales"], rule["zero_points"], rule["quantized_dimension"])


class Classifier(nn.Module):
    """The frozen network, and the classes that it names."""

    def __init__(self, layers: list[Layer]) -> None:
        super().__init__()
        sizes = VisionSizes()
        self.network = MobileNetV2(sizes)
        self.head = SameConv(sizes.last, CLASSES, size=1, linear=True)
        convolutions = [part.conv for part in self.modules() if isinstance(part, SameConv)]
        if len(convolutions) != len(layers):
            raise ValueError(
                f"the file holds {len(layers)} convolutions; MobileNetV2 has {len(convolutions)}"
            )
        for convolution, layer in zip(convolutions, layers, strict=True):
            weight, bias = torch.from_numpy(layer.weight), torch.from_numpy(layer.bias)
            convolution.load_state_dict({"weight": weight, "bias": bias})
        self.eval().requires_grad_(False)

    def forward(self, pixels: Tensor) -> tuple[list[Tensor], Tensor, Tensor]:
        """Pixels [n, 3, 224, 224] to the map of each stage, the last map, scores [n, CLASSES]."""
        stages, last = self.network(pixels)
        return stages, last, self.head(last.mean((2, 3), keepdim=True)).flatten(1)
