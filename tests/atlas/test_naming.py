"""Names of clusters: words that set them apart, no two the same."""

import numpy as np
import pytest
from vs_grouped import grouped
from vs_vectors import unit

from engine import SearchEngine
from engine.atlas.concepts import CONCEPTS
from engine.atlas.naming import names
from engine.atlas.vocabulary import plain_words, vocabulary


def test_a_cluster_is_called_by_the_word_that_lies_in_its_midst() -> None:
    directions = unit(6, seed=1, dim=64)
    own = np.repeat(np.arange(4), 30)
    words = ["red", "green", "blue", "white", "nothing", "neither"]
    found = names(grouped(6, 30)[:120], own, words, directions)
    assert [name.split(", ")[0] for name in found] == words[:4]


def test_a_word_that_comes_near_to_all_images_names_none() -> None:
    vectors = grouped(4, 30)
    everything = vectors.mean(axis=0, keepdims=True)
    everything /= np.linalg.norm(everything)
    of_words = np.concatenate([everything, unit(4, seed=1, dim=64)])
    found = names(vectors, np.repeat(np.arange(4), 30), ["photo", *"abcd"], of_words)
    assert [name.split(", ")[0] for name in found] == list("abcd")


@pytest.mark.parametrize("words", [0, 1, 3, 50])
def test_no_two_have_the_same_name(words: int) -> None:
    vectors = np.repeat(grouped(1, 20), 5, axis=0)  # five clusters that cannot be told apart
    own = np.tile(np.arange(5), 20)
    found = names(vectors, own, [f"w{n}" for n in range(words)], unit(words, seed=3, dim=64))
    given = [name for name in found if name]
    assert len(found) == 5
    assert len(given) == len(set(given)) == min(words, 5)


def test_nothing_has_no_names() -> None:
    nothing = np.zeros((0, 64), dtype=np.float32)
    assert names(nothing, np.zeros(0, dtype=np.int64), ["word"], unit(1, dim=64)) == []


def test_the_bank_of_words_is_plain() -> None:
    assert 300 <= len(CONCEPTS) <= 600
    assert plain_words(CONCEPTS) == list(CONCEPTS)


def test_only_short_plain_words_are_taken_and_each_once() -> None:
    texts = ["Dog", "dog", "red car", "a very long wish", "color:red", "17", "-cat", "x" * 31, ""]
    assert plain_words(texts) == ["Dog", "red car"]


def test_imported_and_asked_words_are_among_them(sample_engine: SearchEngine) -> None:
    words = vocabulary(sample_engine._library)
    assert set(CONCEPTS) <= set(words)
    sample_engine.search("purple zeppelin")
    assert "purple zeppelin" in vocabulary(sample_engine._library)
