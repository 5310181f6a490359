import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.adapting.fit import best_scale, fit_turn
from training.adapting.trial import reciprocal_rank


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def turned_domain():
    """Texts whose images lie a fixed rotation away: what an adapter can learn entirely."""
    draw = np.random.default_rng(0)
    rotation = np.linalg.qr(np.eye(16) + 0.35 * draw.normal(size=(16, 16)))[0]
    texts = unit(draw.normal(size=(300, 16)))
    images = unit(texts @ rotation + 0.1 * draw.normal(size=(300, 16)))
    neutral = unit(draw.normal(size=(20, 16)) @ np.diag([1] * 2 + [0.05] * 14))
    return texts, images, neutral


def test_a_turn_is_learnt_and_holds_for_others(turned_domain):
    texts, images, neutral = turned_domain
    own = np.eye(200, dtype=bool)
    turn = fit_turn(texts[:200], images[:200], own, neutral, 20.0, 0.001)
    held, right = texts[200:], np.eye(100, dtype=bool)
    before = reciprocal_rank(held, images[200:], right)
    after = reciprocal_rank(held + held @ turn, images[200:], right)
    assert after > before + 0.2


def test_the_stricter_the_smaller(turned_domain):
    texts, images, neutral = turned_domain
    own = np.eye(300, dtype=bool)
    lengths = [
        np.linalg.norm(fit_turn(texts, images, own, neutral, 20.0, strictness))
        for strictness in (0.001, 0.1, 10.0)
    ]
    assert lengths[0] > lengths[1] > lengths[2]


def test_neutral_texts_stay_nearer_than_others(turned_domain):
    texts, images, neutral = turned_domain
    turn = fit_turn(texts, images, np.eye(300, dtype=bool), neutral, 20.0, 0.03)
    moved = [float(np.linalg.norm(rows @ turn, axis=1).mean()) for rows in (neutral, texts)]
    assert moved[0] < 0.7 * moved[1]


def test_the_gradient_is_that_of_the_loss(turned_domain):
    """At the best turn, no small change of it makes things better: the problem is convex."""
    texts, images, neutral = (rows[:40] for rows in turned_domain)
    own, strictness, scale = np.eye(40, dtype=bool), 0.1, 10.0
    best = fit_turn(texts, images, own, neutral, scale, strictness).astype(np.float64)

    def loss(turn):
        logits = scale * (texts + texts @ turn) @ images.T.astype(np.float64)
        chances = logits - np.log(np.exp(logits).sum(1, keepdims=True))
        stirred = 16 / len(neutral) * ((neutral @ turn) ** 2).sum()
        return -chances.diagonal().mean() + strictness / 2 * ((turn**2).sum() + stirred)

    draw = np.random.default_rng(1)
    for _ in range(20):
        assert loss(best + 0.05 * draw.normal(size=best.shape)) > loss(best)


def test_the_scale_that_predicts_best_is_found():
    draw = np.random.default_rng(0)
    texts, images = unit(draw.normal(size=(400, 8))), unit(draw.normal(size=(50, 8)))
    logits = 30.0 * texts @ images.T
    chances = np.exp(logits - logits.max(1, keepdims=True))
    chosen = [draw.choice(50, p=row / row.sum()) for row in chances]
    relevant = np.zeros((400, 50), dtype=bool)
    relevant[np.arange(400), chosen] = True
    assert best_scale(texts, images, relevant) == pytest.approx(30, rel=0.15)


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.integers(2, 8))
def test_the_reciprocal_rank_is_that_of_counting(seed, texts, images):
    draw = np.random.default_rng(seed)
    rows, others = draw.integers(-2, 3, (texts, 3)), draw.integers(-2, 3, (images, 3))
    relevant = draw.random((texts, images)) < 0.3
    relevant[:, 0] = True
    expected = []
    for row, right in zip(rows, relevant, strict=True):
        scores = others @ row
        order = sorted(range(images), key=lambda at: (-scores[at], right[at]))
        expected.append(1 / (1 + next(place for place, at in enumerate(order) if right[at])))
    found = reciprocal_rank(rows.astype(float), others.astype(float), relevant)
    assert found == pytest.approx(np.mean(expected))
