"""The framework with its own processors: what the export must agree with."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import nn

from engine.encoder.manifest import PixelRules, TextRules
from export.checkpoints.checkpoint import Checkpoint
from export.checkpoints.loading import load_image_processor, load_tokenizer
from export.spec import Vectors
from export.tower import Architecture

_BATCH = 16


class TransformersReference:
    """transformers' model, tokenizer and image processor. See `spec.Reference`."""

    def __init__(
        self,
        checkpoint: Checkpoint,
        architecture: Architecture,
        model: Any,
        pixels: PixelRules,
        tokens: TextRules,
    ) -> None:
        """Load the processors.

        Of the rules only that is used which the framework leaves to its caller: how far texts are
        padded and cut; that they are lower-cased, where the tokenizer's settings ask for it and
        its class does not do it; and the one shape of picture of a processor that takes any.
        Runs of spaces in a text count as one, as they do for the engine.
        """
        self._architecture, self._model = architecture, model
        self._tokens = tokens
        self._tokenizer = load_tokenizer(checkpoint)
        self._processor = load_image_processor(checkpoint)
        any_shape = type(self._processor).__name__ == "Siglip2ImageProcessor"
        self._square = (pixels.width, pixels.height) if any_shape else None

    def images(self, pictures: Sequence[Image.Image]) -> Vectors:
        """Unit rows, float32 [n, dim], of upright RGB pictures."""
        return self._rows(self._architecture.image_features, pictures, self._prepare)

    def texts(self, texts: Sequence[str]) -> Vectors:
        """Unit rows, float32 [n, dim]."""
        return self._rows(self._architecture.text_features, texts, self._tokenise)

    def _prepare(self, pictures: Sequence[Image.Image]) -> Any:
        if self._square is not None:
            filter_ = Image.Resampling(self._processor.resample)
            pictures = [picture.resize(self._square, filter_) for picture in pictures]
        return self._processor(list(pictures), return_tensors="pt")

    def _tokenise(self, texts: Sequence[str]) -> Any:
        return self._tokenizer(
            [self._clean(text) for text in texts],
            padding=self._tokens.padding,
            truncation=True,
            max_length=self._tokens.context_length,
            return_tensors="pt",
        )

    def _clean(self, text: str) -> str:
        text = " ".join(text.split())
        return text.lower() if self._tokens.lowercase else text

    def _rows(self, features: Any, items: Sequence[Any], prepare: Any) -> Vectors:
        rows = []
        for at in range(0, len(items), _BATCH):
            inputs = dict(prepare(items[at : at + _BATCH]))
            with torch.inference_mode():
                given = features(self._model, inputs)
            rows.append(nn.functional.normalize(given, dim=-1).numpy())
        return np.concatenate(rows).astype(np.float32)
