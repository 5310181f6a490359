import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from vs_damage import cut_rows, later, without_index_entries
from vs_drawing import write, write_many
from vs_library import vector

from engine.encoder import Encoder
from engine.library import Library, LibraryError, examine, ingest, repair_library
from engine.library.intake.plan import EMPTY_FOLDER_GUARD

COUNT = 6


@pytest.fixture
def indexed(library: Library, encoder: Encoder, pictures: Path) -> list[Path]:
    """Pictures that are in the library."""
    paths = write_many(pictures, COUNT)
    ingest(library, encoder, [pictures])
    return paths


def reopened(library: Library, encoder: Encoder) -> Library:
    """As another process would find it."""
    library.close()
    return Library(library.folder, encoder.manifest)


def all_right(library: Library, encoder: Encoder) -> None:
    """Nothing is found any more, and every image has the vector of its file."""
    assert examine(library).findings == {}
    for record in library.catalogue.records():
        (expected,) = encoder.encode_images([record.path])
        assert vector(library, record) @ expected > 0.999, record.path


def test_nothing_to_repair(library: Library, encoder: Encoder, indexed: list[Path]) -> None:
    before = (library.catalogue.records(), library.catalogue.generation())
    assert repair_library(library, encoder) == ()
    assert (library.catalogue.records(), library.catalogue.generation()) == before


def test_missing_changed_and_new_pictures(
    library: Library, encoder: Encoder, indexed: list[Path], pictures: Path
) -> None:
    indexed[0].unlink()
    write(indexed[1], 50)
    later(indexed[2])
    write(pictures / "new.png", 60)
    (done,) = repair_library(library, encoder)
    assert done == "brought the library up to date with its folders: 1 added, 1 updated, 1 removed"
    all_right(library, encoder)


@pytest.mark.parametrize(("kept", "spare"), [(0, 0), (2, 0), (2, 100), (5, 511)])
def test_a_store_that_was_cut_short(
    kept: int, spare: int, library: Library, encoder: Encoder, indexed: list[Path]
) -> None:
    ids = [record.id for record in library.catalogue.records()]
    cut_rows(library.folder, kept, encoder.dim, spare)
    library = reopened(library, encoder)
    with pytest.raises(LibraryError, match="doctor --repair"):
        ingest(library, encoder, [indexed[0].parent])
    assert repair_library(library, encoder) == (f"made {COUNT - kept} vectors anew",)
    all_right(library, encoder)
    assert [record.id for record in library.catalogue.records()] == ids
    library.close()


@pytest.mark.parametrize("lost", ["vectors.f16", "vectors.json", "vectors"])
def test_a_store_that_was_lost(
    lost: str, library: Library, encoder: Encoder, indexed: list[Path]
) -> None:
    for path in library.folder.glob(f"vectors/{lost}*" if "." in lost else lost):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    library = reopened(library, encoder)
    repair_library(library, encoder)
    all_right(library, encoder)
    library.close()


def test_damaged_rows_get_new_ones(library: Library, encoder: Encoder, indexed: list[Path]) -> None:
    file = library.folder / "vectors" / "vectors.f16"
    content = bytearray(file.read_bytes())
    content[: 4 * encoder.dim] = b"\xff\x7e" * (2 * encoder.dim)  # not a number
    file.write_bytes(content)
    versions = library.changes.changes().versions
    assert repair_library(library, encoder) == ("made 2 vectors anew",)
    all_right(library, encoder)
    newer = library.changes.changes().versions > versions
    assert newer.tolist() == [True, True, False, False, False, False], "indexes must learn of it"
    assert examine(library).dead_rows == 2


def test_copies_still_share_a_vector(
    library: Library, encoder: Encoder, indexed: list[Path], pictures: Path
) -> None:
    for name in ("copy.png", "z.png"):
        shutil.copy(indexed[0], pictures / name)
    ingest(library, encoder, [pictures])
    file = library.folder / "vectors" / "vectors.f16"
    file.write_bytes(b"\xff\x7e" * (encoder.dim * COUNT))
    assert repair_library(library, encoder) == (f"made {COUNT} vectors anew",)
    all_right(library, encoder)
    assert len({record.vector_row for record in library.catalogue.records()}) == COUNT


def test_without_the_original_the_thumbnail_serves(
    library: Library, encoder: Encoder, pictures: Path
) -> None:
    path = write(pictures / "large.png", 3, (900, 700))
    ingest(library, encoder, [pictures])
    (expected,) = encoder.encode_images([path])
    pictures.rename(pictures.with_name("unplugged"))
    cut_rows(library.folder, 0, encoder.dim)
    library = reopened(library, encoder)
    assert repair_library(library, encoder) == ("made 1 vectors anew, 1 of them from thumbnails",)
    (record,) = library.catalogue.records()
    assert vector(library, record) @ expected > 0.9
    assert examine(library).is_sound
    library.close()


