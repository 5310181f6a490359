from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vs_property import UNHURRIED

from engine.library import ImageRecord, SkippedFile
from engine.library.plan import EMPTY_FOLDER_GUARD, Plan, is_below, make_plan
from engine.library.records import FileState
from engine.library.scan import Scan

ROOT = "/pictures"


def record(image_id: int, path: str, size: int = 1, mtime_ns: int = 1) -> ImageRecord:
    return ImageRecord(image_id, path, f"digest {image_id}", size, mtime_ns, 1, 1, image_id)


def walk(*states: FileState, **found: list[str]) -> Scan:
    return Scan(**{"roots": [ROOT], "files": list(states), **found})


def ids(plan: Plan) -> list[int]:
    return [gone.id for gone in plan.vanished]


def test_a_new_file_is_read() -> None:
    state = FileState("/pictures/a.jpg", 1, 1)
    assert make_plan(walk(state), [], {}) == Plan(0, ((state, None),), (), (), ())


def test_the_same_size_and_time_is_unchanged() -> None:
    plan = make_plan(walk(FileState("/pictures/a.jpg", 1, 1)), [record(1, "/pictures/a.jpg")], {})
    assert plan == Plan(1, (), (), (), ())


@pytest.mark.parametrize("state", [FileState("/pictures/a.jpg", *x) for x in [(2, 1), (1, 2)]])
def test_another_size_or_time_is_read_as_the_image_it_was(state: FileState) -> None:
    known = record(1, "/pictures/a.jpg")
    assert make_plan(walk(state), [known], {}).to_read == ((state, known),)


def test_a_file_that_is_gone_has_vanished() -> None:
    plan = make_plan(walk(), [record(1, "/pictures/a.jpg"), record(2, "/other/a.jpg")], {})
    assert ids(plan) == [1]


def test_a_bad_file_is_read_again_only_if_it_changed() -> None:
    bad = FileState("/pictures/a.jpg", 1, 1)
    assert make_plan(walk(bad), [], {bad.path: bad}).to_read == ()
    newer = replace(bad, mtime_ns=2)
    assert make_plan(walk(newer), [], {bad.path: bad}).to_read == ((newer, None),)


def test_a_file_that_went_bad_does_not_take_its_image_along() -> None:
    bad = FileState("/pictures/a.jpg", 9, 9)
    plan = make_plan(walk(bad), [record(1, bad.path)], {bad.path: bad})
    assert plan == Plan(0, (), (), (), ())


def test_a_file_that_was_restored_is_no_bad_one_any_more() -> None:
    good, bad = FileState("/pictures/a.jpg", 1, 1), FileState("/pictures/a.jpg", 9, 9)
    plan = make_plan(walk(good), [record(1, good.path)], {bad.path: bad})
    assert plan == Plan(1, (), (), (good.path,), ())


def test_images_of_a_missing_folder_are_kept_with_a_note() -> None:
    known = [record(1, "/pictures/a.jpg"), record(2, "/pictures/b.jpg")]
    plan = make_plan(walk(roots=[], missing=[ROOT]), known, {})
    assert ids(plan) == []
    (note,) = plan.notes
    assert "/pictures: no such file or folder; 2 images of it are kept" in note
    assert "--remove-missing" in note


def test_images_of_a_missing_folder_go_if_that_is_wanted() -> None:
    known = [record(1, "/pictures/a.jpg")]
    plan = make_plan(walk(roots=[], missing=[ROOT]), known, {}, remove_missing=True)
    assert ids(plan) == [1]
    assert plan.notes == ("/pictures: no such file or folder",)


@pytest.mark.parametrize(
    ("count", "kept"), [(EMPTY_FOLDER_GUARD, False), (EMPTY_FOLDER_GUARD + 1, True)]
)
def test_a_folder_that_was_full_and_is_empty_is_left_alone(count: int, kept: bool) -> None:
    known = [record(number, f"/pictures/{number}.jpg") for number in range(count)]
    plan = make_plan(walk(empty=[ROOT]), known, {})
    assert (ids(plan) == []) is kept
    assert ([note for note in plan.notes if f"{count} images of it are kept" in note] != []) is kept
    forced = make_plan(walk(empty=[ROOT]), known, {}, remove_missing=True)
    assert len(forced.vanished) == count


def test_images_of_a_folder_that_cannot_be_read_are_kept() -> None:
    found = walk()
    found.skipped.append(SkippedFile("/pictures/locked", "permission denied"))
    known = [record(1, "/pictures/locked/a.jpg"), record(2, "/pictures/locked too/a.jpg")]
    assert ids(make_plan(found, known, {})) == [2]


def test_roots_within_each_other_count_once() -> None:
    found = walk(roots=[ROOT, "/pictures/sub"])
    assert ids(make_plan(found, [record(1, "/pictures/sub/a.jpg")], {})) == [1]


@pytest.mark.parametrize(
    ("path", "folder", "expected"),
    [
        ("/a/b", "/a", True),
        ("/a", "/a", True),
        ("/ab", "/a", False),
        ("/a/b/c", "/a/b", True),
        ("/a", "/a/b", False),
        ("/a", "/", True),
        ("/a/b", "/a/", True),
    ],
)
def test_is_below(path: str, folder: str, expected: bool) -> None:
    assert is_below(path, folder) is expected


PATHS = st.sampled_from(
    [f"{top}/{name}" for top in ("/pictures", "/pictures/sub", "/other") for name in "abc"]
)
STATES = st.dictionaries(PATHS, st.tuples(st.integers(1, 2), st.integers(1, 2)))


@UNHURRIED
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
) -> None:
    gone_root = "/other" if missing and "/other" in roots else None
    files = [
        FileState(path, *state)
        for path, state in here.items()
        if any(is_below(path, root) for root in roots - {gone_root})
    ]
    found = Scan(roots=sorted(roots - {gone_root}), files=files)
    found.missing = [gone_root] if gone_root else []
    records = [record(number, path, *known[path]) for number, path in enumerate(known)]
    known_bad = {path: FileState(path, *state) for path, state in bad.items()}
    plan = make_plan(found, records, known_bad, remove_missing)

    paths = {state.path for state in files}
    read = {state.path for state, _ in plan.to_read}
    vanished = {one.path for one in plan.vanished}
    same = {state.path for state in files if known.get(state.path) == (state.size, state.mtime_ns)}
    assert plan.unchanged == len(same)
    assert not read & same
    assert read <= paths
    for state in files:
        if state.path not in read | same:
            assert known_bad[state.path] == state
    for state, image in plan.to_read:
        assert (image.path if image else None) == (state.path if state.path in known else None)
    assert not vanished & paths
    assert len(vanished) == len(plan.vanished)
    assert vanished <= set(known)
    for path in set(known) - paths:
        covered = any(is_below(path, root) for root in found.roots)
        dropped = remove_missing and any(is_below(path, root) for root in found.missing)
        assert (path in vanished) == (covered or dropped)
    assert set(plan.recovered) == same & set(known_bad)
    assert len(plan.notes) == len(found.missing)
