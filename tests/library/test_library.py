import os
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from vs_models import variant
from vs_powers import file_permissions_count, files_no_larger_than
from vs_vectors import unit

from engine.encoder import Encoder, load
from engine.encoder.manifest import Manifest
from engine.library import Library, LibraryError, ModelChangedError, VectorStore, recorded_model
from engine.library.store.stamp import PREVIOUS, ModelStamp


@pytest.fixture
def manifest(encoder: Encoder) -> Manifest:
    return encoder.manifest


@pytest.fixture
def other_manifest(project: Path, tmp_path: Path) -> Manifest:
    """A model that sees pictures in another way."""
    return load(
        variant(project, tmp_path / "other", name="other", pixels={"mean": [0, 0, 0]})
    ).manifest


def test_a_new_library_is_made_with_its_folders(manifest: Manifest, tmp_path: Path) -> None:
    folder = tmp_path / "not" / "yet" / "there"
    library = Library(folder, manifest)
    assert library.catalogue.count() == len(library.vectors) == 0
    assert {path.name for path in folder.iterdir()} >= {"library.db", "vectors"}
    assert library.index_folder == folder / "index" / manifest.fingerprint[:12]


def test_a_library_opens_again(library: Library, manifest: Manifest) -> None:
    library.catalogue.add_folders(["/pictures"])
    library.vectors.append(unit(3, dim=manifest.dim))
    library.close()
    again = Library(library.folder, manifest)
    assert again.catalogue.folders() == ["/pictures"]
    assert len(again.vectors) == 3


def test_another_model_is_refused_with_both_names(
    library: Library, manifest: Manifest, other_manifest: Manifest
) -> None:
    with pytest.raises(LibraryError) as caught:
        Library(library.folder, other_manifest)
    message = str(caught.value)
    for part in (library.folder, manifest.name, "other", manifest.fingerprint):
        assert str(part) in message
    assert other_manifest.fingerprint in message
    assert "choose another library folder" in message


def test_the_same_model_elsewhere_is_welcome(
    library: Library, project: Path, tmp_path: Path
) -> None:
    moved = load(variant(project, tmp_path / "moved", name="renamed", measured={"new": 1}))
    assert Library(library.folder, moved.manifest).catalogue.count() == 0


def test_a_library_of_another_version_is_refused(library: Library, manifest: Manifest) -> None:
    library.catalogue.set_meta({"schema": "99"})
    with pytest.raises(LibraryError, match=r"schema 99, this one reads 3"):
        Library(library.folder, manifest)


OLD = """
create table meta (key varchar(64) primary key, value text not null);
create table folders (path text primary key);
create table images (id integer primary key autoincrement, path text not null unique,
    digest varchar(64) not null, size bigint not null, mtime_ns bigint not null,
    width integer not null, height integer not null, vector_row bigint not null,
    added_at float not null);
create index images_digest on images (digest);
create table skipped (path text primary key, size bigint not null, mtime_ns bigint not null,
    reason text not null);
create table feedback (query_key varchar(64) not null, image_id integer not null, mark integer not
    null, at float not null, primary key (query_key, image_id),
    foreign key (image_id) references images (id) on delete cascade);
insert into meta values ('schema', '1'), ('library', 'abc'), ('generation', '5');
insert into folders values ('/pictures');
insert into images values (3, '/pictures/a', 'da', 1, 2, 3, 4, 0, 9.5),
    (7, '/pictures/b', 'db', 1, 2, 3, 4, 1, 9.5);
insert into feedback values ('dog', 7, 1, 9.5);
"""


@pytest.fixture
def old(manifest: Manifest, tmp_path: Path) -> Path:
    """A library of schema 1, with two images and an index."""
    folder = tmp_path / "old"
    (folder / "index").mkdir(parents=True)
    (folder / "index" / "hnsw.bin").write_bytes(b"an index of that time")
    VectorStore(folder / "vectors", manifest.dim).append(unit(2, dim=manifest.dim))
    with closing(sqlite3.connect(folder / "library.db")) as connection:
        connection.executescript(OLD)
        model = [("model", manifest.fingerprint), ("model_name", manifest.name)]
        connection.executemany("insert into meta values (?, ?)", model)
        connection.commit()
    return folder


