import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.guard.calibration import Embedded
from export.guard.loss import Bounds, measure_loss


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def embedded(seed=0, pictures=60, dim=16):
    """Pictures, and a text beside each."""
    source = np.random.default_rng(seed)
    images = unit(source.normal(size=(pictures, dim)))
    texts = unit(images + 0.3 * source.normal(size=(pictures, dim)))
    return Embedded(images, texts)


def shaken(exact, amount, seed=1):
    source = np.random.default_rng(seed)
    return Embedded(
        unit(exact.images + amount * source.normal(size=exact.images.shape)),
        unit(exact.texts + amount * source.normal(size=exact.texts.shape)),
    )


def with_windows(one, seed=2):
    """The same with four windows a picture."""
    source = np.random.default_rng(seed)
    windows = np.stack([unit(source.normal(size=(4, 16))) for _ in one.images])
    return Embedded(one.images, one.texts, windows)


OWNER = np.arange(60)


def test_equal_vectors_lose_nothing():
    exact = embedded()
    loss = measure_loss(exact, exact, OWNER)
    assert loss.vision.worst == pytest.approx(1, abs=1e-6)
    assert loss.text.mean == pytest.approx(1, abs=1e-6)
    assert (loss.text_overlap, loss.image_overlap) == (1.0, 1.0)
    assert loss.change == {1: 0, 5: 0, 10: 0}
    assert Bounds(points=0, overlap=1).broken(loss) == []


def test_the_overlap_is_that_of_the_first_ten():
    exact = embedded(pictures=11)
    turned = Embedded(exact.images, -exact.texts)
    loss = measure_loss(exact, turned, None)
    # Of eleven pictures, the worst ten hold nine of the best ten.
    assert loss.text_overlap == pytest.approx(0.9)
    assert loss.image_overlap == 1.0
    assert loss.hits == {}


def test_hit_rates_fall_when_texts_are_damaged():
    exact = embedded()
    loss = measure_loss(exact, Embedded(exact.images, shaken(exact, 2.0).texts), OWNER)
    assert loss.vision.worst == pytest.approx(1, abs=1e-6)
    assert loss.text.mean < 0.9
    assert loss.hits[10] < loss.exact_hits[10]
    said = "; ".join(Bounds().broken(loss))
    assert f"hit@10 falls by {-100 * loss.change[10]:.2f} points, 1 are allowed" in said
    assert f"{loss.text_overlap:.3f} of the first 10 stay the same, 0.9 are the least" in said


def test_without_known_owners_only_the_overlap_counts():
    exact = embedded()
    loss = measure_loss(exact, shaken(exact, 2.0))
    assert len(Bounds().broken(loss)) == 1
    assert Bounds(overlap=0).broken(loss) == []


def test_nan_is_beyond_every_bound():
    exact = embedded()
    broken = Embedded(exact.images, np.full_like(exact.texts, np.nan))
    assert Bounds(points=100, overlap=0.5).broken(measure_loss(exact, broken, OWNER))


@given(st.floats(0, 0.5), st.integers(0, 5))
def test_figures_stay_within_their_ranges(amount, seed):
    exact = embedded(seed, pictures=25)
    loss = measure_loss(exact, shaken(exact, amount, seed), np.arange(25))
    assert 0 <= loss.overlap <= min(loss.text_overlap, loss.image_overlap) <= 1
    assert loss.hits[1] <= loss.hits[5] <= loss.hits[10]
    assert -1.001 <= loss.text.worst <= loss.text.mean <= 1.001


def test_windows_are_compared_where_both_have_them():
    exact = with_windows(embedded())
    assert measure_loss(exact, exact).windows.worst == pytest.approx(1, abs=1e-6)
    other = Embedded(exact.images, exact.texts, exact.windows.copy())
    other.windows[7, 2] *= -1
    found = measure_loss(exact, other).windows
    assert found.worst == pytest.approx(-1, abs=1e-6)
    assert found.mean == pytest.approx(1 - 2 / 240, abs=1e-6)
    assert measure_loss(exact, embedded()).windows is None


def test_windows_break_no_bound():
    exact = with_windows(embedded())
    assert Bounds().broken(measure_loss(exact, with_windows(embedded(), seed=3))) == []
