"""How well the verdict tells questions that a library answers from those that it does not,
and how well the end of likely matches is told.

Every question is asked twice: of all images of a data set, and of those that are left when all
that answer it are taken out. Then questions that make no sense are asked, and such as are about
things of other kinds of library.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.labels import read_split
from engine import Encoder
from engine.evaluation import Entry, as_words
from engine.query.scores.calibration import STRONG, WEAK, Background, Wanted, calibrate, ends
from engine.query.scores.neutral import Neutral, neutral_queries
from engine.query.scores.ranking import rank
from engine.query.scores.statistics import LibraryStatistics

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.float32]

_MOST = 300  # questions of a data set, evenly spread
_COLUMNS = ("attributes.kind", "articleType", "label")
_NONSENSE = (
    "asdf qwer", "lorem ipsum dolor", "xkcd zzzz", "tax declaration 2019", "the meaning of life",
    "404 not found", "invoice number 4711", "qwertz uiop", "why is that so", "minutes of the "
    "meeting", "sdkfjh", "form 27b stroke 6", "foo bar baz", "password reset", "terms of service",
)  # fmt: skip


@dataclass(frozen=True)
class _Sections:
    """Of the answers to a question: how many are right, and how many there are.

    Attributes:
        right: before the end of likely ones, between it and that of possible ones, and after.
        shown: the same, right or not.
    """

    right: tuple[int, ...]
    shown: tuple[int, ...]

    @property
    def found(self) -> float:
        """Share of all right ones that are likely."""
        return self.right[0] / sum(self.right)

    @property
    def found_at_all(self) -> float:
        """Share of all right ones that are likely or possible."""
        return sum(self.right[:2]) / sum(self.right)


@dataclass
class _Set:
    """What the scores of the best image were."""

    name: str
    images: int
    answerable: list[float] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    emptied: list[float] = field(default_factory=list)
    nonsense: list[float] = field(default_factory=list)
    sections: list[_Sections] = field(default_factory=list)


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
    return "\n".join([*table, "", *_ends_table(found)])


def _ends_table(found: Sequence[_Set]) -> list[str]:
    """How much of what is likely, possible or neither is right, for questions with a match."""
    table = [
        "| images | strong questions | likely ones, median | right of them | right of the next, to "
        "the end of possible ones | right of the rest | of all right ones: likely | likely or "
        "possible |",
        f"|{' --- |' * 8}",
    ]
    for one in found:
        sections = one.sections
        share = [
            np.mean([s.right[place] / s.shown[place] for s in sections if s.shown[place]])
            for place in range(3)
        ]
        table.append(
            f"| {one.name} | {len(sections)} | {np.median([s.shown[0] for s in sections]):.0f} "
            f"| {share[0]:.0%} | {share[1]:.0%} | {share[2]:.1%} "
            f"| {np.mean([s.found for s in sections]):.0%} "
            f"| {np.mean([s.found_at_all for s in sections]):.0%} |"
        )
    return table


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
        order, scores = _answers(text, vectors, library, neutral)
        found.answerable.append(float(scores[0]))
        found.right.append(bool(wanted[order[0]]))
        if scores[0] >= STRONG and (places := ends(scores, is_all=True)):
            right, bounds = wanted[order], (0, *places, len(order))
            found.sections.append(
                _Sections(
                    tuple(int(right[a:b].sum()) for a, b in pairwise(bounds)),
                    tuple(b - a for a, b in pairwise(bounds)),
                )
            )
        left = vectors[~wanted]
        found.emptied.append(_best(text, left, LibraryStatistics.of(left), neutral))
    for text in encoder.encode_texts(_NONSENSE):
        found.nonsense.append(_best(text, vectors, library, neutral))
    return found


def _best(text: Rows, vectors: Rows, library: LibraryStatistics, neutral: Neutral) -> float:
    return float(_answers(text, vectors, library, neutral)[1][0])


def _answers(
    text: Rows, vectors: Rows, library: LibraryStatistics, neutral: Neutral
) -> tuple[npt.NDArray[np.int64], Rows]:
    """Places of all images and their scores, best first, as a search gives them."""
    scores = rank([text], [1.0], library).scores(vectors)
    order = np.argsort(-scores, kind="stable")
    background = Background.of(neutral, library, len(vectors))
    wanted = Wanted(text[None], 1.0, background)
    best = vectors[order[0]]
    line = calibrate([wanted], best, float(scores[order[0]]), 0.0, library, len(vectors))
    return order, line.probability(scores[order])


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
