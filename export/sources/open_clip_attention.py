"""Attention of `open_clip`'s models in a form that traces for any batch and length."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import torch
from torch import nn


@contextmanager
def written_out_attention(model: nn.Module) -> Iterator[None]:
    """Let the model's self-attention compute step by step, as long as the block runs.

    What torch does instead notes sizes of the traced example in the graph, and its shortcut for
    inference has no form in ONNX at all.
    """
    changed = [
        module
        for module in model.modules()
        if isinstance(module, nn.MultiheadAttention) and _is_plain(module)
    ]
    shortcut = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)  # for those that stay as they are
    for module in changed:
        module.forward = partial(_attend, module)
    try:
        yield
    finally:
        for module in changed:
            del module.forward  # that of the class shows again
        torch.backends.mha.set_fastpath_enabled(shortcut)


def _is_plain(module: nn.MultiheadAttention) -> bool:
    same = module.batch_first and module.in_proj_weight is not None
    return same and module.bias_k is None and not module.add_zero_attn


def _attend(
    module: nn.MultiheadAttention,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    need_weights: bool = False,
    attn_mask: torch.Tensor | None = None,
) -> tuple[torch.Tensor, Any]:
    """Softmax(Q K' / sqrt(d) + mask) V for each head, on [n, length, width].

    Vaswani et al., "Attention Is All You Need", NeurIPS 2017. `attn_mask` is added to the scores:
    [length, length], or [n * heads, length, length].
    """
    heads, width = module.num_heads, module.head_dim
    weights = module.in_proj_weight.chunk(3)
    biases = (None,) * 3 if module.in_proj_bias is None else module.in_proj_bias.chunk(3)
    given = zip((query, key, value), weights, biases, strict=True)
    projected = [nn.functional.linear(states, weight, bias) for states, weight, bias in given]
    split = [
        states.reshape(states.shape[0], states.shape[1], heads, width).transpose(1, 2)
        for states in projected
    ]
    scores = split[0] @ split[1].transpose(-1, -2) * width**-0.5
    if attn_mask is not None and attn_mask.dim() == 3:
        attn_mask = attn_mask.reshape(query.shape[0], heads, *attn_mask.shape[1:])
    if attn_mask is not None:
        scores = scores + attn_mask
    mixed = (scores.softmax(-1) @ split[2]).transpose(1, 2)
    joined = mixed.reshape(query.shape[0], query.shape[1], heads * width)
    return module.out_proj(joined), None
