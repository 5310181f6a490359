"""Gets ready to index, and indexes when told to: so that nobody has to wait for its start.

As a script: vs_index_worker.py BACKEND LIBRARY FOLDER; it says `ready`, and waits for a line.
"""

import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

PROJECT = Path(__file__).resolve().parents[2]


def upkeep_for_small_libraries() -> None:
    """Compact stores of a few rows, too, and measure indexes quickly, with what is there."""
    from engine.library.health import compaction
    from engine.query import asked, upkeep

    compaction.LEAST, asked.TEXTS, upkeep.TARGET = 20, 20, 0.5


class IndexWorker:
    """A process that indexes one time."""

    def __init__(self, backend: str, library: Path, folder: Path) -> None:
        command = [sys.executable, __file__, backend, str(library), str(folder)]
        self.process = subprocess.Popen(
            command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def begin(self) -> float:
        """Wait until it is ready, and let it go; returns when that was."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        return time.perf_counter()

    def end(self) -> None:
        """Kill it, if it has not ended yet."""
        self.process.kill()
        self.process.communicate()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()


if __name__ == "__main__":
    sys.path.insert(0, str(PROJECT))
    from engine import SearchEngine
    from engine.encoder import load

    backend, library, folder = sys.argv[1:]
    upkeep_for_small_libraries()
    encoder = load(PROJECT / "models" / "default")
    print("ready", flush=True)
    if not sys.stdin.readline():  # nobody is there any more
        sys.exit()
    with SearchEngine.with_encoder(encoder, library, backend) as engine:
        engine.index([folder])
