import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from sqlalchemy import text
from vs_rows import Rows, Step, steps

from engine.library.records import DatabaseDamagedError
from engine.library.store import kept_rows as kept_rows_module
from engine.library.store.changes import Changes
from engine.library.store.database import writing
from engine.library.store.kept_rows import KeptRows


class Looks:
    """Asks a database for all its images, and counts how often it reads all of them."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(kept_rows_module, "WORTH", 3)
        self.rows, self.file = Rows(folder), folder / "index" / "rows.npz"
        self.kept = KeptRows(self.file, self.rows.log)
        self.complete = 0
        ask = self.rows.log.changes

        def counted(since: object = None) -> Changes:
            changes = ask(since)  # type: ignore[arg-type]
            self.complete += changes.complete
            return changes

        monkeypatch.setattr(self.rows.log, "changes", counted)

    def all_images(self) -> Changes:
        """As a new process would, and compared with what is there."""
        found, before = self.kept.all_images(), self.complete
        truth = self.rows.log.changes()
        self.complete = before
        assert found.head == truth.head
        for name in ("ids", "rows", "versions"):
            assert getattr(found, name).tolist() == getattr(truth, name).tolist()
            assert getattr(found, name).dtype == np.int64
        assert found.complete
        assert len(found.removed) == 0
        return found


@pytest.fixture
def looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Looks:
    return Looks(tmp_path, monkeypatch)


def test_the_second_look_reads_what_is_new(looks: Looks) -> None:
    looks.rows.add(5)
    looks.all_images()
    assert looks.complete == 1
    looks.rows.add(2)
    looks.rows.change(1)
    looks.rows.remove(3)
    assert looks.all_images().ids.tolist() == [1, 2, 4, 5, 6, 7]
    looks.all_images()
    assert looks.complete == 1


def test_a_small_library_keeps_no_file(looks: Looks) -> None:
    looks.rows.add(2)
    looks.all_images()
    assert not looks.file.exists()


def test_a_file_that_is_nearly_right_is_not_written_again(looks: Looks) -> None:
    looks.rows.add(300)
    looks.all_images()
    written = looks.file.stat().st_mtime_ns
    looks.rows.add(2)
    looks.all_images()
    assert looks.file.stat().st_mtime_ns == written
    looks.rows.add(2)
    looks.all_images()
    assert looks.file.stat().st_mtime_ns > written


def test_another_store_is_read_anew(looks: Looks) -> None:
    looks.rows.add(5)
    looks.all_images()
    looks.rows.catalogue.set_meta({"vectors": "other"})
    assert looks.all_images().head.vectors == "other"
    assert looks.complete == 2
    looks.all_images()
    assert looks.complete == 2


def test_a_backup_that_went_another_way_is_noticed(looks: Looks, tmp_path: Path) -> None:
    """Same number of images, later generation, other vectors: only the sum tells."""
    looks.rows.add(6)
    database = tmp_path / "library.db"
    looks.rows.database.dispose()
    shutil.copy(database, tmp_path / "backup")
    looks.rows.change(2)
    looks.rows.change(5)
    looks.all_images()
    looks.rows.database.dispose()
    for name in ("library.db-wal", "library.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    shutil.copy(tmp_path / "backup", database)
    for image_id in (5, 2, 5):
        looks.rows.change(image_id)
    looks.all_images()
    assert looks.complete == 2


@pytest.mark.parametrize("content", [b"", b"PK nothing", b"\x93NUMPY"])
def test_a_damaged_file_is_read_anew(content: bytes, looks: Looks) -> None:
    looks.rows.add(5)
    looks.all_images()
    looks.file.write_bytes(content)
    looks.all_images()
    assert looks.complete == 2
    looks.all_images()
    assert looks.complete == 2


def test_a_byte_that_was_changed_changes_nothing(looks: Looks) -> None:
    looks.rows.add(5)
    looks.all_images()
    content = looks.file.read_bytes()
    for place in range(0, len(content), 7):
        damaged = bytearray(content)
        damaged[place] ^= 0x11
        looks.file.write_bytes(damaged)
        looks.all_images()


def test_a_file_that_cannot_be_written_is_no_failure(looks: Looks, tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file where the folder should be")
    looks.rows.add(5)
    looks.all_images()


def test_damage_in_the_database_is_found_all_the_same(looks: Looks) -> None:
    looks.rows.add(5)
    looks.all_images()
    with writing(looks.rows.database) as connection:
        connection.execute(text("UPDATE images SET vector_row = 'scratched' WHERE id = 2"))
    with pytest.raises(DatabaseDamagedError):
        looks.kept.all_images()


@given(taken=steps("look"))
def test_whatever_happens_all_images_are_those_of_the_database(
    taken: list[Step], tmp_path_factory: pytest.TempPathFactory
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        looks = Looks(tmp_path_factory.mktemp("rows"), patch)
        for step, number in [*taken, ("look", 0)]:
            if step == "look":
                assert looks.all_images().checksum() == looks.rows.log.checksum()
            else:
                looks.rows.take(step, number)
