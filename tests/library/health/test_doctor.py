"""What an examination finds; what repairing does about it is in test_repair.py."""

import shutil
from pathlib import Path

import pytest
from vs_damage import later, without_index_entries
from vs_drawing import draw, encode, write, write_many
from vs_powers import file_permissions_count

from engine.encoder import Encoder
from engine.library import CheckUp, Library, examine, ingest
from engine.library.intake.plan import EMPTY_FOLDER_GUARD


@pytest.fixture
def indexed(library: Library, encoder: Encoder, pictures: Path) -> list[Path]:
    """Six pictures that are in the library."""
    paths = write_many(pictures, 6)
    ingest(library, encoder, [pictures])
    return paths


def kinds(found: CheckUp) -> dict[str, int]:
    return {kind: len(findings) for kind, findings in found.findings.items()}


def subjects(found: CheckUp, kind: str) -> set[str]:
    return {Path(finding.subject).name for finding in found.findings[kind]}


def test_a_library_in_order(library: Library, indexed: list[Path]) -> None:
    found = examine(library)
    assert found.is_sound
    assert found.findings == {}
    assert (found.images, found.duplicates, found.rows, found.dead_rows) == (6, 0, 6, 0)


def test_an_empty_library_is_in_order(library: Library) -> None:
    found = examine(library)
    assert (found.findings, found.images) == ({}, 0)


def test_missing_changed_and_unindexed_pictures(
    library: Library, indexed: list[Path], pictures: Path
) -> None:
    indexed[0].unlink()
    write(indexed[1], 50, (40, 60))
    later(indexed[2])
    write(pictures / "deep" / "new.png", 60)
    found = examine(library)
    assert kinds(found) == {"missing": 1, "changed": 2, "unindexed": 1}
    assert subjects(found, "missing") == {"000.png"}
    assert subjects(found, "changed") == {"001.png", "002.png"}
    assert subjects(found, "unindexed") == {"new.png"}
    assert not found.is_sound


def test_nothing_is_changed_by_an_examination(
    library: Library, indexed: list[Path], pictures: Path
) -> None:
    indexed[0].unlink()
    write(pictures / "new.png", 60)
    files = [path for path in library.folder.rglob("*") if path.is_file()]
    before = (library.catalogue.records(), len(library.vectors), sorted(files))
    examine(library)
    files = [path for path in library.folder.rglob("*") if path.is_file()]
    assert (library.catalogue.records(), len(library.vectors), sorted(files)) == before


def test_files_that_cannot_be_used_are_no_fault_of_the_library(
    library: Library, encoder: Encoder, indexed: list[Path], pictures: Path
) -> None:
    (pictures / "bad.jpg").write_bytes(b"no picture")
    ingest(library, encoder, [pictures])
    write(pictures / "closed.png", 70).chmod(0)
    indexed[0].chmod(0)
    with file_permissions_count():
        found = examine(library)
    assert found.is_sound
    assert subjects(found, "unreadable") == {"bad.jpg", "closed.png", "000.png"}


def test_a_drive_that_is_not_plugged_in_is_one_finding(
    library: Library, indexed: list[Path], pictures: Path
) -> None:
    pictures.rename(pictures.with_name("unplugged"))
    found = examine(library)
    assert kinds(found) == {"absent": 1}
    assert found.is_sound
    (absent,) = found.findings["absent"]
    assert absent.subject == str(pictures)
    assert "6 images of it are kept" in absent.detail


def test_images_of_no_indexed_folder_are_orphans(library: Library, indexed: list[Path]) -> None:
    library.catalogue.forget_folders(library.catalogue.folders())
    found = examine(library)
    assert kinds(found) == {"orphaned": 6}
    assert subjects(found, "orphaned") == {path.name for path in indexed}


def test_a_single_indexed_file_is_no_orphan(
    library: Library, encoder: Encoder, tmp_path: Path
) -> None:
    ingest(library, encoder, [write(tmp_path / "alone.png", 1)])
    assert examine(library).findings == {}


def test_copies_are_counted(
    library: Library, encoder: Encoder, indexed: list[Path], pictures: Path
) -> None:
    for name in ("copy.png", "another.png"):
        shutil.copy(indexed[0], pictures / name)
    ingest(library, encoder, [pictures])
    found = examine(library)
    assert (found.images, found.duplicates, found.findings) == (8, 2, {})


