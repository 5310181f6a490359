"""Clusters of places: as many as fit on a map, and what lies together in one."""

import numpy as np
import pytest

from engine.atlas.clustering import MOST, clusters


def islands(count: int, each: int) -> np.ndarray:
    chance = np.random.default_rng(3)
    angles = 2 * np.pi * np.arange(count) / count
    centres = 0.5 + 0.4 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    noise = chance.normal(scale=0.01, size=(count, each, 2))
    return (centres[:, None] + noise).reshape(-1, 2).astype(np.float32)


def test_islands_are_clusters() -> None:
    own = clusters(islands(8, 40)).reshape(8, 40)
    assert (own == own[:, :1]).all()
    assert sorted(own[:, 0]) == list(range(8))


def test_many_islands_are_joined_with_their_neighbours() -> None:
    own = clusters(islands(60, 20))
    sizes = np.bincount(own)
    assert len(sizes) <= MOST
    assert sizes.max() < 5 * sizes.min()
    assert (np.diff(sizes) <= 0).all()


@pytest.mark.parametrize(("count", "most"), [(0, 0), (1, 1), (2, 1), (5, 1), (10, 2), (300, 9)])
def test_how_many_there_are_follows_from_the_images(count: int, most: int) -> None:
    places = np.random.default_rng(0).random((count, 2)).astype(np.float32)
    own = clusters(places)
    assert own.shape == (count,)
    assert len(np.unique(own)) <= most


def test_all_on_one_place_are_one_cluster() -> None:
    assert not clusters(np.full((500, 2), 0.5, dtype=np.float32)).any()


def test_a_corner_is_a_place_like_any_other() -> None:
    own = clusters(np.repeat(np.eye(2, dtype=np.float32), 50, axis=0))
    assert len(np.unique(own)) == 2
