import math

import numpy as np
import pytest

from export.scores import RARITY, Pairs, fit_curve, image_pairs, text_pairs


def drawn(scale: float, midpoint: float, count: int = 200_000) -> Pairs:
    """Pairs whose chance to match follows the curve exactly."""
    source = np.random.default_rng(0)
    cosines = source.uniform(-0.2, 0.9, count)
    chance = 1 / (1 + np.exp(-scale * (cosines - midpoint)))
    matching = source.random(count) < chance
    return Pairs(cosines[matching], cosines[~matching])


@pytest.mark.parametrize(("scale", "midpoint"), [(15.0, 0.4), (30.0, 0.25), (8.0, 0.6)])
def test_the_fit_recovers_the_curve(scale, midpoint):
    pairs = drawn(scale, midpoint)
    curve = fit_curve([pairs], rarity=len(pairs.others) / len(pairs.matching))
    assert curve.scale == pytest.approx(scale, rel=0.05)
    assert curve.midpoint == pytest.approx(midpoint, abs=0.01)


def test_rarer_matches_move_the_midpoint_up():
    pairs = drawn(15.0, 0.4)
    assert fit_curve([pairs], rarity=20).midpoint > fit_curve([pairs], rarity=1).midpoint


@pytest.mark.parametrize("gain", [0.0, -0.2])
def test_a_model_that_cannot_tell_gives_the_odds_of_a_random_pair(gain):
    cosines = np.random.default_rng(0).uniform(0.1, 0.3, 1000)
    curve = fit_curve([Pairs(cosines + gain, cosines)])
    middle = cosines.mean() + gain / 2
    score = 1 / (1 + math.exp(-curve.scale * (middle - curve.midpoint)))
    assert score == pytest.approx(1 / (1 + RARITY), rel=0.01)


def test_cosines_that_are_all_alike_give_finite_numbers():
    curve = fit_curve([Pairs(np.full(9, 0.5), np.full(9, 0.5))])
    assert np.isfinite([curve.scale, curve.midpoint]).all()


def test_no_pairs_are_an_error():
    with pytest.raises(ValueError, match="no matching pairs"):
        fit_curve([Pairs(np.zeros(0), np.zeros(3))])


def test_a_picture_with_the_texts_own_meaning_is_no_wrong_pair():
    pictures = np.eye(3)
    same = np.array(["dog", "dog", "cat"])
    pairs = text_pairs(pictures.copy(), pictures, np.arange(3), same)
    assert pairs.matching.tolist() == [1, 1, 1]
    assert pairs.others.size
    assert (pairs.others == 0).all()


def test_image_pairs_split_by_label_and_leave_out_a_picture_with_itself():
    vectors = np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]])
    pairs = image_pairs(vectors, ["a", "a", "b"])
    assert np.allclose(pairs.matching, 0.6)
    assert set(np.round(pairs.others, 6)) == {0.0, 0.8}
