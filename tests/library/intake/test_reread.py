import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from vs_drawing import write

from engine.encoder import Encoder, decode
from engine.library import ImageRecord, Library, ingest
from engine.library.intake.reread import ContentReader


@pytest.fixture
def record(library: Library, encoder: Encoder, pictures: Path) -> ImageRecord:
    write(pictures / "a.png", 1, (640, 480))
    ingest(library, encoder, [pictures])
    return library.catalogue.records()[0]


@pytest.fixture
def reader(library: Library, encoder: Encoder) -> ContentReader:
    return ContentReader(encoder, library.thumbnails)


def test_pixels_are_those_that_it_was_indexed_with(
    reader: ContentReader, record: ImageRecord, library: Library, encoder: Encoder
) -> None:
    reread = reader.read([record])
    assert (reread.row, reread.from_thumbnail, reread.reason) == (0, False, "")
    assert reread.pixels is not None
    vector = encoder.encode_pixels([reread.pixels])
    assert vector == pytest.approx(library.vectors.read(np.array([0])), abs=1e-3)


def test_the_first_original_that_is_as_indexed_is_taken(
    reader: ContentReader, record: ImageRecord, pictures: Path
) -> None:
    shutil.copy(record.path, pictures / "copy.png")
    expected = reader.read([record]).pixels
    write(Path(record.path), 2)
    copy = replace(record, path=str(pictures / "copy.png"))
    reread = reader.read([replace(record, path="/nowhere"), record, copy])
    assert (reread.from_thumbnail, reread.reason) == (False, "")
    assert reread.pixels == pytest.approx(expected)


def test_a_thumbnail_is_taken_where_no_original_is(
    reader: ContentReader, record: ImageRecord, library: Library, encoder: Encoder
) -> None:
    write(Path(record.path), 2)
    reread = reader.read([record])
    assert (reread.from_thumbnail, reread.reason) == (True, "changed since it was indexed")
    thumbnail = decode(library.thumbnails.path(record.digest)).image
    assert reread.pixels == pytest.approx(encoder.pixels(thumbnail))


@pytest.mark.parametrize("thumbnail", [b"", b"RIFF damaged", None])
def test_with_neither_the_reason_is_that_of_the_original(
    thumbnail: bytes | None, reader: ContentReader, record: ImageRecord, library: Library
) -> None:
    Path(record.path).unlink()
    path = library.thumbnails.path(record.digest)
    path.unlink()
    if thumbnail is not None:
        path.write_bytes(thumbnail)
    reread = reader.read([record])
    assert reread.pixels is None
    assert reread.reason == "no such file; there is no thumbnail of it either"
