from dataclasses import replace
from pathlib import Path

import pytest

from engine import SearchEngine
from ui import resources
from ui.state import PAGE


def answer(monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    """Let every search answer as it would, but for these changes."""
    search = SearchEngine.search

    def changed(self: SearchEngine, *args: object, **kwargs: object):
        return replace(search(self, *args, **kwargs), **changes)

    monkeypatch.setattr(SearchEngine, "search", changed)


def test_a_strong_match_needs_no_comment(filled, open_page, monkeypatch):
    answer(monkeypatch, verdict="strong", took_ms=12.4)
    page = open_page(q="boat")
    assert "40 images searched in 12 ms" in [caption.value for caption in page.app.caption]
    assert not page.app.warning


def test_a_weak_match_gets_a_gentle_note(filled, open_page, monkeypatch):
    answer(monkeypatch, verdict="weak")
    page = open_page(q="boat")
    assert "no sure match" in page.words
    assert not page.app.warning


def test_no_match_is_said_clearly(filled, open_page, monkeypatch):
    answer(monkeypatch, verdict="none")
    page = open_page(q="boat")
    assert "Nothing in your library seems to match" in page.app.warning[0].value
    assert len(page.ids) == 24


def test_filters_alone_browse_and_count(filled, open_page, shared_engine: SearchEngine):
    page = open_page(q="color:red")
    count = shared_engine.matching(shared_engine.parse("color:red").filters)
    assert 0 < len(page.app.main.get("popover")) == min(count, PAGE)
    assert any(f"{count:,} of " in caption.value for caption in page.app.caption)
    assert page.ids == []  # there is nothing to give thumbs for


def test_where_nothing_passes_the_page_says_what_to_leave_out(filled, open_page):
    page = open_page(q="boats camera:pixel color:red")
    assert not page.ids
    assert "No image passes all of the filters." in [info.value for info in page.app.info]
    page.press("advice_0")
    assert page.params == {"q": "color:red boats"}
    assert page.ids


def test_where_the_words_match_is_shown(filled, open_page):
    page = open_page(q="boats")
    assert not page.app.exception
    page.app.toggle(key="where").set_value(True).run()
    assert not page.app.exception
    assert page.ids
    assert "where" not in [toggle.key for toggle in open_page(like="3").app.toggle]


def test_a_word_that_is_misspelt_is_put_right(filled, open_page):
    page = open_page(q="umbrela")
    page.press("advice_0")
    assert page.params == {"q": "umbrella"}
    assert not page.has("advice_0")


def test_show_more_grows_the_page_and_the_address(filled, open_page):
    page = open_page(q="boat")
    first = page.ids
    page.press("show_more")
    assert page.params == {"q": "boat", "n": "48"}
    assert page.ids[:24] == first
    assert len(page.ids) == 40
    assert not page.has("show_more")
    assert "These are all images" in page.words


def test_a_new_search_starts_at_the_first_page(filled, open_page):
    page = open_page(q="boat", n="48")
    page.enter("q", "house")
    assert page.params == {"q": "house"}
    assert len(page.ids) == 24


@pytest.mark.parametrize(
    "params",
    [
        {"w": "9e999", "like": "-3", "n": "99999999999999999999"},
        {"like": "99999999999999999", "example": "../../../etc/passwd"},
        {"example": "\x00", "n": "nan", "w": "[]"},
        {"zzz": "1", "like": "<script>alert(1)</script>"},
    ],
)
def test_a_hostile_address_still_answers_and_explains(filled, open_page, params):
    page = open_page(q="boat", **params)
    assert len(page.ids) == 24
    assert "left out" in page.app.warning[0].value


def test_only_unknown_pictures_leave_an_empty_search(filled, open_page):
    page = open_page(like="4242")
    assert "Image 4242 is not in this library" in page.app.warning[0].value
    assert page.ids == []
    assert page.has("try_a red car")


def test_two_visitors_search_side_by_side(filled, open_page):
    one, other = open_page(q="boat"), open_page(q="house")
    ids = one.ids
    other.press("show_more")
    one.app.run()
    assert one.ids == ids
    assert one.app.text_input(key="q").value == "boat"


def test_a_library_emptied_by_another_process_leads_back_to_the_start(
    open_page, few_pictures: Path, tmp_path: Path
):
    picture = tmp_path / "one" / "boat.jpg"
    picture.parent.mkdir()
    picture.write_bytes(sorted(few_pictures.rglob("*.jpg"))[0].read_bytes())
    resources.open_engine().index([picture.parent])
    page = open_page(q="boat")
    assert page.ids == [1]
    picture.unlink()
    resources.open_engine().index(remove_missing=True)
    page.app.run()
    page.check()
    assert "Choose a folder" in page.words
