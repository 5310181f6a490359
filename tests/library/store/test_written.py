"""Keywords, titles and ratings in files are found as imported ones are, while they are there."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from vs_written import data_set, picture, xmp

from engine import SearchEngine
from engine.encoder import Encoder
from engine.library import Library
from engine.library.store.database import writing
from engine.library.store.tables import attributes, details, written


@pytest.fixture
def engine(encoder: Encoder, tmp_path: Path) -> Iterator[SearchEngine]:
    with SearchEngine.with_encoder(encoder, tmp_path / "library") as opened:
        yield opened


@pytest.fixture
def photos(pictures: Path) -> Path:
    """Three photographs, two of which say something."""
    sea = xmp(["holiday", "sea"], "Evening at the harbour", "Waves", 5)
    (pictures / "sea.jpg").write_bytes(picture("JPEG", sea, colour="blue"))
    iptc = data_set(25, b"work") + data_set(120, b"The new lighthouse")
    (pictures / "work.tif").write_bytes(picture("TIFF", xmp(rating=2), iptc, colour="grey"))
    (pictures / "none.jpg").write_bytes(picture(colour="green"))
    return pictures


def found(engine: SearchEngine, text: str) -> list[str]:
    return sorted(Path(hit.path).name for hit in engine.search(text, limit=10).results)


def said(engine: SearchEngine) -> dict[str, dict[str, tuple[str, ...]]]:
    known = engine.known([image.id for image in engine.images()])
    return {Path(one.path).name: dict(known[one.id].attributes) for one in engine.images()}


def test_what_stands_in_files_is_found(engine: SearchEngine, photos: Path) -> None:
    engine.index([photos])
    assert found(engine, "tag:holiday") == ["sea.jpg"]
    assert found(engine, "tag:work,sea") == ["sea.jpg", "work.tif"]
    assert found(engine, "rating:>3") == ["sea.jpg"]
    assert found(engine, "caption:lighthouse") == ["work.tif"]
    assert found(engine, "-tag:holiday") == ["none.jpg", "work.tif"]
    assert said(engine)["sea.jpg"] == {
        "caption": ("Waves",),
        "rating": ("5",),
        "tag": ("holiday", "sea"),
        "title": ("Evening at the harbour",),
    }


def test_it_is_found_by_keywords_and_offered(
    engine: SearchEngine, photos: Path, encoder: Encoder
) -> None:
    engine.index([photos])
    ids = {Path(image.path).name: image.id for image in engine.images()}
    library = Library(engine.info().library, encoder.manifest)
    assert library.attributes.by_keywords(["new lighthouse"], [], 5).tolist() == [ids["work.tif"]]
    assert {"holiday", "lighthouse"} <= library.attributes.words()
    library.close()
    columns = {column.name: column for column in engine.facets().columns}
    assert {choice.value for choice in columns["tag"].choices} == {"holiday", "sea", "work"}
    assert columns["rating"].numbers is not None
    assert engine.columns() == {"caption": 2, "rating": 2, "tag": 2, "title": 1}
    assert engine.columns(of_files=False) == {}


def test_a_changed_file_says_what_it_says_now(engine: SearchEngine, photos: Path) -> None:
    engine.index([photos])
    (photos / "sea.jpg").write_bytes(picture("JPEG", xmp(["boat"]), colour="blue"))
    (photos / "work.tif").write_bytes(picture("TIFF", colour="grey"))
    engine.index([photos])
    assert said(engine) == {"sea.jpg": {"tag": ("boat",)}, "work.tif": {}, "none.jpg": {}}
    assert found(engine, "tag:holiday") == []
    (photos / "sea.jpg").unlink()
    engine.index([photos])
    assert engine.columns() == {}


def test_what_was_imported_or_tagged_stays_beside_it(
    engine: SearchEngine, photos: Path, tmp_path: Path
) -> None:
    engine.index([photos])
    (sea,) = (image.id for image in engine.images() if image.path.endswith("sea.jpg"))
    table = tmp_path / "more.csv"
    table.write_text("file,tag,rating\nsea.jpg,shop;sea,1\n")
    engine.import_metadata(table)
    assert engine.tag([sea], "holiday") == 0  # the file says so already
    assert engine.tag([sea], "mine") == 1
    assert said(engine)["sea.jpg"]["tag"] == ("holiday", "sea", "shop", "mine")
    assert said(engine)["sea.jpg"]["rating"] == ("5", "1")
    assert engine.columns(of_files=False) == {"rating": 1, "tag": 1}
    (photos / "sea.jpg").write_bytes(picture("JPEG", xmp(["boat"]), colour="blue"))
    engine.index([photos])
    assert said(engine)["sea.jpg"] == {"tag": ("boat", "shop", "sea", "mine"), "rating": ("1",)}
    assert engine.forget_column("tag") == 1
    assert said(engine)["sea.jpg"]["tag"] == ("boat",)
    assert found(engine, "tag:boat") == ["sea.jpg"]


def test_copies_and_moved_files_have_it_too(engine: SearchEngine, photos: Path) -> None:
    engine.index([photos])
    shutil.copy(photos / "sea.jpg", photos / "copy.jpg")
    (photos / "sub").mkdir()
    (photos / "work.tif").rename(photos / "sub" / "moved.tif")
    report = engine.index([photos])
    assert (report.added, report.moved) == (1, 1)
    assert found(engine, "tag:holiday") == ["copy.jpg", "sea.jpg"]
    assert found(engine, "tag:work") == ["moved.tif"]


def as_from_before(library: Path, encoder: Encoder) -> None:
    """The library forgets what an older version did not read."""
    opened = Library(library, encoder.manifest)
    with writing(opened.database) as connection:
        connection.execute(update(details).values(version=1))
        connection.execute(delete(attributes))
        connection.execute(delete(written))
    opened.close()


def test_a_library_from_before_gets_it_with_the_next_run(
    engine: SearchEngine, photos: Path, encoder: Encoder
) -> None:
    engine.index([photos])
    before = said(engine)
    as_from_before(engine.info().library, encoder)
    assert said(engine)["sea.jpg"] == {}
    assert engine.index([photos]).unchanged == 3
    assert said(engine) == before
    assert found(engine, "tag:holiday") == ["sea.jpg"]


def test_what_is_known_of_an_original_out_of_reach_stays(
    engine: SearchEngine, photos: Path, encoder: Encoder, tmp_path: Path
) -> None:
    engine.index([photos])
    before = {image.id: engine.known([image.id])[image.id] for image in engine.images()}
    library = Library(engine.info().library, encoder.manifest)
    with writing(library.database) as connection:
        connection.execute(update(details).values(version=1))
    library.close()
    photos.rename(tmp_path / "unplugged")
    engine.index([photos])
    assert {image.id: engine.known([image.id])[image.id] for image in engine.images()} == before


def id_of(engine: SearchEngine, name: str) -> int:
    (found_id,) = (image.id for image in engine.images() if Path(image.path).name == name)
    return found_id


def read_anew(engine: SearchEngine, folder: Path, encoder: Encoder) -> None:
    """As after an update that reads more of each file."""
    library = Library(engine.info().library, encoder.manifest)
    with writing(library.database) as connection:
        connection.execute(update(details).values(version=1))
    library.close()
    engine.index([folder])


def test_a_tag_of_a_file_is_taken_off_and_stays_off(
    engine: SearchEngine, photos: Path, encoder: Encoder
) -> None:
    engine.index([photos])
    content = (photos / "sea.jpg").read_bytes()
    sea = id_of(engine, "sea.jpg")
    engine.tag([sea, id_of(engine, "none.jpg")], "holiday")
    assert engine.untag([image.id for image in engine.images()], "holiday") == 2
    assert (photos / "sea.jpg").read_bytes() == content
    for again in (lambda: None, lambda: engine.index([photos])):
        again()
        assert said(engine)["sea.jpg"]["tag"] == ("sea",)
        assert found(engine, "tag:holiday") == []
    read_anew(engine, photos, encoder)
    (photos / "sea.jpg").rename(photos / "moved.jpg")
    engine.index([photos])
    assert said(engine)["moved.jpg"]["tag"] == ("sea",)
    changed = xmp(["boat", "holiday"], rating=3)
    (photos / "moved.jpg").write_bytes(picture("JPEG", changed, colour="blue"))
    engine.index([photos])
    assert said(engine)["moved.jpg"] == {"tag": ("boat",), "rating": ("3",)}
    assert engine._library.attributes.by_keywords(["holiday"], [], 5).tolist() == []


def test_a_tag_of_a_file_is_given_back(engine: SearchEngine, photos: Path) -> None:
    engine.index([photos])
    before = said(engine)
    shutil.copy(photos / "sea.jpg", photos / "copy.jpg")
    engine.index([photos])
    sea = id_of(engine, "sea.jpg")
    assert engine.untag([sea], "holiday") == 1
    assert found(engine, "tag:holiday") == ["copy.jpg"]
    assert engine.tag([sea], "holiday") == 1
    assert said(engine) == {**before, "copy.jpg": before["sea.jpg"]}
    assert engine.columns(of_files=False) == {}  # it is the file's again
    assert engine.untag([sea], "holiday") == 1
    assert said(engine)["sea.jpg"]["tag"] == ("sea",)
