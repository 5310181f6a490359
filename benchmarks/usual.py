"""The usual way to embed with CLIP: transformers with PyTorch, in float32."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image


class UsualClip:
    """A checkpoint as its documentation says to use it."""

    def __init__(self, checkpoint: Path, threads: int) -> None:
        import torch
        from transformers import AutoImageProcessor, AutoModel, AutoTokenizer

        torch.set_num_threads(threads)
        self._torch = torch
        self._model: Any = AutoModel.from_pretrained(checkpoint).eval()
        self.side: int = self._model.config.vision_config.image_size
        self._tokenizer: Any = AutoTokenizer.from_pretrained(checkpoint)
        self._processor: Any = AutoImageProcessor.from_pretrained(checkpoint, use_fast=False)

    def texts(self, texts: Sequence[str], padding: str = "max_length") -> np.ndarray:
        """Unit rows; `padding` is `max_length` (77 tokens for CLIP) or `longest`."""
        inputs = self._tokenizer(list(texts), padding=padding, truncation=True, return_tensors="pt")
        with self._torch.inference_mode():
            return self._unit(self._model.get_text_features(**inputs))

    def files(self, paths: Sequence[Path]) -> np.ndarray:
        """Unit rows of image files."""
        pictures = [Image.open(path).convert("RGB") for path in paths]
        return self.pixels(self._processor(pictures, return_tensors="np")["pixel_values"])

    def pixels(self, pixels: np.ndarray) -> np.ndarray:
        """Unit rows of prepared pictures, float32 [n, 3, side, side]."""
        with self._torch.inference_mode():
            return self._unit(
                self._model.get_image_features(pixel_values=self._torch.from_numpy(pixels))
            )

    def operations(self, pixels: np.ndarray) -> int:
        """Floating-point operations of the vision tower for these pictures."""
        from torch.utils.flop_counter import FlopCounterMode

        with FlopCounterMode(display=False) as counter:
            self.pixels(pixels)
        return counter.get_total_flops()

    def _unit(self, rows: Any) -> np.ndarray:
        return (rows / rows.norm(dim=-1, keepdim=True)).numpy()
