"""Everything a training run reads from its cache."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training import corpus
from training.corpus import Picture
from training.evaluate import QUERIES
from training.features import Features, open_features
from training.holdout import CAPTIONED, NAMED, Holdout, class_text
from training.minilm import last_mean, model_folder, tokenizer_json
from training.texts import TextFeatures, cache_texts

_WORD = re.compile("[a-z]{3,}")


@dataclass(frozen=True)
class Material:
    """Pictures and cached features, by data set.

    Attributes:
        train, dev, left_out: pictures to learn from, to measure on, and all of those data sets
            that what is left out is measured on.
        features, dev_features: of whole data sets, of the two splits.
        texts: every text that occurs in any of them, the class names, and `words`.
        words: rows of `texts` with the words that the text network has a piece of its own for.
        holdout: what may be trained on.
    """

    train: dict[str, list[Picture]]
    dev: dict[str, list[Picture]]
    left_out: dict[str, list[Picture]]
    features: dict[str, Features]
    dev_features: dict[str, Features]
    texts: TextFeatures
    words: np.ndarray
    holdout: Holdout

    def class_rows(self) -> np.ndarray:
        """Rows of `texts` of the classes that may be trained on."""
        names = (self.holdout.classes[index] for index in self.holdout.known)
        return np.array([self.texts.row_of[class_text(name)] for name in names])

    def taught(self, rows: np.ndarray) -> np.ndarray:
        """What the text network said of texts before it was trained here: unit rows."""
        found = last_mean(self.texts.pooled[rows]).astype(np.float32)
        return found / np.linalg.norm(found, axis=1, keepdims=True)


def read_material(data: Path, classes: Path, cache: Path, everything: bool) -> Material:
    """What `python -m training features` left in `cache`: all, or without what is held out."""
    holdout = Holdout(corpus.read_classes(classes), active=not everything)
    train: dict[str, list[Picture]] = {}
    dev: dict[str, list[Picture]] = {}
    features: dict[str, Features] = {}
    dev_features: dict[str, Features] = {}
    left_out: dict[str, list[Picture]] = {}
    for dataset in (*corpus.REAL, corpus.SAMPLES):
        for split, pictures, found in (("train", train, features), ("dev", dev, dev_features)):
            if not (cache / f"{dataset}-{split}" / "done").exists():
                continue
            folder = cache / dataset / split if dataset == corpus.SAMPLES else data / dataset
            found[dataset] = open_features(cache / f"{dataset}-{split}")
            pictures[dataset] = corpus.read_pictures(folder, dataset, split)
        if dataset in (CAPTIONED, NAMED) and dataset in train:
            left_out[dataset] = train[dataset]
        if dataset in train and dataset != corpus.SAMPLES:
            train[dataset] = holdout.keep(dataset, train[dataset], features[dataset].logits)
    words = _words()
    texts = {
        text
        for part in (train, dev, left_out)
        for each in part.values()
        for item in each
        for text in item.texts()
    }
    texts |= {text for name in dev if name in QUERIES for text in QUERIES[name](dev[name])}
    texts |= {class_text(name) for name in holdout.classes} | set(words)
    cached = cache_texts(texts, cache / "texts")
    rows = np.array([cached.row_of[word] for word in words])
    return Material(train, dev, left_out, features, dev_features, cached, rows, holdout)


def _words() -> list[str]:
    """Whole words among the pieces of the tokenizer, in its order: the commonest first."""
    pieces = json.loads(tokenizer_json(model_folder()))["model"]["vocab"]
    return [piece for piece in pieces if _WORD.fullmatch(piece)]
