"""The contrastive loss, aware that a text may be true of more pictures than its own."""

import zlib

import torch
from torch import Tensor
from torch.nn import functional

from training.captions import content

BUCKETS = 2048


def bucket(word: str) -> int:
    """The column of a word; the same on every machine."""
    return zlib.crc32(word.encode()) % BUCKETS


def word_row(texts: list[str]) -> Tensor:
    """Which words occur in any of `texts`: bool [BUCKETS]."""
    row = torch.zeros(BUCKETS, dtype=torch.bool)
    columns = [bucket(word) for text in texts for word in content(text)]
    row[columns] = True
    return row


def also_true(text_words: Tensor, picture_words: Tensor) -> Tensor:
    """[texts, pictures]: every word of the text is said of the picture, so it may be true of it.

    Arguments are word rows [texts, BUCKETS] and [pictures, BUCKETS]. A text without words is
    true of nothing.
    """
    texts, pictures = text_words.bfloat16(), picture_words.bfloat16()  # exact up to 256 words
    counts = text_words.sum(1, keepdim=True)
    return (texts @ pictures.T >= counts - 0.5) & (counts > 0)


def contrastive(texts: Tensor, pictures: Tensor, scale: Tensor, true: Tensor) -> Tensor:
    """Cross entropy both ways between unit rows [n, dim], where row i belongs to row i.

    Pairs besides the own ones that are true as well, bool [n, n], are no negatives.
    """
    own = torch.eye(len(texts), dtype=torch.bool)
    logits = (scale * texts @ pictures.T).masked_fill(true & ~own, -1e4)
    targets = torch.arange(len(texts))
    both = functional.cross_entropy(logits, targets) + functional.cross_entropy(logits.T, targets)
    return both / 2
