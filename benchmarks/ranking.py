"""What the rules for unwanted terms and for thumbs are worth, on images with known attributes."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine import Encoder, parse_query
from engine.evaluation.intervals import difference
from engine.query.encode import TermEncoder
from engine.query.ranking import DISLIKED_WEIGHT, LIKED_WEIGHT, rank
from engine.query.statistics import LibraryStatistics
from export.markdown import table

Rows = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

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
        """From a `manifest.jsonl` of products, or of drawn pictures.

        Kind and colour stand in `articleType` and `baseColour`, and of `split` there are some; or
        in `attributes`.
        """
        lines = (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
        entries = [entry for entry in map(json.loads, lines) if entry.get("split", split) == split]
        vectors = encoder.encode_images([folder / entry["file"] for entry in entries])
        drawn = [entry.get("attributes", {}) for entry in entries]
        return cls(
            vectors,
            np.array(
                [
                    _word(e.get("articleType", a.get("kind")))
                    for e, a in zip(entries, drawn, strict=True)
                ]
            ),
            np.array(
                [
                    _word(e.get("baseColour", a.get("colour")))
                    for e, a in zip(entries, drawn, strict=True)
                ]
            ),
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
            if colour
            and self.is_both(kind, colour).sum() >= _LEAST
            and (self.kinds == kind).sum() - self.is_both(kind, colour).sum() >= others
        ]


Rule = Callable[[str, str, Catalogue, Encoder], Rows]
"""Wanted kind and unwanted colour to the score of every image."""


def measure(folder: Path, encoder: Encoder, split: str = "dev") -> str:
    """Tables for the kinds and colours of `folder`."""
    catalogue = Catalogue.read(folder, encoder, split)
    return f"{_unwanted(catalogue, encoder)}\n\n{_thumbs(catalogue, encoder)}"


def _unwanted(catalogue: Catalogue, encoder: Encoder) -> str:
    """ "Shirts without black": right are the shirts of other colours."""
    pairs = catalogue.pairs(others=_TOP)
    values: dict[str, Rows] = {}
    for name, rule in _RULES.items():
        found = []
        for kind, colour in pairs:
            top = np.argsort(-rule(kind, colour, catalogue, encoder))[:_TOP]
            is_kind, is_unwanted = catalogue.kinds[top] == kind, catalogue.colours[top] == colour
            found.append((is_unwanted.mean(), is_kind.mean(), (is_kind & ~is_unwanted).mean()))
        values[name] = np.array(found)
    plain, groups = next(iter(values.values())), np.arange(len(pairs)).astype(str)
    rows: list[tuple[str, ...]] = []
    for name, found in values.items():
        unwanted, kind, right = found.mean(axis=0)
        gain = difference(plain[:, 2], found[:, 2], groups)
        fall = 1 - unwanted / plain[:, 0].mean()
        rows.append(
            (name, f"{unwanted:.2f}", f"{fall:.0%}", f"{kind:.2f}", f"{right:.2f}",
             f"{gain.mean:+.2f} [{gain.low:+.2f}, {gain.high:+.2f}]")
        )  # fmt: skip
    headings = (
        "of the first 10, for \"KIND without COLOUR\"", "with the colour", "less than plain",
        "of the kind", "right", "more than plain",
    )  # fmt: skip
    return f"### A kind without a colour, {len(pairs)} queries\n\n{table(headings, rows)}"


def _plain(kind: str, colour: str, catalogue: Catalogue, encoder: Encoder) -> Rows:
    return catalogue.vectors @ encoder.encode_texts([f"{kind} without {colour}"])[0]


def _ignoring(kind: str, _colour: str, catalogue: Catalogue, encoder: Encoder) -> Rows:
    return catalogue.vectors @ encoder.encode_texts([kind])[0]


def _subtracting(kind: str, colour: str, catalogue: Catalogue, encoder: Encoder) -> Rows:
    wanted, unwanted = encoder.encode_texts([kind, colour])
    return catalogue.vectors @ (wanted - unwanted)


def _ours(kind: str, colour: str, catalogue: Catalogue, encoder: Encoder) -> Rows:
    terms = parse_query(f"{kind} without {colour}").terms
    encoded = TermEncoder(encoder).encode(terms, lambda _: None)
    rows, weights = [each.ranked for each in encoded], [term.weight for term in terms]
    return rank(rows, weights, catalogue.library).term_scores(catalogue.vectors).sum(axis=1)


_RULES: dict[str, Rule] = {
    "the words as they are": _plain,
    "only the kind": _ignoring,
    "difference of the vectors": _subtracting,
    "ours": _ours,
}


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


def _word(value: str | None) -> str:
    return (value or "").lower()
