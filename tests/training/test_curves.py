import numpy as np

from training import corpus
from training.curves import fit_curves, meaning_of


def describe(dataset: str, **record) -> corpus.Picture:
    return corpus.describe(dataset, {"file": "a.jpg", **record})


def test_pictures_mean_the_same_by_what_is_known_of_them():
    mug = describe("samples", captions=[], attributes={"kind": "mug", "colour": "red"})
    assert meaning_of(mug) == "red mug"
    photo = describe("flickr8k", captions=["a dog"])
    assert meaning_of(photo) == "a.jpg"
    apple = describe("grocery", label="Pink-Lady", group="Apple")
    assert meaning_of(apple) == "Pink-Lady"


def test_likelier_matches_get_higher_probabilities():
    source = np.random.default_rng(0)
    kinds = [f"kind {index // 2}" for index in range(40)]
    items = [describe("samples", captions=[kind], attributes={"kind": kind}) for kind in kinds]
    centres = {kind: source.normal(size=8) for kind in kinds}

    def near(texts: list[str]) -> np.ndarray:
        rows = np.stack([centres[text] + source.normal(size=8) / 3 for text in texts])
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    for curve in fit_curves({"samples": items}, {"samples": near(kinds)}, near).values():
        assert curve.scale > 1
        assert 0 < curve.midpoint < 1
