import os
import time
from pathlib import Path

import pytest
from vs_drawing import write, write_many

from engine.encoder import Encoder
from engine.library import Library, examine, ingest
from engine.library.store.leftovers import abandoned_parts, clear, leftovers

NOBODY = 999_999_999  # no process has this number


@pytest.fixture
def indexed(library: Library, encoder: Encoder, pictures: Path) -> list[Path]:
    """Pictures that are in the library, two of them copies."""
    paths = write_many(pictures, 3)
    (pictures / "copy.png").write_bytes(paths[0].read_bytes())
    ingest(library, encoder, [pictures])
    return paths


def stray(library: Library) -> Path:
    """A thumbnail of a content that no image has."""
    path = library.thumbnails.path("ab" * 32)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"of no image")
    return path


def part(folder: Path, process: int, age: float = 0.0) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"x.jpg.{process}-1.part"
    path.write_bytes(b"half")
    os.utime(path, (time.time() - age,) * 2)
    return path


def test_what_is_in_use_is_none(library: Library, indexed: list[Path]) -> None:
    assert list(leftovers(library.folder, library.catalogue)) == []
    assert clear(library.folder, library.catalogue) == 0
    assert len(list(library.folder.glob("thumbnails/*/*.jpg"))) == 3


def test_thumbnails_of_no_image_and_half_written_files(
    library: Library, indexed: list[Path]
) -> None:
    found = {
        stray(library),
        *(part(library.folder / name, NOBODY) for name in ("vectors", "examples", "index", ".")),
    }
    assert {path.resolve() for path in leftovers(library.folder, library.catalogue)} == found
    assert clear(library.folder, library.catalogue) == 5
    assert not any(path.exists() for path in found)


@pytest.mark.parametrize(
    ("process", "age", "abandoned"),
    [(NOBODY, 0, True), (os.getpid(), 0, False), (1, 0, False), (1, 7200, True)],
    ids=["of nobody", "of this process", "of another", "of another, long ago"],
)
def test_what_somebody_may_just_be_writing_is_left_alone(
    process: int, age: float, abandoned: bool, tmp_path: Path
) -> None:
    path = part(tmp_path, process, age)
    assert list(abandoned_parts(tmp_path)) == ([path] if abandoned else [])


def test_other_files_of_that_name_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "download.part").write_bytes(b"somebody's")
    assert list(abandoned_parts(tmp_path)) == []


def test_a_run_that_failed_is_cleaned_up_after_by_the_next_one(
    library: Library, encoder: Encoder, indexed: list[Path], pictures: Path
) -> None:
    with pytest.raises(KeyboardInterrupt), library.writing():
        path = stray(library)
        raise KeyboardInterrupt
    assert path.exists()
    assert len(examine(library).findings["leftovers"]) == 1
    ingest(library, encoder, [pictures])
    assert not path.exists()
    assert examine(library).findings == {}


def test_a_run_after_a_good_one_does_not_look_through_all_thumbnails(
    library: Library, encoder: Encoder, indexed: list[Path], pictures: Path
) -> None:
    path = stray(library)
    write(pictures / "new.png", 50)
    ingest(library, encoder, [pictures])
    assert path.exists()
