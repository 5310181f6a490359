"""Runs of indexing that are killed at random moments: the next one puts everything right."""

import random
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from vs_changing_folder import ChangingFolder
from vs_index_worker import IndexWorker
from vs_vectors import require

from engine import Encoder, SearchEngine
from engine.library import Library
from engine.library.health import compaction
from engine.query import asked, upkeep

COUNT = 60
BACKEND = "hnsw"


def state(library: Path, encoder: Encoder) -> dict[str, tuple[str, int, int, bytes]]:
    """Path to digest, size, time and stored vector of every image."""
    opened = Library(library, encoder.manifest)
    records = opened.catalogue.records()
    rows = opened.vectors.read(np.array([record.vector_row for record in records]))
    opened.close()
    return {
        record.path: (record.digest, record.size, record.mtime_ns, row.astype("<f2").tobytes())
        for record, row in zip(records, rows, strict=True)
    }


def thumbnails(library: Path) -> dict[str, bytes]:
    """Name to content of every thumbnail."""
    paths = (library / "thumbnails").rglob("*.jpg")
    return {path.name: path.read_bytes() for path in paths}


def killed_after(worker: IndexWorker, seconds: float) -> bool:
    """Kill it then; False if it had ended before."""
    try:
        worker.process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        worker.process.kill()
    return worker.process.wait(timeout=60) == -signal.SIGKILL


@pytest.mark.parametrize(("kills", "seed"), [(4, 1), pytest.param(50, 2, marks=pytest.mark.slow)])
def test_after_every_kill_the_next_run_leaves_nothing_to_find(
    kills: int, seed: int, encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require(BACKEND)
    monkeypatch.setattr(compaction, "LEAST", 20)
    monkeypatch.setattr(asked, "TEXTS", 20)
    monkeypatch.setattr(upkeep, "TARGET", 0.5)
    library, chance = tmp_path / "library", random.Random(seed)
    folder = ChangingFolder(tmp_path / "pictures", seed)
    folder.add(COUNT)
    killed, length = 0, 0.0  # seconds that a run takes
    worker = IndexWorker(BACKEND, library, folder.path)
    while killed < kills:
        with worker:
            began = worker.begin()
            is_killed = length > 0 and killed_after(worker, chance.uniform(0, length))
            killed += is_killed
            if not is_killed:
                assert worker.process.wait(timeout=60) == 0
                length = time.perf_counter() - began
            worker = IndexWorker(BACKEND, library, folder.path)  # starts while this one checks
        with SearchEngine.with_encoder(encoder, library, BACKEND) as engine:
            engine.index([folder.path])
            assert engine.doctor().findings == {}
        now = state(library, encoder)
        assert {path: image[0] for path, image in now.items()} == folder.digests()
        folder.change(added=20, updated=8, moved=8, removed=20, copied=2)
    worker.end()
    assert len(now) > COUNT / 2

    for place in (library, tmp_path / "undisturbed"):
        with SearchEngine.with_encoder(encoder, place, BACKEND) as engine:
            engine.index([folder.path])
            assert engine.doctor().findings == {}
    assert state(library, encoder) == state(tmp_path / "undisturbed", encoder)
    assert thumbnails(library) == thumbnails(tmp_path / "undisturbed")
