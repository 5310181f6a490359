from pathlib import Path

import numpy as np
import pytest
from vs_vectors import DIM, Vectors, require, span, unit

from engine.index import FlatIndex
from engine.index.faiss import FaissIndex, FaissIvfPqIndex

LISTS = 16
ENOUGH = 39 * LISTS


@pytest.fixture(autouse=True)
def _needs_faiss() -> None:
    require("faiss")


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    """Around 40 centres, as compressed lists are meant for."""
    centres = unit(40, seed=5)
    rows = np.repeat(centres, 50, axis=0) + 0.15 * unit(2000, seed=6)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return np.random.default_rng(7).permutation(rows)


def trained(vectors: Vectors) -> FaissIvfPqIndex:
    index = FaissIvfPqIndex(DIM, lists=LISTS)
    index.add(span(0, len(vectors)), vectors)
    return index


def recall(index: FaissIvfPqIndex, vectors: Vectors, ids: np.ndarray) -> float:
    """Share of the nearest ten that are among the first 50."""
    exact = FlatIndex(DIM)
    exact.add(ids, vectors[ids])
    true, found = exact.search(vectors[ids[:100]], 10)[0], index.search(vectors[ids[:100]], 50)[0]
    return float(
        np.mean([len(np.intersect1d(*pair)) for pair in zip(true, found, strict=True)]) / 10
    )


def test_search_is_exact_until_there_are_enough_to_train_with(vectors: Vectors) -> None:
    index, exact = FaissIvfPqIndex(DIM, lists=LISTS), FlatIndex(DIM)
    for one in (index, exact):
        one.add(span(0, ENOUGH - 1), vectors[: ENOUGH - 1])
    before = index.search(vectors[:20], 5)
    assert before[0].tolist() == exact.search(vectors[:20], 5)[0].tolist()
    assert np.array_equal(before[1], exact.search(vectors[:20], 5)[1])
    index.add(span(ENOUGH, ENOUGH + 1), vectors[ENOUGH : ENOUGH + 1])
    after = index.search(vectors[:20], 5)
    assert not np.array_equal(after[1], before[1]), "scores are now those of compressed vectors"


def test_compressed_lists_find_the_nearest(vectors: Vectors) -> None:
    assert recall(trained(vectors), vectors, span(0, 2000)) > 0.95


def test_a_wider_search_reads_more_lists(vectors: Vectors) -> None:
    index = FaissIvfPqIndex(DIM, lists=LISTS)
    rows = unit(2000)
    index.add(span(0, 2000), rows)
    recalls = []
    for index.effort in (1, 4, LISTS):
        recalls.append(recall(index, rows, span(0, 2000)))
    assert recalls[0] < recalls[1] < recalls[2]


def test_removed_ones_give_their_room_back(vectors: Vectors, tmp_path: Path) -> None:
    index = trained(vectors)
    index.save(tmp_path / "all")
    index.remove(span(0, 1000))
    index.save(tmp_path / "half")
    assert (len(index), index.dead) == (1000, 0)
    assert not np.isin(index.search(vectors[:50], 20)[0], span(0, 1000)).any()
    sizes = [
        sum(file.stat().st_size for file in (tmp_path / name).iterdir()) for name in ("all", "half")
    ]
    assert sizes[1] < sizes[0]


def test_it_stays_trained_through_replacing_emptying_and_loading(
    vectors: Vectors, tmp_path: Path
) -> None:
    index = trained(vectors)
    changed = np.roll(vectors, 1000, axis=0)
    for first in range(0, 2000, 500):
        index.add(span(first, first + 500), changed[first : first + 500])
    assert recall(index, changed, span(0, 2000)) > 0.95
    index.save(tmp_path)
    index = FaissIvfPqIndex.load(tmp_path, DIM)
    assert recall(index, changed, span(0, 2000)) > 0.95
    index.remove(span(0, 2000))
    assert len(index) == 0
    assert index.search(vectors[:2], 3)[0].shape == (2, 0)
    index.add(span(5, 305), vectors[5:305])
    assert recall(index, vectors, span(5, 305)) > 0.95


def test_all_results_can_be_asked_for_of_compressed_lists(vectors: Vectors) -> None:
    index = trained(vectors)
    index.effort = 1
    assert sorted(index.search(vectors[:1], 2000)[0][0].tolist()) == list(range(2000))


@pytest.mark.parametrize("kind", [FaissIndex, FaissIvfPqIndex])
def test_effort_is_kept_by_saving_and_loading(
    kind: type[FaissIndex] | type[FaissIvfPqIndex], tmp_path: Path
) -> None:
    index = kind(DIM, effort=77)
    index.add(span(0, 50), unit(50))
    index.save(tmp_path)
    assert kind.load(tmp_path, DIM).effort == 77
