from pathlib import Path

import numpy as np
import pytest

from engine.library import VectorStore
from engine.library.store.vector_health import VectorHealth, vector_health

DIM = 16


@pytest.fixture
def store(tmp_path: Path) -> VectorStore:
    """Ten unit vectors."""
    vectors = np.random.default_rng(0).standard_normal((10, DIM)).astype(np.float32)
    store = VectorStore(tmp_path, DIM)
    store.append(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
    return store


def rows(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.int64)


def lists(health: VectorHealth) -> tuple[list[int], list[int], list[int]]:
    return health.lost.tolist(), health.empty.tolist(), health.damaged.tolist()


def test_unit_vectors_are_sound(store: VectorStore) -> None:
    health = vector_health(store, np.arange(10))
    assert lists(health) == ([], [], [])
    assert len(health.unusable) == 0


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.0, "empty"), (np.nan, "damaged"), (np.inf, "damaged"), (1.0, "damaged"), (1e-3, "damaged")],
)
def test_rows_of_one_value(value: float, expected: str, store: VectorStore) -> None:
    store.append(np.full((1, DIM), value, dtype=np.float32))
    health = vector_health(store, np.arange(11))
    assert getattr(health, expected).tolist() == health.unusable.tolist() == [10]
    assert health.reason(10) == f"vector row 10 is {expected}"


def test_one_number_that_is_none_spoils_a_row(store: VectorStore) -> None:
    spoilt = store.read(rows(0))
    spoilt[0, 3] = np.nan
    store.append(spoilt)
    assert vector_health(store, np.arange(11)).damaged.tolist() == [10]


def test_rows_beyond_the_end_are_lost(store: VectorStore) -> None:
    health = vector_health(store, rows(2, 9, 10, 400))
    assert lists(health) == ([10, 400], [], [])
    assert "cut short" in health.reason(400)


def test_only_rows_in_use_are_looked_at(store: VectorStore) -> None:
    store.append(np.zeros((2, DIM), dtype=np.float32))
    told: list[tuple[int, int]] = []
    health = vector_health(store, rows(1, 11), lambda done, total: told.append((done, total)))
    assert lists(health) == ([], [11], [])
    assert told == [(2, 2)]


def test_nothing_in_use(store: VectorStore) -> None:
    assert lists(vector_health(store, rows())) == ([], [], [])
