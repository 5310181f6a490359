import json
from dataclasses import replace

import numpy as np
import pytest
from vs_vectors import Ids, Vectors, require, span, unit

from engine.index import HnswIndex
from engine.index.bound import recall_bound
from engine.index.exact import exact_neighbours, recall
from engine.index.tuning import DIMS, Queries, Tuning, choose_dim, tune

TUNING = Tuning("hnsw", 96, 128, 50, 0.99, 1.0, 0.975, 0.98, 0.97, 400, 500, ("captions",))


class Measured:
    """A small graph with too few links to be easy, and what is nearest in truth."""

    def __init__(self) -> None:
        self.vectors, count = unit(4000, dim=64), 4000
        own = np.random.default_rng(1).choice(count, 100, replace=False)
        self.queries = Queries(unit(200, seed=2, dim=64), self.vectors[own], own, ("phrases",))
        self.index = HnswIndex(64)
        self.index.add(span(0, count), self.vectors)

        def read() -> list[tuple[Ids, Vectors]]:
            return [(span(0, count), self.vectors)]

        self.truth = (
            exact_neighbours(self.queries.judging, read),
            exact_neighbours(self.queries.images, read, exclude=own),
        )

    def search(self, queries: Vectors, effort: int, candidates: int) -> Ids:
        self.index.effort = effort
        return self.index.search(queries, candidates)[0]

    def bound(self, effort: int, candidates: int) -> float:
        text = recall(self.search(self.queries.judging, effort, candidates), self.truth[0])
        image = recall(self.search(self.queries.images, effort, candidates), self.truth[1])
        return min(recall_bound(one) for one in (text, image))

    def tuned(self, target: float, efforts: tuple[int, ...], counts: tuple[int, ...]) -> Tuning:
        return tune(
            self.search, self.queries, *self.truth, efforts, counts,
            backend="hnsw", dim=64, target=target, narrow=True,
        )  # fmt: skip


@pytest.fixture(scope="module")
def measured() -> Measured:
    require("hnsw")
    return Measured()


EFFORTS, COUNTS_TRIED = (16, 32, 64, 128, 256, 512), (15, 30, 60, 200)


@pytest.mark.parametrize("target", [0.3, 0.6, 0.8, 0.9, 0.95])
def test_the_chosen_setting_is_the_cheapest_that_reaches_the_target(
    measured: Measured, target: float
) -> None:
    chosen = measured.tuned(target, EFFORTS, COUNTS_TRIED)
    settings = [(e, c) for e in EFFORTS for c in COUNTS_TRIED if c <= e]
    expected = next(one for one in settings if measured.bound(*one) >= target)
    assert (chosen.effort, chosen.candidates) == expected
    assert chosen.bound == measured.bound(*expected)
    assert chosen.is_reached


def test_an_unreachable_target_gives_the_best_and_says_so(measured: Measured) -> None:
    chosen = measured.tuned(0.9999, EFFORTS[:3], COUNTS_TRIED)
    assert (chosen.effort, chosen.candidates) == (64, 60)
    assert not chosen.is_reached
    assert chosen.bound < chosen.recall_text < 1


def test_a_higher_target_never_costs_less(measured: Measured) -> None:
    targets = (0.2, 0.5, 0.7, 0.9, 0.95, 0.99)
    chosen = [measured.tuned(one, EFFORTS, COUNTS_TRIED) for one in targets]
    costs = [(one.effort, one.candidates) for one in chosen if one.is_reached]
    assert costs == sorted(costs)


def test_a_tuning_says_what_it_was_measured_with(measured: Measured) -> None:
    chosen = measured.tuned(0.9, EFFORTS, COUNTS_TRIED)
    assert (chosen.texts, chosen.images, chosen.sources) == (100, 100, ("phrases",))
    assert (chosen.backend, chosen.dim, chosen.target) == ("hnsw", 64, 0.9)


def test_an_exact_index_is_measured_without_efforts(measured: Measured) -> None:
    def search(queries: Vectors, effort: int, candidates: int) -> Ids:
        return np.argsort(-(queries @ measured.vectors.T), axis=1)[:, :candidates]

    chosen = tune(
        search, measured.queries, *measured.truth, (), (11, 20), backend="flat", dim=64, narrow=True
    )
    assert (chosen.effort, chosen.candidates) == (0, 11)
    assert chosen.recall_text == chosen.recall_image == 1


def test_without_queries_of_a_kind_nothing_is_reached(measured: Measured) -> None:
    queries = replace(measured.queries, texts=unit(0, dim=64))
    truth = (np.zeros((0, 10), np.int64), measured.truth[1])
    chosen = tune(measured.search, queries, *truth, (512,), (200,), backend="hnsw", dim=64)
    assert chosen.bound == chosen.bound_text == 0 < chosen.bound_image
    assert not chosen.is_reached


def test_texts_that_shape_the_space_do_not_judge_it() -> None:
    queries = Queries(unit(7), unit(0), span(0, 0))
    both = np.concatenate([queries.shaping, queries.judging])
    assert np.unique(both, axis=0).shape == (7, 24)


def test_a_tuning_survives_json() -> None:
    assert Tuning.from_json(json.loads(json.dumps(TUNING.to_json()))) == TUNING
    assert Tuning.from_json({**TUNING.to_json(), "later": 1}) == TUNING


@pytest.mark.parametrize(
    "change",
    [
        {"effort": None},
        {"effort": 1.5},
        {"candidates": -1},
        {"candidates": True},
        {"recall_text": "0.9"},
        {"recall_text": 1.01},
        {"bound_image": float("nan")},
        {"backend": 3},
        {"sources": "captions"},
        {"sources": [1]},
    ],
)
def test_a_wrong_value_is_named(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(change))):
        Tuning.from_json({**TUNING.to_json(), **change})


@pytest.mark.parametrize("stored", [None, [], "x", {}])
def test_something_else_is_no_tuning(stored: object) -> None:
    with pytest.raises(ValueError, match="a tuning"):
        Tuning.from_json(stored)


def spread(count: int, powers: float, dim: int = 256, seed: int = 0) -> Vectors:
    """Unit rows whose variance falls along the directions as a power law."""
    rows = np.random.default_rng(seed).normal(size=(count, dim)) * np.arange(1, dim + 1) ** -powers
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def queries_of(sample: Vectors, powers: float) -> Queries:
    return Queries(spread(120, powers, seed=3), sample[:60], span(0, 60))


def test_vectors_of_few_true_dimensions_need_few() -> None:
    sample = spread(5000, 1.5)
    assert choose_dim(sample, queries_of(sample, 1.5), 5000, ids=span(0, 5000)) == DIMS[0]


def test_vectors_that_fill_the_space_need_most_of_it() -> None:
    sample = spread(5000, 0.0)
    assert choose_dim(sample, queries_of(sample, 0.0), 5000, least=128) >= 192


def test_no_fewer_than_the_least_are_chosen() -> None:
    sample = spread(2000, 1.5)
    assert choose_dim(sample, queries_of(sample, 1.5), 2000, least=97) == 112


def test_a_narrow_model_is_not_reduced() -> None:
    sample = unit(300)
    queries = Queries(unit(10, seed=1), sample[:10], span(0, 10))
    assert choose_dim(sample, queries, 300) == 24


def test_half_precision_samples_are_taken() -> None:
    sample = spread(5000, 1.5)
    chosen = choose_dim(sample.astype(np.float16), queries_of(sample, 1.5), 50_000)
    assert chosen == DIMS[0]
