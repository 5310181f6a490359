"""Places on the plane: the same every time, and neighbours together."""

import numpy as np
import pytest
from vs_grouped import grouped
from vs_vectors import require, unit

from benchmarks.atlas import neighbours_kept
from engine.atlas import neighbours as finding
from engine.atlas.layout import layout, principal
from engine.atlas.neighbours import neighbours


def quiet(*_: object) -> None:
    """Nobody looks on."""


def test_the_same_vectors_get_the_same_places() -> None:
    vectors = grouped(5, 40)
    np.testing.assert_array_equal(layout(vectors, quiet), layout(vectors, quiet))


def test_neighbours_stay_together_better_than_by_principal_components() -> None:
    vectors = grouped(30, 30)
    kept = neighbours_kept(vectors, layout(vectors, quiet))
    assert kept > 0.5
    assert kept > 1.5 * neighbours_kept(vectors, principal(vectors))


def test_groups_are_apart() -> None:
    places = layout(grouped(6, 50), quiet).reshape(6, 50, 2)
    centres = places.mean(axis=1)
    widths = np.linalg.norm(places - centres[:, None], axis=2).mean(axis=1)
    between = np.linalg.norm(centres[:, None] - centres, axis=2)[np.triu_indices(6, 1)]
    assert between.min() > 2 * widths.max()


@pytest.mark.parametrize("count", [0, 1, 2, 5, 7, 8, 9, 30])
def test_a_few_images_have_places_of_their_own(count: int) -> None:
    places = layout(unit(count), quiet)
    assert places.shape == (count, 2)
    assert places.dtype == np.float32
    assert ((places >= 0) & (places <= 1)).all()
    assert len(np.unique(places, axis=0)) == count


@pytest.mark.parametrize("count", [2, 5, 8, 100])
def test_copies_of_one_vector_lie_together(count: int) -> None:
    copies = np.repeat(unit(1), count, axis=0)
    alone = layout(copies, quiet)
    assert np.isfinite(alone).all()
    assert ((alone >= 0) & (alone <= 1)).all()
    among = layout(np.concatenate([copies, grouped(4, 25, dim=copies.shape[1])]), quiet)
    assert np.ptp(among[:count], axis=0).max() < 0.5


def test_progress_is_told_to_the_end() -> None:
    told: list[tuple[str, int, int]] = []
    layout(grouped(4, 10), lambda *step: told.append(step))
    stages = dict.fromkeys(stage for stage, _, _ in told)
    assert list(stages) == ["Looking for neighbours", "Laying the map out"]
    for stage in stages:
        last = [(done, total) for name, done, total in told if name == stage][-1]
        assert last[0] == last[1]


def test_the_graph_finds_what_comparing_all_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    require("hnsw")
    vectors = grouped(20, 50)
    exact, far = neighbours(vectors, 10, quiet)
    monkeypatch.setattr(finding, "_EXACT", 100)
    found, about = neighbours(vectors, 10, quiet)
    assert np.mean([len(np.intersect1d(*pair)) for pair in zip(exact, found, strict=True)]) > 9.5
    np.testing.assert_allclose(about[:, 0], far[:, 0], atol=0.05)
    assert (found != np.arange(len(vectors))[:, None]).all()
    np.testing.assert_array_equal(found, neighbours(vectors, 10, quiet)[0])
