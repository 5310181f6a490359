"""Draws training batches from cached features: a mixture of data sets, views and texts."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from training.corpus import Picture
from training.features import Features
from training.loss import word_row
from training.texts import TextFeatures
from training.views import FLIPPED

STRAIGHT = tuple(index for index, flipped in enumerate(FLIPPED) if not flipped)


@dataclass(frozen=True)
class Batch:
    """Row i of everything belongs together."""

    pooled: Tensor
    texts: Tensor
    text_words: Tensor
    picture_words: Tensor


@dataclass(frozen=True)
class _Part:
    """One data set, ready to draw from. Choices are (row in the text cache, flips allowed)."""

    features: Features
    rows: np.ndarray
    long: list[np.ndarray]
    short: list[np.ndarray]
    words: Tensor


class Batches:
    """Endless batches. `mixture` is each data set's share of a batch."""

    def __init__(
        self,
        pictures: Mapping[str, list[Picture]],
        features: Mapping[str, Features],
        texts: TextFeatures,
        mixture: Mapping[str, float],
        short_share: Mapping[str, float],
        seed: int = 0,
    ) -> None:
        self.source = np.random.default_rng(seed)
        self.texts = torch.from_numpy(texts.pooled)
        every = list(texts.row_of)
        self.text_words = torch.zeros(len(every), 0, dtype=torch.bool)
        used = {text for part in pictures.values() for item in part for text in item.texts()}
        rows = {text: word_row([text]) for text in used}
        blank = word_row([])
        self.text_words = torch.stack([rows.get(text, blank) for text in every])
        self.sided = np.array(["left" in text or "right" in text for text in every])
        self.parts = {
            name: _part(items, features[name], texts.row_of, rows)
            for name, items in pictures.items()
        }
        self.mixture, self.short_share = mixture, short_share

    def draw(self, size: int) -> Batch:
        """A batch of about `size` rows, no picture twice."""
        found: list[tuple] = []
        total = sum(self.mixture.values())
        for name, share in self.mixture.items():
            part = self.parts[name]
            count = min(round(size * share / total), len(part.rows))
            chosen = self.source.choice(len(part.rows), count, replace=False)
            texts = np.array([self._text(part, index, name) for index in chosen])
            views = self._views(texts, part.features.pooled.shape[1])
            rows = part.rows[chosen]
            order = np.argsort(rows)
            chosen, texts, views, rows = chosen[order], texts[order], views[order], rows[order]
            found.append((part.features.pooled[rows, views], texts, part.words[chosen]))
        pooled, texts, words = zip(*found, strict=True)
        text_rows = torch.from_numpy(np.concatenate(texts))
        return Batch(
            torch.from_numpy(np.concatenate(pooled)).float(),
            self.texts[text_rows].float(),
            self.text_words[text_rows],
            torch.cat(words),
        )

    def _text(self, part: _Part, index: int, name: str) -> int:
        wants_short = self.source.random() < self.short_share.get(name, 0.3)
        choices = part.short[index] if wants_short and len(part.short[index]) else part.long[index]
        return choices[self.source.integers(len(choices))]

    def _views(self, texts: np.ndarray, views: int) -> np.ndarray:
        """A random view each; captions that say left or right get one that is not mirrored."""
        chosen = self.source.integers(views, size=len(texts))
        straight = self.source.choice(STRAIGHT, size=len(texts))
        return np.where(self.sided[texts], straight, chosen)


def _part(
    pictures: list[Picture],
    features: Features,
    text_rows: Mapping[str, int],
    words: Mapping[str, Tensor],
) -> _Part:
    row_of = features.row_of()
    return _Part(
        features,
        np.array([row_of[picture.file] for picture in pictures]),
        [np.array([text_rows[text] for text in picture.long]) for picture in pictures],
        [np.array([text_rows[text] for text in picture.short]) for picture in pictures],
        torch.stack([_any(words, picture) for picture in pictures]),
    )


def _any(words: Mapping[str, Tensor], picture: Picture) -> Tensor:
    return torch.stack([words[text] for text in picture.texts()]).any(0)