def test_a_library_of_schema_1_is_taken_up_with_all_it_holds(old: Path, manifest: Manifest) -> None:
    assert recorded_model(old) is None
    library = Library(old, manifest)
    assert [record.path for record in library.catalogue.records()] == ["/pictures/a", "/pictures/b"]
    changes = library.changes.changes()
    assert (changes.ids.tolist(), changes.rows.tolist()) == ([3, 7], [0, 1])
    assert changes.versions.tolist() == [0, 0]
    assert library.marks.of("dog") == {7: 1}
    assert library.catalogue.folders() == ["/pictures"]
    assert library.catalogue.meta("schema") == "3"
    assert not (old / "index").exists()
    assert library.stamp == ModelStamp.of(manifest)
    assert recorded_model(old) == manifest.folder.absolute()


def test_changes_of_a_library_of_schema_1_are_followed(old: Path, manifest: Manifest) -> None:
    library = Library(old, manifest)
    head = library.changes.head()
    library.catalogue.apply(changed=[{"id": 3, "vector_row": 2}], removed=[7])
    library.close()
    changes = Library(old, manifest).changes.changes(head)
    assert not changes.complete
    assert (changes.ids.tolist(), changes.versions.tolist()) == ([3], [6])
    assert changes.removed.tolist() == [7]


def test_several_may_take_up_an_old_library_at_once(old: Path, manifest: Manifest) -> None:
    with ThreadPoolExecutor(4) as pool:
        opened = pool.map(lambda _: Library(old, manifest).catalogue.count(), range(4))
        assert list(opened) == [2, 2, 2, 2]


def _overwrite(path: Path) -> None:
    path.write_bytes(b"this is not a database at all, and long enough to be looked at" * 20)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:3000])


def _replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [_overwrite, _cut, _replace_by_folder])
def test_a_damaged_database_is_named(damage, library: Library, manifest: Manifest) -> None:
    library.close()
    damage(library.folder / "library.db")
    with pytest.raises(LibraryError, match=r"library\.db"):
        Library(library.folder, manifest)


def test_a_database_that_is_damaged_inside_says_so_wherever_it_is_met(
    library: Library, manifest: Manifest
) -> None:
    rows = [{"path": f"/{n}", "digest": f"{n:064}", "vector_row": n} for n in range(200)]
    sizes = {"size": 1, "mtime_ns": 1, "width": 1, "height": 1}
    library.catalogue.apply(added=[{**row, **sizes} for row in rows])
    library.close()
    file = library.folder / "library.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    sound, messages = file.read_bytes(), []
    for start in range(0, len(sound), 4096):
        damaged = bytearray(sound)
        damaged[start : start + 100] = b"\xee" * 100
        file.write_bytes(damaged)
        try:
            opened = Library(library.folder, manifest)
            catalogue = opened.catalogue
            assert len(catalogue.records()) == len(opened.changes.changes().rows) == 200
            assert opened.marks.of("query") == catalogue.records_of([500]) == {}
            catalogue.digests_in_use([f"{5:064}"])
            catalogue.skipped()
        except LibraryError as error:
            messages.append(str(error))
        else:
            opened.close()
    assert len(messages) > 5
    assert all(message.startswith(f"{file}: ") for message in messages)


def test_a_file_in_place_of_the_folder_is_named(manifest: Manifest, tmp_path: Path) -> None:
    (tmp_path / "library").write_text("a file")
    with pytest.raises(LibraryError, match=r"library.*cannot be used"):
        Library(tmp_path / "library", manifest)


def test_a_place_without_permission_is_named(manifest: Manifest, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with file_permissions_count(), pytest.raises(LibraryError, match="Permission denied"):
        Library(tmp_path / "library", manifest)
    tmp_path.chmod(0o700)


@pytest.mark.parametrize("limit", [0, 100, 20_000])
def test_a_full_disk_is_a_library_error(limit: int, manifest: Manifest, tmp_path: Path) -> None:
    with files_no_larger_than(limit), pytest.raises(LibraryError, match="library"):
        Library(tmp_path / "library", manifest)
    assert Library(tmp_path / "library", manifest).catalogue.count() == 0


def test_a_run_killed_while_it_stamped_the_library_is_survived(
    manifest: Manifest, tmp_path: Path
) -> None:
    Library(tmp_path / "library", manifest).close()
    with sqlite3.connect(tmp_path / "library" / "library.db") as connection:
        connection.execute("delete from meta")  # as before the one transaction of the stamp
    again = Library(tmp_path / "library", manifest)
    assert again.catalogue.meta("model") == manifest.fingerprint


def test_one_process_writes_at_a_time(library: Library, manifest: Manifest) -> None:
    second = Library(library.folder, manifest)
    refused = pytest.raises(LibraryError, match="another process is indexing")
    with library.writing(), refused, second.writing():
        pass
    with second.writing():
        pass


def test_the_lock_is_given_back_after_a_failure(library: Library) -> None:
    with pytest.raises(RuntimeError, match="stop"), library.writing():
        raise RuntimeError("stop")
    with library.writing():
        pass


def test_a_lock_file_left_behind_locks_nothing(library: Library) -> None:
    (library.folder / "writer.lock").write_text(str(os.getpid()))
    with library.writing():
        pass


def test_a_library_may_be_made_by_several_at_once(manifest: Manifest, tmp_path: Path) -> None:
    """As when the app and the command line are started together for the first time."""
    for attempt in range(5):
        barrier = threading.Barrier(4)

        def make(_: int, folder: Path = tmp_path / str(attempt), barrier=barrier) -> int:
            barrier.wait()
            return Library(folder, manifest).catalogue.count()

        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(make, range(4))) == [0, 0, 0, 0]


