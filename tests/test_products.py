import numpy as np
import pytest

from engine.products import inner_products


@pytest.mark.parametrize("rows", [0, 1, 500])
@pytest.mark.parametrize("vectors", [0, 1, 3, 8, 9, 40])
def test_it_is_the_matrix_product(rows: int, vectors: int) -> None:
    rng = np.random.default_rng(0)
    left = rng.normal(size=(rows, 64)).astype(np.float32)
    right = rng.normal(size=(vectors, 64)).astype(np.float32)
    found = inner_products(left, right)
    assert (found.shape, found.dtype) == ((rows, vectors), np.float32)
    np.testing.assert_allclose(found, left @ right.T, atol=1e-4)
