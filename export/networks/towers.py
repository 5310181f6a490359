"""The two towers whole: pixels or token ids to unit rows."""

from collections.abc import Mapping

from torch import Tensor, nn

from engine.encoder import ScoreCurve
from export.networks.heads import Projection
from export.networks.minilm import MiniLM, pooled_width
from export.networks.mobilenet import MobileNetV2
from export.networks.pooling import group_width, pool
from export.networks.sizes import Sizes


class VisionTower(nn.Module):
    """float32 [n, 3, side, side] in [-1, 1] to unit rows [n, dim]."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.groups = sizes.vision.groups
        self.network = MobileNetV2(sizes.vision)
        inputs = sum(group_width(group, sizes.vision) for group in self.groups)
        self.projection = Projection(inputs, sizes.vision.hidden, sizes.dim)

    def forward(self, pixel_values: Tensor) -> Tensor:
        """Unit rows."""
        stages, last = self.network(pixel_values)
        return self.projection(pool(self.groups, stages, last))


class TextTower(nn.Module):
    """int64 ids and mask [n, length] to unit rows [n, dim]."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.network = MiniLM(sizes.text)
        self.projection = Projection(pooled_width(sizes.text), sizes.text.hidden, sizes.dim)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Unit rows."""
        return self.projection(self.network(input_ids, attention_mask))


class DualEncoder(nn.Module):
    """The default model: both towers, and the score curves `text` and `image` if it has them."""

    def __init__(self, sizes: Sizes, curves: Mapping[str, ScoreCurve] | None = None) -> None:
        super().__init__()
        self.sizes, self.curves = sizes, dict(curves or {})
        self.vision, self.text = VisionTower(sizes), TextTower(sizes)
