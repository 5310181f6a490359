"""What the thumbs of many questions teach about a person's taste, simulated from labels."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.labels import read_split
from benchmarks.thumbs import average_precision
from engine import Encoder
from engine.evaluation import Entry, as_words
from engine.evaluation.intervals import interval
from engine.query.scores.ranking import Ranking, rank
from engine.query.scores.statistics import LibraryStatistics, Vector
from engine.query.taught.preference import LEAST_QUESTIONS, agreed
from export.markdown import table

Mask = npt.NDArray[np.bool_]
Question = tuple[Vector, Vector]

_KINDS = ("articleType", "attributes.kind")
_TASTES = ("baseColour", "gender", "season", "attributes.colour", "attributes.season")
_LEAST = 2  # images of a kind that suit a taste, and that do not
_SHOWN, _MARKS = 20, 3  # results that a person looks through, and thumbs of each sort
_PEOPLE = 10  # of each taste
_ASKED = 0.8  # share of the kinds that a person has asked for; the others are asked afterwards
_HARM = 0.01


@dataclass(frozen=True)
class Shop:
    """Embedded images, and what they are."""

    entries: Sequence[Entry]
    vectors: Vector
    library: LibraryStatistics
    kinds: npt.NDArray[np.str_]
    encoder: Encoder

    @classmethod
    def read(cls, folder: Path, encoder: Encoder, split: str) -> "Shop":
        """Those of a folder with a manifest."""
        entries = read_split(folder, split)
        vectors = encoder.encode_images([entry.file for entry in entries])
        kinds = np.array([_value(entry, _KINDS) for entry in entries])
        return cls(entries, vectors, LibraryStatistics.of(vectors), kinds, encoder)

    def values(self, column: str) -> npt.NDArray[np.str_]:
        """What a column says of each image."""
        return np.array([_value(entry, (column,)) for entry in self.entries])

    @cached_property
    def rankings(self) -> dict[str, Ranking]:
        """Of the queries for each kind."""
        kinds = [str(kind) for kind in np.unique(self.kinds)]
        texts = self.encoder.encode_texts([as_words(kind).lower() for kind in kinds])
        return {
            kind: rank([text], [1.0], self.library) for kind, text in zip(kinds, texts, strict=True)
        }

    def suited(self, suits: Mask) -> list[str]:
        """Kinds of which some images suit a taste, and some do not."""
        return [
            str(kind)
            for kind in np.unique(self.kinds)
            if min(((self.kinds == kind) & own).sum() for own in (suits, ~suits)) >= _LEAST
        ]

    def marked(self, kind: str, wanted: Mask) -> Question:
        """Vectors of the liked and disliked ones among the first results for a kind."""
        scores = self.rankings[kind].scores(self.vectors)
        shown = np.argsort(-scores, kind="stable")[:_SHOWN]
        is_wanted = wanted[shown]
        return self.vectors[shown[is_wanted][:_MARKS]], self.vectors[shown[~is_wanted][:_MARKS]]


@dataclass
class Tally:
    """What came of the people of some sort."""

    people: int = 0
    learnt: int = 0
    groups: list[str] = field(default_factory=list)
    gains: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)
    """Where, for once, all of the kind are wanted."""

    def row(self, name: str) -> tuple[str, ...]:
        """Of the table."""
        return (
            name, str(self.people), f"{self.learnt / self.people:.0%}", _gain(self.gains, self),
            f"{(np.array(self.gains) < -_HARM).mean():.1%}", _gain(self.others, self),
        )  # fmt: skip


def measure(folders: Sequence[Path], encoder: Encoder, split: str = "dev") -> str:
    """A table: people with a taste by what it is for, and people without."""
    rows = []
    for folder in folders:
        shop, name = Shop.read(folder, encoder, split), folder.resolve().name
        for column in _TASTES:
            tally = _with_taste(shop, column)
            if tally.people:
                rows.append(tally.row(f"{name}: {as_words(column.split('.')[-1])}"))
        rows.append(_without_taste(shop, by_chance=False).row(f"{name}: none, only the kind"))
        rows.append(_without_taste(shop, by_chance=True).row(f"{name}: none, thumbs by chance"))
    headings = (
        "taste", "people", "learnt", "change of average precision", "harmed",
        "for all of the kind",
    )  # fmt: skip
    return table(headings, rows)


def _with_taste(shop: Shop, column: str) -> Tally:
    tally, values, draw = Tally(), shop.values(column), np.random.default_rng(0)
    for value in filter(None, np.unique(values)):
        suits = values == value
        kinds = shop.suited(suits)
        if len(kinds) * _ASKED < LEAST_QUESTIONS:
            continue
        questions = {kind: shop.marked(kind, suits & (shop.kinds == kind)) for kind in kinds}
        for _ in range(_PEOPLE):
            asked, later = _parted(draw.permutation(kinds))
            _note(tally, shop, [questions[kind] for kind in asked], later, suits, value)
    return tally


def _without_taste(shop: Shop, by_chance: bool) -> Tally:
    """People who mark whatever is of the kind, or anything."""
    tally, draw, every = Tally(), np.random.default_rng(0), np.ones(len(shop.vectors), np.bool_)
    kinds = shop.suited(np.arange(len(every)) % 2 == 0)
    for number in range(10 * _PEOPLE):
        asked, later = _parted(draw.permutation(kinds))
        questions = []
        for kind in asked:
            wanted = draw.random(len(every)) < 0.5 if by_chance else shop.kinds == kind
            questions.append(shop.marked(kind, wanted))
        _note(tally, shop, questions, later, every, str(number))
    return tally


def _note(
    tally: Tally,
    shop: Shop,
    questions: Sequence[Question],
    later: Sequence[str],
    suits: Mask,
    group: str,
) -> None:
    """What the marks of some questions change in later ones."""
    preference = agreed(shop.library, questions)
    tally.people += 1
    tally.learnt += preference is not None
    for kind in later:
        plain = shop.rankings[kind]
        taught = plain if preference is None else replace(plain, feedback=(preference.axis,))
        before, after = (each.scores(shop.vectors) for each in (plain, taught))
        for wanted, found in ((suits, tally.gains), (np.ones_like(suits), tally.others)):
            right = wanted & (shop.kinds == kind)
            found.append(average_precision(after, right) - average_precision(before, right))
        tally.groups.append(group)


def _parted(kinds: npt.NDArray[np.str_]) -> tuple[list[str], list[str]]:
    asked = round(_ASKED * len(kinds))
    return list(kinds[:asked]), list(kinds[asked:])


def _value(entry: Entry, columns: Sequence[str]) -> str:
    return next((entry.labels[name] for name in columns if entry.labels.get(name)), "")


def _gain(gains: Sequence[float], tally: Tally) -> str:
    values = np.array(gains)
    if not values.any():
        return "0"
    low, high = interval(values, np.array(tally.groups))
    return f"{values.mean():+.3f} [{low:+.3f}, {high:+.3f}]"
