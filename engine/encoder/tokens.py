"""Texts -> token ids and attention mask, by the model's own rules."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from engine.encoder.manifest import ModelError, TextRules


class TextTokenizer:
    """The model's tokenizer. A text keeps its own length; a batch is padded to its longest."""

    def __init__(self, file: Path, rules: TextRules) -> None:
        try:
            self._tokenizer = Tokenizer.from_file(str(file))
        except Exception as error:  # the library raises bare Exception
            raise ModelError(f"{file}: not a tokenizer: {error}") from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(rules.context_length)
        self._rules = rules

    def __call__(self, texts: Sequence[str]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Token ids and attention mask, both int64 [n, length]; `texts` must not be empty."""
        encoded = self._tokenizer.encode_batch([self._phrase(text) for text in texts])
        rows = [encoding.ids for encoding in encoded]
        fixed = self._rules.padding == "max_length"
        length = self._rules.context_length if fixed else max(len(row) for row in rows)
        ids = np.full((len(rows), length), self._rules.pad_id, dtype=np.int64)
        mask = np.zeros((len(rows), length), dtype=np.int64)
        for number, row in enumerate(rows):
            ids[number, : len(row)] = row
            mask[number, : len(row)] = 1
        return ids, mask

    def _phrase(self, text: str) -> str:
        # A lone surrogate (from a file name, say) has no UTF-8 form and would stop the tokenizer.
        clean = text.encode("utf-8", "replace").decode("utf-8")
        phrase = self._rules.prompt.replace("{}", " ".join(clean.split()))
        return phrase.lower() if self._rules.lowercase else phrase
