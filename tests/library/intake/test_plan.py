import gc
import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, fields, replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from engine.library import ImageRecord, SkippedFile
from engine.library.intake.plan import EMPTY_FOLDER_GUARD, Plan
from engine.library.intake.scan import Scan
from engine.library.intake.spool import CHUNK, Spool
from engine.library.records import FileState
from engine.library.store.database import connect
from engine.library.store.paths import is_below
from engine.library.store.tables import images, skipped

ROOT = "/pictures"
_numbers = count()

Read = list[tuple[FileState, ImageRecord | None]]


def record(image_id: int, path: str, size: int = 1, mtime_ns: int = 1) -> ImageRecord:
    return ImageRecord(image_id, path, f"digest {image_id}", size, mtime_ns, 1, 1, image_id)


@contextmanager
def planned(
    place: Path,
    files: Sequence[FileState] = (),
    known: Sequence[ImageRecord] = (),
    bad: Sequence[FileState] = (),
    remove_missing: bool = False,
    **met: list[str],
) -> Iterator[Plan]:
    """A plan for a library of these images and bad files, in a database of its own."""
    engine = connect(f"sqlite:///{place / f'{next(_numbers)}.db'}")
    names = [field.name for field in fields(ImageRecord)]
    with engine.begin() as connection:
        for one in known:
            row = dict(zip(names, astuple(one), strict=True))
            connection.execute(insert(images), {**row, "added_at": 0.0})
        for state in bad:
            columns = dict(zip(("path", "size", "mtime_ns"), astuple(state), strict=True))
            connection.execute(insert(skipped), {**columns, "reason": "bad"})
    scan = Scan(**{"roots": [ROOT], **met})
    with Spool(engine) as spool:
        yield Plan(spool, ((0, state) for state in files), scan, remove_missing)
    engine.dispose()


def ids(plan: Plan) -> list[int]:
    return [image_id for chunk in plan.vanished() for image_id in chunk]


def recovered(plan: Plan) -> list[str]:
    return [path for chunk in plan.recovered() for path in chunk]


def fates(plan: Plan) -> tuple[int, Read, list[int], list[str], tuple[str, ...]]:
    """All that a plan says."""
    files = list(plan.files())
    assert len(files) == plan.to_read
    return plan.unchanged, files, ids(plan), recovered(plan), plan.notes


def test_a_new_file_is_read(tmp_path: Path) -> None:
    state = FileState("/pictures/a.jpg", 1, 1)
    with planned(tmp_path, [state]) as plan:
        assert fates(plan) == (0, [(state, None)], [], [], ())


def test_the_same_size_and_time_is_unchanged(tmp_path: Path) -> None:
    state = FileState("/pictures/a.jpg", 1, 1)
    with planned(tmp_path, [state], [record(1, state.path)]) as plan:
        assert fates(plan) == (1, [], [], [], ())


@pytest.mark.parametrize("state", [FileState("/pictures/a.jpg", *x) for x in [(2, 1), (1, 2)]])
def test_another_size_or_time_is_read_as_the_image_it_was(state: FileState, tmp_path: Path) -> None:
    known = record(1, "/pictures/a.jpg")
    with planned(tmp_path, [state], [known]) as plan:
        assert list(plan.files()) == [(state, known)]


def test_files_are_read_folder_by_folder_and_by_name(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'library.db'}")
    walk = [(2, "/pictures/a/1.jpg"), (1, "/pictures/z.jpg"), (1, "/pictures/b.jpg")]
    found = ((place, FileState(path, 1, 1)) for place, path in walk)
    with Spool(engine) as spool:
        plan = Plan(spool, found, Scan(roots=[ROOT]), False)
        names = [Path(state.path).name for state, _ in plan.files()]
    assert names == ["b.jpg", "z.jpg", "1.jpg"]


def test_long_lists_come_whole_and_in_order(tmp_path: Path) -> None:
    count = 2 * CHUNK + 7
    files = [FileState(f"/pictures/{number:05}.jpg", 1, 1) for number in range(count)]
    known = [record(number + 1, f"/pictures/gone {number}.jpg") for number in range(count)]
    with planned(tmp_path, files, known) as plan:
        assert [state for state, _ in plan.files()] == files
        assert ids(plan) == [one.id for one in known]


def test_a_file_that_is_gone_has_vanished(tmp_path: Path) -> None:
    known = [record(1, "/pictures/a.jpg"), record(2, "/other/a.jpg")]
    with planned(tmp_path, [], known) as plan:
        assert ids(plan) == [1]


