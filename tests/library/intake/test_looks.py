from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from vs_drawing import draw, draw_detailed

from engine.library.intake.looks import LookStore, perceptual_hash
from engine.library.store.catalogue import Catalogue
from engine.library.store.database import connect


def bits_apart(first: Image.Image, second: Image.Image) -> int:
    a, b = perceptual_hash(first), perceptual_hash(second)
    assert a is not None and b is not None
    return (a ^ b).bit_count()


@pytest.mark.parametrize("kind", ["foliage", "shapes", "album"])
def test_a_small_copy_has_nearly_the_same_hash(kind: str) -> None:
    large = draw_detailed(kind, (1200, 900))
    assert bits_apart(large, large.resize((400, 300))) <= 4


def test_unlike_pictures_differ_in_many_bits() -> None:
    apart = [bits_apart(draw(n, (300, 200)), draw(n + 1, (300, 200))) for n in range(30)]
    assert np.median(apart) > 20


def test_the_hash_has_63_bits_half_of_them_set() -> None:
    value = perceptual_hash(draw(1, (300, 200)))
    assert value is not None
    assert 0 <= value < 1 << 63
    assert value.bit_count() == 31


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_flat_picture_has_no_hash(level: int) -> None:
    grain = np.random.default_rng(level).integers(-2, 3, (90, 120, 3))
    flat = np.clip(level + grain, 0, 255).astype(np.uint8)
    assert perceptual_hash(Image.fromarray(flat)) is None
    assert perceptual_hash(Image.new("L", (1, 1), level)) is None


def test_hashes_are_kept_by_content(tmp_path: Path) -> None:
    database = connect(f"sqlite:///{tmp_path / 'library.db'}")
    row = {"size": 1, "mtime_ns": 1, "width": 1, "height": 1, "vector_row": 0}
    Catalogue(database).apply(added=[{"path": "/a", "digest": "used", **row}])
    store = LookStore(database)
    many = {f"{number}": number for number in range(1200)}
    store.add({"used": (1 << 63) - 1, "flat": None, **many})
    store.add({"used": 5, "new": 6})
    assert store.of(["used", "flat", "new", "unknown"]) == {
        "used": (1 << 63) - 1,
        "flat": None,
        "new": 6,
    }
    assert store.of(many) == many
    store.forget_unused()
    assert store.of(["used", "flat", "7"]) == {"used": (1 << 63) - 1}
