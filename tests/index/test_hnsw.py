import errno
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from vs_powers import files_no_larger_than
from vs_vectors import DIM, require, span, unit

from engine.index import FlatIndex, HnswIndex, IndexUnavailableError, hnsw


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


@pytest.mark.parametrize("limit", [0, 100, 5_000, 40_000])
def test_a_full_disk_leaves_what_was_saved_before(limit: int, tmp_path: Path) -> None:
    filled(10).save(tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())
    with files_no_larger_than(limit), pytest.raises(OSError, match=r"space|large"):
        filled(1000).save(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert len(HnswIndex.load(tmp_path, DIM)) == 10


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


def test_a_header_of_another_version_is_refused(tmp_path: Path) -> None:
    filled(10).save(tmp_path)
    file = tmp_path / "hnsw.json"
    for header in ({"dim": DIM, "ef": 128, "files": "hnsw-0"}, [], "x", None):
        file.write_text(json.dumps(header))
        with pytest.raises(ValueError, match=r"hnsw\.json: damaged"):
            HnswIndex.load(tmp_path, DIM)


def test_damage_anywhere_in_a_large_file_is_seen(tmp_path: Path) -> None:
    """Large files are read in pieces by several threads."""
    index = HnswIndex(512)
    index.add(span(0, 9000), unit(9000, dim=512))
    index.save(tmp_path)
    (graph,) = tmp_path.glob("*.bin")
    assert graph.stat().st_size > 2 * hnsw._PIECE
    for place in (0, hnsw._PIECE - 1, hnsw._PIECE, graph.stat().st_size - 1):
        with graph.open("r+b") as stream:
            for _ in range(2):  # damage, then undo
                stream.seek(place)
                byte = stream.read(1)[0]
                stream.seek(place)
                stream.write(bytes([byte ^ 1]))
                stream.flush()
                if _ == 0:
                    with pytest.raises(ValueError, match="damaged"):
                        HnswIndex.load(tmp_path, 512)
    assert len(HnswIndex.load(tmp_path, 512)) == 9000


SAVE_AGAIN_AND_AGAIN = """
import sys
import numpy as np
from engine.index import HnswIndex
from pathlib import Path
index = HnswIndex(24)
index.add(np.arange(int(sys.argv[2])), np.random.default_rng(0).normal(size=(int(sys.argv[2]), 24)))
for _ in range(20):
    index.save(Path(sys.argv[1]))
"""


def test_processes_that_save_at_once_leave_one_whole_index(tmp_path: Path, project: Path) -> None:
    sizes = (100, 200, 300)
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", SAVE_AGAIN_AND_AGAIN, str(tmp_path), str(size)], cwd=project
        )
        for size in sizes
    ]
    loaded = 0
    while any(writer.poll() is None for writer in writers):
        if (tmp_path / "hnsw.json").exists():
            try:
                assert len(HnswIndex.load(tmp_path, DIM)) in sizes
                loaded += 1
            except OSError:  # replaced between reading the header and the graph
                continue
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert loaded > 0
    assert len(HnswIndex.load(tmp_path, DIM)) in sizes
    assert len(list(tmp_path.glob("hnsw-*"))) == 2


def test_a_save_that_never_ends_elsewhere_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hnsw, "_PATIENCE", 0.1)
    filled(10).save(tmp_path)
    with FileLock(tmp_path / "hnsw.lock"), pytest.raises(OSError, match="in use") as caught:
        filled(20).save(tmp_path)
    assert caught.value.errno == errno.ETIMEDOUT
    assert len(HnswIndex.load(tmp_path, DIM)) == 10
