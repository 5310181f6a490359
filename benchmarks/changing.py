"""What edits are worth: "like this picture, but in navy", on images with known attributes."""

import random
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.labels import read_split
from engine import Encoder, Query, Term
from engine.evaluation import Entry
from engine.evaluation.intervals import difference
from engine.query.edits import with_edit
from engine.query.encode import TermEncoder
from engine.query.scores.ranking import rank
from engine.query.scores.statistics import LibraryStatistics
from export.markdown import table

Rows = npt.NDArray[np.float32]

_KIND = (("articleType", "gender"), ("attributes.kind",))
_COLOUR = ("baseColour", "attributes.colour")
_EXAMPLES = 4  # for each kind and colour
_TOP = 10
_SHORT = {"navy blue": "navy", "grey melange": "grey"}


class Images:
    """Images with kinds and colours, and questions about them."""

    def __init__(self, folder: Path, encoder: Encoder, split: str) -> None:
        entries = read_split(folder, split)
        self.vectors = encoder.encode_images([entry.file for entry in entries])
        self.library = LibraryStatistics.of(self.vectors)
        self.kinds = [_kind(entry) for entry in entries]
        self.colours = [colour_of(entry) for entry in entries]
        self.terms = TermEncoder(encoder)

    def questions(self, seed: int = 0) -> list[tuple[int, str, list[int]]]:
        """Places of an example, another colour, and the places of its kind in that colour."""
        places: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place, of in enumerate(zip(self.kinds, self.colours, strict=True)):
            if all(of):
                places[of].append(place)
        chance = random.Random(seed)
        found = []
        for (kind, colour), targets in sorted(places.items()):
            others = [
                place
                for (other, shade), some in places.items()
                if other == kind and shade != colour
                for place in some
            ]
            for example in chance.sample(sorted(others), min(_EXAMPLES, len(others))):
                found.append((example, colour, targets))
        return found

    def scores(self, query: Query, edits: bool) -> Rows:
        """Of all images, as a search gives them."""
        terms = query.terms
        encoded = self.terms.encode(terms, lambda place: self.vectors[place])
        weights = [term.weight for term in terms]
        if edits:
            encoded, weights = with_edit(terms, encoded, self.terms.texts, self.library)
        ranking = rank([each.ranked for each in encoded], weights, self.library)
        return ranking.scores(self.vectors)


Way = Callable[[Images, int, str], Rows]
_WAYS: dict[str, Way] = {
    "the image alone": lambda i, example, _: i.scores(Query.like(example), False),
    '"navy" alone': lambda i, _, colour: i.scores(Query.text(colour), False),
    '"navy shirts" alone, which names the kind, too': lambda i, example, colour: i.scores(
        Query.text(f"{colour} {i.kinds[example].split('/')[0]}"), False
    ),
    "sum of image and text": lambda i, example, colour: i.scores(
        Query.like(example).and_text(f"in {colour}"), False
    ),
    "ours": lambda i, example, colour: i.scores(
        Query((Term("like", image_id=example), Term("text", text=f"but in {colour}"))), True
    ),
}


def measure(folder: Path, encoder: Encoder, split: str = "dev") -> str:
    """A table for docs/search.md."""
    images = Images(folder, encoder, split)
    questions = images.questions()
    kinds = [images.kinds[example] for example, _, _ in questions]
    groups = np.unique(kinds, return_inverse=True)[1]
    found = {
        name: np.array(
            [
                _measures(way(images, example, colour), example, targets)
                for example, colour, targets in questions
            ]
        )
        for name, way in _WAYS.items()
    }
    alone = found["the image alone"]
    rows = []
    for name, values in found.items():
        gain = difference(alone[:, 1], values[:, 1], groups)
        hit, precision = values.mean(axis=0)
        times = hit / alone[:, 0].mean()
        rows.append(
            (name, f"{hit:.3f}", f"{times:.2f}", f"{precision:.3f}",
             f"{gain.mean:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}]")
        )  # fmt: skip
    heading = ("", "hit@10", "times the image's", "mAP", "more than the image alone")
    return (
        f"{folder.name}, {len(images.vectors)} images, {len(questions)} questions\n\n"
        f"{table(heading, rows)}"
    )


def _measures(scores: Rows, example: int, targets: list[int]) -> tuple[float, float]:
    """Whether a right one is among the first ten, and the average precision."""
    order = np.argsort(-scores, kind="stable")
    order = order[order != example]
    ranks = np.sort(np.flatnonzero(np.isin(order, targets)))
    return float(ranks[0] < _TOP), float(np.mean(np.arange(1, len(ranks) + 1) / (ranks + 1)))


def _kind(entry: Entry) -> str:
    names = next((some for some in _KIND if some[0] in entry.labels), ())
    return "/".join(entry.labels.get(name, "").lower() for name in names)


def colour_of(entry: Entry) -> str:
    """The colour of an image in one word; empty where it has none."""
    found = next((entry.labels[name].lower() for name in _COLOUR if name in entry.labels), "")
    return _SHORT.get(found, found)
