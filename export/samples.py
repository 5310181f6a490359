"""Drawn pictures with exact captions, through an exported folder: what the export measures on."""

from dataclasses import dataclass
from random import Random

import numpy as np

from engine.encoder import Encoder, ScoreCurve
from engine.sample import Recipe, SampleItem, recipes, render
from export.scores import Vectors, fit_curve, image_pairs, text_pairs

COUNT = 200
SEED = 7
_PLANNED = 2000
_BATCH = 32


@dataclass(frozen=True)
class Embedded:
    """The sample pictures and their captions as unit rows.

    Attributes:
        images: float32 [pictures, dim].
        texts: float32 [captions, dim].
        owner: the picture of each caption, int [captions].
        meaning: kind and colour of each picture.
    """

    images: Vectors
    texts: Vectors
    owner: np.ndarray
    meaning: tuple[str, ...]


def embed(encoder: Encoder, count: int = COUNT, seed: int = SEED) -> Embedded:
    """Draw `count` sample pictures (an even number), and embed them and all their captions."""
    drawn = _in_twos(count, seed)
    chunks = [drawn[at : at + _BATCH] for at in range(0, len(drawn), _BATCH)]
    images = [encoder.encode_images([render(recipe) for recipe in chunk]) for chunk in chunks]
    captions = [(row, text) for row, recipe in enumerate(drawn) for text in recipe.item.captions]
    return Embedded(
        images=np.concatenate(images),
        texts=encoder.encode_texts([text for _, text in captions]),
        owner=np.array([row for row, _ in captions]),
        meaning=tuple(_meaning(recipe.item) for recipe in drawn),
    )


def _in_twos(count: int, seed: int) -> list[Recipe]:
    """Two pictures of each of `count / 2` meanings; a plain plan repeats hardly any."""
    groups: dict[str, list[Recipe]] = {}
    for recipe in recipes(_PLANNED, seed):
        groups.setdefault(_meaning(recipe.item), []).append(recipe)
    repeated = [group[:2] for group in groups.values() if len(group) > 1]
    return [recipe for group in Random(seed).sample(repeated, count // 2) for recipe in group]


def _meaning(item: SampleItem) -> str:
    return f"{item.attributes.get('colour')} {item.attributes['kind']}"


def score_curves(samples: Embedded) -> dict[str, ScoreCurve]:
    """The curves of `model.json`: a text against pictures, and a picture against pictures."""
    same = np.array(samples.meaning)[samples.owner]
    by_text = text_pairs(samples.texts, samples.images, samples.owner, same)
    by_image = image_pairs(samples.images, samples.meaning)
    return {"text": fit_curve([by_text]), "image": fit_curve([by_image])}


def agreement(first: Embedded, second: Embedded) -> dict[str, dict[str, float]]:
    """Mean and worst cosine between two exports of the same pictures and captions."""
    both = {"vision": (first.images, second.images), "text": (first.texts, second.texts)}
    cosines = {name: (one * other).sum(axis=1) for name, (one, other) in both.items()}
    return {
        name: {"mean": round(float(values.mean()), 6), "worst": round(float(values.min()), 6)}
        for name, values in cosines.items()
    }
