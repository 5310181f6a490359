import logging
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vs_powers import file_permissions_count, files_no_larger_than
from vs_property import UNHURRIED
from vs_vectors import DIM, Ids, Vectors, require, span, unit

from engine.index import BACKENDS, FlatIndex, IndexMirror, IndexUnavailableError
from engine.index.mirror import EXACT_BELOW

STORED = unit(200, seed=1)
"""What the library's vector store would hold, by row."""


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    require(request.param)
    return request.param


class Reader:
    """Reads from `STORED` and remembers which rows were asked for."""

    def __init__(self) -> None:
        self.rows: list[int] = []

    def __call__(self, rows: Ids) -> Vectors:
        self.rows.extend(rows.tolist())
        return STORED[rows]


def refresh(mirror: IndexMirror, pairs: dict[int, int]) -> list[int]:
    """Bring the mirror to these ids and rows; returns the rows that it had to read."""
    reader, ids = Reader(), np.array(sorted(pairs), dtype=np.int64)
    mirror.refresh(ids, np.array([pairs[one] for one in sorted(pairs)], dtype=np.int64), reader)
    return reader.rows


def holds(mirror: IndexMirror, pairs: dict[int, int]) -> bool:
    """Whether the mirror has exactly these ids, each with the vector of its row."""
    if len(mirror) != len(pairs):
        return False
    for one, row in pairs.items():
        ids, scores = mirror.search(STORED[row][None], len(pairs))
        found = dict(zip(ids[0].tolist(), scores[0].tolist(), strict=True))
        if sorted(found) != sorted(pairs) or found[one] < 0.999:
            return False
    return True


def test_a_new_mirror_is_empty(backend: str, tmp_path: Path) -> None:
    mirror = IndexMirror(tmp_path, DIM, backend)
    assert refresh(mirror, {}) == []
    assert len(mirror) == 0
    assert mirror.search(unit(1), 3)[0].shape == (1, 0)


def test_only_what_changed_is_read(backend: str, tmp_path: Path) -> None:
    mirror = IndexMirror(tmp_path, DIM, backend)
    assert refresh(mirror, {1: 0, 2: 1, 3: 2}) == [0, 1, 2]
    assert refresh(mirror, {1: 0, 2: 1, 3: 2}) == []
    assert refresh(mirror, {1: 0, 3: 7, 4: 8}) == [7, 8]
    assert holds(mirror, {1: 0, 3: 7, 4: 8})


def test_copies_of_an_image_share_a_row(backend: str, tmp_path: Path) -> None:
    mirror = IndexMirror(tmp_path, DIM, backend)
    refresh(mirror, {1: 5, 2: 5, 9: 5})
    assert holds(mirror, {1: 5, 2: 5, 9: 5})


PAIRS = st.dictionaries(st.integers(1, 15), st.integers(0, 199), max_size=12)


@UNHURRIED
@given(states=st.lists(PAIRS, min_size=1, max_size=5), restart=st.booleans())
def test_it_follows_any_change_of_the_library(
    backend: str, states: list[dict[int, int]], restart: bool, tmp_path_factory
) -> None:
    folder = tmp_path_factory.mktemp("index")
    mirror = IndexMirror(folder, DIM, backend)
    for pairs in states:
        if restart:
            mirror.save()
            mirror = IndexMirror(folder, DIM, backend)
        refresh(mirror, pairs)
        assert holds(mirror, pairs)


def test_a_saved_index_spares_reading(tmp_path: Path) -> None:
    require("hnsw")
    first = IndexMirror(tmp_path, DIM, "hnsw")
    refresh(first, {1: 0, 2: 1, 3: 2})
    first.save()
    second = IndexMirror(tmp_path, DIM, "hnsw")
    assert refresh(second, {1: 0, 2: 9, 4: 3}) == [9, 3]
    assert holds(second, {1: 0, 2: 9, 4: 3})


def test_an_exact_index_is_not_worth_keeping(tmp_path: Path) -> None:
    mirror = IndexMirror(tmp_path, DIM, "flat")
    refresh(mirror, {1: 0})
    mirror.save()
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_if_nothing_changed(tmp_path: Path) -> None:
    require("hnsw")
    mirror = IndexMirror(tmp_path, DIM, "hnsw")
    refresh(mirror, {1: 0})
    mirror.save()
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    refresh(mirror, {1: 0})
    mirror.save()
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-30])


