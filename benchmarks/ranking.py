"""What the rules for unwanted terms and for thumbs are worth, on images with known attributes."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine import Encoder
from engine.query.ranking import DISLIKED_WEIGHT, LIKED_WEIGHT, rank
from engine.query.statistics import LibraryStatistics
from export.markdown import table

Rows = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Score = Callable[[Rows, Rows], Rows]  # wanted and unwanted vector -> score of every image

_TOP = 10
_LEAST = 4  # images that a combination must have to be asked for


@dataclass(frozen=True)
class Catalogue:
    """Embedded images, and the kind and colour of each."""

    vectors: Rows
    kinds: npt.NDArray[np.str_]
    colours: npt.NDArray[np.str_]
    library: LibraryStatistics

    @classmethod
    def read(cls, folder: Path, encoder: Encoder, split: str) -> "Catalogue":
        """From a `manifest.jsonl` with `articleType` and `baseColour`."""
        lines = (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
        entries = [entry for entry in map(json.loads, lines) if entry["split"] == split]
        vectors = encoder.encode_images([folder / entry["file"] for entry in entries])
        return cls(
            vectors,
            np.array([entry["articleType"].lower() for entry in entries]),
            np.array([entry["baseColour"].lower() for entry in entries]),
            LibraryStatistics.of(vectors),
        )

    def is_both(self, kind: str, colour: str) -> Mask:
        """Images of this kind and colour."""
        return (self.kinds == kind) & (self.colours == colour)

    def pairs(self, others: int) -> list[tuple[str, str]]:
        """Kinds and colours that enough images have, with `others` of the kind in other colours."""
        return [
            (kind, colour)
            for kind in np.unique(self.kinds)
            for colour in np.unique(self.colours)
            if self.is_both(kind, colour).sum() >= _LEAST
            and (self.kinds == kind).sum() - self.is_both(kind, colour).sum() >= others
        ]


def measure(folder: Path, encoder: Encoder, split: str = "dev") -> str:
    """Tables for the kinds and colours of `folder`."""
    catalogue = Catalogue.read(folder, encoder, split)
    return f"{_unwanted(catalogue, encoder)}\n\n{_thumbs(catalogue, encoder)}"


def _unwanted(catalogue: Catalogue, encoder: Encoder) -> str:
    """ "Shirts" without "black": right are the shirts of other colours."""
    images, library = catalogue.vectors, catalogue.library

    def plain(wanted: Rows, _unwanted: Rows) -> Rows:
        return images @ wanted

    def difference(wanted: Rows, unwanted: Rows) -> Rows:
        return images @ (wanted - unwanted)

    def linear(wanted: Rows, unwanted: Rows) -> Rows:
        return (images @ wanted) / library.spread(wanted) - (images @ unwanted) / library.spread(
            unwanted
        )

    def ours(wanted: Rows, unwanted: Rows) -> Rows:
        return rank([wanted, unwanted], [1, -1], library).term_scores(images).sum(axis=1)

    rules: dict[str, Score] = {
        "ignoring it": plain,
        "difference of the vectors": difference,
        "standardised, linear": linear,
        "standardised, never a merit (ours)": ours,
    }
    pairs = catalogue.pairs(others=_TOP)
    rows: list[tuple[str, str, str]] = []
    for name, rule in rules.items():
        right, wrong = [], []
        for kind, colour in pairs:
            wanted, unwanted = encoder.encode_texts([kind, colour])
            top = np.argsort(-rule(wanted, unwanted))[:_TOP]
            both = catalogue.is_both(kind, colour)[top]
            right.append(float((catalogue.kinds[top] == kind).mean() - both.mean()))
            wrong.append(float(both.mean()))
        rows.append((name, f"{np.mean(right):.2f}", f"{np.mean(wrong):.2f}"))
    headings = ("unwanted term", f"right, of the first {_TOP}", "with the unwanted colour")
    return f"### A kind without a colour, {len(pairs)} queries\n\n{table(headings, rows)}"


def _thumbs(catalogue: Catalogue, encoder: Encoder) -> str:
    """A person wants a kind in one colour, asks for the kind, and marks the first results."""
    pairs = catalogue.pairs(others=0)
    rows: list[tuple[str, str, str]] = []
    for marks in (1, 3, 5):
        found = [_gain(catalogue, encoder, *pair, marks) for pair in pairs]
        gains = np.array([gain for gain in found if gain is not None])
        rows.append((str(marks), f"{gains.mean():+.3f}", f"{(gains < -0.01).mean():.2f}"))
    headings = ("thumbs up and down, each at most", "change of average precision", "harmed")
    weights = f"{LIKED_WEIGHT} and {DISLIKED_WEIGHT}"
    title = f"### Thumbs, weights {weights}, {len(pairs)} queries; marked images do not count"
    return f"{title}\n\n{table(headings, rows)}"


def _gain(
    catalogue: Catalogue, encoder: Encoder, kind: str, colour: str, marks: int
) -> float | None:
    """Change of average precision; None if no wanted image is left to be found."""
    images = catalogue.vectors
    (query,) = encoder.encode_texts([kind])
    wanted = catalogue.is_both(kind, colour)
    shown = np.argsort(-(images @ query))[:20]
    liked, disliked = shown[wanted[shown]][:marks], shown[~wanted[shown]][:marks]
    ranking = rank([query], [1], catalogue.library, images[liked], images[disliked])
    before = ranking.term_scores(images).sum(axis=1)
    after = before + ranking.feedback_scores(images)
    rest = np.ones(len(images), dtype=np.bool_)
    rest[[*liked, *disliked]] = False
    if not wanted[rest].any():
        return None
    return _average_precision(after[rest], wanted[rest]) - _average_precision(
        before[rest], wanted[rest]
    )


def _average_precision(scores: Rows, relevant: Mask) -> float:
    found = relevant[np.argsort(-scores)]
    precision = np.cumsum(found) / np.arange(1, len(found) + 1)
    return float(precision[found].mean())
