"""Vectors for tests of indexes."""

import os

import numpy as np
import numpy.typing as npt
import pytest

from engine.index import BACKENDS, IndexUnavailableError

DIM = 24
Ids = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]


def unit(count: int, seed: int = 0, dim: int = DIM) -> Vectors:
    """Random unit rows, float32 [count, dim]."""
    rows = np.random.default_rng(seed).normal(size=(count, dim)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def span(first: int, end: int) -> Ids:
    """Ids from `first` to before `end`."""
    return np.arange(first, end, dtype=np.int64)


def require(backend: str) -> None:
    """Skip the test where the backend's package is not installed; in CI it has to be."""
    try:
        BACKENDS[backend](DIM).close()
    except IndexUnavailableError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))
