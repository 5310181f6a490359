"""MobileNetV2 with batch norm folded into its convolutions, padded as TensorFlow does."""

from torch import Tensor, nn
from torch.nn import functional

from export.networks.sizes import VisionSizes


def same_padding(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """TensorFlow's SAME rule for one axis: (before, after), the odd pixel goes after."""
    outputs = -(-size // stride)
    total = max((outputs - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


class SameConv(nn.Module):
    """A convolution of a map of one size with SAME padding, then ReLU6 unless it is linear."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        size: int,
        kernel: int = 1,
        stride: int = 1,
        groups: int = 1,
        linear: bool = False,
    ) -> None:
        super().__init__()
        before, after = same_padding(size, kernel, stride)
        self.uneven = (before, after) * 2 if before != after else None
        padding = 0 if self.uneven else before
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, padding, groups=groups)
        self.linear = linear

    def forward(self, maps: Tensor) -> Tensor:
        """Maps [n, inputs, size, size] to [n, outputs, size/stride, size/stride], rounded up."""
        if self.uneven:
            maps = functional.pad(maps, self.uneven)
        maps = self.conv(maps)
        return maps if self.linear else functional.relu6(maps)


class Block(nn.Module):
    """Inverted residual: expand, filter each channel, project; added to its input if alike."""

    def __init__(self, inputs: int, outputs: int, expansion: int, size: int, stride: int) -> None:
        super().__init__()
        hidden = inputs * expansion
        body = [SameConv(inputs, hidden, size)] if expansion > 1 else []
        body.append(SameConv(hidden, hidden, size, kernel=3, stride=stride, groups=hidden))
        body.append(SameConv(hidden, outputs, -(-size // stride), linear=True))
        self.body = nn.Sequential(*body)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, maps: Tensor) -> Tensor:
        """Maps before and after the block."""
        return maps + self.body(maps) if self.residual else self.body(maps)


class MobileNetV2(nn.Module):
    """The network without its classifier. Convolutions are its modules in the order they run."""

    def __init__(self, sizes: VisionSizes) -> None:
        super().__init__()
        self.stem = SameConv(3, sizes.stem, sizes.image_size, kernel=3, stride=2)
        size, channels = -(-sizes.image_size // 2), sizes.stem
        stages = []
        for expansion, outputs, repeats, first_stride in sizes.stages:
            blocks = []
            for index in range(repeats):
                stride = first_stride if index == 0 else 1
                blocks.append(Block(channels, outputs, expansion, size, stride))
                size, channels = -(-size // stride), outputs
            stages.append(nn.Sequential(*blocks))
        self.stages = nn.ModuleList(stages)
        self.last = SameConv(channels, sizes.last, size)

    def forward(self, pixels: Tensor) -> tuple[list[Tensor], Tensor]:
        """Pixels [n, 3, side, side] in [-1, 1] to the map of each stage, and the last map."""
        maps, outputs = self.stem(pixels), []
        for stage in self.stages:
            maps = stage(maps)
            outputs.append(maps)
        return outputs, self.last(maps)
