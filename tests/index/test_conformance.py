"""What every backend must do; a new one is tested by being in `BACKENDS`."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vs_powers import files_no_larger_than
from vs_vectors import DIM, Vectors, require, span, unit

from engine.index import BACKENDS, VectorIndex
from engine.index.faiss import FaissIndex
from engine.index.milvus import MilvusIndex


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> type[VectorIndex]:
    require(request.param)
    return BACKENDS[request.param]


def filled(backend: type[VectorIndex], count: int) -> tuple[VectorIndex, Vectors]:
    index, vectors = backend(DIM), unit(count)
    index.add(span(0, count), vectors)
    return index, vectors


def recall(index: VectorIndex, stored: dict[int, npt.NDArray[np.float32]], k: int = 10) -> float:
    """Share of the true neighbours of 50 random queries that the index finds."""
    ids, matrix = np.array(list(stored)), np.stack(list(stored.values()))
    queries = unit(50, seed=999)
    k = min(k, len(ids))
    true = ids[np.argsort(-(queries @ matrix.T), axis=1)[:, :k]]
    found, _ = index.search(queries, k)
    hits = [len(np.intersect1d(*pair)) for pair in zip(true, found, strict=True)]
    return float(np.mean(hits)) / k


def test_an_empty_index_finds_nothing(backend: type[VectorIndex]) -> None:
    index = backend(DIM)
    ids, scores = index.search(unit(3), 5)
    assert ids.shape == scores.shape == (3, 0)
    assert (ids.dtype, scores.dtype) == (np.int64, np.float32)
    assert len(index) == len(index.ids()) == 0


def test_every_vector_finds_itself_first(backend: type[VectorIndex]) -> None:
    index, vectors = filled(backend, 300)
    ids, scores = index.search(vectors, 4)
    assert (ids.dtype, scores.dtype) == (np.int64, np.float32)
    assert ids[:, 0].tolist() == list(range(300))
    assert scores[:, 0] == pytest.approx(1, abs=1e-3)


def test_scores_are_inner_products_best_first(backend: type[VectorIndex]) -> None:
    index, vectors = filled(backend, 200)
    queries = unit(20, seed=1)
    ids, scores = index.search(queries, 7)
    assert ids.shape == scores.shape == (20, 7)
    assert (np.diff(scores, axis=1) <= 1e-6).all()
    expected = np.einsum("mkd,md->mk", vectors[ids], queries)
    assert scores == pytest.approx(expected, abs=1e-3)
    assert all(len(set(row)) == 7 for row in ids.tolist())


def test_more_results_than_images_is_no_error(backend: type[VectorIndex]) -> None:
    index, _ = filled(backend, 6)
    ids, scores = index.search(unit(2, seed=1), 1000)
    assert ids.shape == scores.shape == (2, 6)
    assert sorted(ids[0].tolist()) == list(range(6))


@pytest.mark.parametrize("k", [0, -1])
def test_no_results_wanted_gives_none(backend: type[VectorIndex], k: int) -> None:
    index, _ = filled(backend, 6)
    ids, scores = index.search(unit(2), k)
    assert ids.shape == scores.shape == (2, 0)


def test_no_queries_give_no_rows(backend: type[VectorIndex]) -> None:
    index, _ = filled(backend, 6)
    ids, scores = index.search(np.zeros((0, DIM), dtype=np.float32), 3)
    assert ids.shape == scores.shape == (0, 3)


def test_all_results_can_be_asked_for(backend: type[VectorIndex]) -> None:
    index, _ = filled(backend, 1500)
    ids, _ = index.search(unit(3, seed=1), 1500)
    assert all(sorted(row) == list(range(1500)) for row in ids.tolist())


def test_removed_ids_are_not_found(backend: type[VectorIndex]) -> None:
    index, vectors = filled(backend, 100)
    index.remove(span(0, 50))
    assert len(index) == 50
    assert sorted(index.ids().tolist()) == list(range(50, 100))
    ids, _ = index.search(vectors[:50], 50)
    assert ids.min() >= 50


def test_unknown_ids_are_passed_over(backend: type[VectorIndex]) -> None:
    index, _ = filled(backend, 10)
    index.remove(np.array([3, 500, -7, 3], dtype=np.int64))
    index.remove(np.array([], dtype=np.int64))
    assert sorted(index.ids().tolist()) == [0, 1, 2, 4, 5, 6, 7, 8, 9]


def test_a_removed_id_can_come_back_with_another_vector(backend: type[VectorIndex]) -> None:
    index, vectors = filled(backend, 50)
    index.remove(span(0, 10))
    replacement = unit(10, seed=5)
    index.add(span(0, 10), replacement)
    assert len(index) == 50
    assert index.search(replacement, 1)[0][:, 0].tolist() == list(range(10))
    assert not np.intersect1d(index.search(vectors[:10], 1)[1] > 0.999, [True]).size


def test_adding_a_known_id_replaces_its_vector(backend: type[VectorIndex]) -> None:
    index, vectors = filled(backend, 50)
    replacement = unit(50, seed=6)
    index.add(span(0, 50), replacement)
    assert len(index) == 50
    assert index.search(replacement, 1)[0][:, 0].tolist() == list(range(50))
    assert index.search(vectors, 1)[1].max() < 0.999


def test_of_an_id_given_twice_the_last_vector_counts(backend: type[VectorIndex]) -> None:
    index, vectors = backend(DIM), unit(4)
    index.add(np.array([7, 8, 7, 7], dtype=np.int64), vectors)
    assert sorted(index.ids().tolist()) == [7, 8]
    ids, scores = index.search(vectors[3:4], 2)
    assert ids[0].tolist() == [7, 8]
    assert scores[0, 0] == pytest.approx(1, abs=1e-3)


def test_equal_vectors_are_all_found(backend: type[VectorIndex]) -> None:
    count = 20 if backend is FaissIndex else 40  # its graph loses a few of many equal ones
    index, same = backend(DIM), np.repeat(unit(1), count, axis=0)
    index.add(span(0, count), same)
    index.add(span(40, 80), unit(40, seed=2))
    ids, scores = index.search(same[:1], count)
    assert sorted(ids[0].tolist()) == list(range(count))
    assert scores == pytest.approx(1, abs=1e-3)


def test_large_ids_survive(backend: type[VectorIndex], tmp_path: Path) -> None:
    index, wanted = backend(DIM), [2**62, 0, 10**15, 5]
    index.add(np.array(wanted, dtype=np.int64), unit(4))
    index.save(tmp_path)
    for one in (index, backend.load(tmp_path, DIM)):
        assert one.search(unit(4), 1)[0][:, 0].tolist() == wanted


def test_adding_nothing_changes_nothing(backend: type[VectorIndex]) -> None:
    index, _ = filled(backend, 5)
    index.add(span(0, 0), unit(0))
    assert len(index) == 5


@pytest.mark.parametrize("shape", [(3, DIM + 1), (3, DIM - 1), (DIM,), (1, 3, DIM)])
def test_vectors_of_another_shape_are_refused(
    backend: type[VectorIndex], shape: tuple[int, ...]
) -> None:
    index, _ = filled(backend, 5)
    wrong = np.zeros(shape, dtype=np.float32)
    with pytest.raises(ValueError, match=r"expected vectors \[n, 24\]"):
        index.add(span(0, 3), wrong)
    with pytest.raises(ValueError, match=r"expected vectors \[n, 24\]"):
        index.search(wrong, 1)
    assert len(index) == 5


def test_as_many_ids_as_vectors_are_needed(backend: type[VectorIndex]) -> None:
    with pytest.raises(ValueError, match="ids for 3 vectors"):
        backend(DIM).add(span(0, 2), unit(3))


def test_an_index_grows_far_beyond_its_first_size(backend: type[VectorIndex]) -> None:
    index, vectors = backend(DIM), unit(5000)
    for first, end in ((0, 1), (1, 1025), (1025, 5000)):
        index.add(span(first, end), vectors[first:end])
        assert len(index) == end
    assert (index.search(vectors[::10], 1)[0][:, 0] == np.arange(0, 5000, 10)).mean() > 0.99


def test_a_saved_index_answers_as_before(backend: type[VectorIndex], tmp_path: Path) -> None:
    index, _ = filled(backend, 400)
    index.remove(span(100, 150))
    index.save(tmp_path / "new" / "folder")
    loaded = backend.load(tmp_path / "new" / "folder", DIM)
    assert sorted(loaded.ids().tolist()) == sorted(index.ids().tolist())
    queries = unit(30, seed=3)
    before, after = index.search(queries, 10), loaded.search(queries, 10)
    assert after[0].tolist() == before[0].tolist()
    assert after[1] == pytest.approx(before[1], abs=2e-3)


def test_a_loaded_index_can_be_changed(backend: type[VectorIndex], tmp_path: Path) -> None:
    index, vectors = filled(backend, 60)
    index.remove(span(0, 20))
    index.save(tmp_path)
    loaded = backend.load(tmp_path, DIM)
    loaded.remove(span(20, 30))
    loaded.add(span(60, 2060), unit(2000, seed=4))
    loaded.add(span(0, 5), vectors[:5])
    assert len(loaded) == 60 - 30 + 2000 + 5
    assert loaded.search(vectors[:5], 1)[0][:, 0].tolist() == [0, 1, 2, 3, 4]
    assert not np.isin(loaded.search(vectors, 20)[0], span(5, 30)).any()


def test_saving_again_replaces_what_was_saved(backend: type[VectorIndex], tmp_path: Path) -> None:
    index, vectors = filled(backend, 60)
    for _ in range(3):
        index.save(tmp_path)
    size = sum(path.stat().st_size for path in tmp_path.iterdir())
    index.remove(span(10, 60))
    index.save(tmp_path)
    assert sorted(backend.load(tmp_path, DIM).ids().tolist()) == list(range(10))
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= size
    assert not [path for path in tmp_path.iterdir() if "part" in path.name]
    del vectors


def test_an_empty_index_can_be_saved(backend: type[VectorIndex], tmp_path: Path) -> None:
    backend(DIM).save(tmp_path)
    loaded = backend.load(tmp_path, DIM)
    assert len(loaded) == 0
    loaded.add(span(0, 3), unit(3))
    assert loaded.search(unit(3), 1)[0][:, 0].tolist() == [0, 1, 2]


def test_loading_from_an_empty_folder_is_an_error(
    backend: type[VectorIndex], tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError):
        backend.load(tmp_path, DIM)


def test_loading_vectors_of_another_width_is_an_error(
    backend: type[VectorIndex], tmp_path: Path
) -> None:
    index, _ = filled(backend, 5)
    index.save(tmp_path)
    with pytest.raises(ValueError, match="expected"):
        backend.load(tmp_path, DIM + 1)


def test_recall_stays_high_over_many_rounds_of_change(
    backend: type[VectorIndex], tmp_path: Path
) -> None:
    rng = np.random.default_rng(11)
    index, stored, next_id = backend(DIM), {}, 0
    for number in range(30):
        ids = span(next_id, next_id + 100)
        vectors = unit(100, seed=100 + number)
        index.add(ids, vectors)
        stored.update(zip(ids.tolist(), vectors, strict=True))
        next_id += 100
        if number >= 5:
            gone = rng.choice(list(stored), 100, replace=False)
            index.remove(gone)
            for one in gone.tolist():
                del stored[one]
            changed = rng.choice(list(stored), 50, replace=False)
            vectors = unit(50, seed=500 + number)
            index.add(changed, vectors)
            stored.update(zip(changed.tolist(), vectors, strict=True))
        if number == 20:
            index.save(tmp_path)
            index = backend.load(tmp_path, DIM)
        assert sorted(index.ids().tolist()) == sorted(stored)
    assert recall(index, stored) > 0.95


def test_recall_survives_the_removal_of_nearly_everything(backend: type[VectorIndex]) -> None:
    index, vectors = filled(backend, 4000)
    keep = np.random.default_rng(3).choice(4000, 40, replace=False)
    index.remove(np.setdiff1d(span(0, 4000), keep))
    stored = {int(one): vectors[one] for one in keep}
    assert len(index) == 40
    assert recall(index, stored) > 0.95
    ids, _ = index.search(unit(2, seed=1), 40)
    assert sorted(ids[0].tolist()) == sorted(keep.tolist())


def test_an_emptied_index_can_be_filled_again(backend: type[VectorIndex]) -> None:
    index, vectors = filled(backend, 500)
    index.remove(span(0, 500))
    assert index.search(vectors[:2], 3)[0].shape == (2, 0)
    again = unit(700, seed=8)
    index.add(span(1000, 1700), again)
    assert recall(index, dict(zip(range(1000, 1700), again, strict=True))) > 0.95
    assert index.ids().min() == 1000


STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "remove"]), st.lists(st.integers(0, 12), max_size=8)),
    max_size=12,
)


def test_an_index_holds_what_a_dictionary_would(backend: type[VectorIndex]) -> None:
    @settings(max_examples=5 if backend is MilvusIndex else 60)  # it takes a second each
    @given(steps=STEPS)
    def check(steps: list[tuple[str, list[int]]]) -> None:
        index, stored = backend(DIM), dict[int, npt.NDArray[np.float32]]()
        for seed, (action, ids) in enumerate(steps):
            if action == "add":
                vectors = unit(len(ids), seed=seed)
                index.add(np.array(ids, dtype=np.int64), vectors)
                stored.update(zip(ids, vectors, strict=True))
            else:
                index.remove(np.array(ids, dtype=np.int64))
                stored = {one: vector for one, vector in stored.items() if one not in ids}
            assert sorted(index.ids().tolist()) == sorted(stored)
            assert len(index) == len(stored)
        for one, vector in stored.items():
            found, scores = index.search(vector[None], len(stored) + 1)
            assert found[0, 0] == one
            assert sorted(found[0].tolist()) == sorted(stored)
            expected = sorted((float(vector @ other) for other in stored.values()), reverse=True)
            assert scores[0] == pytest.approx(expected, abs=1e-3)
        index.close()

    check()


def test_vectors_need_not_be_of_unit_length(backend: type[VectorIndex]) -> None:
    """Reduced vectors are not; the longer of two in one direction scores higher."""
    lengths = np.random.default_rng(5).uniform(0.5, 1.5, size=(3000, 1)).astype(np.float32)
    index, vectors = backend(DIM), unit(3000) * lengths
    index.add(span(0, 3000), vectors)
    assert recall(index, dict(enumerate(vectors))) > 0.9
    queries = unit(20, seed=1)
    ids, scores = index.search(queries, 5)
    assert scores == pytest.approx(np.einsum("mkd,md->mk", vectors[ids], queries), abs=1e-3)


def test_an_approximate_index_looks_as_far_as_it_is_told(backend: type[VectorIndex]) -> None:
    index, _ = filled(backend, 3000)
    assert list(backend.EFFORTS) == sorted(set(backend.EFFORTS))
    stored = dict(enumerate(unit(3000)))
    for effort in backend.EFFORTS[:1] + backend.EFFORTS[-1:]:
        index.effort = effort
        last = recall(index, stored)
    if backend.EFFORTS:
        assert last > 0.99


def test_dead_vectors_are_counted_and_never_found(backend: type[VectorIndex]) -> None:
    index, vectors = filled(backend, 2000)
    assert index.dead == 0
    index.search(vectors[:1], 1)
    index.remove(span(0, 300))
    assert 0 <= index.dead <= 300
    assert not np.isin(index.search(vectors[:50], 20)[0], span(0, 300)).any()


def test_a_closed_index_leaves_no_files(
    backend: type[VectorIndex], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    index, _ = filled(backend, 20)
    index.close()
    assert list(tmp_path.iterdir()) == []


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x40
    path.write_bytes(content)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [_truncate, _flip, _empty, Path.unlink])
def test_a_damaged_file_is_refused(
    backend: type[VectorIndex], damage: Callable[[Path], None], tmp_path: Path
) -> None:
    index, _ = filled(backend, 1200)
    index.search(unit(1), 1)
    index.save(tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir() if path.suffix != ".lock")
    for name in names:
        content = (tmp_path / name).read_bytes()
        damage(tmp_path / name)
        with pytest.raises((ValueError, OSError)):
            backend.load(tmp_path, DIM)
        (tmp_path / name).write_bytes(content)
    assert len(backend.load(tmp_path, DIM)) == 1200


@pytest.mark.parametrize("limit", [0, 100, 40_000])
def test_a_full_disk_leaves_what_was_saved_before(
    backend: type[VectorIndex], limit: int, tmp_path: Path
) -> None:
    filled(backend, 10)[0].save(tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())
    larger, _ = filled(backend, 2000)
    with files_no_larger_than(limit), pytest.raises(OSError, match=r"space|large"):
        larger.save(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert len(backend.load(tmp_path, DIM)) == 10
    assert len(larger.search(unit(1), 5)[0][0]) == 5
