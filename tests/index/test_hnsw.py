import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from vs_powers import files_no_larger_than
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


def filled(count: int, ef: int = 128) -> HnswIndex:
    index = HnswIndex(DIM, ef)
    index.add(span(0, count), unit(count))
    return index


def unreachable(index: HnswIndex, vectors: np.ndarray) -> int:
    """How many of the vectors, with ids from 0, do not even find themselves."""
    return int((index.search(vectors, 1)[0][:, 0] != np.arange(len(vectors))).sum())


def test_a_missing_package_is_named_with_what_to_do(without_hnswlib: None) -> None:
    with pytest.raises(IndexUnavailableError, match="hnswlib"):
        HnswIndex(DIM)


def test_ef_is_kept_by_saving_and_loading(tmp_path: Path) -> None:
    filled(50, ef=333).save(tmp_path)
    assert HnswIndex.load(tmp_path, DIM).ef == 333


def test_a_wider_search_finds_more() -> None:
    """Random vectors of many dimensions are the hardest case for a graph."""
    vectors, queries = unit(6000, dim=256), unit(60, seed=9, dim=256)
    exact, graph = FlatIndex(256), HnswIndex(256)
    exact.add(span(0, 6000), vectors)
    graph.add(span(0, 6000), vectors)
    true = exact.search(queries, 10)[0]
    recalls = []
    for ef in (10, 100, 1000):
        graph.ef = ef
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


@pytest.mark.parametrize("limit", [0, 100, 5_000, 40_000])
def test_a_full_disk_leaves_what_was_saved_before(limit: int, tmp_path: Path) -> None:
    filled(10).save(tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())
    with files_no_larger_than(limit), pytest.raises(OSError, match=r"space|large"):
        filled(1000).save(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert len(HnswIndex.load(tmp_path, DIM)) == 10
