"""Runs a pair of exported towers as the engine does, to measure what is shipped."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image
from tokenizers import Tokenizer

from training.pixels import to_pixels
from training.texts import tokenise


def open_session(path: Path, threads: int = 0) -> onnxruntime.InferenceSession:
    """A CPU session; `threads` 0 leaves the number to onnxruntime."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


class Exported:
    """`vision.onnx` and `text.onnx` of one folder."""

    def __init__(self, vision: Path, text: Path, tokenizer: Tokenizer, threads: int = 0) -> None:
        self.files = vision, text
        self.vision, self.text = open_session(vision, threads), open_session(text, threads)
        self.tokenizer = tokenizer

    def with_threads(self, threads: int) -> "Exported":
        """The same files on another number of threads."""
        return Exported(*self.files, self.tokenizer, threads)

    def texts(self, texts: list[str], batch: int = 32) -> np.ndarray:
        """Unit rows [n, DIM] in the order of `texts`; batches are of like length."""
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        found: np.ndarray | None = None
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            ids, mask = tokenise(self.tokenizer, [texts[row] for row in rows])
            vectors = self.text.run(None, {"input_ids": ids, "attention_mask": mask})[0]
            if found is None:
                found = np.empty((len(texts), vectors.shape[1]), np.float32)
            found[rows] = vectors
        if found is None:
            raise ValueError("no texts to encode")
        return found

    def pictures(self, paths: list[Path], batch: int = 8) -> np.ndarray:
        """Unit rows [n, DIM]."""
        found = []
        for start in range(0, len(paths), batch):
            pixels = np.stack([_load(path) for path in paths[start : start + batch]])
            found.append(self.vision.run(None, {"pixel_values": pixels})[0])
        return np.concatenate(found)

    def latency(self, text: str = "a red dress on grass", runs: int = 10) -> dict[str, float]:
        """Milliseconds of one text, tokenising included, and of one prepared picture.

        The median of the quietest of `runs`: other work on the machine only ever adds time.
        """
        feeds = {"pixel_values": np.zeros((1, 3, 224, 224), np.float32)}
        return {
            "text": min(median_ms(lambda: self.texts([text])) for _ in range(runs)),
            "image": min(median_ms(lambda: self.vision.run(None, feeds)) for _ in range(runs)),
        }


def median_ms(call: Callable[[], object], rounds: int = 60) -> float:
    """Median wall time of `call` in milliseconds, after a warm-up."""
    times = []
    for _ in range(rounds + 10):
        started = time.perf_counter()
        call()
        times.append((time.perf_counter() - started) * 1000)
    return round(float(np.median(times[10:])), 2)


def _load(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return to_pixels(image.convert("RGB"))
