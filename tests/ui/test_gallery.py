import os
import shutil
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from engine import SearchEngine
from ui import gallery, resources
from ui.text import percent

NAMES = [
    "<img src=x onerror=alert(1)>.jpg",
    "**bold** [link](http:example.com).jpg",
    "`tick` ``two``.jpg",
    "line\nbreak.jpg",
    ":red[x] $a$ :material_home:.jpg",
    "\U0001f600\U0001f468\u200d\U0001f469.jpg",
    "| pipe |.jpg",
]


@pytest.fixture
def pictures(few_pictures: Path, tmp_path: Path) -> Path:
    """Pictures of names that are hard to show."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    sources = sorted(few_pictures.rglob("*.jpg"))
    for name, source in zip(NAMES, sources, strict=False):
        shutil.copy(source, folder / name)
    shutil.copy(sources[-1], os.fsencode(folder) + b"/caf\xe9.jpg")
    return folder


@pytest.fixture
def engine(open_page, pictures: Path) -> SearchEngine:
    opened = resources.open_engine()
    opened.index([pictures])
    return opened


def test_any_name_is_shown_inside_code_spans_only(engine: SearchEngine, open_page):
    page = open_page(q="a picture")
    assert len(page.ids) == len(NAMES) + 1
    shown = [text.value for text in page.app.markdown if text.value.startswith("**match")]
    assert any(text.endswith("`<img src=x onerror=alert(1)>.jpg`") for text in shown)
    assert any(text.endswith("``` `tick` ``two``.jpg ```") for text in shown)
    assert any(text.endswith(r"`line\nbreak.jpg`") for text in shown)
    assert any(text.endswith(r"`caf\udce9.jpg`") for text in shown)
    for text in shown:
        match, name = text.split("\n\n")
        assert match.startswith("**match ")
        assert name.startswith("`")
        assert name.endswith("`")


def test_every_button_names_its_picture(engine: SearchEngine, open_page):
    page = open_page(q="a picture")
    for image_id in page.ids:
        name = Path(engine.image(image_id).path).name[:4].split("\n", maxsplit=1)[0]
        for kind in ("up", "down", "more"):
            label = page.app.button(key=f"{kind}_{image_id}").label
            assert ascii(name)[1:4] in ascii(label)


def test_any_name_can_be_searched_for_and_explained(engine: SearchEngine, open_page):
    for image_id in open_page(q="a picture").ids:
        page = open_page(like=str(image_id), without="x|y `z` <b>")
        assert page.ids
        assert page.has("remove_like")


def test_a_vanished_original_is_told_and_still_shown(
    engine: SearchEngine, open_page, pictures: Path
):
    assert "original is missing" not in open_page(q="a picture").words
    (pictures / NAMES[0]).unlink()
    page = open_page(q="a picture")
    assert page.words.count("warning: original is missing") == 1
    assert "Refresh the library" in page.words
    assert len(page.app.image) == len(NAMES) + 1


def test_without_original_and_thumbnail_there_is_a_box_that_says_so(
    engine: SearchEngine, open_page, pictures: Path, library: Path
):
    (pictures / NAMES[0]).unlink()
    shutil.rmtree(library / "thumbnails")
    page = open_page(q="a picture")
    assert len(page.app.image) == len(NAMES)
    assert "no preview" in page.words


def test_scores_are_percentages(engine: SearchEngine, open_page):
    page = open_page(q="boat", n="24")
    hits = engine.search("boat").results
    shown = [text.value for text in page.app.markdown if text.value.startswith("**match")]
    assert [hit.id for hit in hits] == page.ids
    for hit, text in zip(hits, shown, strict=True):
        assert text.startswith(f"**match {percent(hit.score)}**")


def test_a_tiny_picture_fills_its_place(tmp_path):
    Image.new("RGB", (2, 1), "red").save(tmp_path / "tiny.jpg")
    with Image.open(BytesIO(gallery._wide_enough(tmp_path / "tiny.jpg"))) as shown:
        assert shown.size == (160, 80)


def test_any_other_thumbnail_is_sent_as_it_is(tmp_path):
    Image.new("RGB", (384, 20), "red").save(tmp_path / "wide.jpg")
    assert gallery._wide_enough(tmp_path / "wide.jpg") == (tmp_path / "wide.jpg").read_bytes()
