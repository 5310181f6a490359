"""Texts and the images that they are right about, from a table or from thumbs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine import SearchEngine
from engine.evaluation import Annotations, as_words, read_annotations
from engine.library.intake.scan import absolute

_FEWEST = 100  # images
_SHRINK = 0.8


@dataclass(frozen=True, eq=False)
class Pairs:
    """What to learn from.

    Attributes:
        source: for people, and for the adapter's record.
        texts: each once.
        relevant: for each text the rows of `images` that it is right about, at least one.
        images: paths in the library.
        vectors: of the images, float32 [n, dim].
        left_out: what could not be used.
    """

    source: str
    texts: tuple[str, ...]
    relevant: tuple[frozenset[int], ...]
    images: tuple[str, ...]
    vectors: npt.NDArray[np.float32]
    left_out: tuple[str, ...] = ()

    def at_most(self, cells: int) -> "Pairs":
        """Pairs of fewer images, drawn by chance, so that texts times images are at most `cells`.

        Where even a few images have more texts than that, `_FEWEST` images stay.
        """
        order = np.random.default_rng(0).permutation(len(self.images))
        count = len(order)
        texts = list(range(len(self.texts)))
        while count * len(texts) > cells and count > _FEWEST:
            count = max(_FEWEST, round(count * _SHRINK))
            kept = frozenset(order[:count].tolist())
            texts = [n for n in texts if not self.relevant[n].isdisjoint(kept)]
        if count == len(order):
            return self
        rows = np.sort(order[:count])
        place = {int(row): n for n, row in enumerate(rows)}
        return replace(
            self,
            texts=tuple(self.texts[n] for n in texts),
            relevant=tuple(
                frozenset(place[row] for row in self.relevant[n] if row in place) for n in texts
            ),
            images=tuple(self.images[row] for row in rows),
            vectors=self.vectors[rows],
        )


def from_table(
    engine: SearchEngine, path: Path, label: str | None = None, template: str = "{}"
) -> Pairs:
    """Pairs of a file as `python -m engine evaluate` reads one.

    Args:
        engine: of the library with the images.
        path: images with captions or labels.
        label: column whose values are the texts, in place of captions.
        template: how a label becomes a text; `{}` is its value.

    Raises:
        ValueError: it cannot be read, or nothing in it can be used.
    """
    annotations = read_annotations(path)
    if label is not None:
        annotations.require(label)
    known = {image.path: image.id for image in engine.images()}
    said: dict[str, set[int]] = defaultdict(set)
    left_out = list(annotations.left_out)
    for file, texts in _texts(annotations, label, template):
        image = known.get(absolute(file))
        if image is None:
            left_out.append(f"{file}: not in the library; index its folder first")
            continue
        for text in texts:
            said[text].add(image)
    return _pairs(engine, str(path), said, left_out)


def from_thumbs(engine: SearchEngine) -> Pairs:
    """Questions in words, with the images that have a thumb up for them.

    Raises:
        ValueError: there are none.
    """
    said: dict[str, set[int]] = defaultdict(set)
    for query, marks in engine.judgements():
        wanted = [term.text for term in query.terms if term.weight > 0 and not term.others]
        if len(wanted) == len(query.terms) == 1:  # of others it is unknown which words are right
            said[wanted[0]] |= {image for image, mark in marks.items() if mark > 0}
    return _pairs(engine, "thumbs", said, [])


def _texts(
    annotations: Annotations, label: str | None, template: str
) -> Iterable[tuple[Path, Sequence[str]]]:
    for entry in annotations.entries:
        if label is None:
            yield entry.file, entry.captions
        elif value := entry.labels.get(label):
            yield entry.file, [template.replace("{}", as_words(value))]


def _pairs(
    engine: SearchEngine, source: str, said: Mapping[str, set[int]], left_out: Sequence[str]
) -> Pairs:
    wanted = sorted(set().union(*said.values())) if said else []
    ids, vectors = engine.vectors(wanted)
    row_of = {int(image): row for row, image in enumerate(ids)}
    texts, relevant = [], []
    for text, images in said.items():
        rows = frozenset(row_of[image] for image in images if image in row_of)
        if rows:
            texts.append(text)
            relevant.append(rows)
    if not texts:
        reason = f": {'; '.join(left_out[:3])}" if left_out else ""
        raise ValueError(f"{source}: nothing to learn from{reason}")
    paths = {image.id: image.path for image in engine.images()}
    found = tuple(paths.get(int(image), "") for image in ids)
    return Pairs(source, tuple(texts), tuple(relevant), found, vectors, tuple(left_out))
