"""What pictures say of themselves, kept by content, and made up for where it is missing."""

from pathlib import Path

from PIL import ExifTags, Image
from sqlalchemy import delete, update

from engine.encoder import Encoder
from engine.library import Library, Progress, ingest
from engine.library.known.details import Details
from engine.library.store.database import writing
from engine.library.store.tables import colours, details
from engine.metadata import PhotoFacts


def photo(path: Path, camera: str, colour: str) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Model] = camera
    Image.new("RGB", (40, 30), colour).save(path, exif=exif)


def known(library: Library) -> dict[str, Details]:
    records = library.catalogue.records()
    found = library.details.of([record.digest for record in records])
    return {Path(r.path).name: found[r.digest] for r in records if r.digest in found}


def test_indexing_keeps_camera_and_colours(
    library: Library, encoder: Encoder, pictures: Path
) -> None:
    photo(pictures / "a.jpg", "Pixel 8", "#d8232a")
    ingest(library, encoder, [pictures])
    (found,) = known(library).values()
    assert found.facts == PhotoFacts(camera="Pixel 8")
    assert [colour.name for colour in found.colours] == ["red"]


def test_a_changed_file_has_other_details_and_a_gone_one_none(
    library: Library, encoder: Encoder, pictures: Path
) -> None:
    photo(pictures / "a.jpg", "Pixel 8", "#d8232a")
    photo(pictures / "b.jpg", "Pixel 9", "#2058c0")
    ingest(library, encoder, [pictures])
    photo(pictures / "a.jpg", "Leica", "#2a8a3c")
    (pictures / "b.jpg").unlink()
    ingest(library, encoder, [pictures])
    assert {name: one.facts.camera for name, one in known(library).items()} == {"a.jpg": "Leica"}
    with library.database.connect() as connection:
        assert connection.execute(details.select()).all().__len__() == 1
        assert {row.name for row in connection.execute(colours.select())} == {"green"}


def test_what_an_older_version_did_not_read_is_read_at_the_next_run(
    library: Library, encoder: Encoder, pictures: Path
) -> None:
    photo(pictures / "a.jpg", "Pixel 8", "#d8232a")
    photo(pictures / "b.jpg", "Pixel 9", "#2058c0")
    ingest(library, encoder, [pictures])
    before = known(library)
    with writing(library.database) as connection:
        connection.execute(delete(colours))
        connection.execute(delete(details).where(details.c.camera == "Pixel 8"))
        connection.execute(update(details).values(version=0, camera="old"))
    told: list[Progress] = []
    ingest(library, encoder, [pictures], told.append)
    after = known(library)
    assert {n: one.facts for n, one in after.items()} == {n: one.facts for n, one in before.items()}
    assert [one.colours[0].name for _, one in sorted(after.items())] == ["red", "blue"]
    assert [one.done for one in told if one.stage == "reading dates, colours and keywords"] == [2]
    told.clear()
    ingest(library, encoder, [pictures], told.append)
    assert not told


def test_a_lost_thumbnail_or_original_leaves_the_rest_known(
    library: Library, encoder: Encoder, pictures: Path
) -> None:
    photo(pictures / "a.jpg", "Pixel 8", "#d8232a")
    ingest(library, encoder, [pictures])
    (record,) = library.catalogue.records()
    library.thumbnails.remove(record.digest)
    with writing(library.database) as connection:
        connection.execute(update(details).values(version=0))
        connection.execute(delete(colours))
    ingest(library, encoder, [pictures])
    assert known(library)["a.jpg"] == Details(PhotoFacts(camera="Pixel 8"))
