import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine import Query, SearchEngine
from engine.encoder import Encoder
from engine.evaluation import Setting, evaluate
from engine.evaluation.searches import holds_searches, read_searches

Write = Callable[..., Path]


def test_a_line_is_a_topic(write: Write) -> None:
    content = (
        '{"reference": "a.jpg", "text": " in  red", "targets": ["b.jpg", "c.jpg"]}\n'
        '{"reference": "b.jpg", "text": "larger", "targets": "d.jpg"}\n'
    )
    made = read_searches(write("edits.jsonl", content))
    assert [file.name for file in made.images] == ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]
    first, second = made.topics
    assert (first.text, first.picture, set(first.relevant)) == ("in red", made.images[0], {1, 2})
    assert first.unseen == {0}
    assert (second.text, set(second.relevant), second.unseen) == ("larger", {3}, {1})


def test_what_cannot_be_used_is_named_with_its_line(write: Write) -> None:
    good = '{"reference": "a.jpg", "text": "x", "targets": ["b.jpg", "gone.jpg"]}'
    bad = ["{", "[]", '{"reference": "a.jpg"}', '{"reference": "a.jpg", "text": "", "targets": []}']
    bad += ['{"reference": "a.jpg", "text": "x", "targets": [3]}']
    made = read_searches(write("edits.jsonl", "\n".join([good, *bad])))
    assert len(made.topics) == 1
    told = "\n".join(made.left_out)
    for line in range(2, 7):
        assert f"edits.jsonl, line {line}: " in told
    assert "gone.jpg: no such image" in told
    with pytest.raises(ValueError, match=r"edits\.jsonl: no line can be used: .*line 1: no JSON"):
        read_searches(write("edits.jsonl", "{"))


def test_images_are_ordered_as_a_search_orders_them(tmp_path: Path, encoder: Encoder) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number, colour in enumerate(["red", "blue", "green", "white", "black", "orange"]):
        picture = Image.new("RGB", (90, 90), "gray")
        picture.paste(colour, (20, 10 + number, 70, 70))
        picture.save(folder / f"{colour}.png")
    lines = [
        {"reference": "blue.png", "text": "a red square", "targets": ["red.png"]},
        {"reference": "white.png", "text": "all green", "targets": ["green.png", "black.png"]},
        {"reference": "black.png", "text": "orange", "targets": ["orange.png"]},
    ]
    (folder / "edits.jsonl").write_text("\n".join(map(json.dumps, lines)))
    found = evaluate(folder / "edits.jsonl", {"default": encoder}, Setting("text+image"))
    alone = ["default, words alone", "default, picture alone"]
    assert [run.name for run in found.runs] == ["default", *alone, "chance"]
    told = found.runs[1].scores.values["hit@1"]
    assert told.tolist() == [1, 1, 1], "the words alone name the right ones"
    with SearchEngine.with_encoder(encoder, tmp_path / "library") as engine:
        engine.index([folder])
        for topic, ranking in zip(found.collection.topics, found.runs[0].rankings, strict=True):
            assert topic.picture is not None
            page = engine.search(Query.text(topic.text).and_image(topic.picture), limit=10)
            asked = [hit.path for hit in page.results if hit.path != str(topic.picture)]
            assert asked == [str(found.collection.images[place]) for place in ranking]
    assert np.isfinite(found.runs[0].scores.means["mAP"])


def test_saved_searches_ask_with_words_or_with_a_picture(write: Write) -> None:
    words = write("saved.jsonl", '{"text": "a red door", "targets": ["b.jpg", "c.jpg"]}\n')
    made = read_searches(words)
    assert made.task == "text-image"
    assert (made.topics[0].text, made.topics[0].picture) == ("a red door", None)
    assert made.topics[0].unseen == frozenset()
    pictures = write("like.jsonl", '{"reference": "a.jpg", "targets": ["b.jpg"]}\n')
    assert read_searches(pictures).task == "image-image"
    both = write("both.jsonl", words.read_text() + pictures.read_text())
    assert read_searches(both).task == "text+image"
    assert not read_searches(both).topics[1].text


def test_a_folder_of_other_images_is_searched_too(write: Write) -> None:
    saved = write("saved.jsonl", '{"text": "a red door", "targets": ["b.jpg"]}\n')
    assert [file.name for file in read_searches(saved).images] == ["b.jpg"]
    names = [file.name for file in read_searches(saved, saved.parent).images]
    assert names == ["b.jpg", "a.jpg", "c.jpg", "d.jpg", "e.jpg"]


def test_an_image_is_searched_once_whatever_it_is_called(write: Write, monkeypatch) -> None:
    saved = write("saved.jsonl", '{"text": "a red door", "targets": ["../pictures/b.jpg"]}\n')
    folder = saved.parent.rename(saved.parent.parent / "pictures")
    monkeypatch.chdir(folder.parent)
    found = read_searches(Path("pictures/saved.jsonl"), folder)
    assert len(found.images) == len({file.name for file in found.images}) == 5
    with pytest.raises(ValueError, match="no columns"):
        evaluate(folder / "saved.jsonl", {}, Setting(among={"split": "dev"}))


def test_searches_are_told_from_captions(write: Write) -> None:
    assert holds_searches(write("saved.jsonl", '{"text": "x", "targets": ["b.jpg"]}'))
    assert holds_searches(write("late.jsonl", '{\n{"text": "x", "targets": ["b.jpg"]}'))
    assert not holds_searches(write("captions.jsonl", '{"file": "a.jpg", "text": "x"}'))
    labelled = '{"file": "a.jpg", "captions": ["x"], "targets": 2}'
    assert not holds_searches(write("labelled.jsonl", labelled))
    assert not holds_searches(write("empty.jsonl", ""))
    assert not holds_searches(write("table.csv", "file,targets\na.jpg,b.jpg\n"))


def test_the_task_need_not_be_named(tmp_path: Path, encoder: Encoder) -> None:
    for colour in ("red", "blue", "green"):
        Image.new("RGB", (64, 64), colour).save(tmp_path / f"{colour}.png")
    lines = [{"text": colour, "targets": f"{colour}.png"} for colour in ("red", "blue", "green")]
    saved = tmp_path / "saved.jsonl"
    saved.write_text("\n".join(map(json.dumps, lines)))
    found = evaluate(saved, {"default": encoder})
    names = [run.name for run in found.runs]
    assert names == ["default", "keywords", "default + keywords", "chance"]
    assert found.runs[1].scores.means["hit@1"] == 1, "their names say it"
