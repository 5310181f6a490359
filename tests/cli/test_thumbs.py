"""`thumbs`: listed, exported so that `evaluate` can read them, and forgotten."""

import json
from pathlib import Path

from vs_command import run_engine
from vs_drawing import draw

from engine import Query, SearchEngine
from engine.encoder import Encoder


def test_thumbs_are_listed_exported_and_forgotten(encoder: Encoder, tmp_path: Path) -> None:
    pictures, library = tmp_path / "pictures of mine", tmp_path / "library"
    pictures.mkdir()
    for number in range(4):
        draw(number, (160, 120)).save(pictures / f"{number}.png")
    with SearchEngine.with_encoder(encoder, library) as engine:
        engine.index([pictures])
        engine.mark(engine.parse("a drawing -photo"), 1, 1)
        engine.mark(engine.parse("a drawing -photo"), 2, -1)
        engine.mark(Query.like(3), 4, 1)
    listed = run_engine("thumbs", "--library", library)
    assert listed.stdout.split() == ["1", "up", "1", "down", "a", "drawing", '-"photo"']
    found = json.loads(run_engine("thumbs", "--library", library, "--json").stdout)
    assert found == {"searches": [{"query": 'a drawing -"photo"', "marks": {"1": 1, "2": -1}}]}
    out = tmp_path / "out"
    done = run_engine("thumbs", "--export", out, "--library", library)
    assert done.returncode == 0, done.stderr
    judged = (out / "thumbs.qrels").read_text().splitlines()
    assert judged == [f"q1 0 {pictures}/0.png 1", f"q1 0 {pictures}/1.png 0"]
    evaluated = run_engine(
        *("evaluate", out / "thumbs.qrels", "--topics", out / "topics.tsv"),
        *("--images", pictures, "--json"),
    )
    assert evaluated.returncode == 0, evaluated.stderr
    assert "3 thumbs taken back" in run_engine("thumbs", "--reset", "--library", library).stderr
    assert run_engine("thumbs", "--library", library).stdout == ""
