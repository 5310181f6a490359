"""A collection as vectors of a model; pictures that cannot be read are left out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.encoder import Encoder, ImageError, decode
from engine.evaluation.collection import Collection, Topic
from engine.machine import usable_cores
from engine.query.edits import with_edit
from engine.query.encode import EncodedTerm, TermEncoder
from engine.query.language.terms import Term
from engine.query.scores.ranking import rank, sum_of
from engine.query.scores.statistics import LibraryStatistics, Vector

_BATCH = 32
_PARTS = ("words alone", "picture alone")

Vectors = npt.NDArray[np.float32]
Tell = Callable[[str, int, int], None]
"""Called with what is being done, and how much of how much."""


@dataclass(frozen=True, eq=False)
class Embedded:
    """A collection and its vectors.

    Attributes:
        collection: without what cannot be read.
        asked: of each topic, float32 [topics, dim].
        searched: of each image or text, float32 [n, dim], unit rows.
        parts: of topics with words and picture, either alone, as `asked`; by what it is.
    """

    collection: Collection
    asked: Vectors
    searched: Vectors
    parts: Mapping[str, Vectors] = field(default_factory=dict)


def embed(
    encoder: Encoder,
    collection: Collection,
    tell: Tell | None = None,
    known: dict[Path, Vector] | None = None,
) -> Embedded:
    """Vectors of all topics, and of all that is searched.

    Args:
        encoder: the model.
        collection: what to embed.
        tell: called as it goes on.
        known: vectors of pictures by this model, which need not be made again; takes in others.

    Raises:
        ValueError: nothing is left to ask for, or to search.
    """
    pictures = [topic.picture for topic in collection.topics if topic.picture is not None]
    files = list(dict.fromkeys([*collection.images, *pictures]))
    pictures_of = {} if known is None else known
    failures = _embed_pictures(
        encoder, [f for f in files if f not in pictures_of], pictures_of, tell
    )
    if failures:
        collection = collection.without(failures)
    said = list(dict.fromkeys(topic.text for topic in collection.topics if topic.text))
    texts = dict(zip(said, _embed_texts(encoder, said, tell), strict=True))
    if collection.task == "image-text":
        searched = _embed_texts(encoder, collection.texts, tell)
    else:
        searched = np.stack([pictures_of[file] for file in collection.images])
    terms = [
        [texts[text] for text in [topic.text] if text]
        + [pictures_of[picture] for picture in [topic.picture] if picture is not None]
        for topic in collection.topics
    ]
    if collection.task != "text+image":
        return Embedded(collection, np.stack([term for (term,) in terms]), searched)
    statistics, edits = LibraryStatistics.of(searched), TermEncoder(encoder)
    asked = np.stack(
        [
            _together(topic, vectors, statistics, edits)
            for topic, vectors in zip(collection.topics, terms, strict=True)
        ]
    )
    parts = {}
    if all(len(both) == len(_PARTS) for both in terms):
        parts = {name: np.stack([both[n] for both in terms]) for n, name in enumerate(_PARTS)}
    return Embedded(collection, asked, searched, parts)


def _together(
    topic: Topic, vectors: Sequence[Vector], statistics: LibraryStatistics, edits: TermEncoder
) -> Vector:
    """What orders images as a search with all terms at equal weights does, float32 [dim]."""
    terms = [Term("text", text=text) for text in [topic.text] if text]
    terms += [Term("image", image=picture) for picture in [topic.picture] if picture is not None]
    encoded = [EncodedTerm(vector[None], vector[None]) for vector in vectors]
    encoded, weights = with_edit(terms, encoded, edits.texts, statistics)
    return sum_of(rank([each.ranked for each in encoded], weights, statistics).terms)


def _embed_texts(encoder: Encoder, texts: Sequence[str], tell: Tell | None) -> Vectors:
    vectors = np.zeros((len(texts), encoder.dim), dtype=np.float32)
    for at in range(0, len(texts), _BATCH):
        vectors[at : at + _BATCH] = encoder.encode_texts(list(texts[at : at + _BATCH]))
        if tell:
            tell("texts", min(at + _BATCH, len(texts)), len(texts))
    return vectors


def _embed_pictures(
    encoder: Encoder, files: Sequence[Path], found: dict[Path, Vector], tell: Tell | None
) -> dict[Path, str]:
    """Adds the vectors of the files to `found`; those that cannot be read, and why."""
    failures: dict[Path, str] = {}

    def read(file: Path) -> npt.NDArray[np.float32] | ImageError:
        try:
            return encoder.pixels(decode(file, at_least=encoder.decode_side).image)
        except ImageError as error:
            return error

    with ThreadPoolExecutor(usable_cores()) as pool:
        for at, some in _batches(files):
            pixels, good = [], []
            for file, result in zip(some, pool.map(read, some), strict=True):
                if isinstance(result, ImageError):
                    failures[file] = f"{file}: {result}"
                else:
                    pixels.append(result)
                    good.append(file)
            found.update(zip(good, encoder.encode_pixels(pixels), strict=True))
            if tell:
                tell("pictures", at + len(some), len(files))
    return failures


def _batches(files: Sequence[Path]) -> Iterator[tuple[int, Sequence[Path]]]:
    for at in range(0, len(files), _BATCH):
        yield at, files[at : at + _BATCH]
