"""What an adapter gains on pairs that it did not see, and what it costs elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine import Adapter, Encoder
from engine.evaluation import NAMES, Collection, Difference, Evaluation, Setting, Topic
from engine.evaluation.embedding import embed
from engine.evaluation.evaluate import collection_of, judged
from engine.evaluation.rankings import by_vectors
from training.adapting.pairs import Pairs
from training.adapting.split import Part

_TEN = 10

Rows = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Trial:
    """A model without and with an adapter, on the same topics.

    Attributes:
        name: of what was searched.
        topics, images: how many there were.
        before, after: means of all measures.
        gains: of the second over the first, with intervals.
    """

    name: str
    topics: int
    images: int
    before: Mapping[str, float]
    after: Mapping[str, float]
    gains: Mapping[str, Difference]


def try_on_part(name: str, pairs: Pairs, part: Part, texts: Rows, adapter: Adapter) -> Trial:
    """On a part of the pairs: its texts ask for its images, among its images.

    `texts` are the vectors of all texts of `pairs`, as the model gives them.
    """
    topics = tuple(
        Topic(pairs.texts[number], group=pairs.texts[number], text=pairs.texts[number],
              relevant=dict.fromkeys(np.flatnonzero(line).tolist(), 1))
        for number, line in zip(part.texts, part.relevant, strict=True)
    )  # fmt: skip
    images = tuple(Path(pairs.images[row]) for row in part.images)
    collection = Collection(name, "text-image", images, ("",) * len(images), topics)
    return _trial(collection, texts[part.texts], pairs.vectors[part.images], adapter)


def try_on_data(source: Path, setting: Setting, encoder: Encoder, adapter: Adapter) -> Trial:
    """On a data set of other things, asked for in words; see `engine.evaluation.evaluate`.

    Raises:
        ValueError: the data set cannot be used, or pictures ask.
    """
    collection = collection_of(source, setting)
    if collection.task != "text-image":
        raise ValueError(f"{source}: an adapter turns texts, but pictures ask here, too")
    found = embed(encoder, collection)
    return _trial(found.collection, found.asked, found.searched, adapter)


def kept(texts: Rows, images: Rows, adapter: Adapter) -> dict[str, float]:
    """How far an adapter leaves texts alone: mean cosine, and share of the first ten images."""
    turned = adapter(texts)
    first, second = (
        np.argpartition(-(rows @ images.T), min(_TEN, len(images)) - 1, axis=1)[:, :_TEN]
        for rows in (texts, turned)
    )
    same = [len(np.intersect1d(one, other)) for one, other in zip(first, second, strict=True)]
    return {
        "cosine": float((texts * turned).sum(axis=1).mean()),
        "same ten": float(np.mean(same) / first.shape[1]),
    }


def reciprocal_rank(texts: Rows, images: Rows, relevant: npt.NDArray[np.bool_]) -> float:
    """Mean over texts of one over the rank of the first right image; ties count against it."""
    scores = texts @ images.T
    best = np.where(relevant, scores, -np.inf).max(axis=1, keepdims=True)
    return float((1 / (1 + (~relevant & (scores >= best)).sum(axis=1))).mean())


def _trial(collection: Collection, asked: Rows, searched: Rows, adapter: Adapter) -> Trial:
    found: Evaluation = judged(
        collection,
        {
            "before": by_vectors(collection, asked, searched),
            "after": by_vectors(collection, adapter(asked), searched),
        },
        baselines=False,
    )
    before, after = found.runs
    return Trial(
        collection.name, len(collection.topics), len(collection),
        before.scores.means, after.scores.means,
        {name: found.differences["after"][name] for name in NAMES},
    )  # fmt: skip
