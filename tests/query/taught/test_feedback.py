import numpy as np
import pytest

from engine.query.scores.ranking import rank
from engine.query.scores.statistics import LibraryStatistics, Vector
from engine.query.taught.feedback import STEPS, learn

DIM = 24


class Shop:
    """Images of a kind (axis 0), of which those with an attribute (axis 1) are wanted."""

    def __init__(self, seed: int, count: int = 1500) -> None:
        draw = np.random.default_rng(seed)
        self.is_kind = draw.random(count) < 0.2
        self.is_wanted = self.is_kind & (draw.random(count) < 0.4)
        rows = draw.normal(size=(count, DIM)) * 0.5
        rows[:, 0] += 3 * self.is_kind
        rows[:, 1] += 1.5 * self.is_wanted
        self.rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        self.library = LibraryStatistics.of(self.rows)
        self.score = rank([np.eye(DIM, dtype=np.float32)[0]], [1], self.library).scores
        self.order = np.argsort(-self.score(self.rows))

    def marked(self, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Places of liked, disliked and near images, as somebody marks the first results."""
        shown = self.order[:40]
        liked, disliked = (
            shown[own][:count] for own in (self.is_wanted[shown], ~self.is_wanted[shown])
        )
        near = self.order[~np.isin(self.order, [*liked, *disliked])][:50]
        return liked, disliked, near

    def precision(self, scores: Vector, without: np.ndarray) -> float:
        order = np.argsort(-scores)
        return float(self.is_wanted[order[~np.isin(order, without)][:50]].mean())


def test_an_attribute_is_learnt_from_a_few_marks() -> None:
    gains = []
    for seed in range(12):
        shop = Shop(seed)
        liked, disliked, near = shop.marked(5)
        rows = [shop.rows[places] for places in (liked, disliked, near)]
        axis = learn(shop.library, *rows, shop.score)
        if axis is not None:
            assert axis.weight in STEPS
            plain = shop.score(shop.rows)
            taught = plain + axis.weight * (shop.rows @ axis.directions[0])
            marked = np.concatenate([liked, disliked])
            gains.append(shop.precision(taught, marked) - shop.precision(plain, marked))
    assert len(gains) >= 4
    assert min(gains) >= -0.02
    assert np.mean(gains) > 0.05


def test_marks_that_mean_nothing_change_nothing() -> None:
    """Thumbs by chance among images of the kind: what one teaches does not help with another."""
    changed = 0
    for seed in range(20):
        shop = Shop(seed)
        shown = np.random.default_rng(seed).permutation(shop.order[:40])
        liked, disliked, near = shown[:4], shown[4:8], shop.order[40:90]
        learnt = learn(
            shop.library, shop.rows[liked], shop.rows[disliked], shop.rows[near], shop.score
        )
        changed += learnt is not None
    assert changed <= 3


def test_a_query_that_is_right_already_stays() -> None:
    shop = Shop(1)
    liked, disliked = shop.order[:5], shop.order[30:35]
    near = shop.order[40:90]
    assert (
        learn(shop.library, shop.rows[liked], shop.rows[disliked], shop.rows[near], shop.score)
        is None
    )


@pytest.mark.parametrize(
    ("likes", "dislikes", "others"), [(0, 3, 50), (3, 0, 50), (3, 3, 0), (1, 1, 1)]
)
def test_too_little_to_tell_changes_nothing(likes: int, dislikes: int, others: int) -> None:
    shop = Shop(2)
    liked, disliked, near = (
        shop.order[50 : 50 + likes],
        shop.order[:dislikes],
        shop.order[60 : 60 + others],
    )
    rows = [shop.rows[places] for places in (liked, disliked, near)]
    found = learn(shop.library, *rows, shop.score)
    assert found is None or (likes and dislikes and others)
    assert found is None or np.isfinite(found.directions).all()