def test_an_image_that_was_found_elsewhere_has_not_vanished(tmp_path: Path) -> None:
    known = [replace(record(n, f"/pictures/{n}.jpg"), digest="same") for n in (1, 2, 3)]
    with planned(tmp_path, [], known) as plan:
        assert plan.homeless(["same", "another"]) == {"same": [1, 2, 3]}
        plan.note(moved=[2], replaced_digests=[])
        assert plan.homeless(["same"]) == {"same": [1, 3]}
        assert ids(plan) == [1, 3]


def test_contents_that_no_image_has_any_more_are_told(tmp_path: Path) -> None:
    stays, gone = record(1, "/pictures/a.jpg"), record(2, "/pictures/b.jpg")
    with planned(tmp_path, [FileState(stays.path, 1, 1)], [stays, gone]) as plan:
        plan.note(moved=[], replaced_digests=["older", stays.digest, "older"])
        assert list(plan.unused()) == [["older"]]


def test_a_bad_file_is_read_again_only_if_it_changed(tmp_path: Path) -> None:
    bad = FileState("/pictures/a.jpg", 1, 1)
    with planned(tmp_path, [bad], bad=[bad]) as plan:
        assert list(plan.files()) == []
        assert plan.bad() == [SkippedFile(bad.path, "bad")]
    newer = replace(bad, mtime_ns=2)
    with planned(tmp_path, [newer], bad=[bad]) as plan:
        assert list(plan.files()) == [(newer, None)]


def test_a_bad_file_that_is_gone_is_told(tmp_path: Path) -> None:
    bad = [FileState(path, 1, 1) for path in ("/pictures/a.jpg", "/pictures/b.jpg", "/other/c.jpg")]
    with planned(tmp_path, bad[:1], bad=bad) as plan:
        assert list(plan.deleted_bad()) == [["/pictures/b.jpg"]]


def test_a_file_that_went_bad_does_not_take_its_image_along(tmp_path: Path) -> None:
    bad = FileState("/pictures/a.jpg", 9, 9)
    with planned(tmp_path, [bad], [record(1, bad.path)], [bad]) as plan:
        assert fates(plan) == (0, [], [], [], ())


def test_a_file_that_was_restored_is_no_bad_one_any_more(tmp_path: Path) -> None:
    good, bad = FileState("/pictures/a.jpg", 1, 1), FileState("/pictures/a.jpg", 9, 9)
    with planned(tmp_path, [good], [record(1, good.path)], [bad]) as plan:
        assert fates(plan) == (1, [], [], [good.path], ())


def test_images_of_a_missing_folder_are_kept_with_a_note(tmp_path: Path) -> None:
    known = [record(1, "/pictures/a.jpg"), record(2, "/pictures/b.jpg")]
    with planned(tmp_path, [], known, roots=[], missing=[ROOT]) as plan:
        assert ids(plan) == []
        (note,) = plan.notes
    assert "/pictures: no such file or folder; 2 images of it are kept" in note
    assert "--remove-missing" in note


def test_images_of_a_missing_folder_go_if_that_is_wanted(tmp_path: Path) -> None:
    known = [record(1, "/pictures/a.jpg")]
    with planned(tmp_path, [], known, remove_missing=True, roots=[], missing=[ROOT]) as plan:
        assert ids(plan) == [1]
        assert plan.notes == ("/pictures: no such file or folder",)


@pytest.mark.parametrize(
    ("count", "kept"), [(EMPTY_FOLDER_GUARD, False), (EMPTY_FOLDER_GUARD + 1, True)]
)
def test_a_folder_that_was_full_and_is_empty_is_left_alone(
    count: int, kept: bool, tmp_path: Path
) -> None:
    known = [record(number, f"/pictures/{number}.jpg") for number in range(count)]
    with planned(tmp_path, [], known, empty=[ROOT]) as plan:
        assert (ids(plan) == []) is kept
        notes = [note for note in plan.notes if f"{count} images of it are kept" in note]
    assert (notes != []) is kept
    with planned(tmp_path, [], known, remove_missing=True, empty=[ROOT]) as forced:
        assert len(ids(forced)) == count


def test_images_of_a_folder_that_cannot_be_read_are_kept(tmp_path: Path) -> None:
    known = [record(1, "/pictures/locked/a.jpg"), record(2, "/pictures/locked too/a.jpg")]
    locked: list = [SkippedFile("/pictures/locked", "permission denied")]
    with planned(tmp_path, [], known, skipped=locked) as plan:
        assert ids(plan) == [2]


