from pathlib import Path

import pytest
from filelock import FileLock
from vs_drawing import write_many

from engine import Query, SearchEngine
from engine.encoder import Encoder
from engine.library import LibraryError


@pytest.fixture
def engine(encoder: Encoder, tmp_path: Path) -> SearchEngine:
    """Pictures in two folders, one of them the same in both, and one within the first."""
    for name in ("first", "second", "first/inner"):
        (tmp_path / name).mkdir()
    same = write_many(tmp_path / "first", 3)[0]
    (tmp_path / "second" / "same.png").write_bytes(same.read_bytes())
    (tmp_path / "first" / "inner" / "copy.png").write_bytes(same.read_bytes())
    (tmp_path / "first" / "letter.jpg").write_text("hello")
    engine = SearchEngine.with_encoder(encoder, tmp_path / "library")
    engine.index([tmp_path / "first", tmp_path / "second"])
    return engine


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def thumbnails(engine: SearchEngine) -> int:
    return len(list(engine.info().library.glob("thumbnails/*/*.jpg")))


def test_a_folder_goes_with_its_images_and_what_was_made_of_them(
    engine: SearchEngine, tmp_path: Path
) -> None:
    originals = files(tmp_path / "first")
    liked = engine.latest()[-1]
    engine.mark(Query.text("red"), liked.id, 1)
    assert engine.folder_counts() == {str(tmp_path / "first"): 4, str(tmp_path / "second"): 1}
    assert [Path(skip.path).name for skip in engine.info().skipped] == ["letter.jpg"]
    assert engine.forget_folder(tmp_path / "first") == 4
    assert engine.folder_counts() == {str(tmp_path / "second"): 1}
    assert engine.info().skipped == ()
    assert thumbnails(engine) == 1, "that of the content which is in the second folder, too"
    assert engine.marks(Query.text("red")) == {}
    assert len(engine.search("anything").results) == 1
    assert engine.index().unchanged == 1, "a refresh does not bring it back"
    assert engine.doctor().is_sound
    assert files(tmp_path / "first") == originals


def test_images_that_lie_in_another_indexed_folder_stay(
    engine: SearchEngine, tmp_path: Path
) -> None:
    engine.index([tmp_path / "first" / "inner"])
    assert engine.forget_folder(tmp_path / "first" / "inner") == 0
    engine.index([tmp_path / "first" / "inner"])
    assert engine.forget_folder(tmp_path / "first") == 3
    assert engine.folder_counts() == {
        str(tmp_path / "first" / "inner"): 1,
        str(tmp_path / "second"): 1,
    }


def test_what_is_no_folder_of_the_library_is_refused(engine: SearchEngine, tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="not a folder of this library"):
        engine.forget_folder(tmp_path)
    with (
        FileLock(engine.info().library / "writer.lock"),
        pytest.raises(LibraryError, match="another process"),
    ):
        engine.forget_folder(tmp_path / "first")
    assert engine.info().images == 5
