"""Indexing photographs, and the first search, against the usual way: PyTorch and brute force."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.checkpoint import WORDS, write_random_clip
from benchmarks.usual import UsualClip
from engine import SearchEngine
from engine.encoder import load
from engine.machine import physical_cores
from export.markdown import table

QUERY = " ".join(WORDS)
PRECISION = "int8-dynamic"
_AT_ONCE = 8  # photographs decoded in full take 48 MB each


def measure(files: Sequence[Path], place: Path) -> str:
    """Both ways on the same files, as Markdown. Needs requirements-export.txt.

    Args:
        files: pictures, all in one folder.
        place: an empty folder for models and a library.
    """
    from export.convert import Options, convert

    checkpoint = write_random_clip(place / "clip")
    convert(str(checkpoint), place / "model", Options(PRECISION, force=True, drawn=40))
    usual = UsualClip(checkpoint, physical_cores())
    ways = {"engine": _engine(files, place), "transformers, PyTorch": _usual(usual, files)}
    (first, ours), (second, theirs) = ways.items()
    rows = [
        (
            name,
            f"{theirs[at] / ours[at]:.1f}",
            f"{len(files) / ours[0]:.1f}" if at == 0 else f"{ours[1] * 1000:.0f} ms",
            f"{len(files) / theirs[0]:.1f}" if at == 0 else f"{theirs[1] * 1000:.0f} ms",
        )
        for at, name in enumerate(("index, images/s", "first search"))
    ]
    return (
        f"{len(files)} photographs of 12 megapixels, a CLIP ViT-B/32: the engine with its "
        f"{PRECISION} towers, against transformers with PyTorch in float32, Pillow's full "
        "decoding, and comparing the query with every vector.\n\n"
        + table(("work", "times faster", first, second), rows)
    )


def _engine(files: Sequence[Path], place: Path) -> tuple[float, float]:
    encoder = load(place / "model", "cpu")
    with SearchEngine.with_encoder(encoder, place / "library") as engine:
        indexing = _seconds(lambda: engine.index({file.parent for file in files}))
        return indexing, _seconds(lambda: engine.search(QUERY, limit=10))


def _usual(usual: UsualClip, files: Sequence[Path]) -> tuple[float, float]:
    parts: list[np.ndarray] = []

    def index() -> None:
        for at in range(0, len(files), _AT_ONCE):
            parts.append(usual.files(files[at : at + _AT_ONCE]))

    def search() -> None:
        scores = np.concatenate(parts) @ usual.texts([QUERY])[0]
        np.argsort(-scores)[:10].tolist()

    return _seconds(index), _seconds(search)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
