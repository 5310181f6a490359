from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation import rankings
from engine.evaluation.collection import Collection, Topic
from engine.evaluation.rankings import (
    by_both,
    by_chance,
    by_index,
    by_keywords,
    by_vectors,
    ranked,
)


def searching(*asked: str, known: tuple[str, ...]) -> Collection:
    topics = tuple(Topic(text, text, text, relevant={0: 1}) for text in asked)
    files = tuple(Path(f"{number}.jpg") for number in range(len(known)))
    return Collection("c", "text-image", files, known, topics)


def row(*scores: float) -> np.ndarray:
    return np.array(scores, dtype=np.float32)


def test_the_best_come_first_and_the_example_itself_never() -> None:
    topic = Topic("t", "g", picture=Path("x"), relevant={2: 1}, unseen=frozenset([1]))
    assert ranked(topic, row(0.1, 0.9, 0.3, 0.2)).tolist() == [2, 3, 0]


def test_of_equals_the_wrong_ones_come_first() -> None:
    topic = Topic("t", "g", "x", relevant={0: 1})
    assert ranked(topic, row(0.5, 0.5, 0.5, 0.1)).tolist() == [1, 2, 0, 3]


@given(scores=st.lists(st.sampled_from([0.0, 0.1, 0.2, 0.3]), min_size=1, max_size=30))
def test_a_cut_ranking_is_the_start_of_the_whole_one(scores: list[float]) -> None:
    topic = Topic("t", "g", "x", relevant={0: 1})
    whole = ranked(topic, row(*scores))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rankings, "DEPTH", 5)
        assert ranked(topic, row(*scores)).tolist() == whole[:5].tolist()


def test_vectors_are_compared_by_inner_product() -> None:
    collection = searching("x", "y", known=("a", "b", "c"))
    searched = np.eye(3, dtype=np.float32)
    asked = np.array([[0.1, 0.9, 0.2], [0.5, 0.4, 0.3]], dtype=np.float32)
    found = by_vectors(collection, asked, searched)
    assert [ranking.tolist() for ranking in found] == [[1, 2, 0], [0, 1, 2]]


@pytest.mark.parametrize("backend", ["flat", "hnsw"])
def test_an_index_orders_what_it_finds_as_exact_search_does(backend: str) -> None:
    draw = np.random.default_rng(0)
    rows = draw.normal(size=(3000, 32)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    topics = tuple(
        Topic(str(n), str(n), picture=Path("x"), relevant={n + 1: 1}, unseen=frozenset([n]))
        for n in range(40)
    )
    files = tuple(Path(f"{number}.jpg") for number in range(3000))
    collection = Collection("c", "image-image", files, ("",) * 3000, topics)
    exact = by_vectors(collection, rows[:40], rows)
    found = by_index(collection, rows[:40], rows, backend)
    for number, (one, other) in enumerate(zip(exact, found, strict=True)):
        assert number not in other
        assert len(other) == rankings.DEPTH
        assert len(np.intersect1d(one[:10], other[:10])) >= 9
        places = {place: rank for rank, place in enumerate(one[:100].tolist())}
        ranks = [places[place] for place in other.tolist() if place in places]
        assert ranks == sorted(ranks)
    if backend == "flat":
        assert all(
            (one[:100] == other[:100]).all() for one, other in zip(exact, found, strict=True)
        )


def test_keywords_find_what_they_match_rare_words_first() -> None:
    collection = searching(
        "dogs running", "a unicorn", 'it\'s "AND" (dog*', "!?",
        known=("two dogs", "a dog runs", "a cat", "a cat sits", "a cat eats"),
    )  # fmt: skip
    first, unicorn, odd, nothing = (ranking.tolist() for ranking in by_keywords(collection))
    assert first == [1, 0]  # stems: both words, then one
    assert set(unicorn) == {1, 2, 3, 4}  # only "a" is known, and that says little
    assert odd[0] in (0, 1)
    assert nothing == []


def test_keyword_search_needs_texts_and_images() -> None:
    with pytest.raises(ValueError, match="not task 'image-image'"):
        by_keywords(Collection("c", "image-image", (Path("x"),), ("x",), ()))


def test_fusion_prefers_what_both_find() -> None:
    (fused,) = by_both([np.array([1, 2, 3])], [np.array([3, 4])])
    assert fused.tolist() == [3, 1, 2, 4]
    (alone,) = by_both([np.array([5, 6])], [np.array([], dtype=np.int64)])
    assert alone.tolist() == [5, 6]


def test_chance_is_chance_and_repeatable() -> None:
    collection = searching(*map(str, range(300)), known=tuple("abcdefghij"))
    found = by_chance(collection)
    assert all(sorted(ranking.tolist()) == list(range(10)) for ranking in found)
    first = sum(ranking[0] == 0 for ranking in found)
    assert 10 <= first <= 55
    assert all(np.array_equal(a, b) for a, b in zip(found, by_chance(collection), strict=True))
