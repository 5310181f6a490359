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
    masked = contrastive(vectors, vectors, scale, true, share=0.0)
    unmasked = contrastive(vectors, vectors, scale, torch.eye(3, dtype=torch.bool), share=0.0)
    assert unmasked > 0.4
    assert masked < 1e-3


def test_shared_captions_can_count_as_positives(twins):
    vectors, true = twins
    scale = torch.tensor(20.0)
    apart = torch.nn.functional.normalize(torch.tensor([[1.0, 0.0], [-1.0, 0.2], [0.0, 1.0]]))
    near = contrastive(vectors, vectors, scale, true, share=1.0)
    assert near < contrastive(apart, apart, scale, true, share=1.0)


def test_smoothing_spreads_the_target(twins):
    vectors, true = twins
    plain = contrastive(vectors, vectors, torch.tensor(20.0), true, share=0.5)
    assert contrastive(vectors, vectors, torch.tensor(20.0), true, share=0.5, smooth=0.1) > plain
