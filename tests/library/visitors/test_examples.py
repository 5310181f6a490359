import os
from pathlib import Path

import pytest
from PIL import Image
from vs_awkward import turned
from vs_drawing import draw, encode

from engine.encoder import ImageError
from engine.library.visitors import examples
from engine.library.visitors.examples import ExampleStore


@pytest.fixture
def store(tmp_path: Path) -> ExampleStore:
    return ExampleStore(tmp_path / "examples")


def test_an_example_is_kept_small_and_upright(store: ExampleStore) -> None:
    name = store.save(turned(draw(1, (1600, 800)), 6, quality=90))
    path = store.path(name)
    assert path is not None
    with Image.open(path) as kept:
        assert (kept.mode, kept.size) == ("RGB", (512, 256))


def test_the_same_picture_is_kept_once(store: ExampleStore, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(encode(draw(2)))
    names = {store.save(source) for source in (path, str(path), path.read_bytes(), draw(2))}
    assert len(names) == 1
    assert len(list((tmp_path / "examples").iterdir())) == 1


def test_a_picture_that_cannot_be_read_is_an_image_error(
    store: ExampleStore, tmp_path: Path
) -> None:
    with pytest.raises(ImageError, match="text"):
        store.save(b"no picture")
    assert not (tmp_path / "examples").exists()


@pytest.mark.parametrize(
    "name",
    ["", "0" * 32, "../library", "/etc/passwd", "0" * 31, "0" * 33, "A" * 32, "0" * 32 + "\n"],
)
def test_any_name_is_safe_to_ask_for(name: str, store: ExampleStore, tmp_path: Path) -> None:
    (tmp_path / "library.png").write_bytes(encode(draw(3)))
    assert store.path(name) is None


def test_the_oldest_make_room(
    store: ExampleStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examples, "_KEPT", 3)
    names = []
    for seed in range(5):
        names.append(store.save(draw(seed)))
        path = store.path(names[-1])
        assert path is not None
        os.utime(path, (seed, seed))
    assert [store.path(name) is not None for name in names] == [False, False, True, True, True]
