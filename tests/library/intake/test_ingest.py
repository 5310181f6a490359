import hashlib
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from vs_drawing import draw, encode, write, write_many
from vs_library import counts, vector
from vs_powers import file_permissions_count, files_no_larger_than

from engine.encoder import Encoder, ModelError
from engine.library import ImageRecord, IngestReport, Library, LibraryError, Progress, ingest
from engine.library.intake.ingest import BATCH
from engine.library.intake.plan import EMPTY_FOLDER_GUARD
from engine.library.intake.spool import CHUNK

Run = Callable[..., IngestReport]


@pytest.fixture
def run(library: Library, encoder: Encoder, pictures: Path) -> Run:
    """Index the folder `pictures`, or others."""

    def index(*folders: Path, remove_missing: bool = False) -> IngestReport:
        chosen = folders or (pictures,)
        return ingest(library, encoder, chosen, remove_missing=remove_missing)

    return index


def by_name(library: Library) -> dict[str, ImageRecord]:
    return {Path(record.path).name: record for record in library.catalogue.records()}


def later(path: Path) -> None:
    """Give a file a later time, as if it had been written in another second."""
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 10**9))


def test_new_pictures_become_rows_vectors_and_thumbnails(
    run: Run, library: Library, encoder: Encoder, pictures: Path
) -> None:
    paths = write_many(pictures, 5)
    report = run()
    assert counts(report) == {"added": 5}
    assert report.seconds > 0
    expected = encoder.encode_images(paths)
    for path, row, record in zip(paths, expected, library.catalogue.records(), strict=True):
        status = path.stat()
        assert record.path == str(path)
        assert record.digest == hashlib.sha256(path.read_bytes()).hexdigest()
        assert (record.size, record.mtime_ns) == (status.st_size, status.st_mtime_ns)
        assert (record.width, record.height) == (96, 72)
        assert vector(library, record) @ row > 0.999
        assert library.thumbnails.path(record.digest).exists()
    assert library.catalogue.folders() == [str(pictures)]


def test_running_again_reads_no_file(run: Run, library: Library, pictures: Path) -> None:
    write_many(pictures, 4)
    run()
    before = (library.catalogue.records(), library.catalogue.generation())
    again = run()
    assert counts(again) == {"unchanged": 4}
    assert again.stage("read").seconds == 0
    assert (library.catalogue.records(), library.catalogue.generation()) == before


def test_a_touched_file_is_unchanged_and_read_only_once(
    run: Run, library: Library, pictures: Path
) -> None:
    (path,) = write_many(pictures, 1)
    run()
    (before,) = library.catalogue.records()
    later(path)
    first = run()
    assert counts(first) == {"unchanged": 1}
    assert first.stage("read").seconds > 0
    (after,) = library.catalogue.records()
    assert after.mtime_ns == path.stat().st_mtime_ns
    assert (after.id, after.vector_row) == (before.id, before.vector_row)
    assert run().stage("read").seconds == 0


def test_a_changed_file_keeps_its_id_and_gets_a_new_vector(
    run: Run, library: Library, encoder: Encoder, pictures: Path
) -> None:
    (path,) = write_many(pictures, 1)
    run()
    (before,) = library.catalogue.records()
    write(path, 50, (40, 60))
    assert counts(run()) == {"updated": 1}
    (after,) = library.catalogue.records()
    assert after.id == before.id
    assert after.vector_row != before.vector_row
    assert (after.width, after.height) == (40, 60)
    assert vector(library, after) @ encoder.encode_images([path])[0] > 0.999
    assert not library.thumbnails.path(before.digest).exists()
    assert library.thumbnails.path(after.digest).exists()


def test_a_moved_file_keeps_its_id_and_its_marks(
    run: Run, library: Library, pictures: Path
) -> None:
    first, _ = write_many(pictures, 2)
    run()
    before = by_name(library)[first.name]
    library.marks.set("dogs", before.id, 1)
    (pictures / "deep" / "down").mkdir(parents=True)
    first.rename(pictures / "deep" / "down" / "renamed.png")
    assert counts(run()) == {"moved": 1, "unchanged": 1}
    after = by_name(library)["renamed.png"]
    assert (after.id, after.vector_row) == (before.id, before.vector_row)
    assert library.marks.of("dogs") == {before.id: 1}
    assert len(library.vectors) == 2


def test_a_renamed_folder_keeps_all_ids(run: Run, library: Library, pictures: Path) -> None:
    write_many(pictures / "old", 40)
    run()
    before = {name: record.id for name, record in by_name(library).items()}
    (pictures / "old").rename(pictures / "new")
    assert counts(run()) == {"moved": 40}
    assert {name: record.id for name, record in by_name(library).items()} == before
    assert len(library.vectors) == 40


