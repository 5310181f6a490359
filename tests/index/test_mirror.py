import logging
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vs_powers import file_permissions_count, files_no_larger_than
from vs_vectors import DIM, Ids, Vectors, require, span, unit

from engine.index import BACKENDS, FlatIndex, IndexMirror, IndexUnavailableError, Projection
from engine.index.mirror import EXACT_BELOW

STORED = unit(200, seed=1)
"""What the library's vector store would hold, by row."""


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    require(request.param)
    return request.param


class Library:
    """What a mirror follows: ids, the version of each, and the vectors; remembers what is read."""

    def __init__(self) -> None:
        self.rows: dict[int, int] = {}
        self.read_ids: list[int] = []

    def __call__(self, ids: Ids) -> Vectors:
        self.read_ids.extend(ids.tolist())
        return STORED[[self.rows[one] for one in ids.tolist()]]


def refresh(mirror: IndexMirror, pairs: dict[int, int]) -> list[int]:
    """Bring the mirror to these ids and rows, all told; returns the ids that it had to read."""
    library = Library()
    library.rows = pairs
    ids = np.array(sorted(pairs), dtype=np.int64)
    versions = np.array([pairs[one] for one in sorted(pairs)], dtype=np.int64)
    mirror.reset(ids, versions, library)
    return library.read_ids


def change(mirror: IndexMirror, before: dict[int, int], after: dict[int, int]) -> None:
    """Bring the mirror from one state to another by telling the difference."""
    library = Library()
    library.rows = after
    ids = np.array([one for one in after if before.get(one) != after[one]], dtype=np.int64)
    versions = np.array([after[one] for one in ids.tolist()], dtype=np.int64)
    removed = np.array([one for one in before if one not in after], dtype=np.int64)
    mirror.update(ids, versions, removed, library)


def holds(mirror: IndexMirror, pairs: dict[int, int]) -> bool:
    """Whether the mirror finds exactly these ids, each for the vector of its row."""
    if len(mirror) != len(pairs):
        return False
    for one, row in pairs.items():
        if mirror.candidates(STORED[row][None], len(pairs)).tolist() != sorted(pairs):
            return False
        twins = [other for other, its_row in pairs.items() if its_row == row]
        best = mirror.candidates(STORED[row][None], len(twins)).tolist()
        if mirror.pending == 0 and best != sorted(twins):
            return False
        if one not in best:
            return False
    return True


def test_a_new_mirror_is_empty(backend: str, tmp_path: Path) -> None:
    mirror = IndexMirror(tmp_path, DIM, backend)
    assert refresh(mirror, {}) == []
    assert len(mirror) == 0
    assert mirror.candidates(unit(1), 3).shape == (0,)


def test_only_what_changed_is_read(backend: str, tmp_path: Path) -> None:
    mirror = IndexMirror(tmp_path, DIM, backend)
    before = {1: 0, 2: 1, 3: 2, 5: 3, 6: 4}
    assert refresh(mirror, before) == [1, 2, 3, 5, 6]
    assert refresh(mirror, before) == []
    after = {1: 0, 3: 7, 4: 8, 5: 3, 6: 4}
    assert refresh(mirror, after) == [3, 4]
    assert holds(mirror, after)


def test_copies_of_an_image_share_a_row(backend: str, tmp_path: Path) -> None:
    mirror = IndexMirror(tmp_path, DIM, backend)
    refresh(mirror, {1: 5, 2: 5, 9: 5})
    assert holds(mirror, {1: 5, 2: 5, 9: 5})


PAIRS = st.dictionaries(st.integers(1, 15), st.integers(0, 199), max_size=12)


States = list[tuple[dict[int, int], str]]
"""Ids and rows of the library, one state after the other, and how the mirror hears of each."""


def follow(folder: Path, backend: str, states: States) -> None:
    """Check that a mirror holds each state once it has been told of it."""
    mirror, before = IndexMirror(folder, DIM, backend), dict[int, int]()
    for pairs, way in states:
        if way == "restart":
            mirror.save()
            mirror = IndexMirror(folder, DIM, backend)
        if way == "told":
            change(mirror, before, pairs)
        else:
            refresh(mirror, pairs)
        if way == "build":
            mirror.build()
        assert holds(mirror, pairs)
        before = pairs
    mirror.close()


@given(
    states=st.lists(
        st.tuples(PAIRS, st.sampled_from(["told", "all told", "restart", "build"])),
        min_size=1,
        max_size=5,
    )
)
@pytest.mark.parametrize("backend", [name for name in BACKENDS if name != "milvus"])
def test_it_follows_any_change_of_the_library(
    backend: str, states: States, tmp_path_factory: pytest.TempPathFactory
) -> None:
    require(backend)
    follow(tmp_path_factory.mktemp("index"), backend, states)