# -- without a model, and with stores of several ---------------------------------------------------


def test_it_opens_without_a_model_if_it_is_there(library: Library, tmp_path: Path) -> None:
    opened = Library(library.folder)
    assert opened.index_folder == library.index_folder
    assert opened.index_stamp == library.index_stamp
    assert opened.vectors.dim == library.vectors.dim
    with opened.writing():
        pass
    with pytest.raises(LibraryError, match="no library here; python -m engine index"):
        Library(tmp_path / "nothing")


def test_an_empty_database_needs_a_model(tmp_path: Path) -> None:
    (tmp_path / "library.db").touch()
    with pytest.raises(LibraryError, match="open it with a model first"):
        Library(tmp_path)


def test_the_model_is_remembered_where_it_was_last(
    library: Library, manifest: Manifest, project: Path, tmp_path: Path
) -> None:
    assert recorded_model(tmp_path / "nothing") is None
    assert recorded_model(library.folder) == manifest.folder.absolute()
    moved = load(variant(project, tmp_path / "moved"))
    Library(library.folder, moved.manifest)
    assert recorded_model(library.folder) == tmp_path / "moved"


def test_rows_that_nothing_refers_to_are_cut_off_when_writing_begins(library: Library) -> None:
    library.vectors.append(unit(5, dim=library.vectors.dim))
    add(library, 0, 2)
    with library.writing():
        assert len(library.vectors) == 3


def test_rows_that_images_had_are_not_given_again(library: Library) -> None:
    library.vectors.append(unit(5, dim=library.vectors.dim))
    add(library, 0, 3)
    library.catalogue.apply(removed=[2])
    with library.writing():
        assert library.catalogue.last_row() == 0
        assert len(library.vectors) == library.catalogue.rows_used() == 4


def test_stores_and_indexes_of_no_model_are_removed_when_writing_begins(
    library: Library,
) -> None:
    for name in ("vectors-2", "vectors-3"):
        library.store(name, 3)
    (library.vectors_folder / "vectors-4.json").write_text("{")
    indexes = [library.index_folder_of(name * 16) for name in "ab"]
    for folder in (*indexes, library.index_folder):
        (folder / "build").mkdir(parents=True)
    previous = ModelStamp("a" * 16, "a", "/a", "vectors-3")
    library.catalogue.set_meta({PREVIOUS: previous.text()})
    with library.writing():
        pass
    assert sorted(file.name for file in library.vectors_folder.iterdir()) == [
        "vectors-3.f16",
        "vectors-3.json",
        "vectors.f16",
        "vectors.json",
    ]
    assert [folder.exists() for folder in (*indexes, library.index_folder)] == [True, False, True]


def test_a_library_of_another_model_by_now_is_not_written(library: Library) -> None:
    library.catalogue.set_meta({"model": "another"})
    with pytest.raises(ModelChangedError, match="taken over to another model"), library.writing():
        pass


def add(library: Library, *rows: int) -> None:
    sizes = {"size": 1, "mtime_ns": 1, "width": 1, "height": 1}
    library.catalogue.apply(
        added=[{"path": f"/{row}", "digest": f"{row}", "vector_row": row, **sizes} for row in rows]
    )


def test_what_is_written_after_warming_is_seen_by_others(library: Library) -> None:
    """Another process that closes the database leaves the log of this one in place."""
    database = library.folder / "library.db"
    look = f"""
import sqlite3
database = sqlite3.connect({str(database)!r})
print(database.execute("SELECT value FROM meta WHERE key = 'told'").fetchone())
database.close()
"""

    def other_sees() -> str:
        command = [sys.executable, "-c", look]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    library.catalogue.set_meta({"told": "before"})
    library.warm()
    assert other_sees() == "('before',)"
    library.catalogue.set_meta({"told": "after"})
    assert other_sees() == "('after',)"
    assert library.catalogue.meta("told") == "after"
