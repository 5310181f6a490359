import csv
import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from vs_drawing import draw

from engine import Query, SearchEngine
from engine.encoder import Encoder
from ui import resources
from ui.settings import thumbs_export


@pytest.fixture
def judged(shared_engine: SearchEngine) -> SearchEngine:
    """Two searches with thumbs."""
    first, second, third, *_ = shared_engine.images()
    for text, image, mark in (("=red", first, 1), ("=red", second, -1), ("a boat", third, 1)):
        shared_engine.mark(Query.text(text), image.id, mark)
    return shared_engine


def test_what_is_in_use_and_where_everything_is_kept(filled: Path, open_page):
    page = open_page("settings")
    assert "- Model: `default` on `CPUExecutionProvider`" in page.words
    assert "- Threads: " in page.words
    assert "- Index: `flat`, looks at all pictures, misses none" in page.words
    assert "**Nothing leaves this machine.**" in page.words
    assert f"`{filled}`" in page.words
    assert not page.has("tune"), "there is nothing to tune"
    assert "No search in words has a thumb yet." in page.words


def test_thumbs_are_listed_and_taken_back(judged: SearchEngine, open_page):
    page = open_page("settings")
    assert "2 searches in words with 2 thumbs up and 1 down." in page.words
    assert list(page.app.dataframe[0].value["Search"]) == ["=red", "a boat"]
    assert "They do not agree on anything" in page.words
    page.press("clear_thumbs")
    assert judged.judgements() == []
    assert "No search in words has a thumb yet." in page.words


@pytest.fixture
def tinted(library: Path, encoder: Encoder, tmp_path: Path) -> Path:
    """A library in which whoever asked liked navy, and did not like yellow."""
    pictures = tmp_path / "tinted"
    pictures.mkdir()
    for number in range(40):
        tint = Image.new("RGB", (160, 120), "navy" if number % 2 else "yellow")
        Image.blend(draw(number, tint.size), tint, 0.7).save(pictures / f"{number}.png")
    with SearchEngine.with_encoder(encoder, library) as engine:
        engine.index([pictures])
        for image in engine.images():
            number = int(Path(image.path).stem)
            engine.mark(engine.parse(f"drawing {number // 4}"), image.id, 1 if number % 2 else -1)
    return library


def test_what_was_learnt_is_shown_and_forgotten(tinted: Path, open_page):
    page = open_page("settings")
    taste = resources.open_engine().taste()
    assert taste is not None
    assert "10 of 10 searches agree" in page.words
    assert page.words.count("/pictures/small/") == len(taste.liked_ids + taste.disliked_ids)
    page.press("forget_taste")
    assert resources.open_engine().taste() is None
    assert "10 searches in words" in page.words, "the thumbs stay"


def test_thumbs_to_take_along(judged: SearchEngine):
    rows = list(csv.reader(io.StringIO(thumbs_export.as_csv(judged).decode())))
    paths = [image.path for image in judged.images()[:3]]
    assert rows == [
        ["search", "path", "thumb"],
        ["'=red", paths[0], "1"],
        ["'=red", paths[1], "-1"],
        ["a boat", paths[2], "1"],
    ]
    with zipfile.ZipFile(io.BytesIO(thumbs_export.as_trec(judged))) as archive:
        assert archive.namelist() == ["thumbs.qrels", "topics.tsv"]
        assert archive.read("topics.tsv").decode() == "q1\t=red\nq2\ta boat\n"
        assert archive.read("thumbs.qrels").decode().splitlines()[2] == f"q2 0 {paths[2]} 1"


def test_the_settings_of_an_empty_library(library: Path, open_page):
    page = open_page("settings")
    assert "**Nothing leaves this machine.**" in page.words
    assert resources.facts(resources.open_engine()).images == 0
