import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from engine.library import SkippedFile
from engine.library.records import FileState
from engine.library.store.catalogue import Catalogue
from engine.library.store.database import connect


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(connect(f"sqlite:///{tmp_path / 'library.db'}"))


def columns(path: str, **changes: Any) -> dict[str, Any]:
    usual = {
        "digest": f"of {ascii(path)[1:-1]}",
        "size": 10,
        "mtime_ns": 20,
        "width": 4,
        "height": 3,
    }
    return {"path": path, "vector_row": 0, **usual, **changes}


def add(catalogue: Catalogue, *paths: str) -> list[int]:
    catalogue.apply(added=[columns(path, vector_row=n) for n, path in enumerate(paths)])
    by_path = {record.path: record.id for record in catalogue.records()}
    return [by_path[path] for path in paths]


def state_of_things(catalogue: Catalogue) -> tuple[Any, ...]:
    return (catalogue.records(), catalogue.skipped(), catalogue.generation())


def test_facts_are_kept_and_replaced(catalogue: Catalogue) -> None:
    assert catalogue.meta("model") is None
    catalogue.set_meta({"model": "a", "schema": "1"})
    catalogue.set_meta({"model": "b"})
    assert (catalogue.meta("model"), catalogue.meta("schema")) == ("b", "1")


def test_folders_are_remembered_once_in_order(catalogue: Catalogue) -> None:
    catalogue.add_folders(["/b", "/a", "/b"])
    catalogue.add_folders(["/a", "/c"])
    catalogue.add_folders([])
    assert catalogue.folders() == ["/a", "/b", "/c"]


def test_images_are_added_changed_and_removed(catalogue: Catalogue) -> None:
    first, second, third = add(catalogue, "/a", "/b", "/c")
    catalogue.apply(
        added=[columns("/d")],
        changed=[{"id": second, "path": "/moved", "size": 99}],
        removed=[third],
    )
    records = catalogue.records()
    assert [record.path for record in records] == ["/a", "/moved", "/d"]
    assert [record.id for record in records] == [first, second, third + 1]
    assert (records[1].size, records[1].digest) == (99, "of /b")
    assert catalogue.count() == 3


def test_records_are_found_by_id(catalogue: Catalogue) -> None:
    ids = add(catalogue, *(f"/{number}" for number in range(1200)))
    found = catalogue.records_of([*ids, 99_999])
    assert len(found) == 1200
    assert found[ids[700]].path == "/700"
    assert catalogue.records_of([]) == {}


def test_the_rows_that_were_ever_used_are_remembered(catalogue: Catalogue) -> None:
    assert (catalogue.last_row(), catalogue.rows_used()) == (-1, 0)
    first, second = add(catalogue, "/a", "/b")
    assert (catalogue.last_row(), catalogue.rows_used()) == (1, 2)
    catalogue.apply(changed=[{"id": first, "vector_row": 5}])
    catalogue.apply(changed=[{"id": first, "vector_row": 2}, {"id": second, "size": 3}])
    assert (catalogue.last_row(), catalogue.rows_used()) == (2, 6)
    catalogue.apply(removed=[first, second])
    assert (catalogue.last_row(), catalogue.rows_used()) == (-1, 6)


def test_the_generation_grows_only_with_the_images(catalogue: Catalogue) -> None:
    (only,) = add(catalogue, "/a")
    catalogue.apply()
    catalogue.apply(failed=[(FileState("/x", 1, 1), "why")], read=["/x"])
    catalogue.add_folders(["/f"])
    assert catalogue.generation() == 1
    catalogue.apply(changed=[{"id": only, "size": 2}])
    catalogue.apply(removed=[only])
    assert catalogue.generation() == 3


def test_a_change_that_fails_changes_nothing(catalogue: Catalogue) -> None:
    first, _ = add(catalogue, "/a", "/b")
    before = state_of_things(catalogue)
    with pytest.raises(IntegrityError):
        catalogue.apply(
            added=[columns("/new"), columns("/b")],
            changed=[{"id": first, "size": 77}],
            failed=[(FileState("/x", 1, 1), "why")],
        )
    assert state_of_things(catalogue) == before


def test_failed_files_are_kept_with_their_latest_reason(catalogue: Catalogue) -> None:
    old, new = FileState("/x", 1, 1), FileState("/x", 2, 2)
    catalogue.apply(failed=[(old, "first"), (FileState("/y", 3, 3), "other")])
    catalogue.apply(failed=[(new, "second")], read=["/x"])
    assert catalogue.skipped() == [SkippedFile("/x", "second"), SkippedFile("/y", "other")]
    assert catalogue.failed_files()["/x"] == new


def test_files_that_were_read_are_no_failed_ones(catalogue: Catalogue) -> None:
    paths = [f"/{number:04}" for number in range(1300)]
    catalogue.apply(failed=[(FileState(path, 1, 1), "why") for path in paths])
    catalogue.apply(read=paths[:1200])
    catalogue.forget_failed(paths[1200:1299])
    assert [skip.path for skip in catalogue.skipped()] == [paths[-1]]


def test_digests_in_use(catalogue: Catalogue) -> None:
    add(catalogue, "/a", "/b")
    asked = ["of /a", "of /nothing", *(f"{number}" for number in range(600)), "of /b"]
    assert catalogue.digests_in_use(asked) == {"of /a", "of /b"}
    assert catalogue.digests_in_use([]) == set()


def test_odd_paths_are_kept_everywhere(catalogue: Catalogue) -> None:
    path = os.fsdecode(b"/odd \xff\n'\".jpg")
    add(catalogue, path)
    catalogue.add_folders([path])
    catalogue.apply(failed=[(FileState(path, 1, 1), "why")])
    assert [record.path for record in catalogue.records()] == [path]
    assert catalogue.folders() == [path]
    assert catalogue.failed_files().keys() == {path}
    catalogue.apply(read=[path])
    assert catalogue.skipped() == []


def test_threads_may_write_at_once(catalogue: Catalogue) -> None:
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda n: catalogue.apply(added=[columns(f"/{n}")]), range(60)))
    assert catalogue.count() == 60
    assert catalogue.generation() == 60
