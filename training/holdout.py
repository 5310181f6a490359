"""What is held out of training until its last stage, to see what a model makes of the unknown.

That is a data set of other photographers' pictures with other people's words, and every second
class name. Settings are chosen on these as much as on dev.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from training import captions
from training.corpus import Picture, add_recognised
from training.evaluate import Encode, hits

UNKNOWN = "left out"  # what its figures stand under
CAPTIONED = "web"
NAMED = "imagenet"


@dataclass(frozen=True)
class Holdout:
    """What may be trained on.

    Attributes:
        classes: class names by the classifier's output index; 0 is the background.
        active: whether anything is left out at all.
    """

    classes: Sequence[str]
    active: bool

    @property
    def unknown(self) -> np.ndarray:
        """Indices of the classes that are left out, if anything is."""
        return np.arange(1, len(self.classes), 2)

    @property
    def known(self) -> np.ndarray:
        """Indices of the classes that training may name."""
        every = np.arange(1, len(self.classes))
        return np.setdiff1d(every, self.unknown) if self.active else every

    def keep(self, dataset: str, pictures: Sequence[Picture], logits: np.ndarray) -> list[Picture]:
        """Those of a data set to train on, with the classifier's word where it is sure of it.

        `logits` are the classifier's, in the order of `pictures`.
        """
        if self.active and dataset == CAPTIONED:
            return []
        known = set(self.known.tolist())
        if self.active and dataset == NAMED:
            owner = class_of(pictures, self.classes)
            pictures, logits = _pick(pictures, logits, lambda each: owner[each.file] in known)
        return [
            add_recognised(each, row, self.classes) if int(row.argmax()) in known else each
            for each, row in zip(pictures, logits, strict=True)
        ]


def _pick(pictures, logits, wanted):
    rows = [row for row, each in enumerate(pictures) if wanted(each)]
    return [pictures[row] for row in rows], logits[rows]


def class_of(pictures: Sequence[Picture], classes: Sequence[str]) -> Mapping[str, int]:
    """Class index of each file of a folder with one picture a class.

    Files are named by WordNet ids, and classes are numbered in their order.

    Raises:
        ValueError: names and order do not agree.
    """
    found = {}
    for index, each in enumerate(sorted(pictures, key=lambda each: each.file), start=1):
        if classes[index].split(",")[0].strip() != each.record["label"]:
            raise ValueError(f"{each.file} is not class {index}, {classes[index]!r}")
        found[each.file] = index
    return found


def class_text(name: str) -> str:
    """What stands for a class in the shared space: its first name in a sentence."""
    return captions.of_class(name)[0][0]


def measure_unknown(
    holdout: Holdout,
    pictures: Mapping[str, Sequence[Picture]],
    vectors: Mapping[str, np.ndarray],
    encode: Encode,
) -> dict[str, float]:
    """What a model makes of what was left out; a hit is one among the rest that was left out.

    Args:
        holdout: names the classes.
        pictures, vectors: all of CAPTIONED and NAMED, in the same order.
        encode: texts to unit rows.
    """
    texts = encode([each.record["captions"][0] for each in pictures[CAPTIONED]])
    owners: dict[str, set[int]] = {}
    for row, each in enumerate(pictures[CAPTIONED]):
        owners.setdefault(each.record["captions"][0], set()).add(row)
    wanted = [owners[each.record["captions"][0]] for each in pictures[CAPTIONED]]
    found = {f"web {k}": v for k, v in hits(texts, vectors[CAPTIONED], wanted).items()}

    owner = class_of(pictures[NAMED], holdout.classes)
    indices = [owner[each.file] for each in pictures[NAMED]]
    unknown = holdout.unknown.tolist()
    rows = [row for row, index in enumerate(indices) if index in set(unknown)]
    names = encode([class_text(holdout.classes[index]) for index in unknown])
    place = {index: column for column, index in enumerate(unknown)}
    right = [{place[indices[row]]} for row in rows]
    named = hits(vectors[NAMED][rows], names, right, (1, 5))
    return found | {f"unknown names {k}": v for k, v in named.items()}
