"""Texts -> the text tower's inputs, by the model's own rules."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from engine.encoder.manifest import TEXT_INPUTS, ModelError, TextRules

_STARTS = ("\u2581", "\u0120")  # before a word: SentencePiece, byte-level BPE
_END = "</w>"  # after a word: CLIP

Tokens = npt.NDArray[np.int64]


class TextTokenizer:
    """The model's tokenizer. A text keeps its own length; a batch is padded to its longest."""

    def __init__(
        self, file: Path, rules: TextRules, inputs: Sequence[str] = TEXT_INPUTS[:2]
    ) -> None:
        """Read a tokenizer.

        Args:
            file: `tokenizer.json`.
            rules: of the model.
            inputs: what to give, and in which order; some of TEXT_INPUTS.

        Raises:
            ModelError: the file cannot be read or is no tokenizer.
        """
        try:
            self._tokenizer = Tokenizer.from_file(str(file))
        except Exception as error:  # the library raises bare Exception
            raise ModelError(f"{file}: not a tokenizer: {error}") from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(rules.context_length)
        self._rules = rules
        self._inputs = tuple(inputs)

    def __call__(self, texts: Sequence[str]) -> tuple[Tokens, ...]:
        """The tower's inputs, int64 [n, length] each; `texts` must not be empty."""
        encoded = self._tokenizer.encode_batch([self._phrase(text) for text in texts])
        fixed = self._rules.padding == "max_length"
        longest = max(len(encoding) for encoding in encoded)
        shape = len(encoded), self._rules.context_length if fixed else longest
        padding = {"input_ids": self._rules.pad_id, "attention_mask": 0, "token_type_ids": 0}
        given = {name: np.full(shape, padding[name], dtype=np.int64) for name in self._inputs}
        for row, encoding in enumerate(encoded):
            values = {
                "input_ids": encoding.ids,
                "attention_mask": encoding.attention_mask,
                "token_type_ids": encoding.type_ids,
            }
            for name, tokens in given.items():
                tokens[row, : len(encoding)] = values[name]
        return tuple(given.values())

    def words(self) -> frozenset[str]:
        """The whole words that have a token of their own, in lower case."""
        found = set[str]()
        tokens = self._tokenizer.get_vocab()
        marks_starts = any(token.startswith(_STARTS) for token in tokens)
        marks_ends = any(token.endswith(_END) for token in tokens)
        for token in tokens:
            if marks_ends:
                word = token.removesuffix(_END) if token.endswith(_END) else ""
            elif marks_starts:
                word = token[1:] if token.startswith(_STARTS) else ""
            else:
                word = token  # a part of a word is marked by signs, and is none
            if word.isalpha():
                found.add(word.casefold())
        return frozenset(found)

    def _phrase(self, text: str) -> str:
        # A lone surrogate (from a file name, say) has no UTF-8 form and would stop the tokenizer.
        clean = text.encode("utf-8", "replace").decode("utf-8")
        phrase = self._rules.prompt.replace("{}", " ".join(clean.split()))
        return phrase.lower() if self._rules.lowercase else phrase
