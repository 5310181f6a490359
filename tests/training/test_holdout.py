import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs requirements-training.txt")

from training.corpus import Picture
from training.holdout import CAPTIONED, NAMED, Holdout, class_of, measure_unknown

CLASSES = ["background", "tench, Tinca", "goldfish", "shark, white shark", "ray"]


def named(number, label):
    file = f"train/n0{number}_{label}.jpg"
    return Picture(NAMED, file, (f"a photo of a {label}",), (label,), {"label": label})


PICTURES = [named(n, name.split(",")[0]) for n, name in enumerate(CLASSES) if n]


def sure_of(*classes):
    """Logits of pictures that the classifier is sure of."""
    rows = np.zeros((len(classes), len(CLASSES)), np.float16)
    rows[range(len(classes)), classes] = 20
    return rows


def test_half_of_the_names_and_one_data_set_are_left_out():
    holdout = Holdout(CLASSES, active=True)
    assert (holdout.known.tolist(), holdout.unknown.tolist()) == ([2, 4], [1, 3])
    kept = holdout.keep(NAMED, PICTURES, sure_of(1, 2, 3, 4))
    assert [each.record["label"] for each in kept] == ["goldfish", "ray"]
    assert holdout.keep(CAPTIONED, PICTURES, sure_of(1, 2, 3, 4)) == []


def test_no_name_comes_in_by_the_classifier():
    photo = Picture("flickr8k", "a.jpg", ("a fish",), ("fish",), {"captions": ["a fish"]})
    for active, texts in ((True, {"a fish", "fish"}), (False, {"a fish", "fish", "tench"})):
        (kept,) = Holdout(CLASSES, active).keep("flickr8k", [photo], sure_of(1))
        assert {text for text in kept.texts() if "photo" not in text} == texts


def test_in_the_end_everything_counts():
    holdout = Holdout(CLASSES, active=False)
    assert holdout.known.tolist() == [1, 2, 3, 4]
    assert len(holdout.keep(NAMED, PICTURES, sure_of(1, 2, 3, 4))) == 4


def test_files_are_classes_in_their_order():
    assert class_of(PICTURES[::-1], CLASSES)["train/n03_shark.jpg"] == 3
    with pytest.raises(ValueError, match=r"n01_tench.jpg is not class 1, 'goldfish'"):
        class_of(PICTURES, ["background", "goldfish", *CLASSES[2:]])


def test_the_unknown_is_found_among_the_unknown_alone():
    web = [Picture(CAPTIONED, f"{n}.jpg", (str(n),), (), {"captions": [str(n)]}) for n in range(3)]
    rows = {"0": [1, 0, 0], "1": [0, 1, 0], "2": [0, 0.1, 1]}
    rows |= {"a photo of a tench": [1, 0, 0], "a photo of a shark": [0, 1, 0]}
    vectors = {
        CAPTIONED: np.eye(3),
        NAMED: np.array([[1, 0, 0], [9, 9, 9], [1, 0.5, 0], [0, 0, 9]]),
    }
    found = measure_unknown(
        Holdout(CLASSES, active=True), {CAPTIONED: web, NAMED: PICTURES}, vectors,
        lambda texts: np.array([rows[text] for text in texts]),
    )  # fmt: skip
    assert found["web hit@1"] == 1
    assert found["unknown names hit@1"] == 0.5, "the shark was taken for a tench"
    assert found["unknown names hit@5"] == 1
