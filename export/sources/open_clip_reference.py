"""`open_clip` with its own transform and tokenizer: what the export must agree with."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from PIL import Image

from export.spec import Vectors

_BATCH = 16


class OpenClipReference:
    """The framework's own way from pictures and texts to rows. See `spec.Reference`."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        """Take what `open_clip.create_model` and `open_clip.get_tokenizer` give."""
        from open_clip import get_model_preprocess_cfg
        from open_clip.transform import PreprocessCfg, image_transform_v2

        settings = PreprocessCfg(**get_model_preprocess_cfg(model))
        self._model, self._tokenizer = model, tokenizer
        self._transform = image_transform_v2(settings, is_train=False)

    def images(self, pictures: Sequence[Image.Image]) -> Vectors:
        """Unit rows, float32 [n, dim], of upright RGB pictures."""
        chunks = [pictures[at : at + _BATCH] for at in range(0, len(pictures), _BATCH)]
        with torch.inference_mode():
            rows = [
                self._model.encode_image(torch.stack(list(map(self._transform, chunk))), True)
                for chunk in chunks
            ]
        return np.concatenate([values.numpy() for values in rows])

    def texts(self, texts: Sequence[str]) -> Vectors:
        """Unit rows, float32 [n, dim]."""
        chunks = [list(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)]
        with torch.inference_mode():
            rows = [self._model.encode_text(self._tokenizer(chunk), True) for chunk in chunks]
        return np.concatenate([values.numpy() for values in rows])
