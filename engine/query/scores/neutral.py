"""Neutral queries: what any library might be asked, and how near that comes to anything.

Texts for queries in words (`phrases`), drawn pictures for queries by picture. Of all of them only
the mean and the covariance are kept, beside the index of the model.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from weakref import WeakKeyDictionary

import numpy as np

from engine.encoder import Encoder
from engine.files import replacing
from engine.query.scores.phrases import phrases
from engine.query.scores.statistics import Vector

Kind = Literal["texts", "pictures"]

_log = logging.getLogger(__name__)

_TEXTS = 150
_PICTURES = 30
"""More change little: from 120 texts and 30 pictures on, quantiles move by less than 0.1."""


@dataclass(frozen=True)
class Neutral:
    """Mean [dim] and covariance [dim, dim] of neutral queries of one kind, of one model."""

    mean: Vector
    covariance: Vector

    @classmethod
    def of(cls, vectors: Vector) -> "Neutral":
        """Measure unit vectors of neutral queries, float32 [n, dim]."""
        mean = vectors.mean(axis=0)
        centred = vectors - mean
        return cls(mean, centred.T @ centred / np.float32(len(vectors)))


# A model finds them alike whatever the library: one that is used for several is asked once.
_measured: WeakKeyDictionary[Encoder, dict[Kind, Neutral]] = WeakKeyDictionary()


def neutral_queries(encoder: Encoder, kind: Kind) -> Neutral:
    """Those of a kind, measured by this process."""
    known = _measured.setdefault(encoder, {})
    if kind not in known:
        known[kind] = Neutral.of(_MAKERS[kind](encoder))
    return known[kind]


class NeutralStore:
    """Neutral queries of a model, measured once for a library. Safe to use from several threads."""

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        """
        Args:
            encoder: whose vectors are meant.
            folder: where they are kept.
        """
        self._encoder, self._folder = encoder, folder
        # Of each kind: a search for words need not wait until pictures are drawn.
        self._locks: dict[Kind, threading.Lock] = {
            "texts": threading.Lock(),
            "pictures": threading.Lock(),
        }
        self._known: dict[Kind, Neutral] = {}

    def of(self, kind: Kind) -> Neutral:
        """Those of a kind; the first time takes the time of encoding them."""
        with self._locks[kind]:
            if kind not in self._known:
                self._known[kind] = self._read(kind) or self._kept(kind)
            return self._known[kind]

    def prepare(self) -> None:
        """Have all of them, so that no search has to wait."""
        self.of("texts")
        self.of("pictures")

    def _path(self, kind: Kind) -> Path:
        adapter = self._encoder.adapter
        name = f"-{adapter.name}" if kind == "texts" and adapter else ""
        return self._folder / f"neutral-{kind}{name}.npz"

    def _read(self, kind: Kind) -> Neutral | None:
        try:
            with np.load(self._path(kind), allow_pickle=False) as kept:
                neutral = Neutral(kept["mean"], kept["covariance"])
        except (OSError, ValueError, KeyError, EOFError):  # missing, or damaged
            return None
        dim = self._encoder.dim
        has_shape = neutral.mean.shape == (dim,) and neutral.covariance.shape == (dim, dim)
        return neutral if has_shape and np.isfinite(neutral.covariance).all() else None

    def _kept(self, kind: Kind) -> Neutral:
        neutral = neutral_queries(self._encoder, kind)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with replacing(self._path(kind)) as part, part.open("wb") as stream:
                np.savez(stream, mean=neutral.mean, covariance=neutral.covariance)
        except OSError as error:
            _log.warning("%s: cannot be kept: %s", self._path(kind), error.strerror or error)
        return neutral


def _encoded_texts(encoder: Encoder) -> Vector:
    return encoder.encode_texts(phrases(_TEXTS))


def _encoded_pictures(encoder: Encoder) -> Vector:
    from engine.sample import recipes, render  # takes its time, and is seldom needed

    return encoder.encode_images(map(render, recipes(_PICTURES)))


_MAKERS: dict[Kind, Callable[[Encoder], Vector]] = {
    "texts": _encoded_texts,
    "pictures": _encoded_pictures,
}
