"""`thumbs`: listed, exported so that `evaluate` can read them, and forgotten."""

import json
from pathlib import Path

from PIL import Image
from vs_drawing import draw
from vs_in_process import CommandLine

from engine import Query, SearchEngine
from engine.encoder import Encoder


def test_thumbs_are_listed_exported_and_forgotten(
    encoder: Encoder, tmp_path: Path, command_line: CommandLine
) -> None:
    pictures, library = tmp_path / "pictures of mine", tmp_path / "library"
    pictures.mkdir()
    for number in range(4):
        draw(number, (160, 120)).save(pictures / f"{number}.png")
    with SearchEngine.with_encoder(encoder, library) as engine:
        engine.index([pictures])
        engine.mark(engine.parse("a drawing -photo"), 1, 1)
        engine.mark(engine.parse("a drawing -photo"), 2, -1)
        engine.mark(Query.like(3), 4, 1)
    listed = command_line("thumbs", "--library", library)
    assert listed.stdout.split() == ["1", "up", "1", "down", "a", "drawing", '-"photo"']
    found = json.loads(command_line("thumbs", "--library", library, "--json").stdout)
    searches = [{"query": 'a drawing -"photo"', "marks": {"1": 1, "2": -1}}]
    assert found == {"searches": searches, "taste": None}
    out = tmp_path / "out"
    done = command_line("thumbs", "--export", out, "--library", library)
    assert done.returncode == 0, done.stderr
    judged = (out / "thumbs.qrels").read_text().splitlines()
    assert judged == [f"q1 0 {pictures}/0.png 1", f"q1 0 {pictures}/1.png 0"]
    evaluated = command_line(
        *("evaluate", out / "thumbs.qrels", "--topics", out / "topics.tsv"),
        *("--images", pictures, "--json"),
    )
    assert evaluated.returncode == 0, evaluated.stderr
    assert "3 thumbs taken back" in command_line("thumbs", "--reset", "--library", library).stderr
    assert command_line("thumbs", "--library", library).stdout == ""


def test_a_taste_is_told_and_forgotten(
    encoder: Encoder, tmp_path: Path, command_line: CommandLine
) -> None:
    pictures, library = tmp_path / "pictures", tmp_path / "library"
    pictures.mkdir()
    for number in range(40):
        tint = Image.new("RGB", (160, 120), "navy" if number % 2 else "yellow")
        Image.blend(draw(number, tint.size), tint, 0.7).save(pictures / f"{number}.png")
    with SearchEngine.with_encoder(encoder, library) as engine:
        engine.index([pictures])
        ids = {image.id: int(Path(image.path).stem) for image in engine.images()}
        for image, number in ids.items():
            engine.mark(engine.parse(f"drawing {number // 4}"), image, 1 if number % 2 else -1)
    told = json.loads(command_line("thumbs", "--library", library, "--json").stdout)["taste"]
    assert (told["questions"], told["agreeing"]) == (10, 10)
    assert len(told["direction"]) == encoder.dim
    for side, odd in (("more", 1), ("less", 0)):
        assert all(int(Path(path).stem) % 2 == odd for path in told[side]["images"])
    shown = command_line("thumbs", "--library", library).stdout
    assert "10 of 10 searches agree; so others show a little" in shown
    assert "more like: " in shown
    assert "forgotten" in command_line("thumbs", "--reset-taste", "--library", library).stderr
    shown = command_line("thumbs", "--library", library).stdout
    assert "agree" not in shown
    assert "drawing 3" in shown
