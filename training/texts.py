"""Runs the frozen text tower once over every text and keeps the pooled vectors."""

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from training.minilm import POOLED, SIZES, model_folder, read_minilm, tokenizer_json

log = logging.getLogger(__name__)
CONTEXT = SIZES.context_length


@dataclass(frozen=True)
class TextFeatures:
    """Pooled vectors [texts, POOLED] as float16, and the row of each text."""

    row_of: dict[str, int]
    pooled: np.ndarray


def make_tokenizer(rules: str) -> Tokenizer:
    """The tokenizer as the engine runs it: cut at CONTEXT tokens, padded to the longest."""
    tokenizer = Tokenizer.from_str(rules)
    tokenizer.enable_truncation(CONTEXT)
    tokenizer.enable_padding(pad_id=0)
    return tokenizer


def tokenise(tokenizer: Tokenizer, texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """(ids, mask), both int64 [n, longest]."""
    encodings = tokenizer.encode_batch(texts)
    ids = np.array([encoding.ids for encoding in encodings], dtype=np.int64)
    mask = np.array([encoding.attention_mask for encoding in encodings], dtype=np.int64)
    return ids, mask


def cache_texts(texts: Iterable[str], folder: Path, batch: int = 128) -> TextFeatures:
    """Vectors of all `texts`; those in the cache already are not computed again."""
    folder.mkdir(parents=True, exist_ok=True)
    known = _read(folder)
    missing = sorted(
        {text for text in texts if text not in known.row_of}, key=lambda t: (len(t), t)
    )
    if not missing:
        return known
    network, tokenizer = read_minilm(model_folder()), make_tokenizer(tokenizer_json(model_folder()))
    found = [known.pooled]
    with torch.inference_mode():
        for start in range(0, len(missing), batch):
            part = missing[start : start + batch]
            ids, mask = tokenise(tokenizer, part)
            pooled = network(torch.from_numpy(ids), torch.from_numpy(mask))
            found.append(pooled.numpy().astype(np.float16))
            if start // batch % 50 == 0:
                log.info("texts: %d of %d", start, len(missing))
    order = [*known.row_of, *missing]
    _write(folder, order, np.concatenate(found))
    return _read(folder)


def _read(folder: Path) -> TextFeatures:
    listing = folder / "texts.json"
    if not listing.exists():
        return TextFeatures({}, np.empty((0, POOLED), np.float16))
    texts = json.loads(listing.read_text(encoding="utf-8"))
    return TextFeatures(
        {text: row for row, text in enumerate(texts)}, np.load(folder / "texts.npy")
    )


def _write(folder: Path, texts: list[str], pooled: np.ndarray) -> None:
    np.save(folder / "texts.npy", pooled)
    (folder / "texts.json").write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
