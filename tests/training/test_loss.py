# ruff: noqa: E402  (what is optional is asked for before it is imported)
import pytest

torch = pytest.importorskip("torch", reason="training needs requirements-training.txt")

from training.loss import also_true, contrastive, word_row


def rows(*texts):
    return torch.stack([word_row([text]) for text in texts])


def test_a_text_is_true_of_every_picture_that_is_said_to_have_its_words():
    pictures = torch.stack([word_row(["a black dog", "a dog runs"]), word_row(["a white cat"])])
    found = also_true(rows("dog", "black cat", "dogs"), pictures)
    assert found.tolist() == [[True, False], [False, False], [True, False]]


def test_a_text_without_words_is_true_of_nothing():
    assert not also_true(rows("of the"), rows("a dog")).any()


@pytest.fixture
def twins():
    """Two pictures with one caption, and one other: vectors and words."""
    vectors = torch.nn.functional.normalize(torch.tensor([[1.0, 0.02], [1.0, -0.02], [0.0, 1.0]]))
    words = rows("red shoes", "red shoes", "a dog")
    return vectors, also_true(words, words)


def test_pictures_with_the_same_caption_do_not_push_each_other_away(twins):
    vectors, true = twins
    scale = torch.tensor(20.0)
    masked = contrastive(vectors, vectors, scale, true)
    unmasked = contrastive(vectors, vectors, scale, torch.eye(3, dtype=torch.bool))
    assert unmasked > 0.4
    assert masked < 1e-3
