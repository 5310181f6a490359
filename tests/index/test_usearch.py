from pathlib import Path

import numpy as np
import pytest
from vs_vectors import DIM, require, span, unit

from engine.index.usearch import UsearchIndex


@pytest.fixture(autouse=True)
def _needs_usearch() -> None:
    require("usearch")


@pytest.mark.parametrize(("count", "replaced"), [(50, 50), (200, 200), (3000, 1000)])
def test_replacing_vectors_makes_no_more_of_them_unreachable(count: int, replaced: int) -> None:
    """Its own removal and reuse of slots would; one of 3,000 may be lost by adding in threads."""
    rng, vectors = np.random.default_rng(1), unit(count)
    index = UsearchIndex(DIM)
    index.add(span(0, count), vectors)
    for number in range(6):
        ids = rng.choice(count, replaced, replace=False)
        vectors[ids] = unit(replaced, seed=10 + number)
        index.add(ids, vectors[ids])
        found = index.search(vectors, 1)[0][:, 0]
        assert int((found != np.arange(count)).sum()) <= count // 1000
        assert len(index) == count


def test_half_precision_takes_half_the_room_and_finds_the_same(tmp_path: Path) -> None:
    vectors, found, sizes = unit(2000, dim=256), {}, {}
    for dtype in ("f32", "f16"):
        index = UsearchIndex(256, dtype)
        index.add(span(0, 2000), vectors)
        index.save(tmp_path / dtype)
        index = UsearchIndex.load(tmp_path / dtype, 256)
        found[dtype], scores = index.search(vectors[:50], 1)
        assert np.mean(np.abs(scores - 1) < 2e-3) >= 0.95
        sizes[dtype] = next((tmp_path / dtype).glob("*.usearch")).stat().st_size
    assert np.mean(found["f32"] == found["f16"]) >= 0.9
    assert sizes["f16"] < 0.65 * sizes["f32"]


def test_another_precision_is_refused() -> None:
    with pytest.raises(ValueError, match="f32 or f16, not as 'i8'"):
        UsearchIndex(DIM, "i8")


def test_effort_is_kept_by_saving_and_loading(tmp_path: Path) -> None:
    UsearchIndex(DIM, effort=77).save(tmp_path)
    assert UsearchIndex.load(tmp_path, DIM).effort == 77
