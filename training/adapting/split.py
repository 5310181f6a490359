"""Sets a part of the pairs aside, which learning never sees."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from training.adapting.pairs import Pairs

_LARGEST = 0.2  # of the images may hang together by texts that they share
_FEW = 3.0  # images of a text, on average; labels have more
_SEED = 0

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Part:
    """Some of the pairs.

    Attributes:
        texts: numbers of texts.
        images: rows of images.
        relevant: bool [texts, images] of this part.
    """

    texts: Rows
    images: Rows
    relevant: npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Split:
    """What is learnt from, and what is held out: no image is in both.

    Attributes:
        learnt, held: the two parts.
        by_text: whether no text is in both either. Where few texts have many images each, as
            labels have, both parts know the same texts.
    """

    learnt: Part
    held: Part
    by_text: bool


def split(pairs: Pairs, share: float = 0.2, among: Rows | None = None) -> Split:
    """Hold out about `share` of the images, of all or of the rows `among`."""
    images = np.arange(len(pairs.images)) if among is None else among
    groups = _groups(pairs)[images]
    largest = np.bincount(groups).max() / len(images)
    shared = np.mean([len(rows) for rows in pairs.relevant])
    by_text = bool(largest <= _LARGEST and shared < _FEW)
    if not by_text:
        groups = images
    names = np.random.default_rng(_SEED).permutation(np.unique(groups))
    held = np.isin(groups, names[: max(1, round(share * len(names)))])
    return Split(part(pairs, images[~held]), part(pairs, images[held]), by_text)


def part(pairs: Pairs, images: Rows) -> Part:
    """Those of the pairs that are about the rows `images`."""
    column = {int(row): place for place, row in enumerate(images)}
    texts, lines = [], []
    for number, rows in enumerate(pairs.relevant):
        places = [column[row] for row in rows if row in column]
        if places:
            texts.append(number)
            line = np.zeros(len(images), dtype=np.bool_)
            line[places] = True
            lines.append(line)
    relevant = np.stack(lines) if lines else np.zeros((0, len(images)), dtype=np.bool_)
    return Part(np.array(texts, dtype=np.int64), images, relevant)


def _groups(pairs: Pairs) -> Rows:
    """A number for each image; images with a text in common have the same one."""
    count = len(pairs.images)
    texts = [number + count for number, rows in enumerate(pairs.relevant) for _ in rows]
    images = [row for rows in pairs.relevant for row in rows]
    size = count + len(pairs.texts)
    links = coo_array((np.ones(len(images)), (images, texts)), shape=(size, size))
    return np.asarray(connected_components(links, directed=False)[1][:count], dtype=np.int64)
