"""How well the verdict tells questions that a library answers from those that it does not.

Every question is asked twice: of all images of a data set, and of those that are left when all
that answer it are taken out. Then questions that make no sense are asked, and such as are about
things of other kinds of library.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.labels import read_split
from engine import Encoder
from engine.evaluation import Entry, as_words
from engine.query.calibration import STRONG, WEAK, Background, Wanted, calibrate
from engine.query.neutral import Neutral, neutral_queries
from engine.query.ranking import rank
from engine.query.statistics import LibraryStatistics

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.float32]

_MOST = 300  # questions of a data set, evenly spread
_COLUMNS = ("attributes.kind", "articleType", "label")
_NONSENSE = (
    "asdf qwer", "lorem ipsum dolor", "xkcd zzzz", "tax declaration 2019", "the meaning of life",
    "404 not found", "invoice number 4711", "qwertz uiop", "why is that so", "minutes of the "
    "meeting", "sdkfjh", "form 27b stroke 6", "foo bar baz", "password reset", "terms of service",
)  # fmt: skip


@dataclass
class _Set:
    """What the scores of the best image were."""

    name: str
    images: int
    answerable: list[float] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    emptied: list[float] = field(default_factory=list)
    nonsense: list[float] = field(default_factory=list)


def measure(folders: Sequence[Path], encoder: Encoder, split: str = "dev") -> str:
    """Tables for docs/search.md.

    Args:
        folders: with a `manifest.jsonl` each: drawn pictures, labels, or captions.
        encoder: the model.
        split: of those that a manifest has.
    """
    neutral = neutral_queries(encoder, "texts")
    found = [_measured(folder, encoder, neutral, split) for folder in folders]
    table = [
        "| images | | questions | AUROC | none, though there | none, where emptied | strong, "
        "where emptied | best one right, where strong | nonsense: none | nonsense: strong |",
        f"|{' --- |' * 10}",
    ]
    for one in found:
        there, gone, junk = (np.array(s) for s in (one.answerable, one.emptied, one.nonsense))
        strong = there >= STRONG
        right = np.array(one.right)[strong].mean() if strong.any() else np.nan
        table.append(
            f"| {one.name} | {one.images} | {len(there)} | {auroc(there, gone):.3f} "
            f"| {(there < WEAK).mean():.1%} | {(gone < WEAK).mean():.0%} "
            f"| {(gone >= STRONG).mean():.0%} | {right:.0%} | {(junk < WEAK).mean():.0%} "
            f"| {(junk >= STRONG).mean():.0%} |"
        )
    return "\n".join(table)


def auroc(there: npt.NDArray[np.float64], gone: npt.NDArray[np.float64]) -> float:
    """How often one of `there` is above one of `gone`; ties count half."""
    above = (there[:, None] > gone[None, :]).mean()
    return float(above + (there[:, None] == gone[None, :]).mean() / 2)


def _measured(folder: Path, encoder: Encoder, neutral: Neutral, split: str) -> _Set:
    entries = read_split(folder, split)
    vectors = encoder.encode_images([entry.file for entry in entries])
    found = _Set(folder.name, len(entries))
    questions = list(_questions(entries))
    if len(questions) > _MOST:
        places = np.linspace(0, len(questions) - 1, _MOST).round().astype(int)
        questions = [questions[place] for place in places]
    library = LibraryStatistics.of(vectors)
    texts = encoder.encode_texts([text for text, _ in questions])
    for text, (_, wanted) in zip(texts, questions, strict=True):
        score, best = _best(text, vectors, library, neutral)
        found.answerable.append(score)
        found.right.append(bool(wanted[best]))
        left = vectors[~wanted]
        found.emptied.append(_best(text, left, LibraryStatistics.of(left), neutral)[0])
    for text in encoder.encode_texts(_NONSENSE):
        found.nonsense.append(_best(text, vectors, library, neutral)[0])
    return found


def _best(
    text: Rows, vectors: Rows, library: LibraryStatistics, neutral: Neutral
) -> tuple[float, int]:
    """Score and place of the best image, as a search gives them."""
    ranking = rank([text], [1.0], library)
    scores = ranking.scores(vectors)
    best = int(scores.argmax())
    background = Background.of(neutral, library, len(vectors))
    wanted = Wanted(text[None], 1.0, background)
    score = float(scores[best])
    line = calibrate([wanted], vectors[best], score, 0.0, library, len(vectors))
    return float(line.probability(scores[best : best + 1])[0]), best


def _questions(entries: Sequence[Entry]) -> Iterator[tuple[str, Mask]]:
    """Kinds, where they are known, each with all its images; else captions, each with one."""
    column = next((name for name in _COLUMNS if name in entries[0].labels), None)
    if column is None:
        for place, entry in enumerate(entries):
            yield entry.captions[0], np.arange(len(entries)) == place
        return
    values = np.array([entry.labels.get(column, "") for entry in entries])
    for value in sorted(set(values) - {""}):
        wanted = values == value
        if not wanted.all():
            yield as_words(str(value)).lower(), wanted
