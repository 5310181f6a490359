import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.index import FlatIndex

COORDINATES = st.floats(-1, 1, width=16)
VECTORS = st.integers(1, 30).flatmap(
    lambda count: arrays(np.float32, (count, 4), elements=COORDINATES)
)


@given(
    vectors=VECTORS,
    queries=arrays(np.float32, (3, 4), elements=COORDINATES),
    k=st.integers(0, 40),
)
def test_it_finds_what_comparing_with_every_vector_finds(
    vectors: npt.NDArray[np.float32], queries: npt.NDArray[np.float32], k: int
) -> None:
    index = FlatIndex(4)
    index.add(np.arange(len(vectors)) * 3 + 1, vectors)
    ids, scores = index.search(queries, k)
    wanted = min(k, len(vectors))
    assert ids.shape == scores.shape == (3, wanted)
    for query, row, row_scores in zip(queries, ids, scores, strict=True):
        every = vectors @ query
        assert row_scores == pytest.approx(np.sort(every)[::-1][:wanted], abs=1e-5)
        assert every[(row - 1) // 3] == pytest.approx(row_scores, abs=1e-5)
        assert len(set(row.tolist())) == wanted


def test_of_equal_scores_the_one_added_first_comes_first() -> None:
    index = FlatIndex(2)
    index.add(np.array([5, 3, 9]), np.ones((3, 2), dtype=np.float32))
    ids, _ = index.search(np.ones((1, 2), dtype=np.float32), 3)
    assert ids.tolist() == [[5, 3, 9]]


def test_vectors_that_are_passed_in_are_not_kept_hold_of() -> None:
    index, vectors = FlatIndex(2), np.eye(2, dtype=np.float32)
    index.add(np.array([1, 2]), vectors)
    vectors[:] = 0
    assert index.search(np.eye(2, dtype=np.float32), 1)[1].tolist() == [[1.0], [1.0]]


def test_ids_that_are_given_out_may_be_changed() -> None:
    index = FlatIndex(2)
    index.add(np.array([1, 2]), np.eye(2, dtype=np.float32))
    index.ids()[:] = 7
    assert index.ids().tolist() == [1, 2]
