import random

import numpy as np
from PIL import Image

from training.views import FLIPPED, VIEWS, crop, view


def gradient() -> Image.Image:
    ramp = np.linspace(0, 255, 60).astype(np.uint8)
    return Image.fromarray(np.stack([np.tile(ramp, (40, 1))] * 3, axis=2))


def test_the_first_view_is_the_picture_and_the_second_its_mirror():
    image = gradient()
    assert view(image, 0, random.Random(0)) == image
    mirror = np.asarray(view(image, 1, random.Random(0)))
    assert np.array_equal(mirror, np.asarray(image)[:, ::-1])


def test_only_flipped_views_are_mirrored():
    assert len(FLIPPED) == VIEWS
    for index in range(VIEWS):
        row = np.asarray(view(gradient(), index, random.Random(index)))[0, :, 0].astype(int)
        assert (row[0] > row[-1]) == FLIPPED[index]


def test_a_crop_keeps_most_of_the_area():
    for seed in range(50):
        found = crop(gradient(), random.Random(seed))
        assert 0.5 < found.width * found.height / (60 * 40) <= 1
