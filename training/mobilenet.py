"""MobileNetV2 in float, read from a TensorFlow Lite file of 8-bit tensors.

Layer sizes: Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks" (2018),
table 2. Batch norm is already folded into the convolutions of the file.
"""

import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

NETWORK = "tf2_mobilenet_v2_1.0_224_ptq.tflite"
# (expansion, output channels, blocks, stride of the first block), as in table 2.
STAGES = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)
STAGE_CHANNELS = tuple(channels for _, channels, _, _ in STAGES)
LAST_CHANNELS = 1280
CLASSES = 1001  # label 0 is the background


@dataclass(frozen=True)
class Layer:
    """Float weights of one convolution: `weight` [out, in/groups, kh, kw], `bias` [out]."""

    weight: np.ndarray
    bias: np.ndarray


def same_padding(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """TensorFlow's SAME rule for one axis: (before, after), the odd pixel goes after."""
    outputs = -(-size // stride)
    total = max((outputs - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


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


class SameConv(nn.Module):
    """A convolution with TensorFlow's SAME padding, then ReLU6 unless it is linear."""

    def __init__(self, layer: Layer, stride: int, groups: int, linear: bool, size: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.from_numpy(layer.weight), requires_grad=False)
        self.bias = nn.Parameter(torch.from_numpy(layer.bias), requires_grad=False)
        self.stride, self.groups, self.linear = stride, groups, linear
        self.before, self.after = same_padding(size, layer.weight.shape[-1], stride)

    def forward(self, maps: Tensor) -> Tensor:
        """Maps [n, in, size, size] to [n, out, size/stride, size/stride], rounded up."""
        padding = self.before
        if self.before != self.after:
            maps = functional.pad(maps, (self.before, self.after) * 2)
            padding = 0
        maps = functional.conv2d(
            maps, self.weight, self.bias, self.stride, padding, groups=self.groups
        )
        return maps if self.linear else functional.relu6(maps)


class Block(nn.Module):
    """Inverted residual: expand, filter each channel, project; added to its input if alike."""

    def __init__(self, convolutions: list[SameConv], residual: bool) -> None:
        super().__init__()
        self.body = nn.Sequential(*convolutions)
        self.residual = residual

    def forward(self, maps: Tensor) -> Tensor:
        """Maps before and after the block."""
        return maps + self.body(maps) if self.residual else self.body(maps)


class MobileNetV2(nn.Module):
    """The network at one square input size. Input [n, 3, size, size] in [-1, 1]."""

    def __init__(self, layers: list[Layer], size: int = 224) -> None:
        super().__init__()
        queue = iter(layers)
        self.stem = SameConv(next(queue), stride=2, groups=1, linear=False, size=size)
        size, channels = -(-size // 2), 32
        stages = []
        for expansion, outputs, repeats, first_stride in STAGES:
            blocks = []
            for index in range(repeats):
                stride = first_stride if index == 0 else 1
                hidden = channels * expansion
                body = []
                if expansion > 1:
                    body.append(SameConv(next(queue), 1, 1, False, size))
                body.append(SameConv(next(queue), stride, hidden, False, size))
                size = -(-size // stride)
                body.append(SameConv(next(queue), 1, 1, True, size))
                blocks.append(Block(body, residual=stride == 1 and channels == outputs))
                channels = outputs
            stages.append(nn.Sequential(*blocks))
        self.stages = nn.ModuleList(stages)
        self.last = SameConv(next(queue), 1, 1, False, size)
        self.classifier = SameConv(next(queue), 1, 1, True, 1)
        if next(queue, None) is not None:
            raise ValueError("the file holds more convolutions than MobileNetV2 has")

    def forward(self, pixels: Tensor) -> tuple[list[Tensor], Tensor]:
        """The output map of each stage, and the last map [n, 1280, size/32, size/32]."""
        maps, outputs = self.stem(pixels), []
        for stage in self.stages:
            maps = stage(maps)
            outputs.append(maps)
        return outputs, self.last(maps)

    def logits(self, last: Tensor) -> Tensor:
        """Class scores [n, 1001] from the last map."""
        return self.classifier(last.mean((2, 3), keepdim=True)).flatten(1)