def test_roots_within_each_other_count_once(tmp_path: Path) -> None:
    known = [record(1, "/pictures/sub/a.jpg")]
    with planned(tmp_path, [], known, roots=[ROOT, "/pictures/sub"]) as plan:
        assert ids(plan) == [1]


def test_a_name_that_the_disk_lists_twice_counts_once(tmp_path: Path) -> None:
    state = FileState("/pictures/a.jpg", 1, 1)
    with planned(tmp_path, [state, state]) as plan:
        assert list(plan.files()) == [(state, None)]


def test_the_tables_of_a_run_are_gone_after_it(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'library.db'}")
    for _ in range(2):  # a second run would meet tables that are still there
        with Spool(engine) as spool:
            plan = Plan(spool, [(0, FileState("/pictures/a.jpg", 1, 1))], Scan(roots=[ROOT]), False)
            assert plan.to_read == 1


def test_memory_does_not_grow_with_the_folder(tmp_path: Path) -> None:
    """Neither with what the walk finds, nor with what the library holds."""

    def peak(count: int) -> int:
        engine = connect(f"sqlite:///{tmp_path / f'{count}.db'}")
        with engine.begin() as connection:
            columns = ("size", "mtime_ns", "width", "height", "vector_row", "added_at")
            rest = dict.fromkeys(columns, 0)
            connection.execute(
                insert(images),
                [
                    {"id": n, "path": f"/pictures/gone {n}.jpg", "digest": f"{n}", **rest}
                    for n in range(1, count)
                ],
            )
        found = ((1, FileState(f"/pictures/{number}.jpg", 1, 1)) for number in range(count))
        gc.collect()
        gc.freeze()  # what other tests have left decides how often garbage is collected
        tracemalloc.start()
        with Spool(engine) as spool:
            plan = Plan(spool, found, Scan(roots=[ROOT]), False)
            assert plan.to_read == sum(1 for _ in plan.files()) == count
            assert sum(len(chunk) for chunk in plan.vanished()) == count - 1
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        gc.unfreeze()
        engine.dispose()
        return most

    peak(CHUNK)  # statements are compiled and kept
    few, many = peak(10 * CHUNK), peak(40 * CHUNK)
    assert many < 1.2 * few


PATHS = st.sampled_from(
    [
        f"{top}/{name}"
        for top in ("/pictures", "/pictures/sub", "/other")
        for name in ("a", "b", "\udcff")
    ]
)
STATES = st.dictionaries(PATHS, st.tuples(st.integers(1, 2), st.integers(1, 2)))


@given(
    here=STATES,
    known=STATES,
    bad=STATES,
    roots=st.sets(st.sampled_from(["/pictures", "/pictures/sub", "/other"])),
    missing=st.booleans(),
    remove_missing=st.booleans(),
)
def test_every_file_and_every_image_has_one_fate(
    here: dict[str, tuple[int, int]],
    known: dict[str, tuple[int, int]],
    bad: dict[str, tuple[int, int]],
    roots: set[str],
    missing: bool,
    remove_missing: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    gone_root = "/other" if missing and "/other" in roots else None
    files = [
        FileState(path, *state)
        for path, state in here.items()
        if any(is_below(path, root) for root in roots - {gone_root})
    ]
    found = Scan(roots=sorted(roots - {gone_root}))
    found.missing = [gone_root] if gone_root else []
    records = [record(number, path, *known[path]) for number, path in enumerate(known)]
    known_bad = {path: FileState(path, *state) for path, state in bad.items()}
    with planned(
        tmp_path_factory.mktemp("plan"),
        files,
        records,
        list(known_bad.values()),
        remove_missing,
        roots=found.roots,
        missing=found.missing,
    ) as plan:
        unchanged, to_read, gone, again_good, notes = fates(plan)

    paths = {state.path for state in files}
    read = {state.path for state, _ in to_read}
    vanished = {records[image_id].path for image_id in gone}
    same = {state.path for state in files if known.get(state.path) == (state.size, state.mtime_ns)}
    assert unchanged == len(same)
    assert not read & same
    assert read <= paths
    for state in files:
        if state.path not in read | same:
            assert known_bad[state.path] == state
    for state, image in to_read:
        assert (image.path if image else None) == (state.path if state.path in known else None)
    assert not vanished & paths
    assert len(vanished) == len(gone)
    assert vanished <= set(known)
    for path in set(known) - paths:
        covered = any(is_below(path, root) for root in found.roots)
        dropped = remove_missing and any(is_below(path, root) for root in found.missing)
        assert (path in vanished) == (covered or dropped)
    assert set(again_good) == same & set(known_bad)
    assert len(notes) == len(found.missing)
