"""Timing and tables for all benchmarks."""

import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine import usable_cores


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


def machine() -> str:
    """CPU model and usable cores."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = names[0].split(":", 1)[1].strip() if names else model
    return f"{model}, {usable_cores()} cores"


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)
