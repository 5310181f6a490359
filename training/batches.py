"""Draws training batches from cached features: a mixture of data sets, views and texts."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from training.corpus import SAMPLES, Picture
from training.features import Features
from training.loss import word_row
from training.texts import TextFeatures
from training.views import FLIPPED

STRAIGHT = tuple(index for index, flipped in enumerate(FLIPPED) if not flipped)


@dataclass(frozen=True)
class Batch:
    """Row i of everything belongs together.

    Attributes:
        pooled: statistics of every level of the image network [n, POOLED].
        maps: what its frozen stages see [n, 32, 28, 28], or None where nobody wants it.
        text_rows: the text of each, as its row in the cache of texts.
        text_words, picture_words: which words are said (see `loss.word_row`).
        logits: what the classifier makes of the picture [n, CLASSES].
        drawn: pictures of which the classifier has no opinion worth having.
    """

    pooled: Tensor
    maps: Tensor | None
    text_rows: np.ndarray
    text_words: Tensor
    picture_words: Tensor
    logits: Tensor
    drawn: Tensor


@dataclass(frozen=True)
class _Part:
    """One data set, ready to draw from. Choices are rows in the cache of texts."""

    features: Features
    rows: np.ndarray
    long: list[np.ndarray]
    short: list[np.ndarray]
    words: Tensor
    drawn: bool
    chances: np.ndarray


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
        maps: bool = False,
    ) -> None:
        self.source = np.random.default_rng(seed)
        pictures = {name: pictures[name] for name in mixture if pictures.get(name)}
        every = list(texts.row_of)
        used = {text for part in pictures.values() for item in part for text in item.texts()}
        rows = {text: word_row([text]) for text in used}
        blank = word_row([])
        self.text_words = torch.stack([rows.get(text, blank) for text in every])
        self.sided = np.array(["left" in text or "right" in text for text in every])
        self.parts = {
            name: _part(name, items, features[name], texts.row_of, rows)
            for name, items in pictures.items()
        }
        self.mixture = {name: mixture[name] for name in pictures}
        self.short_share, self.maps = short_share, maps

    def draw(self, size: int) -> Batch:
        """A batch of about `size` rows, no picture twice."""
        total = sum(self.mixture.values())
        parts = [
            self._draw_part(name, round(size * share / total))
            for name, share in self.mixture.items()
        ]
        text_rows = np.concatenate([part.text_rows for part in parts])
        return Batch(
            torch.cat([part.pooled for part in parts]),
            torch.cat([part.maps for part in parts if part.maps is not None])
            if self.maps
            else None,
            text_rows,
            self.text_words[torch.from_numpy(text_rows)],
            torch.cat([part.picture_words for part in parts]),
            torch.cat([part.logits for part in parts]),
            torch.cat([part.drawn for part in parts]),
        )

    def _draw_part(self, name: str, count: int) -> Batch:
        part = self.parts[name]
        features, count = part.features, min(count, len(part.rows))
        chosen = self.source.choice(len(part.rows), count, replace=False, p=part.chances)
        chosen = chosen[np.argsort(part.rows[chosen])]  # files are read from front to back
        texts = np.array([self._text(part, index, name) for index in chosen], dtype=np.int64)
        views = self._views(texts, features.pooled.shape[1])
        rows = part.rows[chosen]
        return Batch(
            torch.from_numpy(features.pooled[rows, views]).float(),
            torch.from_numpy(features.maps[rows, views]) if self.maps else None,
            texts,
            torch.empty(0),
            part.words[chosen],
            torch.from_numpy(features.logits[rows]).float(),
            torch.full((count,), part.drawn),
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
    name: str,
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
        name == SAMPLES,
        _chances(pictures),
    )


def _chances(pictures: list[Picture]) -> np.ndarray:
    """A rare label shall be seen more often than its share, though not as often as a common one."""
    labels = [picture.record.get("label", picture.file) for picture in pictures]
    counts = Counter(labels)
    weights = np.array([counts[label] ** -0.5 for label in labels])
    return weights / weights.sum()


def _any(words: Mapping[str, Tensor], picture: Picture) -> Tensor:
    return torch.stack([words[text] for text in picture.texts()]).any(0)
