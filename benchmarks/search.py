"""A large library searched end to end: how it opens, answers, and what it holds in memory."""

import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from benchmarks.library import add_images
from engine.encoder import load
from engine.library import Library
from export.markdown import table

_STARTS = 5


def measure(folder: Path, model: Path, images: int, usual: Path | None) -> str:
    """Make a library of `images` synthetic vectors in `folder`, build its index, search it.

    Args:
        folder: empty or not there.
        model: of the library; its text tower is timed.
        images: how many.
        usual: a checkpoint for the usual way, transformers with PyTorch; None leaves it out.
    """
    library = Library(folder, load(model).manifest)
    add_images(library, images)
    library.close()
    built = _child("build", folder, model)
    searched = _child("search", folder, model)
    first = median(_child("first", folder, model)["first"] for _ in range(_STARTS))
    rows = [
        ("build of the index", f"{built['build']:.0f} s"),
        ("choosing its width and setting, measuring its recall", f"{built['tune']:.0f} s"),
        ("most memory while building", f"{built['peak_mb']:.0f} MB"),
        ("memory of the index", f"{searched['index_mb']:.0f} MB"),
        ("size of the index on disk", f"{searched['disk_mb']:.0f} MB"),
        ("from the start of Python to the first result", f"{first:.2f} s"),
        ("search with a vector, p50", f"{searched['vector_p50']:.2f} ms"),
        ("search with a vector, p99", f"{searched['vector_p99']:.2f} ms"),
        ("search with a text, p50", f"{searched['text_p50']:.2f} ms"),
        ("search with a text, p99", f"{searched['text_p99']:.2f} ms"),
        ("recall@10, texts", _recall(searched, "text")),
        ("recall@10, images", _recall(searched, "image")),
        ("setting", searched["setting"]),
    ]
    ratios = [
        (
            "comparing with every vector, float32 in memory",
            f"{searched['exact_p50']:.0f}",
            f"{searched['exact_p50'] / searched['vector_p50']:.0f}",
        )
    ]
    if usual is not None:
        ratios.insert(0, _usual(usual, searched))
    return "\n\n".join(
        [
            f"### {images:,} images",
            table(("another way to search", "p50 ms", "times slower"), ratios),
            table(("what", "figure"), rows),
        ]
    )


def _recall(searched: dict[str, float], kind: str) -> str:
    return (
        f"{searched[f'{kind}_recall']:.4f}, at least {searched[f'{kind}_bound']:.4f} "
        f"(95 %, {searched['asked']:.0f} queries)"
    )


def _usual(checkpoint: Path, searched: dict[str, float]) -> tuple[str, str, str]:
    """A text padded and encoded by PyTorch, then compared with every vector."""
    from benchmarks.searching import TEXTS
    from benchmarks.timing import time_calls
    from benchmarks.usual import UsualClip
    from engine.machine import physical_cores

    clip = UsualClip(checkpoint, physical_cores())
    encoding = time_calls([lambda t=t: clip.texts([t]) for t in TEXTS[:50]])
    took = encoding.p50 + searched["exact_p50"]
    name = "a text with transformers and PyTorch, then every vector"
    return (name, f"{took:.0f}", f"{took / searched['text_p50']:.0f}")


def _child(what: str, folder: Path, model: Path) -> dict[str, float]:
    """A process of its own, so that its memory and its start can be told."""
    command = [sys.executable, "-m", "benchmarks.search_process", what, str(folder), str(model)]
    environment_start = time.time()
    run = subprocess.run(
        [*command, str(environment_start)], stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(run.stdout.splitlines()[-1])