def test_files_that_changed_names_with_each_other(
    run: Run, library: Library, pictures: Path
) -> None:
    first, second = write_many(pictures, 2)
    run()
    before = by_name(library)
    first.rename(pictures / "aside")
    second.rename(first)
    (pictures / "aside").rename(second)
    later(first)
    assert counts(run()) == {"updated": 2}
    after = by_name(library)
    assert after[first.name].vector_row == before[second.name].vector_row
    assert after[second.name].vector_row == before[first.name].vector_row
    assert len(library.vectors) == 2


def test_copies_share_a_vector_and_a_thumbnail(run: Run, library: Library, pictures: Path) -> None:
    (path,) = write_many(pictures, 1)
    shutil.copy(path, pictures / "in the same run.png")
    assert counts(run()) == {"added": 2}
    shutil.copy(path, pictures / "later.png")
    assert counts(run()) == {"added": 1, "unchanged": 2}
    records = library.catalogue.records()
    assert len({record.id for record in records}) == 3
    assert len({record.vector_row for record in records}) == len(library.vectors) == 1
    path.unlink()
    (pictures / "later.png").unlink()
    assert counts(run()) == {"removed": 2, "unchanged": 1}
    assert library.thumbnails.path(records[0].digest).exists()


def test_copies_in_different_batches_are_encoded_once(
    run: Run, library: Library, pictures: Path
) -> None:
    paths = write_many(pictures, 2 * BATCH)
    for path in paths:
        shutil.copy(path, pictures / f"z {path.name}")
    assert counts(run()) == {"added": 4 * BATCH}
    assert len(library.vectors) == 2 * BATCH


def test_a_deleted_file_leaves_the_library(run: Run, library: Library, pictures: Path) -> None:
    paths = write_many(pictures, 3)
    run()
    gone = by_name(library)[paths[1].name]
    paths[1].unlink()
    assert counts(run()) == {"removed": 1, "unchanged": 2}
    assert paths[1].name not in by_name(library)
    assert not library.thumbnails.path(gone.digest).exists()


def test_a_file_that_comes_back_gets_a_new_id(run: Run, library: Library, pictures: Path) -> None:
    (path,) = write_many(pictures, 1)
    run()
    (before,) = library.catalogue.records()
    path.rename(pictures / ".aside")
    run()
    (pictures / ".aside").rename(path)
    assert counts(run()) == {"added": 1}
    (after,) = library.catalogue.records()
    assert after.id > before.id
    assert library.thumbnails.path(after.digest).exists()


def test_a_bad_file_is_not_decoded_again_yet_reported_again(
    run: Run, library: Library, pictures: Path
) -> None:
    write_many(pictures, 2)
    (pictures / "bad.jpg").write_bytes(b"no picture")
    first = run()
    assert counts(first) == {"added": 2, "skipped": 1}
    assert first.skipped[0].path == str(pictures / "bad.jpg")
    again = run()
    assert counts(again) == {"unchanged": 2, "skipped": 1}
    assert again.skipped == first.skipped
    assert again.stage("read").seconds == 0
    assert library.catalogue.skipped() == list(first.skipped)


def test_a_bad_file_that_is_deleted_is_forgotten(
    run: Run, library: Library, pictures: Path
) -> None:
    (pictures / "bad.jpg").write_bytes(b"no picture")
    run()
    (pictures / "bad.jpg").unlink()
    assert counts(run()) == {}
    assert library.catalogue.skipped() == []


