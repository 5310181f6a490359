"""Windows of pictures: kept small, forgotten with their pictures, made up for where missing."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from vs_drawing import draw

from engine.encoder import Encoder
from engine.library import Library, ingest
from engine.library.windows import FILE, WindowStore, open_windows, windows_of

COUNT, DIM = 9, 32


def rows(seed: int, count: int = COUNT, dim: int = DIM) -> np.ndarray:
    found = np.random.default_rng(seed).normal(size=(count, dim)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[WindowStore]:
    opened = WindowStore(tmp_path, COUNT, DIM)
    yield opened
    opened.close()


def test_windows_come_back_as_they_were(store: WindowStore) -> None:
    kept = {f"{seed:064x}": rows(seed) for seed in range(600)}
    store.add(kept)
    found = store.of([*kept, "unknown"])
    assert found.keys() == kept.keys()
    for digest, windows in kept.items():
        assert found[digest].dtype == np.float32
        assert np.vecdot(found[digest], windows).min() > 0.9995
        np.testing.assert_allclose(np.linalg.norm(found[digest], axis=1), 1, atol=1e-5)
    assert store.unknown(["unknown", *list(kept)[:3]]) == ["unknown"]
    assert store.sample(10).shape == (10 * COUNT, DIM)


def test_what_is_added_again_takes_the_place_and_what_is_forgotten_is_gone(
    store: WindowStore,
) -> None:
    store.add({"a": rows(1), "b": rows(2)})
    store.add({"a": rows(3)})
    assert np.vecdot(store.of(["a"])["a"], rows(3)).min() > 0.999
    store.forget(["a"])
    assert store.of(["a", "b"]).keys() == {"b"}


def test_nothing_is_kept_at_first(store: WindowStore) -> None:
    assert store.of([]) == store.of(["a"]) == {}
    assert store.sample(5).shape == (0, DIM)
    assert not store.is_complete
    store.note_complete()
    store.note_complete()
    assert store.is_complete


@pytest.mark.parametrize("damage", [b"no database at all" * 500, "shape"])
def test_a_damaged_file_is_as_good_as_none(
    tmp_path: Path, damage: bytes | str, caplog: pytest.LogCaptureFixture
) -> None:
    first = WindowStore(tmp_path, COUNT, DIM)
    first.add({"a": rows(1)})
    first.close()
    if isinstance(damage, bytes):
        (tmp_path / FILE).write_bytes(damage)
        (tmp_path / f"{FILE}-wal").unlink(missing_ok=True)
        (tmp_path / f"{FILE}-shm").unlink(missing_ok=True)
    store = WindowStore(tmp_path, COUNT, DIM if isinstance(damage, bytes) else DIM + 1)
    assert store.of(["a"]) == {}
    assert store.is_complete is isinstance(damage, bytes)  # nothing can be done about it
    if isinstance(damage, bytes):
        store.add({"b": rows(2)})
        store.forget(["a"])
        assert store.unknown(["a"]) == []
        assert "not used" in caplog.text


@pytest.fixture
def three(pictures: Path) -> Path:
    """A folder of three pictures."""
    for number in range(3):
        draw(number, (300, 200)).save(pictures / f"{number}.png")
    return pictures


@pytest.fixture
def grid(encoder: Encoder) -> tuple[int, int]:
    found = encoder.window_grid
    assert found is not None, "the shipped model gives windows"
    return found


def test_indexing_keeps_windows_and_drops_them_with_their_pictures(
    library: Library, encoder: Encoder, three: Path, grid: tuple[int, int]
) -> None:
    ingest(library, encoder, [three])
    digests = [record.digest for record in library.catalogue.records()]
    with windows_of(library, encoder) as store:
        assert store is not None
        assert store.is_complete
        found = store.of(digests)
    assert {windows.shape for windows in found.values()} == {(grid[0] * grid[1], encoder.dim)}
    (three / "0.png").unlink()
    ingest(library, encoder, [three])
    with windows_of(library, encoder) as store:
        assert store is not None
        assert len(store.of(digests)) == 2


@pytest.mark.usefixtures("grid")
def test_windows_that_were_lost_are_made_from_thumbnails(
    library: Library, encoder: Encoder, three: Path
) -> None:
    ingest(library, encoder, [three])
    digests = [record.digest for record in library.catalogue.records()]
    with windows_of(library, encoder) as store:
        assert store is not None
        before = store.of(digests)
    for file in library.index_folder.glob(f"{FILE}*"):
        file.unlink()
    library.thumbnails.remove(digests[0])
    told: list[str] = []
    ingest(library, encoder, [three], lambda progress: told.append(progress.stage))
    with windows_of(library, encoder) as store:
        assert store is not None
        after = store.of(digests)
        assert store.is_complete
    assert after.keys() == set(digests[1:])
    assert all(np.vecdot(after[d], before[d]).mean() > 0.95 for d in after)
    assert "looking at parts of pictures" in told


def test_a_model_without_windows_has_no_store(library: Library, encoder: Encoder) -> None:
    class Without:
        window_grid = None

    assert open_windows(library, Without()) is None  # type: ignore[arg-type]
