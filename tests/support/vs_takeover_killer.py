"""Takes a library over to another model, or compacts it, and kills its own process at a point.

As a script: vs_takeover_killer.py WORK POINT NUMBER LIBRARY MODEL; SIGKILL ends it the NUMBERth
time that POINT is reached. WORK is `reindex`, `rollback` or `compact`.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from engine import reindex, rollback
from engine.library import Library
from engine.library.health import compaction
from engine.library.store.catalogue import Catalogue
from engine.library.store.vectors import VectorStore
from engine.library.takeover import reindex as reindexing

POINTS: dict[str, tuple[Any, str, bool]] = {
    "before the vectors": (VectorStore, "write", False),
    "after the vectors": (VectorStore, "write", True),
    "after the note of a batch": (Catalogue, "set_meta", True),
    "after the last vector": (VectorStore, "extend", True),
    "before the switch": (reindexing, "switch", False),
    "after the switch": (reindexing, "switch", True),
    "before a copy": (VectorStore, "copy", False),
    "after a copy": (VectorStore, "copy", True),
    "after the rows moved": (compaction, "_move", True),
    "before the new generation": (compaction, "next_generation", False),
    "after the new generation": (compaction, "next_generation", True),
    "before old files go": (compaction, "delete_store", False),
    "between old files": (compaction, "delete_store", True),
}
"""Function at which the process is killed, and whether it has run by then."""


def kill_at(point: str, number: int) -> None:
    """Arrange for the kill."""
    owner, name, afterwards = POINTS[point]
    original, calls = getattr(owner, name), iter(range(1, 10**9))

    def watched(*arguments: Any, **named: Any) -> Any:
        last = next(calls) == number
        if last and not afterwards:
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*arguments, **named)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, watched)


if __name__ == "__main__":
    work, point, number, library, model = sys.argv[1:]
    kill_at(point, int(number))
    compaction.LEAST = 1
    works: dict[str, Callable[[], object]] = {
        "reindex": lambda: reindex(model, library),
        "rollback": lambda: rollback(library),
        "compact": lambda: compaction.compact(Library(Path(library))),
    }
    works[work]()
