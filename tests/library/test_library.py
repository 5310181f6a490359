import os
import sqlite3
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
from engine.library import Library, LibraryError


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
    assert library.index_folder == folder / "index"


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
    with pytest.raises(LibraryError, match=r"schema 99, this one reads 1"):
        Library(library.folder, manifest)


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
            assert len(catalogue.records()) == len(catalogue.vector_rows()[1]) == 200
            assert catalogue.marks("query") == catalogue.records_of([500]) == {}
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
