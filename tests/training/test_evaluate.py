import numpy as np
import pytest

from training import corpus
from training.evaluate import caption_hits, hits, label_precision, photo_queries, precision


def test_hits_count_the_own_picture_within_the_depth():
    pictures = np.eye(4)
    texts = np.array([[1.0, 0, 0, 0], [0.9, 0.5, 0, 0]])
    found = hits(texts, pictures, [{0}, {1}], depths=(1, 2))
    assert found == {"hit@1": 0.5, "hit@2": 1.0}


def test_precision_is_out_of_what_exists():
    pictures = np.eye(4)
    assert precision(np.array([[1.0, 0.5, 0, 0]]), pictures, [{0, 1}], depth=3) == 1.0
    assert precision(np.array([[1.0, 0.5, 0, 0]]), pictures, [{0, 3}], depth=1) == 1.0
    assert precision(np.array([[1.0, 0.5, 0.1, 0]]), pictures, [{0, 3}], depth=2) == 0.5


def test_a_caption_of_two_pictures_is_right_about_both():
    pictures = [corpus.describe("web", {"file": name, "captions": ["a dog"]}) for name in "ab"]
    found = caption_hits(pictures, np.eye(2), lambda texts: np.array([[0.0, 1.0]] * len(texts)))
    assert found["hit@1"] == 1.0


def test_label_precision_counts_its_queries():
    report = label_precision({"red": {0}, "blue": {1}}, np.eye(2), lambda texts: np.eye(2))
    assert report["queries"] == 2
    assert report["precision@10"] == pytest.approx(1.0)


def test_photo_queries_take_every_picture_with_those_words():
    texts = ["a black dog", "black dogs on grass", "a white dog"]
    pictures = [corpus.describe("web", {"file": text, "captions": [text]}) for text in texts]
    queries = photo_queries(pictures, least=1)
    assert queries["black dog"] == {0, 1}
    assert queries["dog"] == {0, 1, 2}
