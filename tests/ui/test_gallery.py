import os
import shutil
from pathlib import Path

import pytest

from engine import SearchEngine
from ui import resources, serving

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


def test_names_reach_the_browser_as_plain_words_of_one_line(engine: SearchEngine, open_page):
    page = open_page(q="a picture")
    names = {hit["name"] for hit in page.hits}
    assert names == {*NAMES, r"line\nbreak.jpg", r"caf\udce9.jpg"} - {"line\nbreak.jpg"}
    assert not any(name in page.words for name in names)


def test_scripts_write_words_as_text_only(project: Path):
    scripts = list((project / "ui").rglob("*.js"))
    assert scripts
    for script in scripts:
        written = script.read_text(encoding="utf-8")
        for html in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write"):
            assert html not in written


def test_any_name_is_shown_inside_code_spans_only(engine: SearchEngine, open_page):
    for image_id in open_page(q="a picture").ids:
        page = open_page(like=str(image_id), view=str(image_id))
        name = next(hit["name"] for hit in page.hits if hit["id"] == image_id)
        chip = page.popovers[0].removeprefix(":material/image: ")
        title = page.app.get("dialog")[0].proto.dialog.title
        for shown in (chip, title):
            assert shown.startswith("`")
            assert shown.endswith("`")
            assert shown.strip("` ") == name.strip("` ")


def test_any_name_can_be_searched_for_and_explained(engine: SearchEngine, open_page):
    for image_id in open_page(q="a picture").ids:
        page = open_page(like=str(image_id), q='"x|y `z` <b>" -"<i>"')
        assert page.ids
        assert page.has(f"remove_like_{image_id}")


def test_a_vanished_original_is_told_and_still_shown(
    engine: SearchEngine, open_page, pictures: Path
):
    assert not any(hit["note"] for hit in open_page(q="a picture").hits)
    (pictures / NAMES[0]).unlink()
    page = open_page(q="a picture")
    assert {hit["name"]: hit["note"] for hit in page.hits if hit["note"]} == {
        NAMES[0]: "original is missing"
    }
    missing = next(hit for hit in page.hits if hit["note"])
    assert missing["src"].startswith("/pictures/small/")
    page.act("open", missing["id"])
    assert "Refresh the library" in page.words
    assert not page.app.get("download_button")


def test_without_original_and_thumbnail_the_page_still_answers(
    engine: SearchEngine, open_page, pictures: Path, library: Path
):
    (pictures / NAMES[0]).unlink()
    shutil.rmtree(library / "thumbnails")
    page = open_page(q="a picture")
    assert len(page.hits) == len(NAMES) + 1
    missing = next(hit["id"] for hit in page.hits if hit["note"])
    chosen = open_page(q="a picture", like=str(missing), view=str(missing))
    assert not chosen.has(f"part_like_{missing}")
    assert chosen.has(f"remove_like_{missing}")


def test_pictures_have_their_addresses_and_shapes(shared_engine: SearchEngine, open_page):
    for hit in open_page(q="boat").hits:
        record = shared_engine.image(hit["id"])
        assert hit["src"] == serving.small(record.digest)
        assert (hit["width"], hit["height"]) == (record.width, record.height)


def test_what_is_told_of_a_picture_that_is_not_there_is_no_error(filled, open_page):
    page = open_page(q="boat")
    page.act("more", 4242)
    assert "Picture 4242 is not in this library" in page.app.warning[0].value
    page.act("open", 4243)
    assert "Picture 4243 is not in this library" in page.app.warning[0].value
    before = page.ids
    page.act("up", 4244)
    assert page.ids == before
