import pytest
from vs_drawing import draw

from engine.encoder import Encoder
from engine.query.alike.copies import calibrated_threshold, made_copies


def test_copies_are_smaller_or_alike_in_size() -> None:
    sizes = [copy.size for copy in made_copies(draw(1, (400, 200)))]
    assert sizes == [(200, 100), (400, 200), (388, 194), (400, 200)]


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (7, 2)])
def test_tiny_pictures_have_copies(size: tuple[int, int]) -> None:
    assert all(min(copy.size) >= 1 for copy in made_copies(draw(1, size)))


def test_the_threshold_lies_between_copies_and_other_pictures(encoder: Encoder) -> None:
    images = [draw(seed, (400, 300)) for seed in range(20)]
    vectors = encoder.encode_images(images)
    told: list[int] = []
    found = calibrated_threshold(encoder, zip(images, vectors, strict=True), told.append)
    assert found is not None
    assert 0.3 < found < 1
    copied = encoder.encode_images(made_copies(images[3]))
    assert (copied @ vectors[3] >= found).sum() >= 3
    assert told == [16]


def test_without_pictures_there_is_no_threshold(encoder: Encoder) -> None:
    assert calibrated_threshold(encoder, [], lambda done: None) is None
