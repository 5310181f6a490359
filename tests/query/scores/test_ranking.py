from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.query.scores.ranking import Axis, apart, rank, standardised, unit
from engine.query.scores.statistics import LibraryStatistics

DIM = 24


def make_library(seed: int = 0, count: int = 3000) -> tuple[np.ndarray, LibraryStatistics]:
    rng = np.random.default_rng(seed)
    scales = np.linspace(0.2, 2, DIM)  # directions differ in spread, as in a real library
    rows = (rng.normal(size=(count, DIM)) * scales + rng.normal(size=DIM)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows, LibraryStatistics.of(rows)


def random_unit(seed: int) -> np.ndarray:
    return unit(np.random.default_rng(seed).normal(size=DIM).astype(np.float32))


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_two_terms_of_equal_weight_have_equal_influence(seed: int) -> None:
    """Whatever their spread: the mix correlates equally with each of its parts."""
    rows, library = make_library(seed % 7)
    first, second = random_unit(seed), random_unit(seed + 1)
    scores = rank([first, second], [1, 1], library).term_scores(rows).sum(axis=1)
    with_first = np.corrcoef(scores, rows @ first)[0, 1]
    with_second = np.corrcoef(scores, rows @ second)[0, 1]
    assert with_first == pytest.approx(with_second, abs=0.02)


def test_cosines_simply_added_are_won_by_the_wider_term() -> None:
    """What the standardising is for; without it the test above would fail."""
    rows, library = make_library()
    spreads = [library.spread(np.eye(DIM, dtype=np.float32)[place]) for place in (0, DIM - 1)]
    narrow, wide = rows[:, 0], rows[:, DIM - 1]
    assert spreads[1] > 3 * spreads[0]
    mixed = narrow + wide
    assert np.corrcoef(mixed, wide)[0, 1] > np.corrcoef(mixed, narrow)[0, 1] + 0.3


def test_more_weight_is_more_influence() -> None:
    rows, library = make_library()
    first, second = random_unit(1), random_unit(2)
    influence = [
        np.corrcoef(rank([first, second], [w, 1], library).term_scores(rows).sum(1), rows @ first)[
            0, 1
        ]
        for w in (0.2, 1, 5)
    ]
    assert influence == sorted(influence)
    assert influence[0] < 0.6
    assert influence[2] > 0.9


def test_scores_do_not_depend_on_the_size_of_all_weights() -> None:
    rows, library = make_library()
    vectors = [random_unit(1), random_unit(2), random_unit(3)]
    one = rank(vectors, [1, 2, -1], library).term_scores(rows)
    ten = rank(vectors, [10, 20, -10], library).term_scores(rows)
    np.testing.assert_allclose(one, ten, rtol=1e-4, atol=1e-5)


def test_the_probe_orders_images_as_the_scores_do() -> None:
    rows, library = make_library()
    ranking = rank([random_unit(1), random_unit(2)], [1, 0.5], library)
    learnt = Axis(standardised(rows[0], library)[None], 0.5)
    ranking = replace(ranking, feedback=(learnt,))
    probes = ranking.probes()
    assert probes.shape == (1, DIM)
    scores = ranking.term_scores(rows).sum(1) + ranking.feedback_scores(rows)
    np.testing.assert_array_equal(np.argsort(-(rows @ probes[0]))[:50], np.argsort(-scores)[:50])


def test_an_unwanted_term_never_adds_to_a_score() -> None:
    rows, library = make_library()
    ranking = rank([random_unit(1), random_unit(2)], [1, -1], library)
    shares = ranking.term_scores(rows)[:, 1]
    assert shares.max() <= 0
    assert (shares < 0).any()
    assert len(ranking.probes()) == 2


def test_an_unwanted_term_alone_ranks_by_unlikeness() -> None:
    rows, library = make_library()
    unwanted = random_unit(1)
    scores = rank([unwanted], [-1], library).term_scores(rows)[:, 0]
    assert np.corrcoef(scores, rows @ unwanted)[0, 1] == pytest.approx(-1, abs=1e-3)


def test_what_is_farthest_from_the_unwanted_is_not_brought_up() -> None:
    """Images unlike the unwanted term all score alike in it, however strong its weight."""
    rows, library = make_library()
    wanted, unwanted = random_unit(1), random_unit(2)
    ranking = rank([wanted, unwanted], [1, -5], library)
    far = rows[np.argsort(rows @ apart(unwanted, wanted, library))[:100]]
    scores = ranking.term_scores(far).sum(axis=1)
    np.testing.assert_array_equal(np.argsort(-scores), np.argsort(-(far @ wanted)))


def test_what_is_wanted_is_taken_out_of_what_is_not() -> None:
    rows, library = make_library()
    wanted, other = random_unit(1), random_unit(2)
    both = unit(wanted + other)  # "red shirts" beside "shirts"
    left = apart(both, wanted, library)
    assert np.corrcoef(rows @ left, rows @ wanted)[0, 1] == pytest.approx(0, abs=0.02)
    assert np.corrcoef(rows @ left, rows @ other)[0, 1] > 0.5
    np.testing.assert_allclose(apart(2 * wanted, wanted, library), 0, atol=1e-3)


def test_the_best_of_the_alternatives_counts() -> None:
    rows, library = make_library()
    first, second, third = random_unit(1), random_unit(2), random_unit(3)
    ranking = rank([np.stack([first, second]), third], [1, 1], library)
    one, other = (rank([row, third], [1, 1], library) for row in (first, second))
    found = ranking.term_scores(rows)
    assert found.shape == (len(rows), 2)
    best = np.maximum(one.term_scores(rows)[:, 0], other.term_scores(rows)[:, 0])
    np.testing.assert_allclose(found[:, 0], best, atol=1e-5)
    np.testing.assert_allclose(found[:, 1], one.term_scores(rows)[:, 1], atol=1e-5)
    probes = np.concatenate([one.probes(), other.probes()])
    np.testing.assert_allclose(ranking.probes(), probes, atol=1e-5)
    nearest = {place for probe in probes for place in np.argsort(-(rows @ probe))[:50].tolist()}
    assert set(np.argsort(-found.sum(axis=1))[:50].tolist()) <= nearest
