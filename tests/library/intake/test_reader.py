import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from vs_awkward import turned
from vs_drawing import draw, encode, write
from vs_powers import files_no_larger_than

from engine.encoder import Encoder
from engine.library.intake.reader import FileReader
from engine.library.intake.stages import Stopwatch
from engine.library.records import Content, FileState, ImageRecord
from engine.library.store.thumbnails import SIDE, ThumbnailStore


@pytest.fixture
def thumbnails(tmp_path: Path) -> ThumbnailStore:
    return ThumbnailStore(tmp_path / "thumbnails")


@pytest.fixture
def stopwatch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def reader(encoder: Encoder, thumbnails: ThumbnailStore, stopwatch: Stopwatch) -> FileReader:
    """Of a library that holds nothing."""
    return FileReader(encoder, thumbnails, lambda digest: None, stopwatch)


def state_of(path: Path) -> FileState:
    status = path.stat()
    return FileState(str(path), status.st_size, status.st_mtime_ns)


def test_a_picture_becomes_digest_pixels_and_thumbnail(
    reader: FileReader, encoder: Encoder, thumbnails: ThumbnailStore, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.png", 1, (600, 400))
    result = reader.read(state_of(path), None)
    assert result.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (result.width, result.height, result.reason) == (600, 400, None)
    assert result.pixels is not None
    assert np.array_equal(result.pixels, encoder.pixels(draw(1, (600, 400))))
    with Image.open(thumbnails.path(result.digest)) as small:
        assert small.size == (SIDE, 256)


def test_sides_and_thumbnail_are_those_of_the_upright_picture(
    reader: FileReader, thumbnails: ThumbnailStore, tmp_path: Path
) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(turned(draw(2, (640, 320)), 6, quality=90))
    result = reader.read(state_of(path), None)
    assert (result.width, result.height) == (640, 320)
    with Image.open(thumbnails.path(result.digest)) as small:
        assert small.size == (SIDE, 192)


def test_known_content_is_not_decoded(
    encoder: Encoder, thumbnails: ThumbnailStore, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.png", 3)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    known = ImageRecord(1, str(path), digest, 1, 1, 1, 1, 0)
    contents = {digest: Content(digest, 1, 1, 0)}
    reader = FileReader(encoder, thumbnails, contents.get, Stopwatch())
    result = reader.read(state_of(path), known)
    assert (result.digest, result.pixels, result.reason) == (digest, None, None)
    assert result.content == contents[digest]
    assert result.record is known
    assert not thumbnails.path(digest).exists()


def test_a_bad_picture_is_a_result_that_is_worth_remembering(
    reader: FileReader, tmp_path: Path
) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"no picture")
    result = reader.read(state_of(path), None)
    assert result.pixels is None
    assert result.decoded
    assert result.reason == "not a picture: the content is text"


def test_a_file_that_cannot_be_read_is_worth_another_try(
    reader: FileReader, tmp_path: Path
) -> None:
    result = reader.read(FileState(str(tmp_path / "gone.jpg"), 1, 1), None)
    assert result.reason == "no such file"
    assert not result.decoded
    assert result.digest == ""


def test_time_is_counted_over_all_threads(
    reader: FileReader, stopwatch: Stopwatch, tmp_path: Path
) -> None:
    states = [state_of(write(tmp_path / f"{n}.png", n, (500, 500))) for n in range(8)]
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda state: reader.read(state, None), states))
    assert len({result.digest for result in results}) == 8
    read, decode, *_ = stopwatch.stages(jobs=4, model_threads=1)
    assert (read.name, read.images, decode.name, decode.images) == ("read", 8, "decode", 8)
    assert read.seconds > 0
    assert decode.seconds > 0


def test_a_full_disk_is_no_fault_of_the_picture(reader: FileReader, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(encode(draw(4, (500, 400))))
    with files_no_larger_than(10), pytest.raises(OSError, match="large"):
        reader.read(state_of(path), None)
