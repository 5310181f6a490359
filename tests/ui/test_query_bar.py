from pathlib import Path

import pytest

from engine import ImageError, SearchEngine


@pytest.fixture
def picture(few_pictures: Path) -> bytes:
    return sorted(few_pictures.rglob("*.jpg"))[0].read_bytes()


def has_slider(page) -> bool:
    return any(slider.key == "w" for slider in page.app.slider)


def test_words_are_searched_and_go_to_the_address(filled, open_page):
    page = open_page()
    page.enter("q", "  red   shoes ")
    assert page.params == {"q": "red shoes"}
    assert len(page.ids) == 24
    assert "40 images searched in" in page.words


def test_an_address_fills_in_the_boxes(filled, open_page):
    page = open_page(q="boat", without="sunset")
    assert page.app.text_input(key="q").value == "boat"
    assert page.app.text_input(key="without").value == "sunset"


def test_without_pushes_away(open_page, shared_engine: SearchEngine):
    page = open_page(q="picture")
    first = shared_engine.image(page.ids[0])
    words = Path(first.path).stem.split("-", 1)[1].replace("-", " ")
    page.enter("without", words)
    assert page.params == {"q": "picture", "without": words}
    assert page.ids[0] != first.id


def test_clearing_the_words_ends_the_search(filled, open_page):
    page = open_page(q="boat")
    page.enter("q", "")
    assert page.params == {}
    assert page.ids == []


def test_an_uploaded_picture_finds_itself_and_can_be_bookmarked(filled, open_page, picture: bytes):
    page = open_page()
    page.upload("shoe.jpg", picture)
    best = page.ids[0]
    assert list(page.params) == ["example"]
    assert page.has("remove_example")
    assert open_page(**page.params).ids[0] == best


def test_the_slider_is_there_only_for_words_and_picture(filled, open_page, picture: bytes):
    page = open_page(q="boat")
    assert not has_slider(page)
    page.upload("shoe.jpg", picture)
    assert has_slider(page)
    page.enter("q", "")
    assert not has_slider(page)
    assert not has_slider(open_page(like="1"))


def test_the_slider_moves_the_results_from_words_to_picture(filled, open_page, picture: bytes):
    page = open_page(q="boat")
    words_only = page.ids
    page.upload("shoe.jpg", picture)
    page.app.slider(key="w").set_value(95).run()
    page.check()
    assert page.params["w"] == "0.95"
    mostly_picture = page.ids
    page.app.slider(key="w").set_value(5).run()
    mostly_words = page.ids
    same = [len(set(words_only[:12]) & set(ids[:12])) for ids in (mostly_words, mostly_picture)]
    assert same[0] > same[1]


def test_an_unreadable_upload_is_named_with_the_reason(filled, open_page):
    page = open_page(q="boat")
    before = page.ids
    page.upload("holiday *2*.jpg", b"this is a letter")
    assert "`holiday *2*.jpg` cannot be used" in page.app.error[0].value
    assert "the content is text" in page.app.error[0].value
    assert page.ids == before
    assert page.params == {"q": "boat"}
    page.enter("q", "house")
    assert not page.app.error


def test_a_full_disk_is_told(filled, open_page, picture: bytes, monkeypatch):
    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(SearchEngine, "save_example", full)
    page = open_page()
    page.upload("shoe.jpg", picture)
    assert "No space left on device" in page.app.error[0].value


def test_an_example_that_is_damaged_later_is_told(filled, open_page, picture: bytes, monkeypatch):
    page = open_page()
    page.upload("shoe.jpg", picture)

    def damaged(*_: object, **__: object) -> None:
        raise ImageError("damaged: <b>broken</b>")

    monkeypatch.setattr(SearchEngine, "search", damaged)
    page.enter("q", "boat")
    assert "`damaged: <b>broken</b>`" in page.app.error[0].value
