from pathlib import Path

import pytest

from engine import SearchEngine
from ui.search import display


@pytest.fixture
def short(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page shows few results at first."""
    monkeypatch.setattr(display, "PAGE", 12)


def test_more_results_follow_where_the_page_ends(short, open_page):
    page = open_page(q="boat")
    first = page.ids
    assert len(first) == 12
    assert page.gallery()["hasMore"]
    page.tell("gallery", "more", 12)
    assert len(page.ids) == 24
    assert page.ids[:12] == first
    assert "These are all" not in page.words
    page.tell("gallery", "more", 24)
    assert len(page.ids) == 40
    assert not page.gallery()["hasMore"]
    assert "These are all pictures of your library." in page.words
    assert page.params == {"q": "boat"}


def test_more_than_there_are_is_no_error(short, open_page):
    page = open_page(q="boat", w="0.5")
    for _ in range(4):
        page.tell("gallery", "more", 12)
    assert len(page.ids) == 40


def test_hidden_images_are_not_waited_for(short, open_page):
    page = open_page(q="boat")
    page.tell("gallery", "more", 12)
    page.tell("gallery", "more", 24)
    for image_id in page.ids[:2]:
        page.act("down", image_id)
    assert len(page.ids) == 38
    assert not page.gallery()["hasMore"]


def test_a_page_has_an_end(short, open_page, monkeypatch):
    monkeypatch.setattr(display, "MOST", 20)
    page = open_page(q="boat")
    page.tell("gallery", "more", 12)
    assert len(page.ids) == 20
    assert not page.gallery()["hasMore"]
    assert "The first 20 pictures are shown" in page.words


def test_a_new_search_starts_short_and_the_way_back_is_as_long_as_it_was(short, open_page):
    page = open_page(q="boat")
    page.tell("gallery", "more", 12)
    page.enter("q", "house")
    assert len(page.ids) == 12
    page.enter("q", "boat")
    assert len(page.ids) == 24
    page.act("open", page.ids[20])
    assert len(page.ids) == 24
    assert len(open_page(q="boat").ids) == 12


def test_the_size_of_pictures_is_chosen(filled, open_page):
    page = open_page(q="boat")
    assert page.gallery()["size"] == "medium"
    page.pick("density", ":material/crop_square:")
    assert page.gallery()["size"] == "large"
    page.pick("density", None)
    assert page.gallery()["size"] == "medium"


def test_variety_goes_to_the_address_and_changes_the_order(filled, open_page):
    page = open_page(q="red")
    before = page.ids
    page.pick("diversity", 80)
    assert page.params == {"q": "red", "variety": "0.8"}
    assert page.ids != before
    assert page.ids[0] == before[0]
    assert open_page(q="red", variety="0.8").ids == page.ids
    page.pick("diversity", 0)
    assert page.params == {"q": "red"}
    assert page.ids == before


def test_copies_are_shown_once_unless_all_are_wanted(
    open_page, shared_engine: SearchEngine, few_pictures: Path, tmp_path: Path
):
    source = sorted(few_pictures.rglob("*.jpg"))[0]
    (tmp_path / "copies").mkdir()
    (tmp_path / "copies" / "again.jpg").write_bytes(source.read_bytes() + b"\0")
    shared_engine.index([tmp_path / "copies"])
    shared_engine.duplicates()
    page = open_page(q="boat")
    assert len(page.ids) == 40
    assert [hit["note"] for hit in page.hits if hit["note"]] == ["and 1 alike"]
    page.pick("fold", False)
    assert page.params == {"q": "boat", "copies": "all"}
    assert len(page.ids) == 41
    page.pick("fold", True)
    assert page.params == {"q": "boat"}


def test_where_the_words_match_is_shown(filled, open_page):
    page = open_page(q="boats")
    assert not any("heat" in hit for hit in page.hits)
    page.pick("where", True)
    levels = [hit["heat"] for hit in page.hits]
    assert len(levels) == 40
    assert all(0 <= level <= 100 for rows in levels for row in rows for level in row)
    for params in ({"like": "3"}, {"q": "orientation:square"}, {"q": "-boats", "like": "3"}):
        assert "where" not in [toggle.key for toggle in open_page(**params).app.toggle]
