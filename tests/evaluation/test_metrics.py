import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation import hit_rates


def test_a_hit_is_within_the_first_k() -> None:
    similarities = np.array([[0.9, 0.5, 0.1], [0.9, 0.5, 0.1], [0.9, 0.5, 0.1]], dtype=np.float32)
    own = np.array([0, 1, 2])
    assert hit_rates(similarities, own, (1, 2, 3)) == {1: 1 / 3, 2: 2 / 3, 3: 1.0}


def test_a_constant_score_is_no_hit() -> None:
    assert hit_rates(np.ones((4, 9), dtype=np.float32), np.arange(4), (1, 8, 9)) == {
        1: 0.0,
        8: 0.0,
        9: 1.0,
    }


@given(st.integers(1, 30), st.integers(1, 30), st.integers(0, 1000))
def test_it_is_what_sorting_gives(queries: int, images: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    similarities = rng.permutation(queries * images).reshape(queries, images).astype(np.float32)
    own = rng.integers(0, images, queries)
    order = np.argsort(-similarities, axis=1)
    for k, rate in hit_rates(similarities, own).items():
        assert rate == np.mean([own[row] in order[row, :k] for row in range(queries)])
