from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from engine.encoder import Encoder
from engine.evaluation import Setting, evaluate
from engine.evaluation.qrels import read_qrels

Write = Callable[..., Path]


def test_grades_are_read_and_unjudged_images_are_searched(write: Write, folder: Path) -> None:
    (folder / "with space.jpg").write_bytes(b"")
    topics = write("topics.tsv", "1\tdogs  on grass\n2\ta boat\n")
    judged = write("j.qrels", "1 0 a.jpg 2\n1 0 with space.jpg 1\n2 0 b.jpg 3\n1 0 c.jpg 0\n")
    made = read_qrels(judged, topics)
    names = [file.name for file in made.images]
    assert names == ["a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg", "with space.jpg"]
    assert [(topic.text, topic.relevant) for topic in made.topics] == [
        ("dogs on grass", {0: 2, 5: 1}),
        ("a boat", {1: 3}),
    ]
    assert made.texts[5] == "with space"
    assert made.left_out == ()


def test_what_cannot_be_used_is_named_with_its_line(write: Write) -> None:
    topics = write("topics.tsv", b"1\tdogs\nno tab\n1\tagain\n3\tnothing\n4\tcaf\xe9\n")
    judged = write(
        "j.qrels",
        "1 0 a.jpg 1\nshort line\n1 0 a.jpg much\n9 0 a.jpg 1\n1 0 z.jpg 1\n3 0 b.jpg -1\n",
    )
    made = read_qrels(judged, topics)
    assert [topic.id for topic in made.topics] == ["1"]
    told = "\n".join(made.left_out)
    for expected in (
        "topics.tsv, line 2: expected a name, a tab and words",
        "topics.tsv, line 3: topic 1 again",
        "topics.tsv, line 5: not UTF-8",
        "j.qrels, line 2: expected 'topic 0 image grade', found 'short line'",
        "j.qrels, line 3: expected 'topic 0 image grade'",
        "j.qrels, line 4: topic 9 is not in topics.tsv",
        "z.jpg: no such image",
        "topics.tsv: topic 3 has no right answer",
    ):
        assert expected in told
    assert len(made.left_out) == 8


def test_nothing_usable_is_an_error(write: Write, folder: Path) -> None:
    topics = write("topics.tsv", "1\tdogs\n")
    with pytest.raises(ValueError, match=r"j\.qrels: no topic can be used: .*no right answer"):
        read_qrels(write("j.qrels", ""), topics)
    with pytest.raises(ValueError, match=r"none\.tsv: cannot be read"):
        read_qrels(folder / "j.qrels", folder / "none.tsv")


def test_judgements_are_evaluated(tmp_path: Path, encoder: Encoder) -> None:
    (tmp_path / "pictures").mkdir()
    for colour in ("red", "blue", "green", "white"):
        Image.new("RGB", (60, 60), colour).save(tmp_path / "pictures" / f"{colour}.png")
    (tmp_path / "topics.tsv").write_text("r\tthe color red\nb\tthe color blue\n")
    (tmp_path / "j.qrels").write_text("r 0 red.png 2\nr 0 white.png 1\nb 0 blue.png 1\n")
    setting = Setting(topics=tmp_path / "topics.tsv", images=tmp_path / "pictures")
    found = evaluate(tmp_path / "j.qrels", {"default": encoder}, setting)
    assert len(found.collection) == 4
    assert found.runs[0].scores.means["recall@5"] == 1
    assert found.runs[1].scores.means["hit@1"] == 1  # the names of the files say it
    with pytest.raises(ValueError, match="judgements need a file with the words of their topics"):
        evaluate(tmp_path / "j.qrels", {"default": encoder})
