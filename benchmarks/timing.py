"""Timing for all benchmarks."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Timing:
    """Milliseconds of many calls."""

    p50: float
    p99: float


def time_calls(calls: Sequence[Callable[[], object]], warm_up: int = 3) -> Timing:
    """Time each call once, after some of them have run unmeasured."""
    for call in calls[:warm_up]:
        call()
    taken: list[float] = []
    for call in calls:
        started = time.perf_counter()
        call()
        taken.append((time.perf_counter() - started) * 1000)
    return Timing(float(np.percentile(taken, 50)), float(np.percentile(taken, 99)))
