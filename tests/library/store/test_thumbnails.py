from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image
from vs_drawing import draw
from vs_powers import files_no_larger_than

from engine.library.store.thumbnails import ThumbnailStore

DIGEST = "ab" + "0" * 62


@pytest.fixture
def store(tmp_path: Path) -> ThumbnailStore:
    return ThumbnailStore(tmp_path / "thumbnails")


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1920, 1080), (384, 216)),
        ((1080, 1920), (216, 384)),
        ((384, 384), (384, 384)),
        ((1000, 750), (500, 375)),
        ((600, 300), (384, 192)),
        ((510, 100), (510, 100)),
        ((20, 10), (20, 10)),
        ((1, 1), (1, 1)),
        ((1, 5000), (1, 385)),
        ((5000, 1), (385, 1)),
    ],
)
def test_a_thumbnail_fits_and_keeps_its_shape(
    size: tuple[int, int], expected: tuple[int, int], store: ThumbnailStore
) -> None:
    store.save(DIGEST, Image.new("RGB", size, "orange"))
    with Image.open(store.path(DIGEST)) as small:
        assert small.format == "JPEG"
        assert small.size == expected
        assert max(small.size) <= 512
        red, green, blue = small.convert("RGB").getpixel((0, 0))
    assert abs(red - 255) + abs(green - 165) + abs(blue - 0) < 30


def test_the_picture_is_left_as_it_is(store: ThumbnailStore) -> None:
    image = draw(1, (800, 600))
    before = image.tobytes()
    store.save(DIGEST, image)
    assert image.size == (800, 600)
    assert image.tobytes() == before


def test_thumbnails_are_spread_over_folders(store: ThumbnailStore, tmp_path: Path) -> None:
    assert store.path(DIGEST) == tmp_path / "thumbnails" / "ab" / f"{DIGEST}.jpg"


def test_one_that_is_there_is_not_written_again(store: ThumbnailStore) -> None:
    store.save(DIGEST, draw(1))
    before = store.path(DIGEST).stat().st_mtime_ns
    store.save(DIGEST, draw(1))
    assert store.path(DIGEST).stat().st_mtime_ns == before


def test_threads_may_save_the_same_one(store: ThumbnailStore) -> None:
    image = draw(2, (600, 400))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: store.save(DIGEST, image), range(16)))
    assert [path.name for path in store.path(DIGEST).parent.iterdir()] == [f"{DIGEST}.jpg"]


def test_removing_is_repeatable(store: ThumbnailStore) -> None:
    store.save(DIGEST, draw(1))
    store.remove(DIGEST)
    store.remove(DIGEST)
    assert not store.path(DIGEST).exists()


def test_a_full_disk_leaves_no_half_file(store: ThumbnailStore) -> None:
    with files_no_larger_than(50), pytest.raises(OSError, match="large"):
        store.save(DIGEST, draw(1, (600, 400)))
    assert list(store.path(DIGEST).parent.iterdir()) == []
