"""Queries to measure an index with: texts and images as this library will be asked for."""

import numpy as np

from engine.encoder import Encoder
from engine.index.tuning import Queries
from engine.library import Library
from engine.query.scores.phrases import phrases
from engine.query.view import LibraryView

TEXTS = 1_000
IMAGES = 500
LARGE = 200_000
"""A larger library is asked twice as much: the tighter bound spares every search some effort."""


def draw(encoder: Encoder, library: Library, view: LibraryView) -> Queries:
    """Past queries of this library, filled up with neutral phrases; and images of it."""
    times = 2 if len(view) > LARGE else 1
    count = times * TEXTS
    past = library.asked.latest(count)
    neutral = [text for text in phrases(count) if text not in past][: count - len(past)]
    sources = [
        f"{len(texts)} {name}"
        for texts, name in ((past, "past queries"), (neutral, "neutral phrases"))
        if texts
    ]
    texts = encoder.encode_texts([*past, *neutral])
    own, images = view.sample(times * IMAGES, seed=1)
    order = np.random.default_rng(2).permutation(len(texts))
    return Queries(texts[order], images, own, tuple(sources))