def test_what_is_nowhere_to_be_found_is_left_and_repaired_once_it_is_back(
    library: Library, encoder: Encoder, indexed: list[Path], pictures: Path
) -> None:
    unplugged = pictures.with_name("unplugged")
    pictures.rename(unplugged)
    shutil.rmtree(library.folder / "thumbnails")
    file = library.folder / "vectors" / "vectors.f16"
    file.write_bytes(b"\xff\x7e" * encoder.dim)  # one damaged, the others lost
    library = reopened(library, encoder)
    (left,) = repair_library(library, encoder)
    assert left.startswith(f"{COUNT} vectors cannot be made anew now")
    found = examine(library)
    assert len(found.findings["vectors"]) == COUNT
    for record in library.catalogue.records():
        assert not vector(library, record).any(), "a search must not come upon what is no number"
    repair_library(library, encoder)
    assert len(library.vectors) == COUNT + 1, "what is hopeless must not grow the store each time"
    unplugged.rename(pictures)
    repair_library(library, encoder)
    all_right(library, encoder)
    library.close()


def test_a_file_that_became_another_one_unnoticed(
    library: Library, encoder: Encoder, indexed: list[Path]
) -> None:
    record = library.catalogue.records()[0]
    library.catalogue.apply(changed=[{"id": record.id, "digest": "f" * 64}])
    cut_rows(library.folder, 0, encoder.dim)
    library = reopened(library, encoder)
    repair_library(library, encoder)
    all_right(library, encoder)
    library.close()


def test_orphans_are_dropped(library: Library, encoder: Encoder, indexed: list[Path]) -> None:
    library.catalogue.forget_folders(library.catalogue.folders())
    assert repair_library(library, encoder) == (
        f"dropped {COUNT} images that are in no indexed folder",
    )
    assert library.catalogue.count() == 0
    assert all(path.exists() for path in indexed)
    assert examine(library).findings == {}


def test_many_orphans_are_dropped_only_if_that_is_wanted(
    library: Library, encoder: Encoder, pictures: Path
) -> None:
    path = write(pictures / "one.png", 1)
    for number in range(EMPTY_FOLDER_GUARD):
        shutil.copy(path, pictures / f"{number}.png")
    ingest(library, encoder, [pictures])
    library.catalogue.forget_folders(library.catalogue.folders())
    (kept,) = repair_library(library, encoder)
    assert kept.startswith(f"kept {EMPTY_FOLDER_GUARD + 1} images that are in no indexed folder")
    assert library.catalogue.count() == EMPTY_FOLDER_GUARD + 1
    repair_library(library, encoder, remove_missing=True)
    assert library.catalogue.count() == 0


def test_a_drive_that_is_not_plugged_in_loses_nothing(
    library: Library, encoder: Encoder, indexed: list[Path], pictures: Path
) -> None:
    pictures.rename(pictures.with_name("unplugged"))
    repair_library(library, encoder)
    assert library.catalogue.count() == COUNT
    repair_library(library, encoder, remove_missing=True)
    assert library.catalogue.count() == 0


def test_leftovers_are_cleared(library: Library, encoder: Encoder, indexed: list[Path]) -> None:
    shelf = library.folder / "thumbnails" / "ab"
    shelf.mkdir(exist_ok=True)
    (shelf / f"{'ab' * 32}.jpg").write_bytes(b"of no image")
    (library.folder / "vectors" / "vectors.json.999999999-1.part").write_bytes(b"half")
    (library.folder / "vectors" / "vectors-9.f16").write_bytes(b"")
    assert repair_library(library, encoder) == ("removed 2 files that nothing refers to",)
    assert examine(library).findings == {}


def test_indexes_of_the_database_are_made_anew(
    library: Library, encoder: Encoder, indexed: list[Path]
) -> None:
    library.close()
    with closing(sqlite3.connect(library.folder / "library.db")) as base:  # of an image long gone
        base.execute("insert into feedback values ('dogs', 999, 1, 0)")
        base.commit()
    without_index_entries(library.folder / "library.db", "images_digest_time")
    assert {finding.subject for finding in examine(library).findings["database"]} == {"library.db"}
    done = repair_library(library, encoder)
    assert done[0] == "made the indexes of the database anew"
    assert "database" not in examine(library).findings
    assert library.marks.of("dogs") == {}


def test_it_waits_for_no_other_writer(
    library: Library, encoder: Encoder, indexed: list[Path]
) -> None:
    other = Library(library.folder, encoder.manifest)
    with other.writing(), pytest.raises(LibraryError, match="another process is indexing"):
        repair_library(library, encoder)
    other.close()


def test_originals_are_never_modified(
    library: Library, encoder: Encoder, indexed: list[Path], pictures: Path
) -> None:
    (pictures / "bad.jpg").write_bytes(b"bad")

    def everything() -> dict[str, tuple[int, int, bytes]]:
        return {
            path.name: (path.stat().st_mtime_ns, path.stat().st_ctime_ns, path.read_bytes())
            for path in pictures.iterdir()
        }

    before = everything()
    cut_rows(library.folder, 1, encoder.dim)
    library = reopened(library, encoder)
    repair_library(library, encoder, remove_missing=True)
    library.close()
    assert everything() == before
