from collections.abc import Iterable, Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vs_vectors import Ids, Vectors, span, unit

from engine.index.exact import ReadChunks, exact_neighbours, recall


def chunks(ids: Ids, vectors: Vectors, size: int) -> ReadChunks:
    def read() -> Iterator[tuple[Ids, Vectors]]:
        for first in range(0, len(ids), size):
            yield ids[first : first + size], vectors[first : first + size]

    return read


@given(
    count=st.integers(0, 300),
    size=st.integers(1, 100),
    k=st.integers(1, 20),
    levels=st.sampled_from([2, 1000]),
)
def test_neighbours_are_those_of_a_full_sort(count: int, size: int, k: int, levels: int) -> None:
    """With two levels most scores are equal: then any of them will do."""
    vectors = np.round(unit(count, dim=4) * levels).astype(np.float32)
    queries, ids = np.round(unit(7, seed=1, dim=4) * levels), span(0, count) * 3 + 5
    found = exact_neighbours(queries.astype(np.float32), chunks(ids, vectors, size), k)
    assert found.shape == (7, k)
    shown = min(k, count)
    assert (found[:, shown:] == -1).all()
    scores = np.sort(queries @ vectors.T, axis=1)[:, ::-1][:, :shown]
    places = (found[:, :shown] - 5) // 3
    assert np.einsum("mkd,md->mk", vectors[places], queries) == pytest.approx(scores)
    assert all(len(set(row)) == shown for row in found[:, :shown].tolist())


def test_an_image_is_not_its_own_neighbour() -> None:
    vectors = unit(500)
    own = np.array([3, 3, 499, 77])
    found = exact_neighbours(vectors[own], chunks(span(0, 500), vectors, 64), 5, own)
    with_itself = exact_neighbours(vectors[own], chunks(span(0, 500), vectors, 64), 6)
    assert with_itself[:, 0].tolist() == own.tolist()
    assert found.tolist() == with_itself[:, 1:].tolist()


def test_half_precision_is_read_as_it_is_stored() -> None:
    vectors = unit(400).astype(np.float16)
    found = exact_neighbours(unit(5), chunks(span(0, 400), vectors, 64), 1)
    assert found[:, 0].tolist() == [0, 1, 2, 3, 4]


def test_no_queries_read_nothing() -> None:
    def read() -> Iterable[tuple[Ids, Vectors]]:
        raise AssertionError("read")

    assert exact_neighbours(unit(0), read, 5).shape == (0, 5)


def test_recall_is_the_share_of_the_true_neighbours_that_were_found() -> None:
    truth = np.array([[1, 2], [3, 4], [5, 6], [7, -1], [-1, -1]])
    found = np.array([[9, 2, 1], [4, 8, 9], [7, 8, 9], [7, -1, -1], [3, -1, -1]])
    assert recall(found, truth).tolist() == [1, 0.5, 0, 1, 1]
