import numpy as np
import pytest

from engine.query.scores.statistics import LibraryStatistics


def unit_rows(count: int, dim: int, seed: int = 0) -> np.ndarray:
    rows = np.random.default_rng(seed).normal(size=(count, dim)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_mean_and_spread_are_those_of_the_inner_products() -> None:
    vectors, query = unit_rows(5000, 16), unit_rows(1, 16, seed=1)[0]
    library = LibraryStatistics.of(vectors)
    products = vectors @ query
    assert library.average(query) == pytest.approx(products.mean(), abs=1e-5)
    assert library.spread(query) == pytest.approx(products.std(), rel=0.01)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_tiny_library_still_has_a_spread(count: int) -> None:
    library = LibraryStatistics.of(unit_rows(count, 8))
    assert library.spread(unit_rows(1, 8, seed=3)[0]) > 0.03
