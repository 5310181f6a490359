from dataclasses import replace
from pathlib import Path

import pytest

from engine import SearchEngine
from ui import resources


def answer(monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    """Let every search answer as it would, but for these changes."""
    search = SearchEngine.search

    def changed(self: SearchEngine, *args: object, **kwargs: object):
        return replace(search(self, *args, **kwargs), **changes)

    monkeypatch.setattr(SearchEngine, "search", changed)


def test_a_strong_match_needs_no_comment(filled, open_page, monkeypatch):
    answer(monkeypatch, verdict="strong", took_ms=12.4)
    page = open_page(q="boat")
    assert "40 pictures searched in 12 ms" in [caption.value for caption in page.app.caption]
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
    assert len(page.ids) == 40
    assert "comes near the picture" in open_page(like="3").app.warning[0].value


@pytest.mark.parametrize(
    ("likely", "possible", "said", "lines"),
    [
        (
            1,
            7,
            "; 1 likely match",
            {7: "Hardly a match from here on", 1: "Less likely from here on"},
        ),
        (7, 7, "; 7 likely matches", {7: "Hardly a match from here on"}),
        (0, 7, " ms", {7: "Hardly a match from here on"}),
        (40, 40, "; 40 likely matches", {}),
        (None, None, " ms", {}),
    ],
)
def test_the_page_says_where_likely_matches_end(
    filled, open_page, monkeypatch, likely, possible, said, lines
):
    answer(monkeypatch, verdict="strong", likely=likely, possible=possible)
    page = open_page(q="boat")
    (caption,) = [c.value for c in page.app.caption if " searched in " in c.value]
    assert caption.endswith(said)
    shown = page.gallery("gallery")["lines"]
    assert {line["after"]: line["words"] for line in shown} == lines


def test_likely_matches_that_go_on_are_not_counted_short(filled, open_page, monkeypatch):
    answer(monkeypatch, verdict="strong", likely=40, possible=40, matching=99, total=99)
    page = open_page(q="boat")
    assert any("more than 40 likely matches" in caption.value for caption in page.app.caption)


def test_filters_alone_browse_and_count(filled, open_page, shared_engine: SearchEngine):
    page = open_page(q="color:red")
    count = shared_engine.matching(shared_engine.parse("color:red").filters)
    assert 0 < len(page.ids) == count < 40
    assert any(f"{count:,} of " in caption.value for caption in page.app.caption)
    assert "These are all pictures that pass the filters." in page.words


def test_where_nothing_passes_the_page_says_what_to_leave_out(filled, open_page):
    page = open_page(q="boats camera:pixel color:red")
    assert not page.ids
    assert "No picture passes all of the filters." in [info.value for info in page.app.info]
    page.press("advice_0")
    assert page.params == {"q": "color:red boats"}
    assert page.ids


def test_a_word_that_is_misspelt_is_put_right(filled, open_page):
    page = open_page(q="umbrela")
    page.press("advice_0")
    assert page.params == {"q": "umbrella"}
    assert page.app.text_input(key="q").value == "umbrella"
    assert not page.has("advice_0")


@pytest.mark.parametrize(
    "params",
    [
        {"w": "9e999", "like": "-3", "view": "99999999999999999999"},
        {"like": ["99999999999999999", "2"], "example": ["../../../etc/passwd", ""]},
        {"example": "\x00", "variety": "nan", "w": "[]"},
        {"zzz": "1", "unlike": "<script>alert(1)</script>"},
        {"unexample": "a/b", "copies": "\u2028", "view": "x"},
    ],
)
def test_a_hostile_address_still_answers_and_explains(filled, open_page, params):
    page = open_page(q="boat", **params)
    assert len(page.ids) == 40
    assert "left out" in page.app.warning[0].value


def test_only_unknown_pictures_leave_an_empty_search(filled, open_page):
    page = open_page(like="4242")
    assert "Picture 4242 is not in this library" in page.app.warning[0].value
    assert page.ids == []
    assert page.has("try_a red car")


def test_several_pictures_are_searched_with_and_against(filled, open_page):
    page = open_page(like=["3", "7"], unlike="5")
    assert set(page.ids[:2]) == {3, 7}
    assert page.ids.index(5) > 20
    assert open_page(unlike="5").ids[-1] == 5


def test_two_visitors_search_side_by_side(filled, open_page):
    one, other = open_page(q="boat"), open_page(q="house")
    ids = one.ids
    other.pick("diversity", 50)
    other.pick("density", ":material/grid_on:")
    one.app.run()
    assert one.ids == ids
    assert one.gallery()["size"] == "medium"
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
