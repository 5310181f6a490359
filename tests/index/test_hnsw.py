import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from vs_vectors import DIM, require, span, unit

from engine.index import FlatIndex, HnswIndex, IndexUnavailableError


@pytest.fixture(autouse=True)
def _needs_hnswlib(request: pytest.FixtureRequest) -> None:
    if "without_hnswlib" not in request.fixturenames:
        require("hnsw")


@pytest.fixture
def without_hnswlib(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine where the package could not be built."""
    monkeypatch.setitem(sys.modules, "hnswlib", None)


def filled(count: int, effort: int = 128) -> HnswIndex:
    index = HnswIndex(DIM, effort)
    index.add(span(0, count), unit(count))
    return index


def unreachable(index: HnswIndex, vectors: np.ndarray) -> int:
    """How many of the vectors, with ids from 0, do not even find themselves."""
    return int((index.search(vectors, 1)[0][:, 0] != np.arange(len(vectors))).sum())


def test_a_missing_package_is_named_with_what_to_do(without_hnswlib: None) -> None:
    with pytest.raises(IndexUnavailableError, match="hnswlib"):
        HnswIndex(DIM)


def test_effort_is_kept_by_saving_and_loading(tmp_path: Path) -> None:
    filled(50, effort=333).save(tmp_path)
    assert HnswIndex.load(tmp_path, DIM).effort == 333


def test_more_effort_finds_more() -> None:
    """Random vectors of many dimensions are the hardest case for a graph."""
    vectors, queries = unit(6000, dim=256), unit(60, seed=9, dim=256)
    exact, graph = FlatIndex(256), HnswIndex(256)
    exact.add(span(0, 6000), vectors)
    graph.add(span(0, 6000), vectors)
    true = exact.search(queries, 10)[0]
    recalls = []
    for effort in (10, 100, 1000):
        graph.effort = effort
        found = graph.search(queries, 10)[0]
        hits = [len(np.intersect1d(*pair)) for pair in zip(true, found, strict=True)]
        recalls.append(np.mean(hits) / 10)
    assert recalls[0] < recalls[1] < recalls[2]
    assert recalls[2] > 0.95


@pytest.mark.parametrize(("count", "replaced"), [(50, 50), (200, 200), (3000, 1000)])
def test_replacing_vectors_makes_none_unreachable(count: int, replaced: int) -> None:
    """hnswlib's own reuse of slots loses some of them."""
    rng, vectors = np.random.default_rng(1), unit(count)
    index = filled(count)
    for number in range(6):
        ids = rng.choice(count, replaced, replace=False)
        vectors[ids] = unit(replaced, seed=10 + number)
        index.add(ids, vectors[ids])
        assert len(index) == count
        assert unreachable(index, vectors) == 0


def test_replacing_everything_over_and_over_keeps_the_file_small(tmp_path: Path) -> None:
    index = filled(400)
    index.save(tmp_path)
    once = sum(path.stat().st_size for path in tmp_path.iterdir())
    for number in range(10):
        index.add(span(0, 400), unit(400, seed=number))
    index.save(tmp_path)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 4 * once


def test_live_vectors_behind_many_removed_ones_are_found() -> None:
    index, vectors = filled(2000), unit(2000)
    index.remove(span(0, 990))
    ids, _ = index.search(vectors[:20], 1010)
    assert all(sorted(row) == list(range(990, 2000)) for row in ids.tolist())


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def _flip_start(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[9] ^= 0x40
    path.write_bytes(content)


def _flip_middle(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x40
    path.write_bytes(content)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [_truncate, _flip_start, _flip_middle, _empty, Path.unlink])
@pytest.mark.parametrize("suffix", [".bin", ".npy"])
def test_a_damaged_graph_is_refused_before_it_can_crash(
    damage: Callable[[Path], None], suffix: str, tmp_path: Path
) -> None:
    filled(300).save(tmp_path)
    (path,) = tmp_path.glob(f"*{suffix}")
    damage(path)
    with pytest.raises((ValueError, OSError), match=f"damaged|{suffix}"):
        HnswIndex.load(tmp_path, DIM)


def test_removed_vectors_are_counted_until_most_are_dead(tmp_path: Path) -> None:
    index = filled(100)
    assert index.dead == 0
    index.remove(span(0, 30))
    index.add(span(30, 40), unit(10, seed=1))
    assert (len(index), index.dead) == (70, 40)
    index.save(tmp_path)
    assert HnswIndex.load(tmp_path, DIM).dead == 40
    index.remove(span(40, 100))
    assert (len(index), index.dead) == (10, 0)


def test_memory_grows_by_little() -> None:
    """Room that is never used counts against the machine all the same."""
    index = HnswIndex(DIM)
    for first in range(0, 20_000, 500):
        index.add(span(first, first + 500), unit(500, seed=first))
    assert index._graph.get_max_elements() < 1.15 * len(index)


def test_room_that_was_made_is_not_made_again() -> None:
    index = HnswIndex(DIM)
    index.reserve(5000)
    index.add(span(0, 5000), unit(5000))
    index.reserve(10)
    assert index._graph.get_max_elements() == 5000
    index.add(span(5000, 5001), unit(1, seed=2))
    assert len(index) == 5001


def test_recall_stays_while_a_twentieth_is_exchanged_again_and_again() -> None:
    index, vectors, rng = filled(3000), unit(3000), np.random.default_rng(1)
    queries, recalls = unit(100, seed=9), []
    for number in range(20):
        ids = rng.choice(3000, 150, replace=False)
        vectors[ids] = unit(150, seed=10 + number)
        index.remove(ids)
        index.add(ids, vectors[ids])
        assert (len(index), len(index) + index.dead) == (3000, len(index._ids))
        true = np.argsort(-(queries @ vectors.T), axis=1)[:, :10]
        found = index.search(queries, 10)[0]
        hits = [len(np.intersect1d(*pair)) for pair in zip(true, found, strict=True)]
        recalls.append(np.mean(hits) / 10)
        assert unreachable(index, vectors) == 0
    assert min(recalls) > 0.98


def test_searches_of_several_threads_do_not_disturb_each_other() -> None:
    index, queries = filled(5000), unit(64, seed=3)
    expected = [index.search(one[None], 20)[0] for one in queries]
    start = threading.Barrier(8)

    def search(thread: int) -> bool:
        start.wait()
        order = np.random.default_rng(thread).permutation(64).tolist() * 5
        return all((index.search(queries[i, None], 20)[0] == expected[i]).all() for i in order)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(search, range(8)))
