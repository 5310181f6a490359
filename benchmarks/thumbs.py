"""What thumbs teach a query, simulated from labels: what is gained, and how often it harms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.labels import read_split
from engine import Encoder
from engine.evaluation import Entry, as_words
from engine.evaluation.intervals import interval
from engine.query.scores.ranking import Ranking, rank
from engine.query.scores.statistics import LibraryStatistics, Vector
from engine.query.taught.feedback import NEAR, learn
from export.markdown import table

Mask = npt.NDArray[np.bool_]

_LEAST = 4  # images that a wish must have
_SHOWN = 20  # results that a person looks through
_MARKS = (1, 3, 5)
_HARM = 0.01
_COLUMNS = (
    ("articleType", "articleType"), ("articleType", "baseColour"), ("articleType", "gender"),
    ("label", "label"), ("group", "group"), ("group", "label"),
)  # fmt: skip
"""What is asked for in words, and what is wanted of it besides."""


@dataclass(frozen=True)
class Wish:
    """Words that a person types, and the images that they mean by them."""

    text: str
    wanted: Mask


def measure(folders: Sequence[Path], encoder: Encoder, split: str = "dev") -> str:
    """A table: for each folder and all together, by the number of thumbs."""
    found = {folder.resolve().name: _gains(folder, encoder, split) for folder in folders}
    found["all together"] = {
        marks: np.concatenate([gains[marks] for gains in found.values()]) for marks in _MARKS
    }
    rows = []
    for name, gains in found.items():
        for marks, values in gains.items():
            low, high = interval(values, np.arange(len(values)).astype(str))
            rows.append(
                (name, str(marks), str(len(values)),
                 f"{values.mean():+.3f} [{low:+.3f}, {high:+.3f}]",
                 f"{(values < -_HARM).mean():.1%}", f"{(values > _HARM).mean():.1%}")
            )  # fmt: skip
    headings = (
        "images", "thumbs up and down, each at most", "queries", "change of average precision",
        "harmed", "helped",
    )  # fmt: skip
    return table(headings, rows)


def _gains(folder: Path, encoder: Encoder, split: str) -> dict[int, npt.NDArray[np.float64]]:
    entries = read_split(folder, split)
    vectors = encoder.encode_images([entry.file for entry in entries])
    library = LibraryStatistics.of(vectors)
    wishes = list(_wishes(entries))
    texts = encoder.encode_texts([wish.text for wish in wishes])
    gains: dict[int, list[float]] = {marks: [] for marks in _MARKS}
    for wish, text in zip(wishes, texts, strict=True):
        ranking = rank([text], [1.0], library)
        for marks in _MARKS:
            gain = _gain(vectors, wish.wanted, ranking, library, marks)
            gains[marks] += [] if gain is None else [gain]
    return {marks: np.array(values) for marks, values in gains.items()}


def _wishes(entries: Sequence[Entry]) -> Iterator[Wish]:
    """Each text and set of images once."""
    seen: set[tuple[str, bytes]] = set()
    for asked, meant in _COLUMNS:
        if not all(any(name in entry.labels for entry in entries) for name in (asked, meant)):
            continue
        values = [(entry.labels.get(asked, ""), entry.labels.get(meant, "")) for entry in entries]
        for pair in sorted(set(values)):
            wanted = np.array([value == pair for value in values])
            wish = Wish(as_words(pair[0]).lower(), wanted)
            key = (wish.text, wanted.tobytes())
            if wanted.sum() >= _LEAST and wish.text and key not in seen:
                seen.add(key)
                yield wish


def _gain(
    images: Vector, wanted: Mask, ranking: Ranking, library: LibraryStatistics, marks: int
) -> float | None:
    """Change of the average precision of unmarked images; None if no wanted one is left."""
    plain = ranking.scores(images)
    order = np.argsort(-plain, kind="stable")
    shown = order[:_SHOWN]
    liked, disliked = shown[wanted[shown]][:marks], shown[~wanted[shown]][:marks]
    rest = np.ones(len(images), dtype=np.bool_)
    rest[[*liked, *disliked]] = False
    if not wanted[rest].any():
        return None
    near = images[order[rest[order]][:NEAR]]
    learnt = learn(library, images[liked], images[disliked], near, ranking.scores)
    if learnt is None:
        return 0.0
    taught = Ranking(ranking.mean, ranking.terms, (learnt,)).scores(images)
    return average_precision(taught[rest], wanted[rest]) - average_precision(
        plain[rest], wanted[rest]
    )


def average_precision(scores: Vector, relevant: Mask) -> float:
    """Of images by their scores."""
    found = relevant[np.argsort(-scores, kind="stable")]
    precision = np.cumsum(found) / np.arange(1, len(found) + 1)
    return float(precision[found].mean())
