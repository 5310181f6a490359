"""Whether words and a picture of equal weight count the same."""

from pathlib import Path

import numpy as np

from benchmarks.labels import read_split
from engine import Encoder, Query
from engine.query.encode import TermEncoder
from engine.query.scores.ranking import rank
from engine.query.scores.statistics import LibraryStatistics
from export.markdown import table

_PAIRS = 300
_WEIGHTS = (0.05, 0.25, 0.5, 0.75, 0.95)


def measure(folder: Path, encoder: Encoder, split: str = "dev") -> str:
    """Rank correlations of mixed queries with their parts: of captions, and of other images.

    Args:
        folder: with a `manifest.jsonl` that has captions.
        encoder: the model.
        split: of those that the manifest has.
    """
    from scipy.stats import spearmanr

    entries = [entry for entry in read_split(folder, split) if entry.captions]
    vectors = encoder.encode_images([entry.file for entry in entries])
    library, terms = LibraryStatistics.of(vectors), TermEncoder(encoder)
    chance = np.random.default_rng(0)
    pairs = chance.integers(len(entries), size=(_PAIRS, 2))
    found: dict[str, list[tuple[float, float]]] = {}
    for caption, image in pairs:
        query = Query.text(entries[caption].captions[0]).and_like(int(image))
        words, picture = (
            each.ranked for each in terms.encode(query.terms, lambda place: vectors[place])
        )
        parts = [rank([part], [1.0], library).scores(vectors) for part in (words, picture)]
        mixed = {
            f"{weight:.0%} picture": rank([words, picture], [1 - weight, weight], library).scores(
                vectors
            )
            for weight in _WEIGHTS
        }
        mixed["50% picture, cosines added as they are"] = vectors @ (words + picture)[0]
        for name, scores in mixed.items():
            towards = (float(spearmanr(scores, part).statistic) for part in parts)
            found.setdefault(name, []).append((next(towards), next(towards)))
    rows = []
    for name, values in found.items():
        words, picture = np.array(values).mean(axis=0)
        apart = np.abs(np.diff(np.array(values), axis=1)).mean()
        rows.append((name, f"{words:.2f}", f"{picture:.2f}", f"{apart:.2f}"))
    heading = ("weight", "correlation with the words", "with the picture", "apart, in the mean")
    return f"{folder.name}, {len(entries)} images, {_PAIRS} pairs\n\n{table(heading, rows)}"