def test_a_bad_file_that_is_repaired_is_added(run: Run, library: Library, pictures: Path) -> None:
    path = pictures / "a.png"
    content = encode(draw(1))
    path.write_bytes(content[: len(content) // 2])
    assert counts(run()) == {"skipped": 1}
    path.write_bytes(content)
    assert counts(run()) == {"added": 1}
    assert library.catalogue.skipped() == []


def test_an_image_whose_file_is_damaged_stays_until_it_is_repaired(
    run: Run, library: Library, pictures: Path
) -> None:
    (path,) = write_many(pictures, 1)
    run()
    (before,) = library.catalogue.records()
    content, status = path.read_bytes(), path.stat()
    path.write_bytes(content[:100])
    for _ in range(2):
        assert counts(run()) == {"skipped": 1}
        assert library.catalogue.records() == [before]
    path.write_bytes(content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))  # as a backup restores it
    for _ in range(2):
        assert counts(run()) == {"unchanged": 1}
        assert library.catalogue.records() == [before]
    assert library.catalogue.skipped() == []


def test_a_file_without_permission_is_tried_again(
    run: Run, library: Library, pictures: Path
) -> None:
    (path,) = write_many(pictures, 1)
    path.chmod(0)
    with file_permissions_count():
        report = run()
    assert [skip.reason for skip in report.skipped] == ["permission denied"]
    path.chmod(0o600)  # changes neither size nor time
    assert counts(run()) == {"added": 1}
    assert library.catalogue.skipped() == []


def test_images_in_a_folder_that_cannot_be_read_are_kept(
    run: Run, library: Library, pictures: Path
) -> None:
    write_many(pictures / "locked", 3)
    write_many(pictures / "open", 2, first_seed=10)
    run()
    (pictures / "locked").chmod(0)
    with file_permissions_count():
        report = run()
    (pictures / "locked").chmod(0o700)
    assert counts(report) == {"unchanged": 2, "skipped": 1}
    assert library.catalogue.count() == 5
    assert counts(run()) == {"unchanged": 5}


def test_an_unplugged_folder_loses_nothing(run: Run, library: Library, pictures: Path) -> None:
    write_many(pictures, 3)
    run()
    pictures.rename(pictures.with_name("unplugged"))
    report = run()
    assert counts(report) == {}
    assert "3 images of it are kept" in report.notes[0]
    assert library.catalogue.count() == 3
    pictures.with_name("unplugged").rename(pictures)
    assert counts(run()) == {"unchanged": 3}


def test_an_unplugged_folder_is_dropped_if_that_is_wanted(
    run: Run, library: Library, pictures: Path
) -> None:
    write_many(pictures, 3)
    run()
    shutil.rmtree(pictures)
    assert library.catalogue.folders() == [str(pictures)]
    assert counts(run(remove_missing=True)) == {"removed": 3}
    assert library.catalogue.count() == 0
    assert library.catalogue.folders() == []


def test_a_mount_point_that_is_empty_loses_nothing(
    run: Run, library: Library, pictures: Path
) -> None:
    for number in range(EMPTY_FOLDER_GUARD + 1):  # copies: the content does not matter
        (pictures / f"{number}.png").write_bytes(encode(draw(number % 3)))
    run()
    pictures.rename(pictures.with_name("unmounted"))
    pictures.mkdir()
    report = run()
    assert counts(report) == {}
    assert f"{EMPTY_FOLDER_GUARD + 1} images of it are kept" in report.notes[0]
    assert library.catalogue.count() == EMPTY_FOLDER_GUARD + 1
    assert counts(run(remove_missing=True)) == {"removed": EMPTY_FOLDER_GUARD + 1}


def test_images_of_other_folders_are_left_alone(
    run: Run, library: Library, pictures: Path, tmp_path: Path
) -> None:
    write_many(pictures, 2)
    run()
    write_many(tmp_path / "others", 3, first_seed=10)
    assert counts(run(tmp_path / "others")) == {"added": 3}
    shutil.rmtree(pictures)
    assert counts(run(tmp_path / "others")) == {"unchanged": 3}
    assert library.catalogue.count() == 5


def test_a_move_from_one_folder_to_another_is_seen_if_both_are_walked(
    run: Run, library: Library, pictures: Path, tmp_path: Path
) -> None:
    path = write(pictures / "a.png", 1)
    write(tmp_path / "others" / "b.png", 2)
    run(pictures, tmp_path / "others")
    before = by_name(library)["a.png"].id
    path.rename(tmp_path / "others" / "moved.png")
    assert counts(run(pictures, tmp_path / "others")) == {"moved": 1, "unchanged": 1}
    assert by_name(library)["moved.png"].id == before


def test_a_library_within_its_own_pictures_does_not_index_itself(
    encoder: Encoder, pictures: Path
) -> None:
    write_many(pictures, 3)
    library = Library(pictures / "library", encoder.manifest)
    for expected in ({"added": 3}, {"unchanged": 3}):
        assert counts(ingest(library, encoder, [pictures])) == expected


def test_an_empty_folder_and_a_single_file(run: Run, pictures: Path, tmp_path: Path) -> None:
    assert counts(run()) == {}
    path = write(tmp_path / "single.png", 1)
    assert counts(run(path)) == {"added": 1}
    assert counts(run(path)) == {"unchanged": 1}


def test_progress_is_told_after_every_batch(
    library: Library, encoder: Encoder, pictures: Path
) -> None:
    write_many(pictures, 2 * BATCH + 3)
    (pictures / "zz.png").write_bytes(b"bad")
    told: list[Progress] = []
    ingest(library, encoder, [pictures], told.append)
    total = 2 * BATCH + 4
    assert told == [
        Progress(BATCH, total, 0),
        Progress(2 * BATCH, total, 0),
        Progress(total, total, 1),
    ]


def test_stopping_a_run_keeps_the_batches_before(
    library: Library, encoder: Encoder, run: Run, pictures: Path
) -> None:
    write_many(pictures, 3 * BATCH)

    def stop(progress: Progress) -> None:
        if progress.done == 2 * BATCH:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest(library, encoder, [pictures], stop)
    kept = library.catalogue.count()
    assert kept in (2 * BATCH, 3 * BATCH), "whole batches; the next one may have been under way"
    again = run()
    assert (again.added, again.unchanged) == (3 * BATCH - kept, kept)


def test_a_file_that_goes_away_during_the_run_is_reported(
    library: Library, encoder: Encoder, run: Run, pictures: Path
) -> None:
    paths = write_many(pictures, 5 * BATCH)

    def unlink_last(progress: Progress) -> None:
        paths[-1].unlink(missing_ok=True)

    report = ingest(library, encoder, [pictures], unlink_last)
    assert [(skip.path, skip.reason) for skip in report.skipped] == [
        (str(paths[-1]), "no such file")
    ]
    assert report.added == 5 * BATCH - 1
    assert counts(run()) == {"unchanged": 5 * BATCH - 1}


def test_originals_are_never_modified(run: Run, pictures: Path) -> None:
    write_many(pictures, 3)
    (pictures / "a.jpg").write_bytes(encode(draw(9), "JPEG"))
    (pictures / "bad.jpg").write_bytes(b"bad")
    (pictures / "notes.txt").write_bytes(b"notes")
    (pictures / "link.png").symlink_to("000.png")
    for path in pictures.iterdir():
        path.chmod(0o644)

    def everything() -> dict[str, tuple[object, ...]]:
        return {
            path.name: (
                path.lstat().st_mtime_ns,
                path.lstat().st_ctime_ns,
                path.lstat().st_mode,
                path.read_bytes(),
            )
            for path in [*pictures.iterdir()]
        }

    before = everything()
    run()
    run(remove_missing=True)
    assert everything() == before


@pytest.mark.parametrize("limit", [0, 20_000, 60_000])
def test_a_full_disk_loses_nothing(
    limit: int, library: Library, encoder: Encoder, run: Run, pictures: Path
) -> None:
    """The limit strikes thumbnails, vectors or database, wherever a file first grows past it."""
    write_many(pictures, 20)
    run()
    write_many(pictures / "more", 100, first_seed=100)
    before = library.catalogue.records()
    with (
        files_no_larger_than(limit),
        pytest.raises(LibraryError, match="what was indexed so far is kept, run again"),
    ):
        ingest(library, encoder, [pictures])
    kept = library.catalogue.records()
    assert kept[: len(before)] == before
    report = run()
    assert counts(report) == {"added": 120 - len(kept), "unchanged": len(kept)}
    for record in library.catalogue.records()[::20]:
        assert vector(library, record) @ encoder.encode_images([record.path])[0] > 0.999


def test_vectors_that_were_cut_short_are_not_written_over(
    run: Run, library: Library, encoder: Encoder, pictures: Path
) -> None:
    """New rows would take the places of the lost ones, and images show for others."""
    write_many(pictures, 4)
    run()
    file = library.folder / "vectors" / "vectors.f16"
    file.write_bytes(file.read_bytes()[: 2 * encoder.dim * 2])
    write(pictures / "new.png", 50)
    with pytest.raises(LibraryError, match=r"vectors\.f16: row 3 is missing"):
        run()
    assert library.catalogue.count() == 4
    assert len(library.vectors) == 2


def test_a_second_run_at_the_same_time_is_refused(
    run: Run, library: Library, pictures: Path
) -> None:
    write_many(pictures, 1)
    with library.writing(), pytest.raises(LibraryError, match="another process is indexing"):
        run()
    assert counts(run()) == {"added": 1}


def test_progress_is_told_while_a_large_folder_is_walked(
    library: Library, encoder: Encoder, pictures: Path
) -> None:
    for number in range(2001):
        (pictures / f"{number}.png").touch()

    def stop(progress: Progress) -> None:
        told.append(progress)
        if len(told) == 2:
            raise KeyboardInterrupt

    told: list[Progress] = []
    with pytest.raises(KeyboardInterrupt):
        ingest(library, encoder, [pictures], stop)
    assert [(step.done, step.total) for step in told] == [(1000, 0), (2000, 0)]
    assert counts(ingest(library, encoder, [write(pictures / "a" / "b.png", 1)])) == {"added": 1}


@pytest.mark.parametrize("batch", [1, 3, 1000])
def test_any_size_of_batches_and_any_number_of_threads_do_the_same(
    batch: int, library: Library, encoder: Encoder, pictures: Path
) -> None:
    paths = write_many(pictures, 10)
    shutil.copy(paths[0], pictures / "a copy.png")
    shutil.copy(paths[9], pictures / "z copy.png")
    told: list[Progress] = []
    report = ingest(library, encoder, [pictures], told.append, jobs=batch % 64 + 1, batch=batch)
    assert counts(report) == {"added": 12}
    assert [step.done for step in told] == [*range(batch, 12, batch), 12]
    assert len(library.vectors) == 10
    records = library.catalogue.records()
    assert [Path(record.path).name for record in records] == sorted(by_name(library))
    for record in records:
        assert vector(library, record) @ encoder.encode_images([record.path])[0] > 0.999


@pytest.mark.parametrize("setting", [{"jobs": 0}, {"jobs": 65}, {"batch": 0}, {"batch": 1025}])
def test_settings_out_of_range_are_refused(
    setting: dict[str, int], library: Library, encoder: Encoder, pictures: Path
) -> None:
    name, value = next(iter(setting.items()))
    with pytest.raises(ValueError, match=f"{name} {value}: use a number from 1 to"):
        ingest(library, encoder, [pictures], **setting)


def test_files_that_changed_names_in_different_batches(
    library: Library, encoder: Encoder, run: Run, pictures: Path
) -> None:
    paths = write_many(pictures, 9)
    run()
    contents = [path.read_bytes() for path in paths]
    for path, content in zip(paths, reversed(contents), strict=True):
        path.write_bytes(content)
        later(path)
    report = ingest(library, encoder, [pictures], jobs=1, batch=1)
    assert counts(report) == {"updated": 8, "unchanged": 1}
    for record in library.catalogue.records():
        assert vector(library, record) @ encoder.encode_images([record.path])[0] > 0.999
        assert library.thumbnails.path(record.digest).exists()


def test_the_report_tells_what_each_stage_cost(run: Run, pictures: Path) -> None:
    write_many(pictures, BATCH + 2)
    (pictures / "bad.png").write_bytes(b"bad")
    shutil.copy(pictures / "000.png", pictures / "copy.png")
    report = run()
    images = {stage.name: stage.images for stage in report.stages}
    count = BATCH + 2
    assert (images["read"], images["encode"], images["store"]) == (count + 2, count, count + 2)
    assert all(stage.seconds > 0 and stage.per_second > 0 for stage in report.stages)
    assert report.limited_by in images
    again = run()
    assert (again.stages, again.limited_by) == ((), None)


def test_many_vanished_images_go_in_several_transactions(
    run: Run, library: Library, pictures: Path
) -> None:
    """One of half a million rows would hold up all others that write."""
    write(pictures / "stays.png", 1)
    rest = dict.fromkeys(("size", "mtime_ns", "width", "height", "vector_row"), 0)
    library.catalogue.apply(
        [{"path": f"{pictures}/{n}.png", "digest": f"{n}", **rest} for n in range(2 * CHUNK + 5)]
    )
    library.vectors.append(np.zeros((1, library.vectors.dim), dtype=np.float32))
    before = library.catalogue.generation()
    assert counts(run()) == {"added": 1, "removed": 2 * CHUNK + 5}
    assert library.catalogue.generation() == before + 1 + 3
    assert list(by_name(library)) == ["stays.png"]


def test_an_error_of_the_model_ends_the_run_and_keeps_what_was_stored(
    library: Library, encoder: Encoder, run: Run, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_many(pictures, 3 * BATCH)
    original, calls = encoder.encode_with_windows, iter(range(10))

    def fail_at_last(pixels: list) -> tuple[np.ndarray, np.ndarray | None]:
        if next(calls) == 2:
            raise ModelError("out of memory")
        return original(pixels)

    with monkeypatch.context() as patched:
        patched.setattr(encoder, "encode_with_windows", fail_at_last)
        with pytest.raises(ModelError, match="out of memory"):
            run()
    kept = library.catalogue.count()
    assert kept in (BATCH, 2 * BATCH)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("decode")]
    again = run()
    assert (again.added, again.unchanged) == (3 * BATCH - kept, kept)
