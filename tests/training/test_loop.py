# ruff: noqa: E402  (what is optional is asked for before it is imported)
import csv
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs requirements-training.txt")

from training.corpus import Picture
from training.features import Features
from training.heads import HeadPlan, Heads
from training.holdout import Holdout, class_text
from training.loop import Loop
from training.material import Material
from training.minilm import POOLED as TEXT_POOLED
from training.mobilenet import CLASSES
from training.pooling import POOLED
from training.recipe import Recipe, StagePlan
from training.stages import HeadStage
from training.texts import TextFeatures

PLAN = StagePlan(
    steps=30, batch=16, mixture={"flickr8k": 1.0}, head_rate=2e-3, decay=0.01, warmup=3,
    averaging=0.9, recognise=0.5, relate=0.5, classes=3, words=4,
)  # fmt: skip
RECIPE = Recipe(0, HeadPlan(image_hidden=8, text_hidden=8), PLAN, PLAN, PLAN)
NAMES = ["background", "cat", "dog", "cow", "hen"]


@pytest.fixture(scope="module")
def material():
    """24 pictures whose statistics are a function of their texts', so that there is a lesson."""
    draw = np.random.default_rng(0)
    texts = [f"text number {n}" for n in range(24)]
    every = [*texts, *map(class_text, NAMES), *(f"word{n}" for n in range(8))]
    pooled = draw.normal(size=(len(every), TEXT_POOLED)).astype(np.float16)
    lesson = draw.normal(size=(TEXT_POOLED, POOLED)) / 40
    pictures = np.repeat((pooled[:24].astype(float) @ lesson)[:, None], 6, axis=1)
    logits = draw.normal(size=(24, CLASSES)).astype(np.float16)
    files = [f"{n}.jpg" for n in range(24)]
    features = Features(files, pictures.astype(np.float16), np.zeros((24, 6, 1, 1, 1)), logits)
    train = [
        Picture("flickr8k", file, (text,), (), {"captions": [text]})
        for file, text in zip(files, texts, strict=True)
    ]
    rows = {text: row for row, text in enumerate(every)}
    words = np.arange(len(every) - 8, len(every))
    return Material(
        {"flickr8k": train}, {}, {}, {"flickr8k": features}, {}, TextFeatures(rows, pooled),
        words, Holdout(NAMES, active=False),
    )  # fmt: skip


def make(material, plan=PLAN):
    torch.manual_seed(0)
    return Loop(HeadStage(Heads(RECIPE.heads, TEXT_POOLED), material), plan, material, RECIPE)


def weights(loop):
    return torch.cat([p.detach().flatten() for p in loop.average.module.parameters()])


def test_the_loss_falls(material):
    loop = make(material)
    losses = [loop.step() for _ in range(30)]
    assert set(losses[0]) == {"pairs", "recognise", "relate"}
    first, last = (sum(each["pairs"] for each in part) for part in (losses[:5], losses[-5:]))
    assert last < 0.8 * first


def test_a_stopped_run_goes_on_as_if_it_had_not(material, tmp_path, monkeypatch):
    monkeypatch.setattr("training.loop.MEASURED_EVERY", 10)
    whole = make(material)
    whole.run(tmp_path / "whole.state", tmp_path / "whole.csv")

    stopped = make(material)
    step = stopped.step

    def killed():
        if stopped.done == 17:
            raise KeyboardInterrupt
        return step()

    stopped.step = killed
    with pytest.raises(KeyboardInterrupt):
        stopped.run(tmp_path / "state", tmp_path / "curve.csv")
    again = make(material)
    again.run(tmp_path / "state", tmp_path / "curve.csv")
    assert again.done == 30
    assert torch.allclose(weights(again), weights(whole), atol=1e-6)
    with (tmp_path / "curve.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["step"] for row in rows] == ["10", "20", "30"]
    assert float(rows[0]["loss pairs"]) > 0


def test_a_state_of_another_recipe_is_refused(material, tmp_path):
    make(material, replace(PLAN, steps=1)).run(tmp_path / "state", tmp_path / "curve.csv")
    with pytest.raises(ValueError, match="another recipe; remove it"):
        make(material).run(tmp_path / "state", tmp_path / "other.csv")


def test_what_has_no_weight_is_not_computed(material):
    loop = make(material, replace(PLAN, recognise=0.0, relate=0.0))
    assert set(loop.step()) == {"pairs"}
