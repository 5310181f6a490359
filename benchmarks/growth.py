"""`python -m benchmarks.growth MODEL FOLDER`: peak memory of indexing a folder, in MB."""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from engine.encoder import load
from engine.library import Library, ingest
from engine.machine import peak_megabytes
from export.markdown import table

_SIDE = 48


def grown(model: Path, place: Path, counts: Sequence[int]) -> str:
    """Peak memory for folders of several sizes, each in a process of its own, as Markdown."""
    rows = []
    for count in counts:
        folder = place / f"{count}"
        _write_small(folder, count)
        command = [sys.executable, "-m", "benchmarks.growth", str(model), str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        rows.append((f"{count:,}", f"{float(done.stdout.split()[-1]):.0f}"))
    return table(("small pictures in one folder", "peak memory, MB"), rows)


def _write_small(folder: Path, count: int) -> None:
    folder.mkdir(parents=True)
    rng = np.random.default_rng(count)
    for number in range(count):
        values = rng.integers(0, 255, (_SIDE, _SIDE, 3), dtype=np.uint8)
        Image.fromarray(values).save(folder / f"{number:06}.jpg", quality=50)


def main(model: Path, folder: Path) -> None:
    """Index the folder, then print the most memory that this process ever had."""
    encoder = load(model, "cpu")
    with tempfile.TemporaryDirectory() as temporary:
        library = Library(Path(temporary), encoder.manifest)
        report = ingest(library, encoder, [folder])
        assert report.added == sum(1 for _ in folder.iterdir())
        library.close()
    print(peak_megabytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
