"""The two towers whole, as they are exported: pixels or token ids to unit rows."""

import torch
from torch import Tensor, nn

from training.heads import Heads
from training.minilm import ByteEmbedding, MiniLM
from training.mobilenet import MobileNetV2
from training.pooling import pool


class VisionTower(nn.Module):
    """float32 [n, 3, 224, 224] in [-1, 1] to unit rows [n, DIM]."""

    def __init__(self, network: MobileNetV2, heads: Heads) -> None:
        super().__init__()
        self.network, self.head = network, heads.image

    def forward(self, pixel_values: Tensor) -> Tensor:
        """Unit rows."""
        stages, last = self.network(pixel_values)
        return self.head(pool(stages, last))


class TextTower(nn.Module):
    """int64 ids and mask [n, length] to unit rows [n, DIM]."""

    def __init__(self, body: MiniLM, heads: Heads) -> None:
        super().__init__()
        self.body, self.head = body, heads.text

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Unit rows."""
        return self.head(self.body(input_ids, attention_mask))

    def with_byte_table(self) -> "TextTower":
        """The word table as int8 rows, in place."""
        if not isinstance(self.body.words, ByteEmbedding):
            self.body.words = ByteEmbedding(self.body.words.weight.data)
        return self


def example_inputs() -> tuple[Tensor, Tensor, Tensor]:
    """Pixels, ids and mask to trace with."""
    ids = torch.randint(1000, 2000, (2, 7))
    mask = torch.ones_like(ids)
    mask[1, 4:] = 0
    return torch.rand(2, 3, 224, 224) * 2 - 1, ids, mask
