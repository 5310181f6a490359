import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from vs_powers import files_no_larger_than
from vs_property import UNHURRIED
from vs_vectors import unit

from engine.library import LibraryError
from engine.library.vectors import VectorStore

ROW = 2 * 8  # bytes: eight numbers of float16


@pytest.fixture
def store(tmp_path: Path) -> VectorStore:
    return VectorStore(tmp_path, 8)


def rows(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.int64)


def test_a_new_store_is_empty(store: VectorStore) -> None:
    assert len(store) == 0
    assert store.read(rows()).shape == (0, 8)


def test_rows_are_numbered_from_zero_in_order(store: VectorStore) -> None:
    assert store.append(unit(3, dim=8)).tolist() == [0, 1, 2]
    assert store.append(unit(2, seed=1, dim=8)).tolist() == [3, 4]
    assert store.append(unit(0, dim=8)).tolist() == []
    assert len(store) == 5


def test_rows_come_back_in_any_order(store: VectorStore) -> None:
    vectors = unit(10, dim=8)
    store.append(vectors)
    got = store.read(rows(7, 0, 7, 9))
    assert got.dtype == np.float32
    assert got == pytest.approx(vectors[[7, 0, 7, 9]], abs=1e-3)


@UNHURRIED
@given(
    batches=st.lists(
        st.integers(0, 5).flatmap(
            lambda n: arrays(np.float32, (n, 8), elements=st.floats(-1, 1, width=16))
        ),
        max_size=6,
    ),
    stray=st.integers(0, ROW - 1),
)
def test_what_was_appended_is_read_back(
    batches: list[np.ndarray], stray: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Also with part of a row left behind by a killed run, before every append."""
    folder = tmp_path_factory.mktemp("vectors")
    expected = np.zeros((0, 8), dtype=np.float32)
    for batch in batches:
        store = VectorStore(folder, 8)
        with (folder / "vectors.f16").open("ab") as stream:
            stream.write(b"\xff" * stray)
        first = len(store)
        assert store.append(batch).tolist() == list(range(first, first + len(batch)))
        expected = np.concatenate([expected, batch])
        assert np.array_equal(store.read(np.arange(len(expected))), expected)
    assert len(VectorStore(folder, 8)) == len(expected)


def test_part_of_a_row_is_no_row(store: VectorStore, tmp_path: Path) -> None:
    store.append(unit(2, dim=8))
    with (tmp_path / "vectors.f16").open("ab") as stream:
        stream.write(b"\1" * (ROW - 1))
    again = VectorStore(tmp_path, 8)
    assert len(again) == 2
    assert again.append(unit(1, seed=4, dim=8)).tolist() == [2]
    assert (tmp_path / "vectors.f16").stat().st_size == 3 * ROW
    assert again.read(rows(2)) == pytest.approx(unit(1, seed=4, dim=8), abs=1e-3)


def test_another_reader_sees_what_was_appended(store: VectorStore, tmp_path: Path) -> None:
    reader = VectorStore(tmp_path, 8)
    store.append(unit(3, dim=8))
    assert reader.read(rows(2)) == pytest.approx(unit(3, dim=8)[2:], abs=1e-3)
    store.append(unit(3, seed=1, dim=8))
    assert reader.read(rows(5)) == pytest.approx(unit(3, seed=1, dim=8)[2:], abs=1e-3)


def test_more_rows_than_are_read_at_once(tmp_path: Path) -> None:
    store = VectorStore(tmp_path, 2)
    values = np.linspace(-1, 1, 40_000, dtype=np.float32).reshape(-1, 2)
    store.append(values)
    assert store.read(np.arange(20_000)) == pytest.approx(values, abs=1e-3)


@pytest.mark.parametrize("shape", [(8,), (2, 7), (2, 9), (1, 2, 8)])
def test_vectors_of_another_shape_are_refused(store: VectorStore, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"expected vectors \[n, 8\]"):
        store.append(np.zeros(shape, dtype=np.float32))
    assert len(store) == 0


def test_a_store_of_another_width_is_refused_with_both(store: VectorStore, tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="vectors of 8, but the model gives 16"):
        VectorStore(tmp_path, 16)


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"dim": null}', "\0"])
def test_a_damaged_header_is_named(content: str, store: VectorStore, tmp_path: Path) -> None:
    (tmp_path / "vectors.json").write_text(content)
    with pytest.raises(LibraryError, match=r"vectors\.json"):
        VectorStore(tmp_path, 8)


def test_the_header_says_what_is_stored(store: VectorStore, tmp_path: Path) -> None:
    assert json.loads((tmp_path / "vectors.json").read_text()) == {"dim": 8, "dtype": "float16"}


def test_a_run_killed_while_it_made_the_store_is_survived(tmp_path: Path) -> None:
    (tmp_path / "vectors.f16").touch()  # the first file of the two
    assert VectorStore(tmp_path, 8).append(unit(1, dim=8)).tolist() == [0]


def test_a_store_without_its_vectors_says_so(store: VectorStore, tmp_path: Path) -> None:
    (tmp_path / "vectors.f16").unlink()
    with pytest.raises(LibraryError, match=r"vectors\.f16"):
        VectorStore(tmp_path, 8)


def test_a_file_that_was_cut_short_says_so(store: VectorStore, tmp_path: Path) -> None:
    store.append(unit(5, dim=8))
    (tmp_path / "vectors.f16").write_bytes(b"\0" * ROW * 2)
    with pytest.raises(LibraryError, match=r"row 4 is missing.*index again"):
        VectorStore(tmp_path, 8).read(rows(0, 4))


def test_a_full_disk_leaves_the_rows_before_it(store: VectorStore, tmp_path: Path) -> None:
    first = unit(4, dim=8)
    store.append(first)
    with files_no_larger_than(5 * ROW + 3), pytest.raises(OSError, match="large"):
        store.append(unit(100, seed=1, dim=8))
    assert store.append(unit(1, seed=2, dim=8)).tolist()[0] >= 4
    assert store.read(rows(0, 1, 2, 3)) == pytest.approx(first, abs=1e-3)
