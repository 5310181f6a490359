"""What the export measures on this machine: how fast the towers are."""

import time
from collections.abc import Callable
from statistics import median

import numpy as np

from engine.encoder import Encoder

_TEXT = "a red dress on grass"


def latency(encoder: Encoder) -> dict[str, float]:
    """Median milliseconds of one text, tokenising included, and of one prepared picture."""
    rules = encoder.manifest.pixels
    pixels = np.zeros((3, rules.height, rules.width), np.float32)
    return {
        "text": _median_ms(lambda: encoder.encode_texts([_TEXT])),
        "image": _median_ms(lambda: encoder.encode_pixels([pixels])),
    }


def _median_ms(call: Callable[[], object], rounds: int = 10) -> float:
    call()  # the first run allocates
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        call()
        times.append((time.perf_counter() - started) * 1000)
    return round(median(times), 2)
