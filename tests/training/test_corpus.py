import json

import numpy as np

from training import corpus


def test_splits_are_kept_apart(tmp_path):
    lines = [{"split": "train", "file": "a.jpg", "captions": ["a red car"]}]
    lines.append({"split": "dev", "file": "b.jpg", "captions": ["a dog"]})
    (tmp_path / "manifest.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert [item.file for item in corpus.read_pictures(tmp_path, "web", "train")] == ["a.jpg"]
    assert [item.file for item in corpus.read_pictures(tmp_path, "web", "dev")] == ["b.jpg"]


def test_a_sure_classifier_adds_its_label():
    picture = corpus.describe("web", {"file": "a.jpg", "captions": ["on the lake"]})
    classes = ["background", "tench, Tinca tinca"]
    sure = corpus.add_recognised(picture, np.array([0.0, 5.0], np.float16), classes)
    assert sure.long == ("on the lake", "a photo of a tench")
    assert sure.short[-1] == "tench"


def test_an_unsure_classifier_or_the_background_adds_nothing():
    picture = corpus.describe("web", {"file": "a.jpg", "captions": ["on the lake"]})
    classes = ["background", "tench", "shark"]
    for logits in ([0.0, 1.0, 1.0], [9.0, 0.0, 0.0]):
        assert corpus.add_recognised(picture, np.array(logits), classes) == picture
