import json
from pathlib import Path

import pytest
from PIL import Image

from engine.encoder import Encoder
from engine.evaluation import Evaluation, Setting, as_values, evaluate

COLOURS = ("red", "green", "blue", "white", "black", "orange")


@pytest.fixture(scope="module")
def colours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Plain pictures, two of each colour, with captions; the last line names no picture."""
    folder = tmp_path_factory.mktemp("colours")
    lines = []
    for number in range(2):
        for name in COLOURS:
            file = f"{number}{COLOURS.index(name)}.png"
            Image.new("RGB", (80, 60 + number), name).save(folder / file)
            captions = [f"{name} things", f"all of it is {name}", f"the color {name} {number}"]
            lines.append({"file": file, "captions": captions, "hue": name, "split": str(number)})
    (folder / "bad.png").write_bytes(b"no picture")
    lines.append({"file": "bad.png", "captions": ["unreadable"], "hue": "red", "split": "0"})
    lines.append({"file": "gone.png", "captions": ["missing"]})
    content = "\n".join(map(json.dumps, lines))
    (folder / "manifest.jsonl").write_text(content, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def judged(colours: Path, encoder: Encoder) -> Evaluation:
    return evaluate(colours, {"default": encoder}, Setting(known_captions=1))


def test_all_ways_are_judged_on_the_same_topics(judged: Evaluation) -> None:
    names = [run.name for run in judged.runs]
    assert names == ["default", "keywords", "default + keywords", "chance"]
    assert len(judged.collection) == 12
    assert {len(run.rankings) for run in judged.runs} == {len(judged.collection.topics)}
    default, keywords, both, chance = (run.scores.means["recall@5"] for run in judged.runs)
    assert default > chance
    assert keywords == both == 1  # the colour's name stands in the caption that keywords know


def test_what_cannot_be_read_is_left_out_and_named(judged: Evaluation) -> None:
    told = "\n".join(judged.collection.left_out)
    assert "gone.png: no such image" in told
    assert "bad.png" in told
    assert all(file.name != "bad.png" for file in judged.collection.images)


def test_values_lie_in_their_intervals_and_differences_are_to_the_first(
    judged: Evaluation,
) -> None:
    for run in judged.runs:
        for name, (low, high) in run.intervals.items():
            assert 0 <= low <= run.scores.means[name] <= high <= 1
    first, *others = judged.runs
    for run in others:
        difference = judged.differences[run.name]["mAP"]
        assert difference.mean == pytest.approx(run.scores.means["mAP"] - first.scores.means["mAP"])
    assert judged.differences["chance"]["mAP"].p < 0.05


def test_labels_and_images_may_ask(colours: Path, encoder: Encoder) -> None:
    models = {"default": encoder}
    by_label = evaluate(colours, models, Setting(label="hue", template="the color {}"))
    assert [topic.text for topic in by_label.collection.topics][:2] == [
        "the color black",
        "the color blue",
    ]
    by_image = evaluate(
        colours, models, Setting("image-image", "hue", among={"split": "1"}, asking={"split": "0"})
    )
    assert [run.name for run in by_image.runs] == ["default", "chance"]
    assert by_image.runs[0].scores.means["hit@1"] == 1
    texts = evaluate(colours, models, Setting("image-text"))
    assert len(texts.collection) == 6 + 6 + 12 + 1
    assert texts.runs[0].scores.means["hit@10"] > texts.runs[1].scores.means["hit@10"]


def test_two_models_are_compared(colours: Path, encoder: Encoder) -> None:
    found = evaluate(colours, {"one": encoder, "other": encoder})
    assert [run.name for run in found.runs] == [
        "one", "other", "keywords", "one + keywords", "other + keywords", "chance",
    ]  # fmt: skip
    assert found.differences["other"]["mAP"].p == 1
    assert found.differences["other"]["mAP"].mean == 0


def test_a_column_that_is_not_there_is_named(colours: Path, encoder: Encoder) -> None:
    with pytest.raises(ValueError, match="no column 'splitt'; there are hue, split"):
        evaluate(colours, {"default": encoder}, Setting(among={"splitt": "dev"}))


def test_all_values_go_into_json(judged: Evaluation) -> None:
    values = json.loads(json.dumps(as_values(judged)))
    assert (values["task"], values["searched"]) == ("text-image", 12)
    assert values["topics"] == len(judged.collection.topics)
    first = values["runs"][0]["measures"]["hit@10"]
    assert first["low"] <= first["mean"] <= first["high"]
    assert values["differences"]["keywords"]["mAP"]["p"] <= 1
    assert values["slices"]["default"]["a colour"]["topics"] > 0
    worst = values["worst"][0]
    assert worst["mAP"] == judged.runs[0].scores.values["mAP"].min()
    assert len(worst["found"]) == 5
    assert worst["expected"]


def test_progress_is_told_by_stage(colours: Path, encoder: Encoder) -> None:
    told: dict[str, tuple[int, int]] = {}
    evaluate(
        colours,
        {"default": encoder},
        tell=lambda stage, done, total: told.__setitem__(stage, (done, total)),
    )
    assert told["pictures"] == (13, 13)
    assert told["texts"][0] == told["texts"][1]
    assert {"judging default", "judging keywords", "judging chance"} <= told.keys()