def test_vectors_that_were_cut_off_or_damaged(
    library: Library, encoder: Encoder, indexed: list[Path]
) -> None:
    file = library.folder / "vectors" / "vectors.f16"
    width = 2 * encoder.dim
    content = bytearray(file.read_bytes())
    content[0:width] = bytes(width)
    content[width : 2 * width] = b"\x00\x7c" * encoder.dim  # infinity
    content[2 * width : 3 * width] = b"\x00\x3c" * encoder.dim  # ones: far too long
    file.write_bytes(content[: -width - width // 2])
    library.vectors = library.store("vectors")
    found = examine(library)
    assert kinds(found) == {"vectors": 5}
    reasons = {Path(f.subject).name: f.detail for f in found.findings["vectors"]}
    assert reasons["000.png"] == "vector row 0 is empty"
    assert reasons["001.png"] == reasons["002.png"].replace("row 2", "row 1")
    assert reasons["001.png"] == "vector row 1 is damaged"
    assert "003.png" not in reasons
    assert reasons["005.png"] == "vector row 5 is lost: the file was cut short"


def test_rows_that_no_image_uses_are_counted(
    library: Library, encoder: Encoder, indexed: list[Path], pictures: Path
) -> None:
    indexed[0].unlink()
    write(indexed[1], 50)
    ingest(library, encoder, [pictures])
    found = examine(library)
    assert found.findings == {}
    assert (found.rows, found.dead_rows) == (7, 2)


def test_leftovers_do_no_harm(library: Library, indexed: list[Path]) -> None:
    shelf = library.folder / "thumbnails" / "ab"
    shelf.mkdir(exist_ok=True)
    (shelf / f"{'ab' * 32}.jpg").write_bytes(b"of no image")
    (shelf / "x.jpg.999999999-1.part").write_bytes(b"half")
    (library.folder / "vectors" / "vectors-9.f16").write_bytes(b"")
    (library.folder / "index" / "0123456789ab").mkdir(parents=True)
    found = examine(library)
    assert found.is_sound
    assert kinds(found) == {"leftovers": 4}


def test_while_another_process_writes_its_files_are_no_leftovers(
    library: Library, indexed: list[Path], encoder: Encoder
) -> None:
    (library.folder / "thumbnails" / "x.jpg.999999999-1.part").write_bytes(b"half")
    other = Library(library.folder, encoder.manifest)
    with other.writing():
        found = examine(library)
    other.close()
    assert found.busy
    assert found.findings == {}


def test_an_index_of_the_database_that_lacks_entries(
    library: Library, indexed: list[Path], encoder: Encoder
) -> None:
    library.close()
    without_index_entries(library.folder / "library.db", "images_digest_time")
    found = examine(library)
    assert kinds(found)["database"] >= 1
    assert "images_digest_time" in found.findings["database"][0].detail


def test_a_database_that_is_damaged_is_told_of(library: Library, indexed: list[Path]) -> None:
    library.close()
    file = library.folder / "library.db"
    content = bytearray(file.read_bytes())
    assert not (library.folder / "library.db-wal").exists()
    for page in range(1, len(content) // 4096):
        content[page * 4096 + 100 : page * 4096 + 4000] = b"\xa5" * 3900
    file.write_bytes(content)
    found = examine(library)
    assert not found.is_sound
    assert found.findings["database"]


def test_many_images_of_a_folder_that_is_suddenly_empty_are_not_called_missing(
    library: Library, encoder: Encoder, pictures: Path
) -> None:
    for number in range(EMPTY_FOLDER_GUARD + 1):
        (pictures / f"{number}.png").write_bytes(encode(draw(number % 3)))
    ingest(library, encoder, [pictures])
    shutil.rmtree(pictures)
    pictures.mkdir()
    assert kinds(examine(library)) == {"absent": 1}


def test_progress_is_told_by_stage(library: Library, indexed: list[Path]) -> None:
    stages: list[str] = []
    examine(library, progress=lambda progress: stages.append(progress.stage))
    assert list(dict.fromkeys(stages)) == [
        "checking the database",
        "checking vectors",
        "looking at files",
    ]
