"""Turns cosines into probabilities: a logistic curve fitted on pairs. NumPy only."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.encoder import ScoreCurve
from export.guard.calibration import Calibration, Embedded

RARITY = 20.0
"""A random pair is this many times as likely as a matching one."""

LEAST_SCALE = 1.0
"""A curve flatter than this says that the model cannot tell matching pairs from others."""

Vectors = npt.NDArray[np.floating]


@dataclass(frozen=True)
class Pairs:
    """Cosines of pairs of one data set that match, and of pairs that do not."""

    matching: Vectors
    others: Vectors


def fit_curve(parts: Sequence[Pairs], rarity: float = RARITY, rounds: int = 50) -> ScoreCurve:
    """Weighted logistic regression by Newton's method.

    Each data set counts the same, and in each the non-matching pairs weigh `rarity` times what
    the matching ones do. Where larger cosines do not mean likelier matches, the curve is nearly
    flat, at the odds of a random pair.
    """
    cosines, answers, weights = [], [], []
    for part in parts:
        for values, answer, total in ((part.matching, 1.0, 1.0), (part.others, 0.0, rarity)):
            if not len(values):
                raise ValueError("a data set has no matching pairs, or no others")
            cosines.append(np.asarray(values, dtype=np.float64))
            answers.append(np.full(len(values), answer))
            weights.append(np.full(len(values), total / len(values)))
    every = np.concatenate(cosines)
    slope, offset = _newton(every, np.concatenate(answers), np.concatenate(weights), rounds)
    if not slope >= LEAST_SCALE:
        middle = float(every.mean()) + math.log(rarity) / LEAST_SCALE
        return ScoreCurve(scale=LEAST_SCALE, midpoint=middle)
    return ScoreCurve(scale=slope, midpoint=-offset / slope)


def _newton(
    cosines: Vectors, answers: Vectors, weights: Vectors, rounds: int
) -> tuple[float, float]:
    """(slope, offset) of the weighted maximum likelihood, cosines standardised inside."""
    centre, spread = cosines.mean(), max(float(cosines.std()), 1e-12)
    inputs = np.stack([(cosines - centre) / spread, np.ones_like(cosines)], axis=1)
    found = np.zeros(2)
    for _ in range(rounds):
        chance = 1.0 / (1.0 + np.exp(-np.clip(inputs @ found, -30, 30)))
        gradient = inputs.T @ (weights * (answers - chance))
        curvature = (inputs * (weights * chance * (1 - chance))[:, None]).T @ inputs
        step = np.linalg.solve(curvature + 1e-9 * np.eye(2), gradient)
        step *= min(1.0, 2.0 / max(float(np.linalg.norm(step)), 1e-12))
        found += step
        if np.abs(step).max() < 1e-10:
            break
    slope = found[0] / spread
    return float(slope), float(found[1] - slope * centre)


def text_pairs(
    texts: Vectors,
    pictures: Vectors,
    owner: npt.NDArray[np.integer],
    same: npt.NDArray[np.str_],
    seed: int = 0,
) -> Pairs:
    """Pairs of text and picture: `owner[i]` is text i's picture; `same[i]` names its meaning.

    A random picture whose own meaning equals the text's is no non-matching pair.
    """
    source = np.random.default_rng(seed)
    matching = (texts * pictures[owner]).sum(1)
    rows = np.repeat(np.arange(len(texts)), 20)
    drawn = source.integers(len(pictures), size=len(rows))
    meaning = np.empty(len(pictures), dtype=same.dtype)
    meaning[owner] = same
    kept = (meaning[drawn] != same[rows]) & (drawn != owner[rows])
    others = (texts[rows[kept]] * pictures[drawn[kept]]).sum(1)
    return Pairs(matching, others)


def image_pairs(vectors: Vectors, labels: Sequence[str], seed: int = 0) -> Pairs:
    """Pairs of pictures with the same label against random pairs with different ones."""
    source = np.random.default_rng(seed)
    names = np.asarray(labels)
    first = source.integers(len(names), size=400 * len(names))
    second = source.integers(len(names), size=len(first))
    cosines = (vectors[first] * vectors[second]).sum(1)
    alike = (names[first] == names[second]) & (first != second)
    return Pairs(cosines[alike], cosines[names[first] != names[second]])


def score_curves(
    captioned: Embedded, captions: Calibration, labelled: Embedded, labels: Calibration
) -> dict[str, ScoreCurve]:
    """The curves of `model.json`: a text against pictures, and a picture against pictures.

    Args:
        captioned: vectors of a set whose texts have an `owner`.
        captions: that set.
        labelled: vectors of a set whose pictures have a `meaning`.
        labels: that set.
    """
    if captions.owner is None or labels.meaning is None:
        raise ValueError("the texts need an owner, and the pictures a meaning")
    meanings = captions.meaning or tuple(map(str, range(len(captions.pictures))))
    same = np.array(meanings)[captions.owner]
    by_text = text_pairs(captioned.texts, captioned.images, captions.owner, same)
    by_image = image_pairs(labelled.images, labels.meaning)
    return {"text": fit_curve([by_text]), "image": fit_curve([by_image])}
