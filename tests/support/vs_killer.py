"""Indexes a folder and sends its own process a signal, without warning, at a chosen point.

As a script: vs_killer.py SIGNAL POINT NUMBER LIBRARY FOLDER; SIGKILL ends it, SIGSTOP holds it, the
NUMBERth time that POINT is reached.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from engine import SearchEngine
from engine.index import HnswIndex
from engine.library.store.catalogue import Catalogue
from engine.library.store.thumbnails import ThumbnailStore
from engine.library.store.vectors import VectorStore
from engine.query import asked

POINTS: dict[str, tuple[type, str, bool]] = {
    "before a thumbnail": (ThumbnailStore, "save", False),
    "after a thumbnail": (ThumbnailStore, "save", True),
    "before the vectors": (VectorStore, "append", False),
    "after the vectors": (VectorStore, "append", True),
    "before the rows": (Catalogue, "apply", False),
    "within the rows": (Catalogue, "_set_failed", False),
    "after the rows": (Catalogue, "apply", True),
    "before the index": (HnswIndex, "save", False),
    "after the index": (HnswIndex, "save", True),
}
"""Method at which the signal is sent, and whether the method has run by then."""


def send_at(point: str, number: int, what: signal.Signals) -> None:
    """Arrange for the signal."""
    owner, name, afterwards = POINTS[point]
    original, calls = getattr(owner, name), iter(range(1, 10**9))

    def watched(*arguments: Any, **named: Any) -> Any:
        last = next(calls) == number
        if last and not afterwards:
            os.kill(os.getpid(), what)
        result = original(*arguments, **named)
        if last:
            os.kill(os.getpid(), what)
        return result

    setattr(owner, name, watched)


if __name__ == "__main__":
    name, point, number, library, *folders = sys.argv[1:]
    send_at(point, int(number), signal.Signals[name])
    asked.TEXTS = 20  # as `quickly_tuned`
    backend = "hnsw" if "index" in point else "auto"
    with SearchEngine.open(library, backend=backend) as engine:
        engine.index(folders)