def test_an_index_on_a_server_follows_changes_of_the_library(tmp_path: Path) -> None:
    """Each state takes it a second: one sequence with every way has to do."""
    require("milvus")
    states: States = [
        ({1: 0, 2: 1, 3: 2}, "all told"),
        ({1: 0, 2: 7, 4: 2, 9: 9}, "told"),
        ({2: 7, 4: 3}, "restart"),
        ({2: 7, 4: 3, 5: 5, 6: 5}, "build"),
        ({}, "told"),
        ({8: 1}, "restart"),
    ]
    follow(tmp_path, "milvus", states)


def test_a_saved_index_spares_reading(tmp_path: Path) -> None:
    require("hnsw")
    first = IndexMirror(tmp_path, DIM, "hnsw")
    refresh(first, {1: 0, 2: 1, 3: 2, 5: 3, 6: 4})
    first.save()
    second = IndexMirror(tmp_path, DIM, "hnsw")
    after = {1: 0, 2: 9, 4: 3, 5: 3, 6: 4}
    assert refresh(second, after) == [2, 4]
    assert holds(second, after)


def test_an_index_that_loses_most_of_its_vectors_is_begun_anew(
    backend: str, tmp_path: Path
) -> None:
    mirror = IndexMirror(tmp_path, DIM, backend)
    every = {number: number - 1 for number in range(1, 61)}
    refresh(mirror, every)
    few = {one: every[one] for one in (7, 20, 33)}
    change(mirror, every, few)
    assert mirror.index.dead == 0
    assert holds(mirror, few)


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
@pytest.mark.parametrize(
    "pattern", ["current.json", "*/held.npz", "*/projection.npz", "*/hnsw.json", "*/*.bin"]
)
def test_a_damaged_index_is_built_anew(
    damage: Callable[[Path], None],
    pattern: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    require("hnsw")
    pairs = {number: number for number in range(1, 60)}
    mirror = IndexMirror(tmp_path, DIM, "hnsw")
    refresh(mirror, pairs)
    mirror.build(Projection.fit(STORED, 16))
    mirror.save()
    (path,) = tmp_path.glob(pattern)
    damage(path)
    with caplog.at_level(logging.WARNING):
        again = IndexMirror(tmp_path, DIM, "hnsw")
        assert refresh(again, pairs) == list(pairs)
    if path.exists() or path.parent != tmp_path:
        assert str(tmp_path) in caplog.text
    assert holds(again, pairs)
    again.save()
    assert refresh(IndexMirror(tmp_path, DIM, "hnsw"), pairs) == []
    assert len(list(tmp_path.glob("build-*"))) == 1


def test_an_index_of_another_library_is_not_used(tmp_path: Path) -> None:
    require("hnsw")
    mirror = IndexMirror(tmp_path, DIM, "hnsw", stamp="one")
    refresh(mirror, {1: 0, 2: 1})
    mirror.save()
    assert refresh(IndexMirror(tmp_path, DIM, "hnsw", stamp="one"), {1: 0, 2: 1}) == []
    assert refresh(IndexMirror(tmp_path, DIM, "hnsw", stamp="other"), {1: 0, 2: 1}) == [1, 2]


def test_an_index_of_vectors_of_another_width_is_built_anew(tmp_path: Path) -> None:
    require("hnsw")
    mirror = IndexMirror(tmp_path, DIM, "hnsw")
    refresh(mirror, {1: 0})
    mirror.save()
    wider = IndexMirror(tmp_path, 30, "hnsw")
    wider.reset(span(1, 3), span(0, 2), lambda ids: unit(len(ids), dim=30))
    assert len(wider) == 2


@pytest.mark.parametrize("name", ["lucene", "", "FLAT"])
def test_an_unknown_backend_is_refused_with_the_known_ones(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=f"'{name}'.*auto, flat, hnsw"):
        IndexMirror(tmp_path, DIM, name)


def large(count: int) -> dict[int, int]:
    """Ids and rows of a library of `count` images."""
    return {number: number % 200 for number in range(1, count + 1)}


def test_the_backend_follows_the_size_of_the_library(tmp_path: Path) -> None:
    require("hnsw")
    mirror = IndexMirror(tmp_path, DIM)
    refresh(mirror, large(EXACT_BELOW - 1))
    assert (mirror.backend, mirror.pending) == ("flat", 0)
    refresh(mirror, large(EXACT_BELOW))
    assert (mirror.backend, mirror.pending, len(mirror)) == ("hnsw", EXACT_BELOW, EXACT_BELOW)
    assert mirror.needs_build()
    mirror.build()
    assert (mirror.backend, mirror.pending, len(mirror)) == ("hnsw", 0, EXACT_BELOW)
    assert not mirror.needs_build()
    mirror.save()
    few = {number: number - 1 for number in range(1, 11)}
    refresh(mirror, few)
    assert mirror.backend == "flat"
    assert holds(mirror, few)


def test_what_is_pending_is_found_exactly(tmp_path: Path) -> None:
    require("hnsw")
    mirror = IndexMirror(tmp_path, DIM, "hnsw")
    pairs = {**large(5000), 7777: 150}
    del pairs[151], pairs[150]
    refresh(mirror, {one: row for one, row in pairs.items() if row != 150})
    refresh(mirror, pairs)
    assert mirror.pending == len(pairs)
    assert 7777 in mirror.candidates(STORED[150][None], 30)


def test_a_few_changes_at_a_time_go_into_the_index_as_searches_come(tmp_path: Path) -> None:
    require("hnsw")
    mirror = IndexMirror(tmp_path, DIM, "hnsw")
    refresh(mirror, large(3000))
    mirror.build()
    more = large(5500)
    refresh(mirror, more)
    left = mirror.pending
    assert 0 < left < 2500
    assert not mirror.needs_build()
    refresh(mirror, more)
    assert mirror.pending < left
    mirror.absorb()
    assert (mirror.pending, len(mirror)) == (0, 5500)


def test_an_index_with_many_removed_vectors_wants_to_be_built_anew(tmp_path: Path) -> None:
    require("hnsw")
    mirror = IndexMirror(tmp_path, DIM, "hnsw")
    every = {number: number - 1 for number in range(1, 201)}
    refresh(mirror, every)
    some = {one: row for one, row in every.items() if one > 20}
    refresh(mirror, some)
    assert not mirror.needs_build()
    fewer = {one: row for one, row in every.items() if one > 60}
    refresh(mirror, fewer)
    assert mirror.needs_build()
    mirror.build()
    assert not mirror.needs_build()
    assert mirror.index.dead == 0
    assert holds(mirror, fewer)


def test_changes_during_a_build_are_not_lost(tmp_path: Path) -> None:
    require("hnsw")
    mirror = IndexMirror(tmp_path, DIM, "hnsw")
    before = {number: number - 1 for number in range(1, 151)}
    after = {**{one: row for one, row in before.items() if one > 30}, 40: 190, 500: 191}
    refresh(mirror, before)
    mirror.build(tell=lambda done, total: change(mirror, before, after))
    assert holds(mirror, after)


def test_searches_go_on_during_a_build(tmp_path: Path) -> None:
    require("hnsw")
    mirror = IndexMirror(tmp_path, DIM, "hnsw")
    refresh(mirror, large(9000))
    found: list[int] = []
    query = STORED[7][None]
    mirror.build(tell=lambda done, total: found.append(len(mirror.candidates(query, 5))))
    assert len(found) == 2
    assert min(found) >= 5


def test_another_process_s_new_index_is_taken_up(tmp_path: Path) -> None:
    require("hnsw")
    reader, writer = (IndexMirror(tmp_path, DIM, "hnsw") for _ in range(2))
    pairs = {number: number - 1 for number in range(1, 151)}
    refresh(reader, pairs)
    refresh(writer, pairs)
    assert not reader.take_saved()
    writer.build(Projection.fit(STORED, 16))
    writer.save()
    fewer = {**{one: row for one, row in pairs.items() if one > 9}, 700: 199}
    refresh(reader, fewer)
    assert reader.take_saved()
    assert not reader.take_saved()
    assert reader.projection is not None
    assert holds(reader, fewer)


def test_two_processes_may_save_at_once(tmp_path: Path) -> None:
    require("hnsw")
    mirrors = [IndexMirror(tmp_path, DIM, "hnsw") for _ in range(4)]
    every = [{number: number + shift for number in range(1, 120)} for shift in range(4)]
    for mirror, pairs in zip(mirrors, every, strict=True):
        refresh(mirror, pairs)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(IndexMirror.save, mirrors))
    again = IndexMirror(tmp_path, DIM, "hnsw")
    refresh(again, every[2])
    assert holds(again, every[2])


