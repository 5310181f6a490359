"""Data sets as pictures with the texts that describe them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from training import captions

REAL = ("flickr8k", "fashion", "clothing", "grocery", "web", "imagenet")
SAMPLES = "samples"


@dataclass(frozen=True)
class Picture:
    """One picture. `long` are whole captions, `short` what a person might type for it."""

    dataset: str
    file: str
    long: tuple[str, ...]
    short: tuple[str, ...]
    record: Mapping = field(hash=False, compare=False)

    def texts(self) -> Iterator[str]:
        """Every text of the picture."""
        yield from self.long
        yield from self.short


def read_manifest(folder: Path, split: str) -> list[dict]:
    """The records of `split`; a folder without splits gives all of them."""
    with (folder / "manifest.jsonl").open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return [record for record in records if record.get("split", split) == split]


def describe(dataset: str, record: Mapping) -> Picture:
    """The picture of one manifest record."""
    if dataset == "fashion":
        long, short = captions.of_fashion(record)
    elif dataset == "clothing":
        long, short = captions.of_clothing(record["label"], record["kids"])
    elif dataset == "grocery":
        long, short = captions.of_grocery(record["label"], record["group"])
        long += record.get("captions", [])
    elif dataset == "imagenet":
        long, short = captions.of_class(record["label"])
    else:
        long = list(record["captions"])
        short = [phrase for caption in long for phrase in captions.phrases(caption)]
    return Picture(dataset, record["file"], tuple(long), tuple(short), record)


def read_pictures(folder: Path, dataset: str, split: str) -> list[Picture]:
    """All pictures of one split of the data set in `folder`."""
    return [describe(dataset, record) for record in read_manifest(folder, split)]


def read_classes(path: Path) -> list[str]:
    """ImageNet class names by the classifier's output index."""
    return path.read_text(encoding="utf-8").splitlines()


def add_recognised(
    picture: Picture, logits: np.ndarray, classes: list[str], least: float = 0.5
) -> Picture:
    """The picture with the classifier's own label among its texts, where it is sure of it."""
    scores = logits.astype(np.float64)
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    best = int(shares.argmax())
    if shares[best] < least or best == 0:
        return picture
    long, short = captions.of_class(classes[best])
    return Picture(
        picture.dataset,
        picture.file,
        (*picture.long, long[0]),
        (*picture.short, short[0]),
        picture.record,
    )
