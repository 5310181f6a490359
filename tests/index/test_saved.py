import subprocess
import sys
from pathlib import Path

from vs_vectors import DIM, require

from engine.index import HnswIndex
from engine.index.saved import SavedIndex

SAVE_AGAIN_AND_AGAIN = """
import sys
from pathlib import Path
import numpy as np
from engine.index import HnswIndex, IdTable
from engine.index.saved import Held, SavedIndex
folder, size = Path(sys.argv[1]), int(sys.argv[2])
ids = np.arange(size)
index = HnswIndex(24)
index.add(ids, np.random.default_rng(0).normal(size=(size, 24)))
kept = 0
while kept < 8:
    kept += SavedIndex(folder, "stamp").save(Held(index, IdTable(ids, ids)))
"""


def test_processes_that_save_at_once_leave_one_whole_index(tmp_path: Path, project: Path) -> None:
    require("hnsw")
    sizes = (100, 200, 300)
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", SAVE_AGAIN_AND_AGAIN, str(tmp_path), str(size)], cwd=project
        )
        for size in sizes
    ]
    reader, read = SavedIndex(tmp_path, "stamp"), 0
    while any(writer.poll() is None for writer in writers):
        if reader.exists():
            try:
                held = reader.read(DIM)
            except OSError:  # replaced since its name was read
                continue
            assert held is not None
            assert len(held.index) == len(held.table) in sizes
            read += 1
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert read > 0
    held = reader.load(HnswIndex, DIM)
    assert held is not None
    assert len(held.index) in sizes
    assert reader.unused() == []
    assert len(list(tmp_path.glob("build-*"))) == 1