def test_a_projection_is_kept_with_its_index(tmp_path: Path) -> None:
    require("hnsw")
    pairs = {number: number - 1 for number in range(1, 151)}
    mirror = IndexMirror(tmp_path, DIM, "hnsw")
    refresh(mirror, pairs)
    mirror.build(Projection.fit(STORED, 16))
    mirror.save()
    again = IndexMirror(tmp_path, DIM, "hnsw")
    assert refresh(again, pairs) == []
    assert again.projection is not None
    assert again.projection.dim == again.index.dim == 16
    assert holds(again, pairs)


def test_without_the_package_a_large_library_is_searched_exactly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "hnswlib", None)
    mirror = IndexMirror(tmp_path, DIM)
    with caplog.at_level(logging.WARNING):
        refresh(mirror, large(EXACT_BELOW))
    assert mirror.backend == "flat"
    assert len(mirror) == EXACT_BELOW
    assert not mirror.needs_build()
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
        mirror.reset(span(2, 5), span(7, 10), fail)
    refresh(mirror, {2: 7, 3: 8, 4: 9})
    assert holds(mirror, {2: 7, 3: 8, 4: 9})


def test_every_backend_is_known_by_its_own_name() -> None:
    assert all(BACKENDS[name].backend == name for name in BACKENDS)
    assert BACKENDS["flat"] is FlatIndex
