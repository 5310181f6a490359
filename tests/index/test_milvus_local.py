import os
import subprocess
import sys
from pathlib import Path

from vs_vectors import require

FORGET = """
import gc
from concurrent.futures import thread
from pathlib import Path
from tempfile import gettempdir
import numpy as np
from engine.index.milvus import MilvusIndex

def folders():
    return len(list(Path(gettempdir()).glob("visual-search-milvus-*")))

def filled():
    index = MilvusIndex(16)
    index.add(np.arange(3), np.eye(16, dtype=np.float32)[:3])
    return index

index = filled()
with thread._global_shutdown_lock:  # as in a thread that is just starting
    del index
    gc.collect()
print(folders())
index = filled()
print(folders())
"""


def test_a_database_that_is_forgotten_anywhere_ends_later(tmp_path: Path) -> None:
    """A garbage collection within a lock must not wait for that lock."""
    require("milvus")
    done = subprocess.run(
        [sys.executable, "-c", FORGET],
        capture_output=True,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        timeout=50,
        check=False,
    )
    assert (done.returncode, done.stdout.split()) == (0, ["1", "1"]), done.stderr
    assert list(tmp_path.glob("visual-search-milvus-*")) == []
    assert "Traceback" not in done.stderr