def _scramble(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04" + b"scrambled" * 9)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [_cut, _scramble, _empty, Path.unlink])
@pytest.mark.parametrize("pattern", ["state.npz", "hnsw.json", "*.bin", "*.npy"])
def test_a_damaged_index_is_built_anew(
    damage: Callable[[Path], None], pattern: str, tmp_path: Path
) -> None:
    require("hnsw")
    mirror = IndexMirror(tmp_path, DIM, "hnsw")
    refresh(mirror, {1: 0, 2: 1})
    mirror.save()
    (path,) = tmp_path.glob(pattern)
    damage(path)
    again = IndexMirror(tmp_path, DIM, "hnsw")
    assert refresh(again, {1: 0, 2: 1}) == [0, 1]
    assert holds(again, {1: 0, 2: 1})
    again.save()
    assert refresh(IndexMirror(tmp_path, DIM, "hnsw"), {1: 0, 2: 1}) == []


def test_a_state_of_another_moment_than_the_index_is_not_believed(tmp_path: Path) -> None:
    """As after a crash between the two files."""
    require("hnsw")
    mirror = IndexMirror(tmp_path, DIM, "hnsw")
    refresh(mirror, {1: 0, 2: 1})
    mirror.save()
    old = (tmp_path / "state.npz").read_bytes()
    refresh(mirror, {1: 5, 3: 2})
    mirror.save()
    (tmp_path / "state.npz").write_bytes(old)
    again = IndexMirror(tmp_path, DIM, "hnsw")
    refresh(again, {1: 5, 3: 2})
    assert holds(again, {1: 5, 3: 2})


def test_an_index_of_vectors_of_another_width_is_built_anew(tmp_path: Path) -> None:
    require("hnsw")
    mirror = IndexMirror(tmp_path, DIM, "hnsw")
    refresh(mirror, {1: 0})
    mirror.save()
    wider = IndexMirror(tmp_path, 30, "hnsw")
    wider.refresh(span(1, 3), span(0, 2), lambda rows: unit(len(rows), dim=30))
    assert len(wider) == 2


@pytest.mark.parametrize("name", ["faiss", "", "FLAT"])
def test_an_unknown_backend_is_refused_with_the_known_ones(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=f"'{name}'.*auto, flat, hnsw"):
        IndexMirror(tmp_path, DIM, name)


def large(count: int) -> tuple[Ids, Ids, Callable[[Ids], Vectors]]:
    """Ids, rows and reader of a library of `count` images."""
    return span(1, count + 1), np.arange(count) % 200, Reader()


def test_the_backend_follows_the_size_of_the_library(tmp_path: Path) -> None:
    require("hnsw")
    mirror = IndexMirror(tmp_path, DIM)
    mirror.refresh(*large(EXACT_BELOW - 1))
    assert mirror.backend == "flat"
    mirror.refresh(*large(EXACT_BELOW))
    assert mirror.backend == "hnsw"
    assert len(mirror) == EXACT_BELOW
    mirror.save()
    mirror.refresh(*large(10))
    assert mirror.backend == "flat"
    assert holds(mirror, {number: number - 1 for number in range(1, 11)})


def test_without_the_package_a_large_library_is_searched_exactly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "hnswlib", None)
    mirror = IndexMirror(tmp_path, DIM)
    with caplog.at_level(logging.WARNING):
        mirror.refresh(*large(EXACT_BELOW))
    assert mirror.backend == "flat"
    assert len(mirror) == EXACT_BELOW
    assert "hnswlib" in caplog.text
    with pytest.raises(IndexUnavailableError, match="hnswlib"):
        refresh(IndexMirror(tmp_path, DIM, "hnsw"), {1: 0})


def test_a_full_disk_costs_a_warning_only(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    require("hnsw")
    mirror = IndexMirror(tmp_path, DIM, "hnsw")
    refresh(mirror, {1: 0, 2: 1})
    with files_no_larger_than(100), caplog.at_level(logging.WARNING):
        mirror.save()
    assert "cannot be kept" in caplog.text
    assert holds(mirror, {1: 0, 2: 1})
    mirror.save()  # with room again
    assert refresh(IndexMirror(tmp_path, DIM, "hnsw"), {1: 0, 2: 1}) == []


def test_a_folder_that_cannot_be_written_costs_a_warning_only(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    require("hnsw")
    tmp_path.chmod(0o500)
    mirror = IndexMirror(tmp_path / "index", DIM, "hnsw")
    refresh(mirror, {1: 0})
    with file_permissions_count(), caplog.at_level(logging.WARNING):
        mirror.save()
    tmp_path.chmod(0o700)
    assert "Permission denied" in caplog.text
    assert holds(mirror, {1: 0})


def test_reading_that_fails_halfway_can_be_repeated(backend: str, tmp_path: Path) -> None:
    mirror = IndexMirror(tmp_path, DIM, backend)
    refresh(mirror, {1: 0, 2: 1})

    def fail(rows: Ids) -> Vectors:
        raise OSError("unplugged")

    with pytest.raises(OSError, match="unplugged"):
        mirror.refresh(span(2, 5), span(7, 10), fail)
    refresh(mirror, {2: 7, 3: 8, 4: 9})
    assert holds(mirror, {2: 7, 3: 8, 4: 9})


def test_every_backend_is_known_by_its_own_name() -> None:
    assert all(BACKENDS[name].backend == name for name in BACKENDS)
    assert BACKENDS["flat"] is FlatIndex
