"""The score curves of the model, fitted on dev pictures."""

from collections.abc import Mapping

import numpy as np

from engine.encoder import ScoreCurve
from export.scores import fit_curve, image_pairs, text_pairs
from training.corpus import Picture
from training.evaluate import Encode

CAPTIONED = frozenset({"flickr8k", "fashion", "samples"})
UNLABELLED = frozenset({"flickr8k"})  # which of its photos show the same is not known


def fit_curves(
    dev: Mapping[str, list[Picture]], vectors: Mapping[str, np.ndarray], encode: Encode
) -> dict[str, ScoreCurve]:
    """The curve of a text against pictures, and of a picture against pictures."""
    by_text, by_image = [], []
    for name, items in dev.items():
        if name in CAPTIONED:
            pairs = [(row, text) for row, item in enumerate(items) for text in _captions(item)]
            owner = np.array([row for row, _ in pairs])
            meaning = np.array([meaning_of(items[row]) for row in owner])
            texts = encode([text for _, text in pairs])
            by_text.append(text_pairs(texts, vectors[name], owner, meaning))
        if name not in UNLABELLED:
            by_image.append(image_pairs(vectors[name], [meaning_of(item) for item in items]))
    return {"text": fit_curve(by_text), "image": fit_curve(by_image)}


def meaning_of(item: Picture) -> str:
    """Pictures with equal meanings are no negatives of each other."""
    record = item.record
    if "attributes" in record:
        return f"{record['attributes'].get('colour')} {record['attributes']['kind']}"
    if item.dataset == "fashion":
        return f"{record['baseColour']} {record['articleType']}"
    return record.get("label") or item.file


def _captions(item: Picture) -> list[str]:
    return list(item.record["captions"])
