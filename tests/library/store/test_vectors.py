import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from vs_powers import files_no_larger_than
from vs_vectors import unit

from engine import files
from engine.library import LibraryError
from engine.library.store.vectors import StoreGoneError, VectorStore, delete_store, store_names

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


def test_every_float16_reads_as_the_number_that_it_is(store: VectorStore, tmp_path: Path) -> None:
    every = np.arange(2**16, dtype=np.uint16).view(np.float16).reshape(-1, 8)
    (tmp_path / "vectors.f16").write_bytes(every.tobytes())
    got, expected = store.read(np.arange(len(every))), every.astype(np.float32)
    finite = np.isfinite(expected)
    assert np.array_equal(got[finite], expected[finite])
    assert np.array_equal(np.signbit(got[finite]), np.signbit(expected[finite]))
    assert (np.abs(got[~finite]) >= 2**16).all()  # so that no such vector has unit length


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


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"dim": null}', '{"dim": 0}', "\0"])
def test_a_damaged_header_is_made_again_and_said(
    content: str, store: VectorStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    vectors = unit(2, dim=8)
    store.append(vectors)
    (tmp_path / "vectors.json").write_text(content)
    assert VectorStore(tmp_path, 8).read(rows(0, 1)) == pytest.approx(vectors, abs=1e-3)
    assert f"{tmp_path / 'vectors.json'}: damaged" in caplog.text
    assert VectorStore(tmp_path, None).dim == 8


@pytest.mark.parametrize("content", ["{", None])
def test_without_a_model_a_header_is_needed(
    content: str | None, store: VectorStore, tmp_path: Path
) -> None:
    header = tmp_path / "vectors.json"
    header.unlink()
    if content is not None:
        header.write_text(content)
    with pytest.raises(LibraryError, match=r"vectors\.json: missing or damaged"):
        VectorStore(tmp_path, None)


def test_the_header_says_what_is_stored(store: VectorStore, tmp_path: Path) -> None:
    assert json.loads((tmp_path / "vectors.json").read_text()) == {"dim": 8, "dtype": "float16"}


def test_a_run_killed_while_it_made_the_store_is_survived(tmp_path: Path) -> None:
    (tmp_path / "vectors.f16").touch()  # the first file of the two
    assert VectorStore(tmp_path, 8).append(unit(1, dim=8)).tolist() == [0]


def test_vectors_that_were_lost_are_found_missing_by_whoever_reads(
    store: VectorStore, tmp_path: Path
) -> None:
    store.append(unit(3, dim=8))
    (tmp_path / "vectors.f16").unlink()
    with pytest.raises(LibraryError, match=r"row 2 is missing, the file ends at 0.*doctor"):
        VectorStore(tmp_path, 8).require(2)


def test_a_store_that_is_gone_is_not_made_again_by_a_reader(tmp_path: Path) -> None:
    with pytest.raises(StoreGoneError, match=r"vectors-7\.f16: the file is missing"):
        VectorStore(tmp_path, 8, "vectors-7", make=False)
    assert list(tmp_path.iterdir()) == []


def test_what_was_required_can_be_read_after_the_file_is_gone(
    store: VectorStore, tmp_path: Path
) -> None:
    reader, vectors = VectorStore(tmp_path, 8), unit(3, dim=8)
    store.append(vectors)
    reader.require(2)
    assert delete_store(tmp_path, "vectors") == 3 * ROW
    assert reader.read(rows(2, 0)) == pytest.approx(vectors[[2, 0]], abs=1e-3)
    with pytest.raises(StoreGoneError):
        reader.require(3)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_was_cut_short_says_so(store: VectorStore, tmp_path: Path) -> None:
    store.append(unit(5, dim=8))
    (tmp_path / "vectors.f16").write_bytes(b"\0" * ROW * 2)
    with pytest.raises(LibraryError, match=r"row 4 is missing.*doctor --repair"):
        VectorStore(tmp_path, 8).read(rows(0, 4))


def test_rows_are_filled_in_any_order_and_those_between_hold_nothing(store: VectorStore) -> None:
    vectors = unit(2, dim=8)
    store.write(rows(4, 1), vectors)
    assert len(store) == 5
    assert store.read(rows(4, 1)) == pytest.approx(vectors, abs=1e-3)
    assert not store.read(rows(0, 2, 3)).any()
    assert store.missing(rows(0, 1, 2, 3, 4, 5)).tolist() == [True, False, True, True, False, True]
    with pytest.raises(ValueError, match="expected vectors"):
        store.write(rows(0), np.zeros((1, 7), dtype=np.float32))


def test_rows_are_cut_off_and_put_on(store: VectorStore) -> None:
    vectors = unit(4, dim=8)
    store.append(vectors)
    store.trim(9)
    store.extend(3)
    assert len(store) == 4
    store.trim(2)
    store.extend(5)
    assert len(store) == 5
    assert store.missing(np.arange(5)).tolist() == [False, False, True, True, True]
    assert store.read(rows(1)) == pytest.approx(vectors[1:2], abs=1e-3)


def test_a_copy_holds_the_rows_that_were_asked_for(store: VectorStore, tmp_path: Path) -> None:
    store.append(unit(20_000, dim=8))
    some = np.arange(1, 20_000, 2)
    copied = store.copy(some, "copied")
    assert np.array_equal(copied.read(np.arange(len(some))), store.read(some))
    assert np.array_equal(VectorStore(tmp_path, None, "copied").read(rows(3)), store.read(rows(7)))
    assert len(store.copy(rows(), "empty")) == 0
    assert store_names(tmp_path) == ["copied", "empty", "vectors"]


def test_a_copy_that_fails_leaves_nothing(store: VectorStore, tmp_path: Path) -> None:
    store.append(unit(10, dim=8))
    with files_no_larger_than(5 * ROW), pytest.raises(OSError, match="large"):
        store.copy(np.arange(10), "copied")
    assert store_names(tmp_path) == ["vectors"]


def test_a_full_disk_leaves_the_rows_before_it(store: VectorStore, tmp_path: Path) -> None:
    first = unit(4, dim=8)
    store.append(first)
    with files_no_larger_than(5 * ROW + 3), pytest.raises(OSError, match="large"):
        store.append(unit(100, seed=1, dim=8))
    assert store.append(unit(1, seed=2, dim=8)).tolist()[0] >= 4
    assert store.read(rows(0, 1, 2, 3)) == pytest.approx(first, abs=1e-3)


def pages_of(file: Path) -> int:
    """Bytes of a file in this process's address space that can be read without the system."""
    lines = iter(Path("/proc/self/smaps").read_text(encoding="utf-8").splitlines())
    at = (line for line in lines if line.endswith(str(file)))
    return sum(
        int(next(below for below in lines if below.startswith("Rss:")).split()[1]) * 1024
        for _ in at
    )


@pytest.mark.parametrize("free", [2**40, 1000])
def test_a_warm_store_is_read_without_asking_the_system_for_pages(
    free: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = VectorStore(tmp_path, 512)
    store.append(unit(9000, dim=512))
    store.require(8999)
    monkeypatch.setattr(files, "available_bytes", lambda: free)
    store.warm()
    held = pages_of(tmp_path / "vectors.f16")
    assert (held >= store.nbytes) == (free > store.nbytes)


def test_an_empty_store_can_be_warmed(store: VectorStore) -> None:
    store.warm()
    assert len(store) == 0
