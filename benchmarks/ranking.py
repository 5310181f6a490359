"""What the rule for unwanted terms is worth, on images with known attributes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.labels import read_split
from engine import Encoder, parse_query
from engine.evaluation import Entry
from engine.evaluation.intervals import difference
from engine.query.encode import TermEncoder
from engine.query.scores.ranking import rank
from engine.query.scores.statistics import LibraryStatistics
from export.markdown import table

Rows = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

_TOP = 10
_KIND, _COLOUR = ("articleType", "attributes.kind"), ("baseColour", "attributes.colour")
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
        """Of products, or of drawn pictures: the columns are `_KIND` and `_COLOUR`."""
        entries = read_split(folder, split)
        vectors = encoder.encode_images([entry.file for entry in entries])
        kinds, colours = (
            np.array([_first(entry, names) for entry in entries]) for names in (_KIND, _COLOUR)
        )
        return cls(vectors, kinds, colours, LibraryStatistics.of(vectors))

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
    """A table for the kinds and colours of `folder`."""
    catalogue = Catalogue.read(folder, encoder, split)
    return _unwanted(catalogue, encoder)


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


def _first(entry: Entry, names: tuple[str, ...]) -> str:
    return next((entry.labels[name].lower() for name in names if name in entry.labels), "")
