import shutil
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vs_powers import files_no_larger_than
from vs_vectors import unit

from engine.encoder import Encoder
from engine.library import Library
from engine.library.health import compaction
from engine.library.health.compaction import compact
from engine.library.store.stamp import NEXT, NEXT_DONE, PREVIOUS, ModelStamp, other_stamps


@pytest.fixture(autouse=True)
def few_rows_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "LEAST", 1)


def fill(library: Library, count: int, copies: int = 0) -> np.ndarray:
    """Images with rows of their own, and copies of the first ones; returns their vectors."""
    vectors = unit(count, seed=len(library.vectors), dim=library.vectors.dim)
    rows = library.vectors.append(vectors).tolist()
    sizes = {"size": 1, "mtime_ns": 1, "width": 1, "height": 1}
    run = library.catalogue.generation()
    named = [(f"/{run}/{row}", row) for row in rows]
    named += [(f"/{run}/copy of {row}", row) for row in rows[:copies]]
    library.catalogue.apply(
        added=[
            {"path": path, "digest": f"{run}-{row:060}", "vector_row": row, **sizes}
            for path, row in named
        ]
    )
    return vectors


def keep(library: Library, rows: set[int]) -> None:
    images = library.changes.changes()
    gone = ~np.isin(images.rows, list(rows))
    library.catalogue.apply(removed=images.ids[gone].tolist())


def seen(library: Library) -> dict[str, bytes]:
    """What a reader sees: a vector for every path."""
    records = library.catalogue.records()
    vectors = library.vectors.read(np.array([r.vector_row for r in records], dtype=np.int64))
    return {record.path: row.tobytes() for record, row in zip(records, vectors, strict=True)}


def stores(library: Library) -> set[str]:
    return {path.name for path in library.vectors_folder.iterdir()}


def test_rows_of_removed_images_are_dropped(library: Library) -> None:
    fill(library, 100)
    keep(library, set(range(1, 100, 2)))
    before, changes = seen(library), library.changes.changes()
    done = compact(library)
    assert done is not None
    assert (done.rows_before, done.rows_after, done.note) == (100, 50, "")
    assert done.freed == 50 * 2 * library.vectors.dim
    assert seen(library) == before
    after = library.changes.changes()
    assert after.rows.tolist() == list(range(50))
    assert np.array_equal(after.ids, changes.ids)
    assert np.array_equal(after.versions, changes.versions)
    assert after.head.generation == changes.head.generation + 1
    assert stores(library) == {"vectors-2.f16", "vectors-2.json"}
    assert compact(library) is None


def test_new_images_come_after_the_rows_that_are_left(library: Library) -> None:
    fill(library, 20)
    keep(library, {3, 4, 19})
    compact(library)
    before = seen(library)
    fill(library, 2)
    assert library.changes.changes().rows.tolist() == [0, 1, 2, 3, 4]
    assert before.items() <= seen(library).items()


@pytest.mark.parametrize(("kept", "worth"), [(80, False), (79, True)])
def test_it_is_done_only_if_more_than_a_fifth_is_unused(
    kept: int, worth: bool, library: Library
) -> None:
    fill(library, 100)
    keep(library, set(range(kept)))
    assert (compact(library) is not None) is worth


def test_it_is_not_done_for_a_few_rows(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "LEAST", 91)
    fill(library, 100)
    keep(library, set(range(10)))
    assert compact(library) is None


def test_copies_that_share_a_row_go_on_sharing_it(library: Library) -> None:
    fill(library, 10, copies=10)
    keep(library, {2, 7, 9})
    before = seen(library)
    done = compact(library)
    assert done is not None
    assert done.rows_after == 3
    assert len(before) == 6
    assert seen(library) == before


@given(kept=st.sets(st.integers(0, 29)), length=st.integers(0, 30), done=st.integers(0, 30))
def test_every_store_keeps_what_its_images_have(
    kept: set[int],
    length: int,
    done: int,
    encoder: Encoder,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """The previous store may be shorter; the next one is filled only in part."""
    library = Library(tmp_path_factory.mktemp("library"), encoder.manifest)
    fill(library, 30)
    numbers = np.repeat(np.arange(1, 31, dtype=np.float32)[:, None], 3, axis=1)
    library.store("older", 3).append(numbers[:length])
    library.store("newer", 3).append(numbers[:done])
    older = ModelStamp("a" * 16, "a", "/a", "older")
    newer = ModelStamp("b" * 16, "b", "/b", "newer")
    library.catalogue.set_meta({PREVIOUS: older.text(), NEXT: newer.text(), NEXT_DONE: str(done)})
    keep(library, kept)
    before = seen(library)
    if compact(library) is None:
        assert len(kept) >= 24
        return
    assert seen(library) == before
    facts = library.catalogue.facts()
    assert int(facts[NEXT_DONE]) == sum(row < done for row in kept)
    for key, count in ((PREVIOUS, length), (NEXT, done)):
        stamp = other_stamps(facts)[key]
        store = library.store(stamp.vectors)
        left = [row + 1 for row in sorted(kept) if row < count]
        assert store.read(np.arange(len(store)))[:, 0].tolist() == left
    library.close()


def test_a_reader_that_has_the_old_store_open_reads_on(library: Library, encoder: Encoder) -> None:
    reader = Library(library.folder, encoder.manifest)
    vectors = fill(library, 50)
    reader.vectors.require(49)
    keep(library, {40, 45})
    assert compact(library) is not None
    assert reader.vectors.read(np.array([49])) == pytest.approx(vectors[49:], abs=1e-3)
    reader.follow(reader.changes.head().vectors)
    assert seen(reader) == seen(library)


def test_a_full_disk_leaves_everything_as_it_is(library: Library) -> None:
    fill(library, 400)
    keep(library, set(range(300)))
    before, files = seen(library), stores(library)
    with files_no_larger_than(200 * 2 * library.vectors.dim):
        done = compact(library)
    assert done is not None
    assert "still kept" in done.note
    assert "File too large" in done.note
    assert (seen(library), stores(library)) == (before, files)
    again = compact(library)
    assert again is not None
    assert again.note == ""


def test_too_little_room_is_found_before_anything_is_written(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(library, 10)
    keep(library, {1})
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1, 1, 1000))
    done = compact(library)
    assert done is not None
    assert "of disk" in done.note
    assert stores(library) == {"vectors.f16", "vectors.json"}


def test_a_library_that_another_process_writes_into_is_left_alone(
    library: Library, encoder: Encoder
) -> None:
    fill(library, 10)
    keep(library, {1})
    with Library(library.folder, encoder.manifest).writing():
        done = compact(library)
    assert done is not None
    assert "another process is indexing" in done.note


def test_it_needs_no_model(library: Library, encoder: Encoder) -> None:
    fill(library, 10)
    keep(library, {1, 8})
    before = seen(library)
    assert compact(Library(library.folder)) is not None
    assert seen(Library(library.folder, encoder.manifest)) == before


def test_a_store_that_was_cut_short_is_not_compacted(library: Library) -> None:
    fill(library, 10)
    keep(library, {1, 8})
    file = library.vectors_folder / "vectors.f16"
    Path(file).write_bytes(file.read_bytes()[: 5 * 2 * library.vectors.dim])
    done = compact(library)
    assert done is not None
    assert "row 8 is missing" in done.note
    assert stores(library) == {"vectors.f16", "vectors.json"}
