from pathlib import Path

import pytest
from PIL import Image

from engine import Query, SearchEngine
from engine.encoder import Encoder
from engine.evaluation import evaluate_thumbs

COLOURS = ("red", "green", "blue", "white", "black")


@pytest.fixture
def engine(tmp_path: Path, encoder: Encoder) -> SearchEngine:
    (tmp_path / "photos").mkdir()
    for number, colour in enumerate(COLOURS):
        Image.new("RGB", (80, 60 + number), colour).save(tmp_path / "photos" / f"{number}.png")
    opened = SearchEngine.with_encoder(encoder, tmp_path / "library")
    opened.index([tmp_path / "photos"])
    return opened


def ids(engine: SearchEngine) -> dict[str, int]:
    return {COLOURS[int(Path(image.path).stem)]: image.id for image in engine.images()}


def test_questions_with_thumbs_are_asked_again(engine: SearchEngine) -> None:
    known = ids(engine)
    engine.mark(Query.text("the color red"), known["red"], 1)
    engine.mark(Query.text("the color blue").without("red"), known["blue"], 1)
    engine.mark(Query.text("the color blue").without("red"), known["green"], -1)
    engine.mark(Query.text("nothing good"), known["white"], -1)
    engine.mark(Query.image(Image.new("RGB", (9, 9), "red")), known["red"], 1)
    told: list[tuple[str, int, int]] = []
    found = evaluate_thumbs(engine, lambda *step: told.append(step))
    assert [topic.id for topic in found.collection.topics] == [
        "the color red",
        "the color blue -red",
    ]
    assert len(found.collection) == 5
    assert [run.name for run in found.runs][1:] == [
        "keywords", f"{found.runs[0].name} + keywords", "chance",
    ]  # fmt: skip
    assert found.runs[0].scores.means["hit@5"] == 1
    assert ("searching", 2, 2) in told


def test_what_thumbs_have_taught_is_left_out(engine: SearchEngine) -> None:
    """Else the right answers would be known before."""
    query = Query.text("the color red")
    plain = [hit.id for hit in engine.search(query, limit=5).results]
    engine.mark(query, plain[-1], 1)
    found = evaluate_thumbs(engine)
    places = {image.id: place for place, image in enumerate(engine.images())}
    assert found.runs[0].rankings[0].tolist() == [places[id] for id in plain]
    assert found.runs[0].scores.means["MRR"] == pytest.approx(1 / 5)


def test_no_thumbs_are_no_judgement(engine: SearchEngine) -> None:
    with pytest.raises(ValueError, match="no question in words has a thumb up yet"):
        evaluate_thumbs(engine)
    engine.mark(Query.text("red"), 1, -1)
    with pytest.raises(ValueError, match="no question in words has a thumb up yet"):
        evaluate_thumbs(engine)
