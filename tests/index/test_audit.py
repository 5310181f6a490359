from pathlib import Path

import numpy as np
import pytest
from vs_vectors import require

from engine.index import IdTable, IndexMirror
from engine.index.audit import audit
from engine.index.flat import FlatIndex
from engine.index.hnsw import HnswIndex
from engine.index.saved import SavedIndex

DIM = 8
STAMP = "this library"


@pytest.fixture
def table() -> IdTable:
    """Fifty images."""
    return IdTable(np.arange(50, dtype=np.int64), np.full(50, 3, dtype=np.int64))


@pytest.fixture
def saved(tmp_path: Path, table: IdTable) -> SavedIndex:
    """An index over them."""
    require("hnsw")
    vectors = np.random.default_rng(0).standard_normal((50, DIM)).astype(np.float32)
    mirror = IndexMirror(tmp_path, DIM, "hnsw", STAMP)
    mirror.reset(table.ids, table.values, lambda ids: vectors[ids])
    mirror.build()
    mirror.save()
    mirror.close()
    return SavedIndex(tmp_path, STAMP)


def faults(saved: SavedIndex, table: IdTable) -> list[str]:
    return audit(saved, table, HnswIndex, DIM)


def test_an_index_in_step(saved: SavedIndex, table: IdTable) -> None:
    assert faults(saved, table) == []


def test_an_index_that_is_missing(tmp_path: Path, table: IdTable) -> None:
    nothing = SavedIndex(tmp_path, STAMP)
    (fault,) = faults(nothing, table)
    assert fault.startswith("missing")
    assert faults(nothing, IdTable()) == [], "there is nothing to hold"
    assert audit(nothing, table, FlatIndex, DIM) == [], "an exact one is not kept"


def test_an_index_of_another_state(saved: SavedIndex, table: IdTable) -> None:
    versions = table.values.copy()
    versions[:2] = 4
    newer = IdTable(table.ids, versions).with_(np.array([70]), np.array([5]))
    newer = newer.without(np.array([49]))
    assert faults(saved, newer) == [
        "lacks the present vectors of 3 images",
        "holds 3 vectors that are not the library's any more",
    ]


@pytest.mark.parametrize("pattern", ["current.json", "build-*/held.npz", "build-*/*.hnsw*"])
def test_an_index_that_is_damaged(pattern: str, saved: SavedIndex, table: IdTable) -> None:
    files = list(saved.folder.glob(pattern)) or [
        path for path in saved.folder.glob("build-*/*") if path.suffix != ".npz"
    ]
    for file in files:
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    assert files
    (fault,) = faults(saved, table)
    assert fault.startswith("damaged, and of no use")


def test_an_index_of_another_library(saved: SavedIndex, table: IdTable) -> None:
    other = SavedIndex(saved.folder, "another library")
    (fault,) = faults(other, table)
    assert "of another library or model" in fault


def test_a_few_differences_are_none(saved: SavedIndex, table: IdTable) -> None:
    fewer = table.without(np.array([49]))
    assert audit(saved, fewer, HnswIndex, DIM, slack=0.03) == []
    assert len(audit(saved, fewer, HnswIndex, DIM, slack=0.01)) == 1


def test_an_index_that_is_not_in_use_may_be_behind(saved: SavedIndex) -> None:
    assert audit(saved, IdTable(), FlatIndex, DIM) == []


def test_builds_that_were_never_completed_are_cleared(saved: SavedIndex, table: IdTable) -> None:
    given_up = saved.folder / "build-00000000"
    given_up.mkdir()
    (given_up / "held.npz").write_bytes(b"half")
    assert saved.unused() == [given_up]
    saved.clear()
    assert saved.unused() == []
    assert faults(saved, table) == []


def test_an_index_that_is_discarded_leaves_nothing(saved: SavedIndex) -> None:
    saved.discard()
    assert list(saved.folder.glob("build-*")) == []
    assert not saved.exists()
