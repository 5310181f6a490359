"""A BERT encoder as all-MiniLM-L6-v2 is one, pooled over several of its layers.

Attention is written out: it traces plainly for any batch and length.
"""

import math

import torch
from torch import Tensor, nn

from export.networks.sizes import TextSizes

EPSILON = 1e-12
HIDDEN = -1e4  # added to the scores of padding; it fits into float16


class Layer(nn.Module):
    """Attention and a feed-forward network, each added to its input and normalised."""

    def __init__(self, sizes: TextSizes) -> None:
        super().__init__()
        width = sizes.width
        self.heads, self.head_width = sizes.heads, width // sizes.heads
        self.query, self.key = nn.Linear(width, width), nn.Linear(width, width)
        self.value, self.joined = nn.Linear(width, width), nn.Linear(width, width)
        self.joined_norm = nn.LayerNorm(width, eps=EPSILON)
        self.up, self.down = nn.Linear(width, sizes.inner), nn.Linear(sizes.inner, width)
        self.down_norm = nn.LayerNorm(width, eps=EPSILON)

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        """States [n, length, width] before and after; `bias` [n, 1, 1, length] hides padding."""
        states = self.joined_norm(self.joined(self._attend(states, bias)) + states)
        inner = nn.functional.gelu(self.up(states))
        return self.down_norm(self.down(inner) + states)

    def _attend(self, states: Tensor, bias: Tensor) -> Tensor:
        query, key, value = (
            self._split(part(states)) for part in (self.query, self.key, self.value)
        )
        scores = query @ key.transpose(-1, -2) / math.sqrt(self.head_width) + bias
        mixed = scores.softmax(-1) @ value
        return mixed.transpose(1, 2).reshape(states.shape)

    def _split(self, rows: Tensor) -> Tensor:
        """[n, length, width] to [n, heads, length, head width]."""
        shape = (rows.shape[0], rows.shape[1], self.heads, self.head_width)
        return rows.view(shape).transpose(1, 2)


class MiniLM(nn.Module):
    """Token ids and mask [n, length] to pooled vectors [n, pooled_width].

    A pooled vector is the mean over the words of the states `sizes.states`, and the first word's
    state and the maximum over the words of the last layer. `positions` has the embedding of token
    type 0 added to it: there is no other.
    """

    def __init__(self, sizes: TextSizes) -> None:
        super().__init__()
        self.states = sizes.states
        self.words = nn.Embedding(sizes.vocabulary, sizes.width)
        self.positions = nn.Parameter(torch.randn(sizes.context_length, sizes.width))
        self.norm = nn.LayerNorm(sizes.width, eps=EPSILON)
        self.layers = nn.ModuleList([Layer(sizes) for _ in range(sizes.layers)])

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Pooled vectors; words whose mask is 0 are not seen."""
        last = self.norm(self.words(ids) + self.positions[: ids.shape[1]])
        bias = (1.0 - mask[:, None, None, :].to(last.dtype)) * HIDDEN
        states = [last]
        for layer in self.layers:
            last = layer(last, bias)
            states.append(last)
        kept = mask[:, :, None].to(last.dtype)
        weights = kept / kept.sum(1, keepdim=True)
        means = [(states[index] * weights).sum(1) for index in self.states]
        highest = (last + (1.0 - kept) * HIDDEN).amax(1)
        return torch.cat([*means, last[:, 0], highest], dim=1)


def pooled_width(sizes: TextSizes) -> int:
    """Numbers in a pooled vector."""
    return sizes.width * (len(sizes.states) + 2)
